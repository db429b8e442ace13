import type { DoctorAws, ExaminedFunction, ExaminedListener } from '../../../src/cli/doctor/aws';
import type { ExaminedContainer, ExaminedService } from '../../../src/cli/deployed/aws';
import { BROKER_TAG } from '../../../src/broker/contract';
import type { StackResource } from '../../../src/cli/lockdown/aws';
import { PROFILE_METADATA } from '../../../src/profiles/contract';
import { ROTATING_TAG } from '../../../src/secrets/contract';
import { CONFIGURATION as BROKER_CONFIGURATION } from '../../runtime/broker/world';
import { AUDIT_KEY_REFERENCE, deployedConfiguration } from '../../support/fake-deployed';

export const STACK = 'Core';
export const NOW = new Date('2030-01-02T03:04:05Z');
const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333';
export const LOAD_BALANCER = `${ARN}:loadbalancer/app/core/0123456789abcdef`;
export const TARGETS = `${ARN}:targetgroup/core/0123456789abcdef`;
export const BROKER_BALANCER = `${ARN}:loadbalancer/app/broker/0123456789abcdef`;
export const BROKER_TARGETS = `${ARN}:targetgroup/broker/0123456789abcdef`;
export const CERTIFICATE = 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alarms';
const FAMILY = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/core';
/** Stands in a variable, and may be in no output. */
export const SENTINEL = 'https://a-value-that-nobody-may-see.acme.com';

const resource = (type: string, logicalId: string, physicalId = logicalId.toLowerCase()): StackResource => ({ type: `AWS::${type}`, path: `${STACK}/${logicalId}`, physicalId });

