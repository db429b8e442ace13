import type { ControlId } from '../../../src/controls';
import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { BROKER_VARIABLE, JOBS_TABLE_VARIABLE, SHARED_KEY_VARIABLE, WORKER_ID_PREFIX_VARIABLE } from '../../../src/broker/contract';
import { become, each, type Fault, items, plus } from './fault';
import { inText } from './gate';
import { BROKER_ROLE } from '../stacks/lender';

const FUNCTION = 'AWS::Lambda::Function';
const TASK = 'AWS::ECS::TaskDefinition';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const TABLE = 'AWS::DynamoDB::Table';

const text = (value: Json | undefined): string => JSON.stringify(value ?? null);
const isBroker = ({ Environment }: JsonMap): boolean => text(Environment).includes(BROKER_VARIABLE);
const isTold = (name: string) => ({ ContainerDefinitions }: JsonMap): boolean => text(ContainerDefinitions).includes(`"${name}"`);
const isWorker = isTold(WORKER_ID_PREFIX_VARIABLE);

/** What a broker is told, with some of its JSON in other words; nothing where those words do not stand in it. */
const told = (name: string, control: ControlId, from: string | RegExp, to: string): Fault => ({
  name: `broker: ${name}`, control, type: FUNCTION, when: isBroker, path: ['Environment', 'Variables', BROKER_VARIABLE],
  change: (configuration) => inText(configuration, (part) => part.replace(from, to)),
});

const PHASE = /"kind":"(shared-key|per-worker-keys)"/;

const SIGNATURES: readonly Fault[] = [
  told('no signature', 'WCC-1', PHASE, '"kind":"none"'),
  told('no ring', 'WCC-1', '"ring":"', '"rings":"'),
  told('a ring of nobody', 'WCC-1', '"ring":"', '"ring":"elsewhere/'),
  told('a migration that nobody has dated', 'WCC-10', PHASE, '"kind":"migration"'),
  ...each([61, 4, 86_400], (seconds) => told(`window of ${seconds} seconds`, 'WCC-3', /"windowSeconds":\d+/, `"windowSeconds":${seconds}`)),
  told('a million requests a minute', 'WCC-3', /"requestsPerMinute":\d+/, '"requestsPerMinute":1000000'),
  told('tasks of another account', 'WCC-1', '"tasks":{"account":"', '"tasks":{"account":"444455556666","by":"'),
  told('tasks that pass for each other', 'WCC-1', '"roles":[', '"roles":[{"name":"elsewhere","prefix":"pool"},'),
  told('nonces nowhere', 'IDN-12', '"state":"', '"states":"'),
];

const LEASES: readonly Fault[] = [
  told('jobs of nobody', 'WCC-2', '"jobs":"', '"jobs":"elsewhere-'),
  told('whoever comes first', 'WCC-2', '"binding":"assigned"', '"binding":"first-to-claim"'),
  ...each([901, 315_360_000], (seconds) => told(`leases of ${seconds} seconds`, 'WCC-8', /"ttlSeconds":\d+/, `"ttlSeconds":${seconds}`)),
  told('leases that are renewed for years', 'WCC-8', /"longestSeconds":\d+/, '"longestSeconds":315360000'),
  told('leases that may outlive their worker', 'WCC-8', '"onExit":"revoke"', '"onExit":"maybe"'),
  told('keys for a year', 'WCC-7', /"keyLifeSeconds":\d+/, '"keyLifeSeconds":31536000'),
  told('tokens for a year', 'WCC-7', /"tokenSeconds":\d+/, '"tokenSeconds":31536000'),
];

const RECORDS: readonly Fault[] = [
  { name: 'broker: a log group of its own', control: 'WCC-6', type: FUNCTION, when: isBroker, path: ['LoggingConfig'], change: become({ LogFormat: 'JSON' }) },
  { name: 'broker: warnings alone', control: 'WCC-6', type: FUNCTION, when: isBroker, path: ['LoggingConfig', 'ApplicationLogLevel'], change: become('WARN') },
  {
    name: 'nonces are kept for ever', control: 'IDN-12', type: TABLE, when: (table) => text(table).includes('cdk-secure-core:broker-table') && text(table.KeySchema).includes('"sk"'),
    path: ['TimeToLiveSpecification', 'Enabled'], change: become(false),
  },
];

const leads = ({ Conditions }: JsonMap): boolean => text(Conditions).includes('/credentials/checkout');
const conditions = (from: string, to: string) => (old: Json | undefined): Json => inText(old, (part) => (part === from ? to : part));
/** `inText` passes through lists and joins; conditions are maps. */
const inValues = (change: (old: Json | undefined) => Json) => (old: Json | undefined): Json => items(old).map((condition) => (isJsonMap(condition)
  ? Object.fromEntries(Object.entries(condition).map(([key, value]) => [key, isJsonMap(value) && value.Values !== undefined ? { ...value, Values: change(value.Values) } : value])) : condition));

