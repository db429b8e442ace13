import type { Json, JsonMap } from '../../../src/checks/template/template';
import type { Saboteur } from '../../../src/drill/attack';
import { COMING_BACK_ATTACKS, KEEPING_ATTACKS, TRAIL_ATTACKS, WORKER_ATTACKS } from '../../../src/drill/keeping';
import {
  ACCESS_KEY_ADDED, BUCKET_RIGHTS_GONE, BUCKETS_PUBLIC, DATABASE_IN_TASK, DIGITS_ONLY, ENVIRONMENT_HOLDS_KEY, MASTER_KEY_NOT_REPLICATED, MASTER_KEY_ROTATED, MASTER_KEY_THROWN_AWAY, PLAIN_BUCKETS,
  PLAIN_DATABASE, POLICIES_READ_ALL, READS_NOT_DELIVERED, SECRET_LENT, SECRET_RIGHTS_WIDENED,
} from '../../../src/drill/keeping/saboteurs';
import { section } from '../../../src/checks/template/template';
import { auditedTemplate } from '../../e2e/drill/fixtures/audited';
import { backedTemplate } from '../../e2e/drill/fixtures/backed';
import { keepingTemplate } from '../../e2e/drill/fixtures/keeping';
import { workersTemplate } from '../../e2e/drill/fixtures/workers';

const REDIS: JsonMap = { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { TransitEncryptionEnabled: true, TransitEncryptionMode: 'required', UserGroupIds: ['group'] } };
const good = (): JsonMap => ({ Resources: { ...section(keepingTemplate(), 'Resources'), Redis: REDIS } });
const OF_TRAILS = new Set(TRAIL_ATTACKS.flatMap(({ saboteurs }) => [...saboteurs]));
const OF_COMING_BACK = new Set(COMING_BACK_ATTACKS.flatMap(({ saboteurs }) => [...saboteurs]));
const OF_WORKERS = new Set(WORKER_ATTACKS.flatMap(({ saboteurs }) => [...saboteurs]));
const EACH = KEEPING_ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map((saboteur): [string, Saboteur] => [`${id}: ${saboteur.name}`, saboteur]));

function after(saboteur: Saboteur, body = good()): Record<string, { readonly Properties: JsonMap }> {
  const weakened = saboteur.sabotage(body);
  if (weakened === undefined) throw new Error(`${saboteur.name} finds nothing.`);
  return weakened.Resources as unknown as Record<string, { readonly Properties: JsonMap }>;
}

function templateFor(saboteur: Saboteur): JsonMap {
  if (OF_TRAILS.has(saboteur)) return auditedTemplate().body;
  if (OF_WORKERS.has(saboteur)) return workersTemplate().body;
  return OF_COMING_BACK.has(saboteur) ? backedTemplate().body : good();
}

const statementsOf = (resources: ReturnType<typeof after>, policy: string): Json | undefined => (resources[policy]?.Properties.PolicyDocument as JsonMap | undefined)?.Statement;

describe.each(EACH)('%s', (_, saboteur) => {
  test('takes something away, and leaves the original as it was', () => {
    const original = templateFor(saboteur);
    const before = JSON.stringify(original);
    expect(JSON.stringify(saboteur.sabotage(original))).not.toBe(before);
    expect(saboteur.sabotage(original)).toBeDefined();
    expect(JSON.stringify(original)).toBe(before);
  });

  test('finds nothing where there is nothing', () => {
    const nothing = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } } };
    // One adds what nobody had.
    if (saboteur === ACCESS_KEY_ADDED) expect(Object.keys(after(saboteur, nothing))).toEqual(['Queue', 'DrillUser', 'DrillAccessKey']);
    else expect(saboteur.sabotage(nothing)).toBeUndefined();
  });
});

test('every attack has names of its own for its saboteurs', () => {
  expect(new Set(EACH.map(([name]) => name)).size).toBe(EACH.length);
});

test('a container that is given secrets is told one variable more, another is not', () => {
  const task = (container: JsonMap): JsonMap => ({ Resources: { Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [container] } } } });
  const [container] = after(ENVIRONMENT_HOLDS_KEY, task({ Name: 'A', Secrets: [] })).Task?.Properties.ContainerDefinitions as unknown as JsonMap[];
  expect(container?.Environment).toEqual([{ Name: 'PROVIDER', Value: expect.stringMatching(/^sk-proj-/) as unknown }]);
  expect(ENVIRONMENT_HOLDS_KEY.sabotage(task({ Name: 'A' }))).toBeUndefined();
});

