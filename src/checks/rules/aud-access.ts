import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { archives, arrivalOf, arrivals, BUCKET, destinationOf, recordStreams } from './audit-path';
import { isKept } from './aud-lock';
import { bucketAt, BUCKET_POLICY, policiesOf } from './buckets';
import { TASK_DEFINITION } from './containers';
import { gatesOf } from './gate-configuration';
import { isSure } from './gate-targets';
import { looseIn, oncePerGraph } from './pointers';
import { allowedIn, covers, documentsAt, IDENTITY_DOCUMENTS, isEverybody, listOf, mayCall } from './policies';

/** What takes a record away. */
const DELETES = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'];
const READS = ['s3:GetObject', 's3:GetObjectVersion'];
/** What writes over a record: the older version stays, and queries read the newer one. */
const UPLOADS = ['s3:PutObject'];

/** Roles that a statement is not about (`aws:PrincipalArn` of ArnNotEquals and its like). */
const exceptedIn = (statement: Property): Property[] => {
  const conditions = statement.get('Condition');
  return conditions.exists ? conditions.entries().flatMap(([operator, demanded]) => (/^(Arn|String)Not(Equals|Like)$/i.test(operator)
    ? demanded.entries().filter(([key]) => key.toLowerCase() === 'aws:principalarn').flatMap(([, value]) => listOf(value)) : [])) : [];
};

/** All objects of a bucket, and not those below a prefix; what stands in a hole is no part of a path. */
const isWhole = (place: Property): boolean => /^[^/]*\/?\*$/.test(place.partialText().text.replace(/\$\{[^}]*\}/g, 'hole'));

/** Whether a statement forbids everybody to do something: whatever they ask for, or all but a few roles of which none is a pattern. */
function forbids(statement: Property, actions: readonly string[], mayExceptRoles: boolean): boolean {
  // Whom `NotPrincipal` names, it forbids nothing.
  if (statement.get('Effect').text() !== 'Deny' || statement.get('NotPrincipal').exists || !isEverybody(statement) || statement.get('NotAction').exists) return false;
  const isAll = actions.every((action) => listOf(statement.get('Action')).some((name) => covers(name.partialText().text, action, 'i')));
  if (!isAll || !listOf(statement.get('Resource')).some(isWhole)) return false;
  const conditions = statement.get('Condition');
  if (!conditions.exists) return true;
  const excepted = exceptedIn(statement);
  const isAboutRolesAlone = conditions.entries().length === 1 && conditions.entries().every(([, demanded]) => demanded.entries().length === 1);
  return mayExceptRoles && isAboutRolesAlone && excepted.length > 0 && excepted.every((role) => !/[*?]/.test(role.partialText().text));
}

interface Prohibition {
  readonly actions: readonly string[];
  readonly mayExceptRoles: boolean;
  /** What somebody could do otherwise. */
  readonly what: string;
}

/** Whether a policy of a bucket forbids something to everybody. */
function isForbidden(bucket: Resource, graph: TemplateGraph, { actions, mayExceptRoles, what }: Prohibition): readonly Outcome[] {
  const documents = policiesOf(bucket, graph).map((policy) => policy.prop('PolicyDocument'));
  const outcomes = each(documents, (document) => (document.get('Statement').items().some((statement) => forbids(statement, actions, mayExceptRoles)) ? PASS : NOT_APPLICABLE));
  if (outcomes.length > 0) return outcomes;
  const [loose] = looseIn(graph, BUCKET_POLICY, 'Bucket');
  if (loose) return undecidable(bucket.whole, `may let somebody ${what}, unless ${loose.logicalId}, whose bucket is known only when deployed, forbids it`);
  return fail(bucket.whole, `lets whoever has the right ${what}: no policy of it forbids that to everybody`);
}

const undeletable = defineRule('AUD-4', 'undeletable', {
  appliesTo: [BUCKET],
  extent: 'buckets that a gate\'s records arrive and end in; who may write their policies may also let somebody delete what is not locked',
  remediation: `Deny ${DELETES.join(', ')} to everybody in the bucket's policy; of a bucket that goes with its stack, to all but the role that empties it.`,
  check(bucket, graph) {
    if (!archives(graph).has(bucket) && !arrivals(graph).has(bucket)) return NOT_APPLICABLE;
    return isForbidden(bucket, graph, { actions: DELETES, mayExceptRoles: !isKept(bucket), what: 'delete records' });
  },
});

