import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Reference, Unknown } from '../template/value';
import { assetBuckets, BUCKET, BUCKET_POLICY, logBuckets, policiesOf } from './buckets';
import { looseIn } from './pointers';
import { allowedIn, covers, isBoundToCaller, isEverybody, listOf } from './policies';

const FLAGS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** S3 blocks public access on every bucket made since April 2023 where nothing is said (S3 guide, "Blocking public access"); who says something says all of it. */
const publicAccess = defineRule('DAT-6', 'public-access', {
  appliesTo: [BUCKET],
  remediation: `Set ${FLAGS.join(', ')} to true.`,
  check(bucket) {
    const block = bucket.prop('PublicAccessBlockConfiguration');
    return all(
      ...(block.exists ? FLAGS.map((flag) => () => expect(block.get(flag).flag() ?? false, block.get(flag), 'is not true, so the bucket can be opened to everybody')) : [() => PASS]),
      () => {
        const acl = bucket.prop('AccessControl');
        return expect(!/^(PublicRead(Write)?|AuthenticatedRead)$/.test(acl.text() ?? ''), acl, 'opens the bucket to everybody');
      },
    );
  },
});

/** Whether a statement refuses what comes without TLS, from everybody and for everything in the bucket. */
function refusesPlain(statement: Property): boolean {
  // Whom `NotPrincipal` names, it refuses nothing.
  if (statement.get('Effect').text() !== 'Deny' || statement.get('NotPrincipal').exists || !isEverybody(statement)) return false;
  const isEvery = listOf(statement.get('Action')).some((action) => covers(action.partialText().text, 's3:GetObject', 'i') && covers(action.partialText().text, 's3:PutObject', 'i'));
  const conditions = statement.get('Condition');
  return isEvery && conditions.exists && conditions.entries().length === 1 && conditions.entries().some(([operator, demanded]) => /^Bool(IfExists)?$/i.test(operator)
    && demanded.entries().length === 1 && demanded.entries().some(([key, value]) => key.toLowerCase() === 'aws:securetransport' && listOf(value).every((entry) => entry.text() === 'false')));
}

const tlsOnly = defineRule('DAT-6', 'tls-only', {
  appliesTo: [BUCKET],
  remediation: 'Give the bucket a policy that denies s3:* where aws:SecureTransport is false. In CDK, enforceSSL of the Bucket does.',
  check(bucket, graph) {
    const documents = policiesOf(bucket, graph).map((policy) => policy.prop('PolicyDocument'));
    const outcomes = each(documents, (document) => (document.get('Statement').items().some(refusesPlain) ? PASS : NOT_APPLICABLE));
    if (outcomes.length > 0) return outcomes;
    const [loose] = looseIn(graph, BUCKET_POLICY, 'Bucket');
    if (loose) return undecidable(bucket.whole, `may be read without TLS, unless ${loose.logicalId}, whose bucket is known only when deployed, forbids it`);
    return fail(bucket.whole, 'may be read and written without TLS: no policy of it denies that');
  },
});

/** Everything of S3, or everything of everybody. */
const EVERY_ACTION = /^(\*|s3:\*)$/i;

function admitsFew(statement: Property): readonly Outcome[] {
  if (isEverybody(statement)) {
    if (!isBoundToCaller(statement)) return fail(statement.get('Principal'), 'lets everybody in');
  } else if (statement.get('Principal').value instanceof Unknown) {
    return undecidable(statement.get('Principal'), 'lets somebody in whom only a deployment knows');
  }
  const broad = listOf(statement.get('Action')).find((action) => EVERY_ACTION.test(action.partialText().text));
  if (broad) return fail(broad, 'lets somebody do everything with the bucket, deleting it included');
  const whole = listOf(statement.get('Resource')).find((resource) => resource.partialText().text === '*');
  return whole ? fail(whole, 'is everything in the bucket and the bucket itself, not what is meant') : PASS;
}

const policy = defineRule('DAT-6', 'policy', {
  appliesTo: [BUCKET_POLICY],
  remediation: 'Name the principals, the actions and the part of the bucket that they need.',
  check: (owner) => {
    const outcomes = each(allowedIn(owner.prop('PolicyDocument')), admitsFew);
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

const owner = defineRule('DAT-6', 'owner', {
  appliesTo: [BUCKET],
  remediation: 'Set ObjectOwnership to BucketOwnerEnforced, or leave OwnershipControls out.',
  check: (bucket) => {
    const rules = bucket.prop('OwnershipControls').get('Rules').items();
    return rules.length === 0 ? PASS : each(rules, (rule) => {
      const place = rule.get('ObjectOwnership');
      return expect((place.text() ?? 'BucketOwnerEnforced') === 'BucketOwnerEnforced', place, 'lets who writes an object decide who reads it');
    });
  },
});

const versioned = defineRule('DAT-6', 'versioned', {
  extent: 'all buckets but those that AWS writes records into',
  appliesTo: [BUCKET],
  remediation: 'Set VersioningConfiguration.Status to Enabled, and let a lifecycle rule expire noncurrent versions.',
  check(bucket, graph) {
    if (logBuckets(graph).has(bucket)) return NOT_APPLICABLE;
    const place = bucket.prop('VersioningConfiguration').get('Status');
    return expect(place.text() === 'Enabled', place, 'is not Enabled, so what is overwritten or deleted is gone');
  },
});

/** S3 encrypts everything with keys of its own; what users keep has a key that may be taken away, and whose use is recorded (NT-49). */
function hasOwnKey(bucket: Resource): readonly Outcome[] {
  const rules = bucket.prop('BucketEncryption').get('ServerSideEncryptionConfiguration');
  const [first] = rules.items();
  if (!first) return fail(rules, 'is not set, so S3 encrypts with a key of its own, which nobody can take away');
  const [algorithm, key] = ['SSEAlgorithm', 'KMSMasterKeyID'].map((name) => first.get('ServerSideEncryptionByDefault').get(name));
  if (!algorithm || !key) return NOT_APPLICABLE;
  if (!/^aws:kms(:dsse)?$/.test(algorithm.text() ?? '')) return fail(algorithm, 'is not aws:kms, so S3 encrypts with a key of its own, which nobody can take away');
  if (key.value instanceof Reference) return PASS;
  return expect(key.exists && !/(^|:)alias\/aws\//.test(key.partialText().text), key, 'is not a key of yours, so nobody can narrow who uses it');
}

const encrypted = defineRule('DAT-6', 'encrypted', {
  extent: 'buckets that a task or a function is told of',
  appliesTo: [BUCKET],
  remediation: 'Set SSEAlgorithm to aws:kms, KMSMasterKeyID to a key of yours, and BucketKeyEnabled to true.',
  check: (bucket, graph) => (assetBuckets(graph).has(bucket) ? hasOwnKey(bucket) : NOT_APPLICABLE),
});

export const DAT_BUCKET_RULES = [publicAccess, tlsOnly, policy, owner, versioned, encrypted];
