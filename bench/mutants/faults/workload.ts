import type { ControlId } from '../../../src/controls';
import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { become, each, type Fault, items, plus } from './fault';

const TASK = 'AWS::ECS::TaskDefinition';
const CONTAINER = ['ContainerDefinitions', 0];

const inContainer = (name: string, control: ControlId, key: string, change: (old: Json | undefined) => Json): Fault => ({ name, control, type: TASK, path: [...CONTAINER, ...key.split('.')], change });
const inTask = (name: string, control: ControlId, key: string, to: Json): Fault => ({ name, control, type: TASK, path: [key], change: become(to) });

/** The environment with a variable set, whether or not it was there. */
const variable = (control: ControlId, Name: string, Value: Json, called = `${Name}=${String(Value)}`): Fault => inContainer(called, control, 'Environment', (old) => [
  ...items(old).filter((entry) => !(isJsonMap(entry) && entry.Name === Name)), { Name, Value },
]);

const IMAGES: Readonly<Record<string, string>> = {
  'latest': '111122223333.dkr.ecr.eu-central-1.amazonaws.com/core:latest',
  'tag': '111122223333.dkr.ecr.eu-central-1.amazonaws.com/core:1.4.2',
  'no tag': 'core',
  'public registry': 'ghcr.io/acme/core:main',
};

const CONTAINERS: readonly Fault[] = [
  ...each(Object.entries(IMAGES), ([name, image]) => inContainer(`image by ${name}`, 'CTR-1', 'Image', become(image))),
  ...each(['root', '0', '0:0', '+0', ''], (user) => inContainer(`user "${user}"`, 'CTR-2', 'User', become(user))),
  inContainer('no memory limit', 'CTR-3', 'Memory', become(0)),
  inContainer('no processor share', 'CTR-3', 'Cpu', become(0)),
  inTask('runtime socket', 'CTR-4', 'Volumes', [{ Name: 'socket', Host: { SourcePath: '/var/run/docker.sock' } }]),
  inTask('host folder', 'CTR-4', 'Volumes', [{ Name: 'etc', Host: { SourcePath: '/etc' } }]),
  inContainer('host device', 'CTR-4', 'LinuxParameters.Devices', become([{ HostPath: '/dev/sda' }])),
  inContainer('privileged', 'CTR-5', 'Privileged', become(true)),
  inContainer('capability added', 'CTR-5', 'LinuxParameters.Capabilities.Add', become(['SYS_ADMIN'])),
  inContainer('one capability dropped', 'CTR-5', 'LinuxParameters.Capabilities.Drop', become(['NET_RAW'])),
  inContainer('unconfined', 'CTR-5', 'DockerSecurityOptions', become(['apparmor:unconfined'])),
  ...each(['PidMode', 'IpcMode'], (mode) => inTask(`${mode} host`, 'CTR-5', mode, 'host')),
  inContainer('log driver none', 'AUD-2', 'LogConfiguration', become({ LogDriver: 'none' })),
  inContainer('log driver json-file', 'AUD-2', 'LogConfiguration', become({ LogDriver: 'json-file' })),
  inContainer('log group made by the driver', 'AUD-2', 'LogConfiguration.Options.awslogs-create-group', become('true')),
  inContainer('log group of nobody', 'AUD-2', 'LogConfiguration.Options.awslogs-group', become('/core/undeclared')),
];

const DYNAMIC = '{{resolve:secretsmanager:core/postgres:SecretString:password}}';
const SECRETS: readonly Fault[] = [
  variable('SEC-1', 'OPENAI_API_KEY', 'replace-me-with-a-real-one-1', 'provider key in the environment'),
  variable('SEC-1', 'SECRETS_MASTER_KEY', 'bWFzdGVyLWtleS1tYXN0ZXIta2V5LW1hc3Rlcg==', 'master key in the environment'),
  variable('SEC-1', 'POSTGRES_PASSWORD', DYNAMIC, 'dynamic reference in the environment'),
  variable('SEC-1', 'DATABASE_URL', 'postgres://core:hunter2hunter2@db.internal/core', 'password in a URL'),
  variable('SEC-1', 'SETTINGS', ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' '), 'key file in the environment'),
  inContainer('key on the command line', 'SEC-1', 'Command', become(['serve', '--api-key', 'k3y-k3y-k3y-k3y'])),
  inContainer('password in a label', 'SEC-1', 'DockerLabels', become({ ADMIN_PASSWORD: 'correct-horse' })),
  inContainer('environment file', 'SEC-9', 'EnvironmentFiles', become([{ Type: 's3', Value: 'arn:aws:s3:::core/production.env' }])),
  { name: 'access key', control: 'SEC-7', type: TASK, beside: (): JsonMap => ({ Type: 'AWS::IAM::AccessKey', Properties: { UserName: 'core' } }) },
];

const SETTINGS: readonly Fault[] = [
  ...each(['HS256', 'RS256,HS256', 'none', '*'], (algorithms) => variable('IDN-2', 'TGEFD_JWT_ALLOWED_ALGS', algorithms)),
  inContainer('shared signing secret', 'IDN-2', 'Secrets', plus({ Name: 'TGEFD_JWT_SECRET', ValueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:jwt' })),
  variable('IDN-9', 'GATEWAY_DEV_ALLOW_ALL_KEYS', 'true'),
  variable('IDN-9', 'TGEFD_AUTH_MODE', 'none'),
  variable('AZN-2', 'TGEFD_RBAC_ENABLED', 'false'),
  variable('AZN-4', 'TGEFD_API_KEY_SCOPES', '*'),
  variable('RTL-2', 'RATE_LIMIT_ENABLED', 'false'),
  // Of a program that has a Redis to count in, it is as it should be.
  { ...variable('RTL-2', 'RATE_LIMIT_ENABLED', 'true'), when: ({ ContainerDefinitions }) => !JSON.stringify(ContainerDefinitions ?? '').includes('"REDIS_HOST"') },
  variable('RTL-2', 'RATE_LIMIT_RPS', '1000000'),
  variable('RTL-3', 'TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE', '60000'),
  variable('RTL-4', 'CONCURRENCY_LIMIT_ENABLED', 'false'),
  variable('RTL-4', 'MAX_CONCURRENT_STREAMS_PER_ID', '1000'),
  variable('HDR-1', 'CORS_ORIGINS', 'http://localhost:3000'),
];

const REDIS = 'AWS::ElastiCache::ReplicationGroup';
const STORES: readonly Fault[] = [
  { name: 'TLS preferred', control: 'DAT-4', type: REDIS, path: ['TransitEncryptionMode'], change: become('preferred') },
];

export const WORKLOAD_FAULTS = [...CONTAINERS, ...SECRETS, ...SETTINGS, ...STORES];
