import { all, defineRule, each, expect, fail, type FindingSeverity, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import { Reference } from '../template/value';
import { DB_CLUSTER, DB_INSTANCE } from './databases';
import { allowedIn, documentsAt, isBoundToCaller, isEverybody } from './policies';
import { SECRET } from './secrets';

const KEY = 'AWS::KMS::Key';

/** Aliases that AWS keeps for its own keys, whose policies nobody else writes (KMS guide, "AWS managed keys"). */
const OF_AWS = /(^|:)alias\/aws\//;

function isCustomers(place: Property, what: string, severity?: FindingSeverity): readonly Outcome[] {
  if (!place.exists) return fail(place, `is not set, so ${what} is encrypted with a key of AWS, which everybody in the account may use who may read it`, severity);
  if (place.value instanceof Reference) return PASS;
  const { text, complete } = place.partialText();
  if (OF_AWS.test(text)) return fail(place, `is ${text}, a key of AWS, whose policy nobody can narrow`, severity);
  // A name or an ARN with holes in it is somebody's choice; a mere hole may turn out to be the service's own key.
  if (!complete && /^\$\{[^}]*\}$/.test(text)) place.text();
  return PASS;
}

const customerKey = defineRule('SEC-2', 'customer-key', {
  appliesTo: [SECRET],
  remediation: 'Set KmsKeyId to a key of yours, whose policy names the roles that may read the secret.',
  check: (secret) => all(
    () => isCustomers(secret.prop('KmsKeyId'), 'the secret'),
    () => each(secret.prop('ReplicaRegions').items(), (replica) => isCustomers(replica.get('KmsKeyId'), 'its copy in the other region', 'warning')),
  ),
});

/** The login that RDS makes, rotates and keeps in a secret of its own. */
const managedLogin = defineRule('SEC-2', 'managed-login', {
  appliesTo: [DB_INSTANCE, DB_CLUSTER],
  remediation: 'Set MasterUserSecret.KmsKeyId to a key of yours, whose policy names the roles that may read the login.',
  check: (database) => (database.prop('ManageMasterUserPassword').flag() === true ? isCustomers(database.prop('MasterUserSecret.KmsKeyId'), 'the login of the master user') : NOT_APPLICABLE),
});

/** Keys that KMS can renew: symmetric ones whose material it made (KMS guide, "Rotate AWS KMS keys"). */
const keyRotation = defineRule('SEC-2', 'key-rotation', {
  appliesTo: [KEY],
  remediation: 'Set EnableKeyRotation to true.',
  check(key) {
    const [spec, origin] = [key.prop('KeySpec').text() ?? 'SYMMETRIC_DEFAULT', key.prop('Origin').text() ?? 'AWS_KMS'];
    if (spec !== 'SYMMETRIC_DEFAULT' || origin !== 'AWS_KMS') return NOT_APPLICABLE;
    const place = key.prop('EnableKeyRotation');
    return expect(place.flag() ?? false, place, 'is not true, so the same key encrypts everything for as long as it exists');
  },
});

/** Policies of what others are let use, and what everybody could do with it. */
const ADMITTING: ReadonlyMap<string, { readonly path: string; readonly all: string }> = new Map([
  [KEY, { path: 'KeyPolicy', all: 'lets every account of AWS use the key' }],
  ['AWS::KMS::ReplicaKey', { path: 'KeyPolicy', all: 'lets every account of AWS use the key' }],
  ['AWS::SecretsManager::ResourcePolicy', { path: 'ResourcePolicy', all: 'lets every account of AWS reach the secret' }],
  ['AWS::IAM::Role', { path: 'AssumeRolePolicyDocument', all: 'lets every account of AWS take the role' }],
]);

/** Who has no account of ours is told apart by a condition on the caller; that the call comes by some service (kms:ViaService) says nothing of whose it is. */
const principals = defineRule('SEC-2', 'principals', {
  extent: 'everybody as a principal; an account that is named is taken for one that was meant',
  appliesTo: [...ADMITTING.keys()],
  remediation: 'Name the roles, the account or the service in Principal, or bound it by a condition on the caller\'s account (aws:PrincipalAccount, aws:SourceAccount, kms:CallerAccount).',
  check(resource) {
    const { path, all } = ADMITTING.get(resource.type) ?? { path: '', all: '' };
    return each(documentsAt(resource, path), (document) => {
      const open = document.exists ? allowedIn(document).find((statement) => isEverybody(statement) && !isBoundToCaller(statement)) : undefined;
      return open ? fail(open.get('Principal'), all) : PASS;
    });
  },
});

export const SEC_KEY_RULES = [customerKey, managedLogin, keyRotation, principals];
