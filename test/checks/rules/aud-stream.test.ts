import { CfnResource, type Stack } from 'aws-cdk-lib';
import { type CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { auditPath } from '../../support/audit-path';
import { keptTrail } from '../../support/kept-trail';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const EXTRACTING = { type: 'CloudWatchLogProcessing', parameters: [{ parameterName: 'DataMessageExtraction', parameterValue: 'true' }] };
const DECOMPRESSION = { type: 'Decompression', parameters: [{ parameterName: 'CompressionFormat', parameterValue: 'GZIP' }] };

const DELIMITER = { type: 'AppendDelimiterToRecord' };
const ALL = [DECOMPRESSION, EXTRACTING, DELIMITER];

type Processing = CfnDeliveryStream.ProcessingConfigurationProperty;
const processed = (stack: Stack, processors: Processing['processors'], enabled = true): CfnDeliveryStream =>
  auditPath(stack, { stream: { processingConfiguration: { enabled, processors } } }).stream;
const AT = 'ExtendedS3DestinationConfiguration.ProcessingConfiguration';

describeRule('AUD-7.unpacked', {
  compliant: {
    'the audit trail': (stack) => keptTrail(stack),
    'a stream by hand': (stack) => processed(stack, ALL),
  },
  violating: {
    'nothing': { build: (stack) => auditPath(stack, { stream: { processingConfiguration: undefined } }), message: /is not on, so that records are kept as packed batches/, severity: 'warning' },
    'processors that are off': { build: (stack) => processed(stack, ALL, false), message: /is not on/ },
    'decompression alone': { build: (stack) => processed(stack, [DECOMPRESSION]), message: /has no CloudWatchLogProcessing, so that/ },
    'extraction alone': { build: (stack) => processed(stack, [EXTRACTING]), message: /has no Decompression, so that/ },
    'extraction that is off': {
      build: (stack) => processed(stack, [DECOMPRESSION, { ...EXTRACTING, parameters: [{ parameterName: 'DataMessageExtraction', parameterValue: 'false' }] }]), message: /takes no messages out of their batches/,
    },
    'records on one line': { build: (stack) => processed(stack, [DECOMPRESSION, EXTRACTING]), message: /ends no record with a line \(AppendDelimiterToRecord\)/ },
    'a format that no query reads': {
      build: (stack) => auditPath(stack, { stream: { compressionFormat: 'ZIP', processingConfiguration: { enabled: true, processors: ALL } } }), message: /is ZIP, which no query reads/,
    },
    'another parameter': { build: (stack) => processed(stack, [DECOMPRESSION, { ...EXTRACTING, parameters: [{ parameterName: 'Delimiter', parameterValue: 'true' }] }]), message: /takes no messages/ },
  },
  override: { build: (stack) => processed(stack, ALL).addPropertyOverride(`${AT}.Enabled`, false), message: /is not on/ },
  raw: {
    build: (stack) => {
      const { filter } = auditPath(stack);
      const properties = { ExtendedS3DestinationConfiguration: { ProcessingConfiguration: { Enabled: 'true', Processors: [] } } };
      const raw = new CfnResource(stack, 'Raw', { type: 'AWS::KinesisFirehose::DeliveryStream', properties });
      filter.addPropertyOverride('DestinationArn', stack.resolve(raw.getAtt('Arn')));
    },
    message: /has no Decompression and no CloudWatchLogProcessing/,
  },
  undecidable: (stack) => processed(stack, ALL).addPropertyOverride(`${AT}.Enabled`, stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'a stream of nobody\'s records': (stack) => new CfnResource(stack, 'Plain', { type: 'AWS::KinesisFirehose::DeliveryStream' }) },
});

type Rule = CfnBucket.ReplicationRuleProperty;
const RULE = 'ReplicationConfiguration.Rules.0';

/** Arrivals that are handed on, with whatever a test says of how. */
function handedOn(stack: Stack, rule: Partial<Rule> = {}, byKey = true): CfnBucket {
  const { arrivals, archive } = auditPath(stack, {
    arrivals: byKey ? { bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' } }] } } : {},
  });
  arrivals.replicationConfiguration = {
    role: 'arn:aws:iam::111122223333:role/replication',
    rules: [{
      status: 'Enabled', filter: { prefix: '' }, deleteMarkerReplication: { status: 'Disabled' }, sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
      destination: { bucket: archive.attrArn, metrics: { status: 'Enabled' } }, ...rule,
    }],
  };
  return arrivals;
}

describeRule('AUD-3.handed-on', {
  compliant: {
    'the audit trail': (stack) => keptTrail(stack),
    'everything by hand': (stack) => handedOn(stack),
    'what S3 encrypts by itself': (stack) => handedOn(stack, { sourceSelectionCriteria: undefined }, false),
  },
  violating: {
    'what a key encrypts is left out': { build: (stack) => handedOn(stack, { sourceSelectionCriteria: undefined }), message: /encrypted by AWS KMS: nothing is handed on/, severity: 'error' },
    'what a key encrypts is turned off': { build: (stack) => handedOn(stack, { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Disabled' } } }), message: /nothing is handed on/ },
    'delete markers': { build: (stack) => handedOn(stack, { deleteMarkerReplication: { status: 'Enabled' } }), message: /hides them where they are kept/ },
    'failures that nobody counts': { build: (stack) => handedOn(stack, { destination: { bucket: 'arn:aws:s3:::elsewhere' } }), message: /no metric says what could not be handed on/ },
    'a part': { build: (stack) => handedOn(stack, { filter: { prefix: 'audit/2026' } }), message: /leaves records out/ },
    'what carries a tag': { build: (stack) => handedOn(stack, { filter: { tagFilter: { key: 'kept', value: 'yes' } } }), message: /leaves records out/ },
    'a part, as it was written once': { build: (stack) => handedOn(stack, { filter: undefined, deleteMarkerReplication: undefined, prefix: 'audit/2026' }), message: /leaves records out/ },
    'everything, as it was written once': { build: (stack) => handedOn(stack, { filter: undefined, deleteMarkerReplication: undefined, prefix: '' }), message: /hands deletions on, whatever else/ },
  },
  override: { build: (stack) => handedOn(stack).addPropertyOverride(`${RULE}.DeleteMarkerReplication.Status`, 'Enabled'), message: /hides them/ },
  raw: {
    build: (stack) => {
      const { stream, archive } = auditPath(stack);
      const rules = [{ Status: 'Enabled', Destination: { Bucket: archive.attrArn, Metrics: { Status: 'Enabled' } }, DeleteMarkerReplication: { Status: 'Enabled' } }];
      const raw = new CfnResource(stack, 'Raw', { type: 'AWS::S3::Bucket', properties: { ReplicationConfiguration: { Rules: rules } } });
      stream.addPropertyOverride('ExtendedS3DestinationConfiguration.BucketARN', stack.resolve(raw.getAtt('Arn')));
    },
    message: /hides them/,
  },
  undecidable: (stack) => handedOn(stack).addPropertyOverride(`${RULE}.SourceSelectionCriteria.SseKmsEncryptedObjects.Status`, stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'a bucket that no record arrives in': (stack) => new CfnResource(stack, 'Plain', { type: 'AWS::S3::Bucket' }) },
});