export const RESOURCES: readonly StackResource[] = [
  resource('ECS::Service', 'Service', 'arn:aws:ecs:eu-central-1:111122223333:service/cluster/core'),
  resource('ECS::TaskDefinition', 'Task', `${FAMILY}:7`),
  resource('ElasticLoadBalancingV2::LoadBalancer', 'Balancer', LOAD_BALANCER),
  resource('ElasticLoadBalancingV2::TargetGroup', 'Targets', TARGETS),
  resource('ElasticLoadBalancingV2::LoadBalancer', 'BrokerBalancer', BROKER_BALANCER),
  resource('ElasticLoadBalancingV2::TargetGroup', 'BrokerTargets', BROKER_TARGETS),
  resource('Lambda::Function', 'Broker'),
  resource('Lambda::Function', 'Other'),
  resource('DynamoDB::Table', 'Jobs'),
  resource('DynamoDB::Table', 'State'),
  resource('EC2::SecurityGroup', 'EdgeGroup', 'sg-edge'),
  resource('EC2::SecurityGroup', 'CoreGroup', 'sg-core'),
  resource('SecretsManager::Secret', 'Vllm', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:Vllm-AbCdEf'),
  resource('RDS::DBInstance', 'Database'),
  resource('ElastiCache::ReplicationGroup', 'Redis'),
  resource('ElastiCache::CacheCluster', 'Memcached'),
  resource('S3::Bucket', 'Archive'),
  resource('S3::Bucket', 'AccessLogs'),
  resource('Logs::LogGroup', 'Hot'),
  resource('CloudWatch::Alarm', 'Late'),
  resource('CloudWatch::CompositeAlarm', 'Trouble', 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:trouble'),
  resource('SNS::Topic', 'Alarms', TOPIC),
  resource('Backup::BackupPlan', 'Plan'),
  resource('Backup::BackupVault', 'Vault'),
];

const container = (name: string, rest: Pick<ExaminedContainer, 'environment' | 'secrets'>): ExaminedContainer => ({
  name, image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/${name.toLowerCase()}@sha256:${'ab'.repeat(32)}`, logGroup: 'hot', isEssential: true, user: '1000:1000',
  isReadOnly: true, isPrivileged: false, dropped: ['ALL'], ...rest,
});

export const CORTEX_VARIABLES = {
  GATEWAY_DEV_ALLOW_ALL_KEYS: 'false', CORS_ALLOW_ORIGINS: SENTINEL, RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_RPS: '10', RATE_LIMIT_BURST: '20', RATE_LIMIT_WINDOW_SEC: '60',
  CONCURRENCY_LIMIT_ENABLED: 'true', MAX_CONCURRENT_STREAMS_PER_ID: '5',
};

export const PLAN = { general: { requests: 10, windowSeconds: 1, burst: 20 }, heavy: { requests: 1, windowSeconds: 60, burst: 10 }, streams: 5 };
const RATE = { redis: { host: 'redis.acme.com', port: 6379, user: 'gate', keyPrefix: 'gate:', isCluster: false }, onRedisLost: { kind: 'refuse' as const }, plan: PLAN, overrides: [] };
const gateConfiguration = deployedConfiguration({ profile: 'remote', rate: RATE });

export const GATE = container('Gate', { environment: new Map([['GATE_CONFIGURATION', JSON.stringify(gateConfiguration)]]), secrets: new Map([['GATE_AUDIT_KEY', AUDIT_KEY_REFERENCE]]) });
export const CORE = container('Core', {
  environment: new Map(Object.entries(CORTEX_VARIABLES)), secrets: new Map([['INTERNAL_VLLM_API_KEY', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:Vllm-AbCdEf:current::']]),
});

export function service(changes: Partial<ExaminedService> = {}): ExaminedService {
  return {
    // A revision by hand is still the task definition of the template.
    taskDefinition: `${FAMILY}:8`, isRollingOut: false, containers: [GATE, CORE], desired: 2, running: 2, hostPaths: [], memory: 2048, takesCommands: false, hasPublicAddress: false,
    securityGroups: ['sg-core'], targets: [{ group: TARGETS, container: 'Gate' }], ...changes,
  };
}

/** The service with one container changed. */
export function withContainer(name: string, changes: Partial<ExaminedContainer>): Pick<DoctorAws, 'serviceOf'> {
  return { serviceOf: () => Promise.resolve(service({ containers: [GATE, CORE].map((one) => (one.name === name ? { ...one, ...changes } : one)) })) };
}

/** The gate with other figures than it was deployed with. */
export function withGate(changes: object): Pick<DoctorAws, 'serviceOf'> {
  return withContainer('Gate', { environment: new Map([['GATE_CONFIGURATION', JSON.stringify({ ...gateConfiguration, ...changes })]]) });
}

/** Cortex's Core with some variables changed, or taken away. */
export function withVariables(changes: Readonly<Record<string, string | undefined>>): Pick<DoctorAws, 'serviceOf'> {
  const all: Readonly<Record<string, string | undefined>> = { ...CORTEX_VARIABLES, ...changes };
  const told = Object.entries(all).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
  return withContainer('Core', { environment: new Map(told) });
}

export const BALANCER_ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['routing.http.drop_invalid_header_fields.enabled', 'true'], ['routing.http.desync_mitigation_mode', 'strictest'], ['routing.http.xff_header_processing.mode', 'append'],
  ['waf.fail_open.enabled', 'false'], ['access_logs.s3.enabled', 'true'], ['access_logs.s3.bucket', 'accesslogs'],
]);

export function listener(changes: Partial<ExaminedListener> = {}): ExaminedListener {
  return {
    Protocol: 'HTTPS', Port: 443, SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', Certificates: [{ CertificateArn: CERTIFICATE }], MutualAuthentication: { Mode: 'verify' },
    DefaultActions: [{ Type: 'fixed-response' }], hosts: ['core.acme.internal'],
    attributes: new Map([['routing.http.response.strict_transport_security.header_value', 'max-age=31536000; includeSubDomains']]), ...changes,
  };
}

/** The function of the broker. */
export function brokerFunction(changes: Partial<ExaminedFunction> = {}): ExaminedFunction {
  return {
    arn: 'arn:aws:lambda:eu-central-1:111122223333:function:broker', tags: new Map([[BROKER_TAG, 'shared-key']]), configuration: JSON.stringify(BROKER_CONFIGURATION), state: 'Active',
    lastUpdate: 'Successful', concurrency: 50, logGroup: 'hot', ...changes,
  };
}

/** Beside the broker there are functions that are none. */
export function withBroker(changes: Partial<ExaminedFunction>): Pick<DoctorAws, 'functionOf'> {
  return { functionOf: (name) => Promise.resolve(brokerFunction(name === 'broker' ? changes : { tags: new Map(), configuration: undefined })) };
}

/** What a function's own policy says, as AWS Lambda writes it. */
export const callers = (Principal: unknown, Condition?: object): string => (
  JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [{ Sid: 'one', Effect: 'Allow', Principal, Action: 'lambda:InvokeFunction', Resource: 'arn:x', Condition }] }));

/** A template whose task definition has a profile by hand. */
export const marked = (metadata: object): string => JSON.stringify({ Resources: { Task: { Type: 'AWS::ECS::TaskDefinition', Metadata: { [PROFILE_METADATA]: metadata } } } });

const answer = <T>(value: T) => (): Promise<T> => Promise.resolve(value);

/** An account in which all is as it has to be, but for what a test lays over it. */
export function wellAws(changes: Partial<DoctorAws> = {}): DoctorAws {
  return {
    resourcesOf: answer(RESOURCES),
    templateOf: answer(marked({ name: 'cortex', environment: 'production', container: 'Core', choices: [] })),
    serviceOf: answer(service()),
    loadBalancerOf: answer({ Scheme: 'internal', SecurityGroups: ['sg-edge'], attributes: BALANCER_ATTRIBUTES }),
    listenersOf: answer([listener()]),
    unprovenOf: answer([]),
    webAclOf: answer({ Rules: [{ Name: 'Rate', Priority: 1, Statement: { RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP' } }, Action: { Block: {} }, VisibilityConfig: undefined }] }),
    targetGroupOf: (arn) => Promise.resolve(
      arn === BROKER_TARGETS ? { TargetType: 'lambda', LoadBalancerArns: [BROKER_BALANCER] } : { TargetType: 'ip', Protocol: 'HTTPS', LoadBalancerArns: [LOAD_BALANCER] }),
    targetsOf: (arn) => Promise.resolve([{ TargetHealth: arn === BROKER_TARGETS ? { State: 'unavailable', Reason: 'Target.HealthCheckDisabled' } : { State: 'healthy' } }]),
    ...withBroker({}),
    callersOf: answer(callers({ Service: 'elasticloadbalancing.amazonaws.com' }, { StringEquals: { 'AWS:SourceAccount': '111122223333' } })),
    expiryOf: answer('expiresAt'),
    recoveryOf: answer(true),
    certificateOf: answer({
      CertificateArn: CERTIFICATE, Status: 'ISSUED', Type: 'AMAZON_ISSUED', DomainName: 'core.acme.internal', SubjectAlternativeNames: ['core.acme.internal'], KeyAlgorithm: 'EC_prime256v1',
      NotBefore: new Date('2029-12-01T00:00:00Z'), NotAfter: new Date('2030-12-01T00:00:00Z'), RenewalEligibility: 'ELIGIBLE', InUseBy: [LOAD_BALANCER],
      KeyUsages: [{ Name: 'DIGITAL_SIGNATURE' }], ExtendedKeyUsages: [{ Name: 'TLS_WEB_SERVER_AUTHENTICATION' }],
    }),
    groupOf: (id) => Promise.resolve({
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, ...(id === 'sg-edge' ? { IpRanges: [{ CidrIp: '10.20.0.0/16' }] } : { UserIdGroupPairs: [{ GroupId: 'sg-edge' }] }) }],
    }),
    secretOf: answer({
      Tags: [{ Key: ROTATING_TAG, Value: 'ring' }], RotationEnabled: true, VersionIdsToStages: { v1: ['AWSCURRENT'] }, NextRotationDate: new Date('2030-01-20T00:00:00Z'),
      ReplicationStatus: [{ Region: 'eu-west-1', Status: 'InSync' }],
    }),
    databaseOf: answer({
      StorageEncrypted: true, PubliclyAccessible: false, BackupRetentionPeriod: 14, DBParameterGroups: [{ DBParameterGroupName: 'core', ParameterApplyStatus: 'in-sync' }],
    }),
    parametersOf: answer(new Map([['rds.force_ssl', '1']])),
    replicationGroupOf: answer({ TransitEncryptionEnabled: true, TransitEncryptionMode: 'required', AtRestEncryptionEnabled: true }),
    cacheClusterOf: answer({ TransitEncryptionEnabled: true }),
    versioningOf: answer('Enabled'),
    encryptionOf: answer(['aws:kms']),
    publicBlockOf: answer({ BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }),
    lockOf: (bucket) => Promise.resolve(bucket === 'archive' ? { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 180 } } } : 'never'),
    logGroupOf: answer({ retentionInDays: 7 }),
    subscriptionsOf: answer(['arn:aws:firehose:eu-central-1:111122223333:deliverystream/audit']),
    maskingOf: answer('{"Statement":[{"Operation":{"Deidentify":{}}}]}'),
    alarmsOf: answer([
      { AlarmName: 'late', ActionsEnabled: true, AlarmActions: [] },
      { AlarmName: 'trouble', ActionsEnabled: true, AlarmActions: [TOPIC], AlarmRule: 'ALARM("late") OR ALARM("later")' },
    ]),
    subscribersOf: answer([{ SubscriptionArn: `${TOPIC}:0b3f1a2c` }]),
    planOf: answer({ Rules: [{ RuleName: 'daily', TargetBackupVaultName: 'vault', ScheduleExpression: 'cron(0 1 * * ? *)' }] }),
    selectionsOf: answer(1),
    vaultOf: answer({ NumberOfRecoveryPoints: 3 }),
    ...changes,
  };
}