const overwriting = defineRule('AUD-4', 'overwriting', {
  appliesTo: [BUCKET],
  extent: 'buckets that a gate\'s records end in',
  remediation: `Deny ${UPLOADS.join(', ')} to everybody in the bucket's policy, or to all but the role that delivers there. Replication needs s3:ReplicateObject alone.`,
  check: (bucket, graph) => (archives(graph).has(bucket) ? isForbidden(bucket, graph, { actions: UPLOADS, mayExceptRoles: true, what: 'write over records' }) : NOT_APPLICABLE),
});

/** By whose key what arrives in a bucket is encrypted: nobody reads it who may not use that. */
const ownKey = defineRule('AUD-4', 'own-key', {
  appliesTo: [BUCKET],
  extent: 'buckets that a gate\'s records arrive and end in',
  remediation: 'Encrypt the bucket by aws:kms with a KMSMasterKeyID of yours: then its key says who reads records, beside the bucket.',
  check(bucket, graph) {
    if (!archives(graph).has(bucket) && !arrivals(graph).has(bucket)) return NOT_APPLICABLE;
    const encryption = bucket.prop('BucketEncryption');
    const defaults = encryption.get('ServerSideEncryptionConfiguration').items().map((rule) => rule.get('ServerSideEncryptionByDefault'));
    const isOwn = defaults.some((rule) => {
      const key = rule.get('KMSMasterKeyID');
      return rule.get('SSEAlgorithm').text()?.startsWith('aws:kms') === true && key.exists && !/(^|:)alias\/aws\//.test(key.partialText().text);
    });
    return isOwn ? PASS : fail(encryption, 'names no key of yours, so that whoever may read the bucket reads every record in it', 'warning');
  },
});

/** The role that stands at a place, if it is in the templates. */
const roleAt = (place: Property): Resource | undefined => (place.value instanceof Reference && place.value.resource.type === 'AWS::IAM::Role' ? place.value.resource : undefined);

/** Roles that write records, and how a message names them: those of streams, of replication, and of the tasks that gates run in. */
const writers = oncePerGraph((graph: TemplateGraph): ReadonlyMap<Resource, string> => {
  const found = new Map<Resource, string>();
  const note = (read: () => Property, what: string): void => {
    if (!isSure(() => roleAt(read()) !== undefined)) return;
    const role = roleAt(read());
    if (role) found.set(role, what);
  };
  for (const stream of recordStreams(graph)) note(() => destinationOf(stream).get('RoleARN'), `stream ${stream.logicalId}`);
  for (const bucket of arrivals(graph)) note(() => bucket.prop('ReplicationConfiguration').get('Role'), `the replication of ${bucket.logicalId}`);
  for (const task of graph.ofType(TASK_DEFINITION)) {
    if (isSure(() => gatesOf(task).length > 0)) for (const place of ['TaskRoleArn', 'ExecutionRoleArn']) note(() => task.prop(place), `task ${task.logicalId}`);
  }
  return found;
});

/** The roles that a policy is attached to, or the role itself. */
function holdersOfPolicy(owner: Resource): Resource[] {
  if (owner.type === 'AWS::IAM::Role') return [owner];
  const [list, single] = [owner.prop('Roles'), owner.prop('RoleName')];
  return [...(list.exists ? list.items() : []), ...(single.exists ? [single] : [])].flatMap((place) => roleAt(place) ?? []);
}

/** The name of a bucket that CloudFormation names: patterns that take any name take it. */
const ANY_NAME = 'generated-name';

/** The ARN of an object of a bucket, for patterns without a reference. */
function objectOf(bucket: Resource): string {
  const { text, complete } = bucket.prop('BucketName').partialText();
  return `arn:aws:s3:::${complete && text !== '' ? text : ANY_NAME}/audit/object`;
}

