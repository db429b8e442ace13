import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { changed, each, listAltered, omit, removal, resourcesOf, saboteur } from '../saboteurs';
import { MASTER_KEY_METADATA } from '../../secrets/contract';
import { deprived, mapAltered } from '../altered';
import type { Saboteur } from '../attack';
import { BUCKET, BUCKET_POLICY, CACHE_CLUSTER, DATABASE_PARAMETERS, EVENT_RULE, POLICY, REPLICATION_GROUP, ROLE, ROTATION_SCHEDULE, SECRET, TASK_DEFINITION } from './types';

/** Leaves a property out where it is there. */
export function gone(name: string, type: string, property: string): Saboteur {
  return saboteur(name, [type], (properties) => deprived(properties, property));
}

/** Alters every container of every task definition. */
export function containersAltered(name: string, alter: (container: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [TASK_DEFINITION], (properties) => listAltered(properties, 'ContainerDefinitions', (containers) => changed(containers, alter)));
}

/** Tells every container that is given secrets one variable more. */
function told(name: string, variable: JsonMap): Saboteur {
  return containersAltered(name, (container) => (
    Array.isArray(container.Secrets) ? { ...container, Environment: [...(Array.isArray(container.Environment) ? container.Environment as readonly Json[] : []), variable] } : undefined
  ));
}

/** Made up, and put together here so that no scanner takes it for a leak. */
const MADE_UP = { providerKey: ['sk', 'proj', '0123456789abcdefghijABCDEFGHIJ'].join('-'), accessKey: ['AK', 'IAABCDEFGHIJ234567'].join('') };

export const ENVIRONMENT_HOLDS_KEY = told('a provider\'s key in the plain environment', { Name: 'PROVIDER', Value: MADE_UP.providerKey });
export const ACCESS_KEY_TOLD = told('an access key in the plain environment', { Name: 'STORAGE_ACCOUNT', Value: MADE_UP.accessKey });

/** A user with a key, beside everything else. */
export const ACCESS_KEY_ADDED: Saboteur = {
  name: 'a user with an access key',
  sabotage: (template) => ({
    ...template,
    Resources: {
      ...resourcesOf(template), DrillUser: { Type: 'AWS::IAM::User' }, DrillAccessKey: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'DrillUser' } } },
    },
  }),
};

export const SECRET_LENT = containersAltered('containers are given one secret more', (container) => (
  Array.isArray(container.Secrets)
    ? { ...container, Secrets: [...container.Secrets as readonly Json[], { ...firstOf(container.Secrets as readonly Json[]), Name: 'NOBODY_DECLARED_THIS' }] }
    : undefined
));

function firstOf(list: readonly Json[]): JsonMap {
  const [first] = list;
  return isJsonMap(first) ? first : {};
}

/** What the core is told of its database by becomes a file in the task (NT-39). */
export const DATABASE_IN_TASK = containersAltered('the database is a file in the task', (container) => (
  listAltered(container, 'Environment', (entries) => changed(entries, (entry) => (
    /^(POSTGRES_HOST|POSTGRES_URL|DATABASE_URL)$/.test(String(entry.Name)) ? { ...entry, Name: 'DATABASE_URL', Value: 'sqlite:////data/core.db' } : undefined
  )))
));

export const SECRETS_WRITTEN_OUT = saboteur('secrets are written out in the template', [SECRET], (properties) => (
  { ...omit(properties, 'GenerateSecretString'), SecretString: 'written-out-for-everybody' }
));

type Statement = (statement: JsonMap) => JsonMap | undefined;

/** Alters the statements of every policy that roles carry, apart or within the role. */
export function statementsAltered(name: string, alter: (statements: readonly JsonMap[]) => readonly JsonMap[] | undefined): Saboteur {
  const document = (holder: JsonMap): JsonMap | undefined => mapAltered(holder, 'PolicyDocument', (policy) => listAltered(policy, 'Statement', alter));
  return each(name, saboteur('apart', [POLICY], document), saboteur('inline', [ROLE], (properties) => listAltered(properties, 'Policies', (policies) => changed(policies, document))));
}

function actionsOf({ Action }: JsonMap): string[] {
  return (Array.isArray(Action) ? Action as readonly Json[] : [Action ?? '']).map(String);
}

