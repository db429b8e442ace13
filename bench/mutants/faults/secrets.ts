import type { ControlId } from '../../../src/controls';
import type { Json } from '../../../src/checks/template/template';
import { become, each, type Fault } from './fault';

const SECRET = 'AWS::SecretsManager::Secret';
const ROTATION = 'AWS::SecretsManager::RotationSchedule';
const RULE = 'AWS::Events::Rule';
const TASK = 'AWS::ECS::TaskDefinition';
const PERMISSION = 'AWS::Lambda::Permission';
const DATABASE = 'AWS::RDS::DBInstance';
const CACHE = 'AWS::ElastiCache::CacheCluster';
const BUCKET = 'AWS::S3::Bucket';

/** One variable more in the first container. */
const told = (control: ControlId, name: string, value: string): Fault => ({
  name: `${name}=${value}`, control, type: TASK, path: ['ContainerDefinitions', 0, 'Environment'],
  change: (old) => [...(Array.isArray(old) ? old as readonly Json[] : []), { Name: name, Value: value }],
});

/** Rotation that the catalogue asks for (TG-62, M-18, TG-61). */
const ROTATED: readonly Fault[] = [
  ...each(['rate(180 days)', 'cron(0 8 1 JAN ? *)'], (expression): Fault => ({
    name: `rotation: ${expression}`, control: 'SEC-3', type: ROTATION, path: ['RotationRules'], change: become({ ScheduleExpression: expression }),
  })),
  { name: 'secret: the key of the service', control: 'SEC-2', type: SECRET, path: ['KmsKeyId'], change: become('alias/aws/secretsmanager') },
  {
    name: 'secret: sixteen digits', control: 'SEC-4', type: SECRET, when: (secret) => secret.GenerateSecretString !== undefined, path: ['GenerateSecretString'],
    change: become({ PasswordLength: 16, ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true }),
  },
  { name: 'secret: a placeholder', control: 'SEC-4', type: SECRET, path: ['SecretString'], change: become('changeme') },
  { name: 'rule: sees no reads', control: 'SEC-8', type: RULE, when: ({ State }) => State === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', path: ['State'], change: become('ENABLED') },
  {
    name: 'permission: not for Secrets Manager', control: 'SEC-3', type: PERMISSION, path: ['Principal'], change: become('sns.amazonaws.com'),
    when: ({ Principal }) => Principal === 'secretsmanager.amazonaws.com',
  },
  {
    name: 'permission: not for the rules of a roll-out', control: 'SEC-11', type: PERMISSION, path: ['Principal'], change: become('sns.amazonaws.com'),
    when: ({ FunctionName }) => JSON.stringify(FunctionName ?? '').includes('Rollout'),
  },
  {
    name: 'rule: about other events', control: 'SEC-11', type: RULE, when: ({ EventPattern }) => JSON.stringify(EventPattern ?? '').includes('Secret Label Updated'),
    path: ['EventPattern', 'detail-type'], change: become(['Secret Deleted']),
  },
];

/** What a program may be told that leads it to a worse store (NT-39, NT-43, NT-45, NT-46). */
const TOLD: readonly Fault[] = [
  told('DAT-1', 'DATABASE_URL', 'sqlite:////data/core.db'),
  told('DAT-1', 'DB_PATH', '/data/core.sqlite3'),
  ...each(['disable', 'allow', 'prefer'], (mode) => told('DAT-2', 'PGSSLMODE', mode)),
  ...each(['require', 'verify-ca'], (mode): Fault => ({
    ...told('DAT-2', 'POSTGRES_SSLMODE', mode), when: ({ ContainerDefinitions }) => JSON.stringify(ContainerDefinitions ?? '').includes('POSTGRES_PASSWORD'),
  })),
  told('DAT-2', 'DATABASE_URL', 'postgresql://core@db.internal/core?sslmode=disable'),
  told('DAT-7', 'S3_ENDPOINT_URL', 'http://s3.amazonaws.com'),
  told('DAT-7', 'S3_ENDPOINT_URL', 'https://s3.amazonaws.com'),
  ...each(['S3_ACCESS_KEY_ID', 'AWS_ACCESS_KEY_ID'], (name) => told('SEC-7', name, 'any')),
];

/** The stores themselves (NT-43, NT-47, NT-48, NT-72). */
const STORES: readonly Fault[] = [
  { name: 'database: in clear', control: 'DAT-3', type: DATABASE, path: ['StorageEncrypted'], change: become(false) },
  {
    name: 'database: a login under the key of the service', control: 'SEC-2', type: DATABASE, when: ({ ManageMasterUserPassword }) => ManageMasterUserPassword === true, path: ['MasterUserSecret'],
    change: become({ KmsKeyId: 'alias/aws/secretsmanager' }),
  },
  { name: 'database: a public address', control: 'DAT-3', type: DATABASE, path: ['PubliclyAccessible'], change: become(true) },
  { name: 'parameters: TLS is not forced', control: 'DAT-2', type: 'AWS::RDS::DBParameterGroup', path: ['Parameters'], change: become({ 'rds.force_ssl': '0' }) },
  { name: 'memcached in clear', control: 'DAT-5', type: CACHE, when: ({ Engine }) => Engine === 'memcached', path: ['TransitEncryptionEnabled'], change: become(false) },
  { name: 'bucket: everybody reads', control: 'DAT-6', type: BUCKET, path: ['AccessControl'], change: become('PublicRead') },
  { name: 'bucket: who writes owns', control: 'DAT-6', type: BUCKET, path: ['OwnershipControls'], change: become({ Rules: [{ ObjectOwnership: 'ObjectWriter' }] }) },
];

export const SECRET_FAULTS: readonly Fault[] = [...ROTATED, ...TOLD, ...STORES];