/** The buckets of records that a statement is about: those that it names, or that a pattern of it takes; all where it says which it is not about. */
function recordBucketsIn(statement: Property, owner: Resource, buckets: readonly Resource[], graph: TemplateGraph): readonly Resource[] {
  if (statement.get('NotResource').exists) return buckets;
  const resources = listOf(statement.get('Resource'));
  return buckets.filter((bucket) => resources.some((place) => bucketAt(place, owner, graph) === bucket || covers(place.partialText().text, objectOf(bucket))));
}

/** Whether the bucket's own policy makes an exception for a role: of a bucket that goes with its stack, the one that empties it. */
const isExcepted = (role: Resource, bucket: Resource, graph: TemplateGraph): boolean => !isKept(bucket) && policiesOf(bucket, graph).some((policy) =>
  policy.prop('PolicyDocument').get('Statement').items().some((statement) => forbids(statement, DELETES, true) && exceptedIn(statement).some((place) => roleAt(place) === role)));

function isNarrow(statement: Property, owner: Resource, graph: TemplateGraph): readonly Outcome[] {
  const places = [...new Set([...archives(graph), ...arrivals(graph)])];
  const holders = holdersOfPolicy(owner);
  return recordBucketsIn(statement, owner, places, graph).flatMap((bucket) => {
    const isLetEmpty = holders.length > 0 && holders.every((role) => isExcepted(role, bucket, graph));
    if (mayCall(statement, DELETES) && !isLetEmpty) return fail(statement.get('Action'), `lets somebody delete records in ${bucket.logicalId}`);
    const writer = holders.map((role) => writers(graph).get(role)).find((what) => what !== undefined);
    return writer !== undefined && mayCall(statement, READS) ? fail(statement.get('Action'), `lets ${writer}, which writes records, read them in ${bucket.logicalId}`) : PASS;
  });
}

/** Policies of AWS by which a role reads every bucket of the account. */
const READS_ALL = /policy\/(AdministratorAccess|PowerUserAccess|ReadOnlyAccess|AmazonS3FullAccess|AmazonS3ReadOnlyAccess)$/;

function readsNothingElse(owner: Resource, graph: TemplateGraph): readonly Outcome[] {
  const writer = writers(graph).get(owner);
  return each(writer === undefined ? [] : owner.prop('ManagedPolicyArns').items(), (arn) =>
    expect(!READS_ALL.test(arn.partialText().text), arn, `lets ${writer ?? ''}, which writes records, read every bucket`));
}

const roles = defineRule('AUD-4', 'roles', {
  appliesTo: Object.keys(IDENTITY_DOCUMENTS),
  extent: 'policies of the templates, and buckets that a gate\'s records arrive and end in',
  remediation: 'Let who writes records write alone (s3:PutObject, or s3:ReplicateObject), who reads them read alone, and nobody delete them.',
  check(owner, graph) {
    if (arrivals(graph).size === 0) return NOT_APPLICABLE;
    const documents = documentsAt(owner, IDENTITY_DOCUMENTS[owner.type] ?? '');
    return all(() => each(documents, (document) => each(allowedIn(document), (statement) => isNarrow(statement, owner, graph))), () => readsNothingElse(owner, graph));
  },
});

/** A stream of the templates whose bucket is not there is one whose roles nobody can judge. */
const arrival = defineRule('AUD-4', 'known-bucket', {
  appliesTo: ['AWS::KinesisFirehose::DeliveryStream'],
  extent: 'streams that a gate\'s records go through',
  remediation: 'Deliver records into a bucket of the templates, which hands them on to one that is elsewhere.',
  check(stream, graph) {
    if (!recordStreams(graph).has(stream)) return NOT_APPLICABLE;
    const place = destinationOf(stream).get('BucketARN');
    if (!place.exists) return fail(place, 'is not set: records are delivered to something that locks nothing');
    return arrivalOf(stream, graph) ? PASS : undecidable(place, 'is a bucket that is in none of the templates, so who may read and delete records there is not known');
  },
});

export const AUD_ACCESS_RULES = [undeletable, overwriting, ownKey, roles, arrival];