const isAbout = (statement: JsonMap, service: string): boolean => statement.Effect === 'Allow' && actionsOf(statement).some((action) => action.startsWith(`${service}:`));
const widened: Statement = (statement) => (isAbout(statement, 'secretsmanager') ? { ...statement, Resource: '*' } : undefined);

export const POLICIES_READ_ALL = statementsAltered('every policy lets its role read every secret', (statements) => [
  ...statements, { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' },
]);
export const SECRET_RIGHTS_WIDENED = statementsAltered('rights to read secrets are for all of them', (statements) => changed(statements, widened));
export const BUCKET_RIGHTS_GONE = statementsAltered('rights to the bucket are taken away', (statements) => changed(statements, (statement) => (
  isAbout(statement, 's3') ? { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' } : undefined
)));

export const SHORT_VALUES = saboteur('generated values of 8 characters', [SECRET], (properties) => (
  mapAltered(properties, 'GenerateSecretString', (generated) => ({ ...generated, PasswordLength: 8 }))
));
export const DIGITS_ONLY = saboteur('generated values of 20 digits', [SECRET], (properties) => mapAltered(properties, 'GenerateSecretString', (generated) => (
  { ...omit(generated, 'ExcludeCharacters', 'ExcludeNumbers'), PasswordLength: 20, RequireEachIncludedType: false, ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true }
)));
export const PLACEHOLDERS = saboteur('secrets are placeholders', [SECRET], (properties) => ({ ...omit(properties, 'GenerateSecretString'), SecretString: 'changeme' }));

/** State of rules that are about Secrets Manager. */
function ruleAltered(name: string, isMeant: (pattern: string) => boolean, alter: (properties: JsonMap) => JsonMap): Saboteur {
  return saboteur(name, [EVENT_RULE], (properties) => (isMeant(JSON.stringify(properties.EventPattern ?? null)) ? alter(properties) : undefined));
}

const isAboutReads = (pattern: string): boolean => pattern.includes('GetSecretValue');
const isAboutLabels = (pattern: string): boolean => pattern.includes('Secret Label Updated');

export const READS_UNWATCHED = ruleAltered('the rule about reads is off', isAboutReads, (properties) => ({ ...properties, State: 'DISABLED' }));
/** Read-only management events reach a rule in one state alone (EventBridge API, `State` of PutRule). */
export const READS_NOT_DELIVERED = ruleAltered('the rule about reads is merely ENABLED', isAboutReads, (properties) => ({ ...properties, State: 'ENABLED' }));
export const LABELS_UNWATCHED = ruleAltered('the rule about new values is off', isAboutLabels, (properties) => ({ ...properties, State: 'DISABLED' }));

export const PLAIN_DATABASE = saboteur('rds.force_ssl becomes 0', [DATABASE_PARAMETERS], (properties) => (
  mapAltered(properties, 'Parameters', (parameters) => ({ ...parameters, 'rds.force_ssl': '0' }))
));
export const PLAIN_MEMCACHED = saboteur('TransitEncryptionEnabled false', [CACHE_CLUSTER], (properties) => (
  String(properties.Engine) === 'memcached' ? { ...properties, TransitEncryptionEnabled: false } : undefined
));

export const REDIS_PREFERS_TLS = saboteur('TransitEncryptionMode becomes preferred', [REPLICATION_GROUP], (properties) => ({ ...properties, TransitEncryptionMode: 'preferred' }));
export const REDIS_WITHOUT_TLS = saboteur('TransitEncryptionEnabled false on Redis', [REPLICATION_GROUP], (properties) => (
  { ...omit(properties, 'TransitEncryptionMode'), TransitEncryptionEnabled: false }
));
export const REDIS_WITHOUT_USERS = saboteur('UserGroupIds and AuthToken deleted', [REPLICATION_GROUP], (properties) => omit(properties, 'UserGroupIds', 'AuthToken'));

/** Of libpq: TLS, whoever is at the other end (PostgreSQL documentation, "SSL Support"). */
export const SERVER_UNVERIFIED = containersAltered('sslmode becomes require', (container) => (
  listAltered(container, 'Environment', (entries) => changed(entries, (entry) => (/^(PGSSLMODE|POSTGRES_SSLMODE)$/.test(String(entry.Name)) ? { ...entry, Value: 'require' } : undefined)))
));
/** Who vouches for the server is looked at, and its name is not. */
export const NAME_UNVERIFIED = containersAltered('sslmode becomes verify-ca', (container) => (
  listAltered(container, 'Environment', (entries) => changed(entries, (entry) => (/^(PGSSLMODE|POSTGRES_SSLMODE)$/.test(String(entry.Name)) ? { ...entry, Value: 'verify-ca' } : undefined)))
));

const POLICY_OF_ALL = (bucket: string): JsonMap => ({
  Effect: 'Allow', Principal: '*', Action: ['s3:GetObject', 's3:PutObject'], Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/*']] },
});

/** Both at once: what blocks public access makes a policy for all worth nothing. */
export const BUCKETS_PUBLIC = each(
  'buckets block nothing and are for everybody',
  // Without any, S3 blocks everything (S3 guide, "Blocking public access to your Amazon S3 storage").
  saboteur('blocks', [BUCKET], (properties) => (
    { ...properties, PublicAccessBlockConfiguration: { BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false } }
  )),
  saboteur('policies', [BUCKET_POLICY], (properties, template) => {
    const bucket = isJsonMap(properties.Bucket) ? String(properties.Bucket.Ref) : '';
    if (!(bucket in resourcesOf(template))) return undefined;
    return mapAltered(properties, 'PolicyDocument', (document) => listAltered(document, 'Statement', (statements) => [...statements, POLICY_OF_ALL(bucket)]));
  }),
);
export const PLAIN_BUCKETS = saboteur('buckets take requests without TLS', [BUCKET_POLICY], (properties) => (
  mapAltered(properties, 'PolicyDocument', (document) => listAltered(document, 'Statement', (statements) => changed(statements, (statement) => (
    JSON.stringify(statement).includes('aws:SecureTransport') ? { ...omit(statement, 'Condition'), Condition: { StringEquals: { 'aws:PrincipalAccount': '000000000000' } } } : undefined
  ))))
));
export const UNVERSIONED = gone('VersioningConfiguration deleted', BUCKET, 'VersioningConfiguration');
export const UNENCRYPTED = gone('BucketEncryption deleted', BUCKET, 'BucketEncryption');

/** Alters every secret that is marked as a master key, with what stands beside its properties. */
function masterKeysAltered(name: string, alter: (secret: JsonMap) => JsonMap): Saboteur {
  return {
    name,
    sabotage: (template) => {
      const resources = Object.entries(resourcesOf(template));
      const after = changed(resources, ([logicalId, resource]): [string, Json] | undefined => (isMasterKey(resource) ? [logicalId, alter(resource)] : undefined));
      return after && { ...template, Resources: Object.fromEntries(after) };
    },
  };
}

function isMasterKey(resource: Json): resource is JsonMap {
  return isJsonMap(resource) && resource.Type === SECRET && isJsonMap(resource.Metadata) && MASTER_KEY_METADATA in resource.Metadata;
}

export const MASTER_KEY_THROWN_AWAY = masterKeysAltered('DeletionPolicy becomes Delete', (secret) => ({ ...secret, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }));
export const MASTER_KEY_NOT_REPLICATED = masterKeysAltered('ReplicaRegions deleted', (secret) => (
  { ...secret, Properties: omit(isJsonMap(secret.Properties) ? secret.Properties : {}, 'ReplicaRegions') }
));

/** A schedule for the master key, as an eager colleague would add it. */
export const MASTER_KEY_ROTATED: Saboteur = {
  name: 'a rotation schedule for the master key',
  sabotage: (template) => {
    const [logicalId] = Object.entries(resourcesOf(template)).find(([, resource]) => isMasterKey(resource)) ?? [];
    if (logicalId === undefined) return undefined;
    const schedule = { Type: ROTATION_SCHEDULE, Properties: { SecretId: { Ref: logicalId }, RotationRules: { AutomaticallyAfterDays: 30 } } };
    return { ...template, Resources: { ...resourcesOf(template), DrillSchedule: schedule } };
  },
};

/** Without schedules, and without the functions' right to be called by them. */
export const NEVER_ROTATED = removal('every rotation schedule is deleted', ROTATION_SCHEDULE);