test('a secret that is lent is the first of the container under a name that nobody declared', () => {
  const [container] = after(SECRET_LENT).Task?.Properties.ContainerDefinitions as unknown as { readonly Secrets: readonly JsonMap[] }[];
  expect(container?.Secrets.at(-1)).toEqual({ ...container?.Secrets[0], Name: 'NOBODY_DECLARED_THIS' });
});

test('the database becomes a file, and nothing else that the container is told changes', () => {
  const [container] = after(DATABASE_IN_TASK).Task?.Properties.ContainerDefinitions as unknown as { readonly Environment: readonly JsonMap[] }[];
  expect(container?.Environment.map(({ Name, Value }) => [Name, Value])).toEqual([
    ['ASSET_BUCKET', { Ref: 'Assets' }], ['DATABASE_URL', 'sqlite:////data/core.db'], ['PGSSLMODE', 'verify-full'],
    ['OTEL_SERVICE_NAME', 'core'], ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://otlp.example.com'],
  ]);
});

test('rights to read secrets are widened where they are, and every role gets them where they are not', () => {
  expect(statementsOf(after(SECRET_RIGHTS_WIDENED), 'ExecutionPolicy')).toMatchObject([{ Resource: '*' }]);
  expect(statementsOf(after(SECRET_RIGHTS_WIDENED), 'TaskPolicy')).toEqual([expect.objectContaining({ Action: ['s3:GetObject', 's3:PutObject'] })]);
  expect(statementsOf(after(POLICIES_READ_ALL), 'TaskPolicy')).toMatchObject([{ Action: ['s3:GetObject', 's3:PutObject'] }, { Action: 'secretsmanager:GetSecretValue', Resource: '*' }]);
});

test('a role without its rights to the bucket is left with what opens nothing', () => {
  expect(statementsOf(after(BUCKET_RIGHTS_GONE), 'TaskPolicy')).toEqual([{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }]);
});

test('a bucket for everybody has both: nothing blocked, and a policy for all', () => {
  const resources = after(BUCKETS_PUBLIC);
  expect(resources.Assets?.Properties.PublicAccessBlockConfiguration).toEqual({ BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false });
  expect(statementsOf(resources, 'AssetsPolicy')).toContainEqual(expect.objectContaining({ Effect: 'Allow', Principal: '*' }));
});

test('a bucket that takes plain requests denies them to nobody', () => {
  expect(JSON.stringify(statementsOf(after(PLAIN_BUCKETS), 'AssetsPolicy'))).not.toContain('aws:SecureTransport');
});

test('a parameter group takes logins without TLS, and keeps what else it says', () => {
  const group = { Type: 'AWS::RDS::DBParameterGroup', Properties: { Parameters: { 'rds.force_ssl': '1', 'log_statement': 'ddl' } } };
  expect(after(PLAIN_DATABASE, { Resources: { group } }).group?.Properties.Parameters).toEqual({ 'rds.force_ssl': '0', 'log_statement': 'ddl' });
});

test('digits alone are left of what a value is generated of', () => {
  expect(after(DIGITS_ONLY).InternalKey?.Properties.GenerateSecretString).toEqual({
    PasswordLength: 20, RequireEachIncludedType: false, ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true, SecretStringTemplate: '{}', GenerateStringKey: 'seed',
  });
});

test('master keys alone are thrown away, not replicated, or rotated', () => {
  expect(after(MASTER_KEY_THROWN_AWAY).MasterKey).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  expect(after(MASTER_KEY_THROWN_AWAY).ProviderKey).toEqual(section({ name: '', body: good() }, 'Resources').ProviderKey);
  expect(after(MASTER_KEY_NOT_REPLICATED).MasterKey?.Properties).toEqual({ KmsKeyId: { Ref: 'Key' } });
  expect(after(MASTER_KEY_ROTATED).DrillSchedule?.Properties).toMatchObject({ SecretId: { Ref: 'MasterKey' } });
});

test('a rule about reads that is merely enabled stays a rule about the same reads, and others stay as they are', () => {
  const [before, resources] = [section({ name: '', body: good() }, 'Resources'), after(READS_NOT_DELIVERED)];
  expect(resources.ReadsOfSecrets?.Properties).toEqual({ ...(before.ReadsOfSecrets as unknown as { readonly Properties: JsonMap }).Properties, State: 'ENABLED' });
  expect(resources.NewValues).toEqual(before.NewValues);
});