const ROUTES: readonly Fault[] = [
  { name: 'every path below /credentials', control: 'WCC-2', type: RULE, when: leads, path: ['Conditions'], change: inValues(conditions('/credentials/checkout', '/credentials/*')) },
  { name: 'credentials by GET', control: 'WCC-2', type: RULE, when: leads, path: ['Conditions'], change: inValues(conditions('POST', 'GET')) },
];

/** The role that a task has while it runs, as a policy names it. */
function roleOf({ TaskRoleArn }: JsonMap): Json {
  const attribute = isJsonMap(TaskRoleArn) ? items(TaskRoleArn['Fn::GetAtt'])[0] : undefined;
  return attribute === undefined ? TaskRoleArn ?? null : { Ref: attribute };
}

/** The role of a task may do one thing more. */
const lets = (name: string, control: ControlId, when: (task: JsonMap) => boolean, Action: string, Resource: string): Fault => ({
  name, control, type: TASK, when, beside: (_, task) => ({
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'fault', Roles: [roleOf(task)], PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] } },
  }),
});

const FUNCTIONS = 'arn:aws:lambda:*:*:function:*';
const TABLES = 'arn:aws:dynamodb:*:*:table/*';
const CREDENTIALS = 'arn:aws:secretsmanager:*:*:secret:*';
const isCore = isTold(JOBS_TABLE_VARIABLE);

/** Ways to a credential, a job or a key that do not lead through the broker. */
const AROUND: readonly Fault[] = [
  lets('workers write jobs', 'WCC-2', isWorker, 'dynamodb:PutItem', TABLES),
  lets('workers read leases', 'WCC-4', isWorker, 'dynamodb:GetItem', TABLES),
  lets('workers read credentials', 'WCC-4', isWorker, 'secretsmanager:GetSecretValue', CREDENTIALS),
  lets('workers call the broker by its versions', 'WCC-4', isWorker, 'lambda:InvokeFunction', `${FUNCTIONS}:live`),
  lets('workers change the broker', 'WCC-4', isWorker, 'lambda:UpdateFunctionCode', FUNCTIONS),
  lets('workers write the policies of roles', 'WCC-4', isWorker, 'iam:PutRolePolicy', 'arn:aws:iam::*:role/*'),
  lets('workers write the policies of credentials', 'WCC-4', isWorker, 'secretsmanager:PutResourcePolicy', CREDENTIALS),
  lets('the Core reads credentials', 'WCC-5', isCore, 'secretsmanager:GetSecretValue', CREDENTIALS),
  lets('the Core takes nonces away', 'IDN-12', isCore, 'dynamodb:DeleteItem', TABLES),
];

/** Somebody may call the broker itself, where nobody asks for a signature. */
const callable = (name: string, Principal: string, bound: JsonMap = {}): Fault => ({
  name: `broker: ${name}`, control: 'WCC-1', type: FUNCTION, when: isBroker, beside: (logicalId) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { FunctionName: { 'Fn::GetAtt': [logicalId, 'Arn'] }, Action: 'lambda:InvokeFunction', Principal, ...bound },
  }),
});

/** Who passes for the broker, or for AWS before it. */
const IMPOSTORS: readonly Fault[] = [
  callable('another account calls it', '444455556666'),
  callable('an organization calls it', '*', { PrincipalOrgID: 'o-1234567890' }),
  callable('an API calls it', 'apigateway.amazonaws.com', { SourceAccount: { Ref: 'AWS::AccountId' } }),
  ...each(['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED'], (name) => ({
    name: `broker: told ${name}`, control: 'WCC-1', type: FUNCTION, when: isBroker, path: ['Environment', 'Variables', name], change: become('0'),
  })),
  ...each<Json>([{ AWS: '444455556666' }, { Service: ['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'] }, '*'], (principal) => ({
    name: `broker: its role is taken by ${text(principal)}`, control: 'WCC-4', type: 'AWS::IAM::Role', when: ({ Description }) => Description === BROKER_ROLE,
    path: ['AssumeRolePolicyDocument', 'Statement', 0, 'Principal'], change: become(principal),
  })),
];

/** A change to what the first container of a worker is told. */
const inWorker = (name: string, control: ControlId, list: 'Environment' | 'Secrets', entry: Json): Fault => ({
  name, control, type: TASK, when: isWorker, path: ['ContainerDefinitions', 0, list], change: plus(entry),
});

const LEFTOVERS: readonly Fault[] = [
  inWorker('a file of credentials', 'WCC-5', 'Environment', { Name: 'TOM_CORE_CREDENTIAL_FILE', Value: '/run/creds.yml' }),
  inWorker('the shared key in plain sight', 'WCC-1', 'Environment', { Name: SHARED_KEY_VARIABLE, Value: 'shared-secret-key' }),
];

/** What weakens a broker, and what leads past it. */
export const WORKER_FAULTS = [...SIGNATURES, ...LEASES, ...RECORDS, ...ROUTES, ...AROUND, ...IMPOSTORS, ...LEFTOVERS];
