import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { arrivals, BUCKET, destinationOf, recordStreams, STREAM } from './audit-path';

/** What CloudWatch Logs sends to a stream is compressed, and wrapped by the batch (Amazon Data Firehose guide, "Decompress CloudWatch Logs"). */
const UNPACKING = ['Decompression', 'CloudWatchLogProcessing'];
const EXTRACTION = 'DataMessageExtraction';
/** Without it Firehose puts nothing between records (Amazon Data Firehose guide, "Understand data delivery"), and a query reads one a line (Athena guide, "JSON SerDe libraries"). */
const DELIMITER = 'AppendDelimiterToRecord';
/** Of what Firehose packs by, the one that Athena does not name among those it reads (Athena guide, "Use compression in Athena"). */
const UNREAD = 'ZIP';

function unpacks(stream: Resource): readonly Outcome[] {
  const place = destinationOf(stream).get('ProcessingConfiguration');
  if (place.get('Enabled').flag() !== true) return fail(place, 'is not on, so that records are kept as packed batches, which no query reads');
  const processors = place.get('Processors').items();
  const typed = (type: string): Property | undefined => processors.find((processor) => processor.get('Type').text() === type);
  const missing = UNPACKING.filter((type) => typed(type) === undefined);
  if (missing.length > 0) return fail(place.get('Processors'), `has no ${missing.join(' and no ')}, so that records are kept as packed batches, which no query reads`);
  const parameters = typed('CloudWatchLogProcessing')?.get('Parameters').items() ?? [];
  const extracts = parameters.some((parameter) => parameter.get('ParameterName').text() === EXTRACTION && parameter.get('ParameterValue').flag() === true);
  const format = destinationOf(stream).get('CompressionFormat');
  return all(
    () => expect(extracts, place.get('Processors'), `takes no messages out of their batches (${EXTRACTION}), and no query reads the batches`),
    () => expect(typed(DELIMITER) !== undefined, place.get('Processors'), `ends no record with a line (${DELIMITER}), and of several on one line a query reads the first`),
    () => expect(format.text()?.toUpperCase() !== UNREAD, format, `is ${UNREAD}, which no query reads`),
  );
}

const unpacked = defineRule('AUD-7', 'unpacked', {
  appliesTo: [STREAM],
  extent: 'streams that a gate\'s records go through',
  remediation: `Let the stream run ${UNPACKING.join(' and ')}, the latter with ${EXTRACTION} true, and ${DELIMITER}; pack by GZIP. In CDK, AuditTrail does.`,
  check: (stream, graph) => (recordStreams(graph).has(stream) ? unpacks(stream) : NOT_APPLICABLE),
});

/** What is encrypted by a key of AWS KMS is handed on only where the rule says so (S3 guide, "Replicating encrypted objects"). */
function isWhole(rule: Property, bucket: Resource): readonly Outcome[] {
  if (rule.get('Status').text() !== 'Enabled') return PASS;
  const encryption = bucket.prop('BucketEncryption').get('ServerSideEncryptionConfiguration').items().map((entry) => entry.get('ServerSideEncryptionByDefault').get('SSEAlgorithm').text());
  const isByKms = encryption.some((algorithm) => algorithm?.startsWith('aws:kms') === true);
  const [encrypted, markers, metrics] =
    ['SourceSelectionCriteria.SseKmsEncryptedObjects.Status', 'DeleteMarkerReplication.Status', 'Destination.Metrics.Status'].map((path) => rule.get(path)) as [Property, Property, Property];
  const filter = rule.get('Filter');
  const isAll = [filter.get('Prefix'), rule.get('Prefix')].every((prefix) => (prefix.text() ?? '') === '') && !filter.get('And').exists && !filter.get('TagFilter').exists;
  return all(
    () => expect(!isByKms || encrypted.text() === 'Enabled', encrypted, 'is not Enabled, and what arrives is encrypted by AWS KMS: nothing is handed on'),
    () => expect(markers.text() !== 'Enabled', markers, 'is Enabled, so that whoever deletes where records arrive hides them where they are kept'),
    () => expect(metrics.text() === 'Enabled', metrics, 'is not Enabled, so that no metric says what could not be handed on'),
    () => expect(isAll, filter.exists ? filter : rule.get('Prefix'), 'leaves records out'),
    // Written as before 2020 (S3 guide, "Replication configuration file elements", Backward compatibility considerations).
    () => expect(filter.exists, filter, 'is not set, and a rule without a filter hands deletions on, whatever else it says'),
  );
}

const handedOn = defineRule('AUD-3', 'handed-on', {
  appliesTo: [BUCKET],
  extent: 'buckets that a gate\'s records arrive in and are handed on from',
  remediation: 'Replicate everything, encrypted objects among it, without delete markers, and have failures counted (Metrics). In CDK, AuditTrail does.',
  check(bucket, graph) {
    if (!arrivals(graph).has(bucket)) return NOT_APPLICABLE;
    return each(bucket.prop('ReplicationConfiguration').get('Rules').items(), (rule) => isWhole(rule, bucket));
  },
});

export const AUD_STREAM_RULES = [unpacked, handedOn];
