import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnTargetGroup, type CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import {
  type BrokerConfiguration, BROKER_URL_VARIABLE, BROKER_VARIABLE, DEVICE_CREDENTIAL_TAG, JOBS_TABLE_VARIABLE, PHASE_METADATA, type PhaseConfiguration, type StatedPhase,
  WORKER_ID_PREFIX_VARIABLE,
} from '../../src/broker/contract';
import { listenerRule } from './actions';
import { PINNED_IMAGE } from './containers';
import { doorFor } from './gated';
import { httpsListener } from './load-balancing';
import { policyOf, rotation, secret, written } from './written';

type Properties = Readonly<Record<string, unknown>>;

const SHARED_RING = 'production/workers/shared';
const MASTER_RING = 'production/workers/masters';
const CREDENTIAL = 'production/credentials/router/ssh';

export const SHARED = { kind: 'shared-key', shared: { ring: SHARED_RING } } as const satisfies PhaseConfiguration;
export const OWN = { kind: 'per-worker-keys', own: { ring: MASTER_RING, keyLifeSeconds: 43_200, tokenSeconds: 600 } } as const satisfies PhaseConfiguration;
export const MIGRATION = { kind: 'migration', shared: SHARED.shared, own: OWN.own, until: '2026-12-01' } as const satisfies PhaseConfiguration;

/** A broker with nothing to be said against it. */
export const BROKER: BrokerConfiguration = {
  version: 1,
  host: 'broker.example.com',
  region: 'eu-central-1',
  phase: SHARED,
  windowSeconds: 60,
  requestsPerMinute: 120,
  leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'revoke' },
  binding: 'assigned',
  tables: { jobs: 'jobs', state: 'state' },
  secretArns: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:',
  credentials: [CREDENTIAL, { id: 'switch', kind: 'snmp', parameter: '/production/switch' }],
  metrics: { namespace: 'SecureCore/Broker' },
};

export const brokerText = (changes: object = {}): string => JSON.stringify({ ...BROKER, ...changes });

/** Where the configuration stands, as a path for `addPropertyOverride`. */
export const TOLD = `Environment.Variables.${BROKER_VARIABLE}`;

/** The only one of its id in a stack, made where it is not there yet. */
const once = (stack: Stack, id: string, make: () => CfnResource): CfnResource => (stack.node.tryFindChild(id) as CfnResource | undefined) ?? make();

export const ringOf = (stack: Stack): CfnResource => once(stack, 'Ring', () => {
  const made = secret(stack, { Name: SHARED_RING }, {}, 'Ring');
  rotation(stack, made.ref, { RotationLambdaARN: rotator(stack).getAtt('Arn') }, 'RingRotation');
  return made;
});
export const mastersOf = (stack: Stack): CfnResource => once(stack, 'Masters', () => {
  const made = secret(stack, { Name: MASTER_RING }, {}, 'Masters');
  rotation(stack, made.ref, { RotationLambdaARN: rotator(stack).getAtt('Arn') }, 'MastersRotation');
  return made;
});
export const credentialOf = (stack: Stack): CfnResource =>
  once(stack, 'Credential', () => secret(stack, { Name: CREDENTIAL, Tags: [{ Key: DEVICE_CREDENTIAL_TAG, Value: 'SSH' }] }, {}, 'Credential'));

/** What sets the rings anew. */
function rotator(stack: Stack): CfnResource {
  return once(stack, 'Rotator', () => written(stack, 'Rotator', 'AWS::Lambda::Function', { Role: roleOf(stack, 'RotatorRole').getAtt('Arn') }));
}

const table = (stack: Stack, id: string, name: string, properties: Properties): CfnResource => once(stack, id, () => written(stack, id, 'AWS::DynamoDB::Table', { TableName: name, ...properties }));
export const jobsOf = (stack: Stack): CfnResource => table(stack, 'Jobs', 'jobs', { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] });
export const stateOf = (stack: Stack): CfnResource => table(stack, 'State', 'state', {
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }], TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
});

export const roleOf = (stack: Stack, id: string, properties: Properties = {}): CfnResource =>
  once(stack, id, () => written(stack, id, 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [] }, ...properties }));

/** Lets a role do something with a resource. */
export const letting = (stack: Stack, role: CfnResource, actions: string | readonly string[], resource: unknown, id = 'Policy'): CfnResource =>
  written(stack, id, 'AWS::IAM::Policy', { PolicyName: id, Roles: [role.ref], PolicyDocument: policyOf({ Action: actions, Resource: resource }) });

export const READ = 'secretsmanager:GetSecretValue';

/** The log group that a broker writes into, and what takes its records away. */
export function recordsOf(stack: Stack): CfnResource {
  return once(stack, 'Hot', () => {
    const group = written(stack, 'Hot', 'AWS::Logs::LogGroup', { RetentionInDays: 7 });
    const bucket = written(stack, 'Archive', 'AWS::S3::Bucket');
    const stream = written(stack, 'Stream', 'AWS::KinesisFirehose::DeliveryStream', { ExtendedS3DestinationConfiguration: { BucketARN: bucket.getAtt('Arn') } });
    written(stack, 'Filter', 'AWS::Logs::SubscriptionFilter', { LogGroupName: group.ref, FilterPattern: '{ ($.event = "audit") || ($.event = "audit-mark") }', DestinationArn: stream.getAtt('Arn') });
    return group;
  });
}

export interface BrokeredOptions {
  /** Of the function. */
  readonly properties?: Properties;
  /** What it says of its phase. */
  readonly stated?: Partial<StatedPhase> | undefined;
  readonly metadata?: Properties;
  /** The whole configuration as text. */
  readonly text?: string;
}

/** A broker and what it works with, all of it by hand. */
export function brokered(stack: Stack, changes: Partial<BrokerConfiguration> = {}, options: BrokeredOptions = {}): CfnResource {
  const { phase } = { ...BROKER, ...changes };
  const rings = [...('shared' in phase ? [ringOf(stack)] : []), ...('own' in phase ? [mastersOf(stack)] : [])];
  const [jobs, state, credential, role] = [jobsOf(stack), stateOf(stack), credentialOf(stack), roleOf(stack, 'BrokerRole')];
  letting(stack, role, READ, [...rings, credential].map((one) => one.ref), 'BrokerReads');
  letting(stack, role, ['dynamodb:PutItem', 'dynamodb:BatchGetItem'], state.getAtt('Arn'), 'BrokerState');
  letting(stack, role, 'dynamodb:BatchGetItem', jobs.getAtt('Arn'), 'BrokerJobs');
  const dated = phase.kind === 'migration' ? { environment: 'staging', until: phase.until, writtenOn: '2026-11-01' } : { environment: 'production' };
  const stated = { phase: phase.kind, ...dated, ...options.stated };
  return written(stack, 'Broker', 'AWS::Lambda::Function', {
    Role: role.getAtt('Arn'),
    LoggingConfig: { LogGroup: recordsOf(stack).ref, LogFormat: 'JSON' },
    Environment: { Variables: { [BROKER_VARIABLE]: options.text ?? brokerText(changes) } },
    ...options.properties,
  }, { [PHASE_METADATA]: stated, ...options.metadata });
}

const URL = { Name: BROKER_URL_VARIABLE, Value: 'https://broker.example.com' };
const PREFIX = { Name: WORKER_ID_PREFIX_VARIABLE, Value: 'pool' };

const container = (Environment: readonly object[], rest: Properties): object => ({ Name: 'worker', Image: PINNED_IMAGE, Environment, ...rest });

/** Workers, with a role that lets them do nothing. */
export function pool(stack: Stack, worker: Properties = {}, properties: Properties = {}): CfnResource {
  return once(stack, 'Pool', () => written(stack, 'Pool', 'AWS::ECS::TaskDefinition', {
    TaskRoleArn: roleOf(stack, 'PoolRole').getAtt('Arn'), ExecutionRoleArn: roleOf(stack, 'PoolStarter').getAtt('Arn'), ContainerDefinitions: [container([URL, PREFIX], worker)], ...properties,
  }));
}

export const poolService = (stack: Stack, properties: Properties = {}): CfnResource => written(stack, 'PoolService', 'AWS::ECS::Service', {
  TaskDefinition: pool(stack).ref, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, ...properties,
});

/** What writes jobs. */
export function orchestrator(stack: Stack, core: Properties = {}, properties: Properties = {}, metadata: Properties = {}): CfnResource {
  return once(stack, 'Core', () => {
    const role = roleOf(stack, 'CoreRole');
    letting(stack, role, ['dynamodb:PutItem', 'dynamodb:DeleteItem'], jobsOf(stack).getAtt('Arn'), 'CoreJobs');
    return written(stack, 'Core', 'AWS::ECS::TaskDefinition', {
      TaskRoleArn: role.getAtt('Arn'), ContainerDefinitions: [container([URL, { Name: JOBS_TABLE_VARIABLE, Value: 'jobs' }], { Name: 'core', ...core })], ...properties,
    }, metadata);
  });
}

export interface RouteOptions {
  readonly methods?: string[];
  readonly paths?: string[];
  readonly sources?: string[];
  /** Who may connect to the load balancer. */
  readonly cidrIp?: string;
}

export const CHECKOUT: RouteOptions = { methods: ['POST'], paths: ['/credentials/checkout'] };

/** The target group that a broker is in. */
export function brokerGroup(stack: Stack, id: unknown = brokerArn(stack)): CfnTargetGroup {
  const made = stack.node.tryFindChild('BrokerGroup');
  if (made) return made as CfnTargetGroup;
  return new CfnTargetGroup(stack, 'BrokerGroup', {
    targetType: 'lambda', targets: [{ id: id as string }], targetGroupAttributes: [{ key: 'lambda.multi_value_headers.enabled', value: 'true' }],
  });
}

const brokerArn = (stack: Stack): unknown => once(stack, 'Broker', () => brokered(stack)).getAtt('Arn');

/** A rule that forwards to the broker, with nothing in front. */
export function route(stack: Stack, { methods, paths, sources, cidrIp = '10.20.0.0/16' }: RouteOptions = CHECKOUT, id?: unknown): CfnListenerRule {
  const listener = httpsListener(stack, { loadBalancerArn: doorFor(stack, cidrIp).ref });
  const rule = listenerRule(stack, listener.ref, [{ type: 'forward', targetGroupArn: brokerGroup(stack, id).ref }]);
  rule.conditions = [
    ...(methods ? [{ field: 'http-request-method', httpRequestMethodConfig: { values: methods } }] : []),
    ...(paths ? [{ field: 'path-pattern', pathPatternConfig: { values: paths } }] : []),
    ...(sources ? [{ field: 'source-ip', sourceIpConfig: { values: sources } }] : []),
  ];
  return rule;
}
