import { Annotations as CdkAnnotations, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PrefixList, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { BrokerPhase } from '../../src/broker/broker-phase';
import { DevicePort } from '../../src/broker/device-network';
import { FIELDS } from '../../src/broker/protocol/contract';
import type { WorkerPoolProps } from '../../src/broker/worker-pool';
import { WorkerJoin } from '../../src/broker/worker-join';
import { SecureRedis } from '../../src/data/secure-redis';
import type { RedisUser } from '../../src/data/redis-user';
import { AuditTrail } from '../../src/audit/audit-trail';
import { Egress } from '../../src/network/egress';
import type { IPrivateNetwork, PrivateNetworkProps } from '../../src/network/private-network';
import { fillByHand } from '../../src/secrets/container-secret';
import { ROLLOUT_VARIABLE } from '../../src/secrets/contract';
import { RotationRollout } from '../../src/secrets/rotation-rollout';
import { Size } from '../../src/size';
import { ENV } from '../support/network-stack';
import { poolGround, type PoolGround, poolIn } from '../support/worker-pool';

const TASKS = BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.task()] });

interface Container {
  readonly Environment: readonly { readonly Name: string; readonly Value: string }[];
  readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: unknown }[];
}

interface EgressRule {
  readonly Description?: string;
  readonly [key: string]: unknown;
}

function templateOf({ stack }: PoolGround): Template {
  return Template.fromStack(stack);
}

function pooled(overrides: Partial<WorkerPoolProps> = {}, ground = poolGround()): Template {
  poolIn(ground, overrides);
  return templateOf(ground);
}

/** The only container of the task of a pool. */
function workerIn(template: Template): Container {
  const tasks = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as { Properties: { ContainerDefinitions: (Container & { Name: string })[] } }[];
  const [worker, ...others] = tasks.flatMap(({ Properties }) => Properties.ContainerDefinitions).filter(({ Name }) => Name === 'Worker');
  if (!worker || others.length > 0) throw new Error('There is one worker.');
  return worker;
}

function queueOf({ stack, network }: PoolGround): RedisUser {
  return new SecureRedis(stack, 'Redis', { network }).addUser('Tom', { keyPrefix: 'tom', commands: ['lpop'] });
}

/** The variable of every function that has it, as text. */
function variablesNamed(template: Template, name: string): string[] {
  const functions = Object.values(template.findResources('AWS::Lambda::Function')) as { Properties: { Environment?: { Variables: Record<string, unknown> } } }[];
  return functions.map(({ Properties }) => Properties.Environment?.Variables[name]).filter((value) => value !== undefined).map((value) => JSON.stringify(value));
}

const toldTo = (template: Template): Record<string, string> => Object.fromEntries(workerIn(template).Environment.map(({ Name, Value }) => [Name, Value]));
const secretsOf = (template: Template): string[] => (workerIn(template).Secrets ?? []).map(({ Name }) => Name);

/** What the workers' group lets out: by what it is called, and to whom. */
function lettingOut(template: Template): string[] {
  const groups = template.findResources('AWS::EC2::SecurityGroup', { Properties: { GroupDescription: 'Workers' } }) as Record<string, { Properties: { SecurityGroupEgress?: EgressRule[] } }>;
  const [[id, group] = ['', undefined]] = Object.entries(groups);
  const loose = Object.values(template.findResources('AWS::EC2::SecurityGroupEgress')) as { Properties: EgressRule }[];
  const own = loose.map(({ Properties }) => Properties).filter((rule) => JSON.stringify(rule.GroupId).includes(id));
  return [...group?.Properties.SecurityGroupEgress ?? [], ...own].map((rule) => {
    const to = JSON.stringify(rule.CidrIp ?? rule.DestinationPrefixListId ?? rule.DestinationSecurityGroupId);
    return `${String(rule.IpProtocol)} ${String(rule.FromPort)} ${String(rule.ToPort)} ${to}`;
  }).sort();
}

describe('WorkerPool', () => {
  test('runs a container that is not root, cannot write its root, has no capabilities, no volume and no port, and is asked whether it works', () => {
    pooled().hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '256',
      Memory: '512',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      Volumes: Match.absent(),
      ContainerDefinitions: [Match.objectLike({
        Name: 'Worker',
        User: '1000:1000',
        ReadonlyRootFilesystem: true,
        Privileged: false,
        LinuxParameters: { InitProcessEnabled: true, Capabilities: { Drop: ['ALL'] } },
        PortMappings: Match.absent(),
        MountPoints: Match.absent(),
        HealthCheck: { Command: ['CMD', 'python', '/app/health.py'], Interval: 30, Timeout: 5, Retries: 3, StartPeriod: 60 },
        LogConfiguration: { LogDriver: 'awslogs', Options: Match.objectLike({ 'awslogs-group': { Ref: Match.stringLikeRegexp('^AuditHot') }, 'awslogs-stream-prefix': 'worker', 'mode': 'blocking' }) },
      })],
    });
  });

  test('runs in the core tier, where nobody logs in, waits for what its image comes through, and rolls back what fails', () => {
    const template = pooled();
    template.hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: 2,
      EnableExecuteCommand: false,
      LoadBalancers: Match.absent(),
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED', Subnets: Match.arrayWith([{ Ref: Match.stringLikeRegexp('CoreSubnet1') }]) }) },
      DeploymentConfiguration: Match.objectLike({ MinimumHealthyPercent: 100, DeploymentCircuitBreaker: { Enable: true, Rollback: true } }),
    });
    const [service] = Object.values(template.findResources('AWS::ECS::Service')) as { DependsOn: string[] }[];
    for (const part of ['EcrApi', 'EcrDkr', 'Logs', 'S3']) expect(service?.DependsOn.join()).toMatch(new RegExp(`AwsServices${part}[0-9A-F]{8}`));
  });

  test('acts as a role without any policy', () => {
    const ground = poolGround();
    const template = pooled({ queue: queueOf(ground), devices: [{ cidr: '10.40.0.0/16', ports: [DevicePort.tcp(22)] }] }, ground);
    const [id, ...others] = Object.keys(template.findResources('AWS::IAM::Role')).filter((role) => /^WorkersTaskTaskRole/.test(role));
    expect(others).toEqual([]);
    expect(template.findResources('AWS::IAM::Role')[id ?? '']).not.toMatchObject({ Properties: { Policies: expect.anything() as unknown } });
    expect(template.findResources('AWS::IAM::Role')[id ?? '']).not.toMatchObject({ Properties: { ManagedPolicyArns: expect.anything() as unknown } });
    expect(JSON.stringify([template.findResources('AWS::IAM::Policy'), template.findResources('AWS::IAM::ManagedPolicy')])).not.toContain(id);
  });

  test('has two workers, one for Size.DEV, and as many as are asked for', () => {
    pooled({ size: Size.DEV }).hasResourceProperties('AWS::ECS::Service', { DesiredCount: 1 });
    pooled({ size: Size.DEV, workers: 7, cpu: 1024 }).hasResourceProperties('AWS::ECS::Service', { DesiredCount: 7 });
    pooled({ cpu: 1024, user: '2000:2000' }).hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: '1024', Memory: '2048', ContainerDefinitions: [Match.objectLike({ User: '2000:2000' })] });
  });
});

describe('What workers reach', () => {
  /** Of gateway endpoints, whose addresses are all public ones unless they are named. */
  const named = (): PrivateNetworkProps => {
    const stack = new Stack();
    return { s3PrefixList: PrefixList.fromPrefixListId(stack, 'S3', 'pl-53'), dynamoDbPrefixList: PrefixList.fromPrefixListId(stack, 'DynamoDb', 'pl-db') };
  };

  test('is the broker and what starts them, and nothing else', () => {
    const ground = poolGround({ network: named() });
    expect(lettingOut(pooled({}, ground))).toEqual([
      'tcp 443 443 "pl-53"',
      'tcp 443 443 "pl-db"',
      expect.stringMatching(/^tcp 443 443 .*BrokerIngress/),
      expect.stringMatching(/^tcp 443 443 .*NetworkAwsServicesSecurityGroup/),
    ]);
  });

  test('is also the queue and the devices, at the ports that were named', () => {
    const ground = poolGround({ network: named() });
    const ports = [DevicePort.tcp(22), DevicePort.udp(161)];
    const rules = lettingOut(pooled({ queue: queueOf(ground), devices: [{ cidr: '10.40.0.0/16', ports }, { cidr: '192.0.2.7/32', ports: [DevicePort.tcp(443)] }] }, ground));
    expect(rules).toHaveLength(8);
    expect(rules).toEqual(expect.arrayContaining([
      expect.stringMatching(/^tcp 6379 6379 .*RedisSecurityGroup/),
      'tcp 22 22 "10.40.0.0/16"',
      'udp 161 161 "10.40.0.0/16"',
      'tcp 443 443 "192.0.2.7/32"',
    ]));
  });

  test('is let in by the broker', () => {
    const template = pooled();
    const [workers] = Object.keys(template.findResources('AWS::EC2::SecurityGroup', { Properties: { GroupDescription: 'Workers' } }));
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 443, ToPort: 443, IpProtocol: 'tcp', GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BrokerIngress'), 'GroupId'] }, SourceSecurityGroupId: { 'Fn::GetAtt': [workers, 'GroupId'] },
    });
  });

  test('are not the public servers that a Core beside them reaches', () => {
    const coreEgress = Egress.allowDomains(['api.example.com']);
    const ground = poolGround({ network: { coreEgress, ...named() } });
    expect(lettingOut(pooled({}, ground)).join()).not.toContain('0.0.0.0/0');
    const open = poolGround({ network: { coreEgress } });
    expect(() => pooled({}, open)).toThrow('network has coreEgress, and takes every address for one of Amazon S3 or DynamoDB');
  });

  test('is said where the route to devices would lead to more than these', () => {
    const everyAddress = Match.stringLikeRegexp('every address .* Name s3PrefixList and dynamoDbPrefixList');
    const warned = ({ stack }: PoolGround): number => Annotations.fromStack(stack).findWarning('/Test/Workers', everyAddress).length;
    const devices = [{ cidr: '10.40.0.0/16', ports: [DevicePort.tcp(22)] }];
    const [open, withoutDevices, listed] = [poolGround(), poolGround(), poolGround({ network: named() })];
    poolIn(open, { devices });
    poolIn(withoutDevices);
    poolIn(listed, { devices });
    expect([open, withoutDevices, listed].map(warned)).toEqual([1, 0, 0]);
    const accepted = poolGround();
    CdkAnnotations.of(poolIn(accepted, { devices })).acknowledgeWarning('cdk-secure-core:open-to-devices');
    expect(warned(accepted)).toBe(0);
  });

  test('is what a network of somebody else lets them', () => {
    const ground = poolGround();
    const { vpc, ingressSubnets, coreSubnets, dataSubnets, ingressReachesInternet } = ground.network;
    const [allowToAwsServices, allowNames] = [jest.fn(), jest.fn()];
    const place = new Construct(ground.stack, 'Elsewhere');
    const network: IPrivateNetwork = Object.assign(place, { vpc, ingressSubnets, coreSubnets, dataSubnets, ingressReachesInternet, awsServices: place, allowToAwsServices, allowNames });
    const pool = poolIn(ground, { network });
    expect(allowToAwsServices.mock.calls).toEqual([[pool.service, expect.objectContaining({ node: expect.objectContaining({ id: 'ExecutionRole' }) as unknown })]]);
    expect(allowNames.mock.calls).toEqual([['broker.acme.internal']]);
  });

  test('is only named addresses of devices', () => {
    const refusal = (cidr: string, ...ports: DevicePort[]): (() => Template) => () => pooled({ devices: [{ cidr, ports }] });
    expect(refusal('0.0.0.0/0', DevicePort.tcp(22))).toThrow('Test/Workers: devices[0].cidr is "0.0.0.0/0". Name the IPv4 block');
    expect(refusal('10.40.0.0', DevicePort.tcp(22))).toThrow('devices[0].cidr is "10.40.0.0".');
    expect(refusal('fd00::/64', DevicePort.tcp(22))).toThrow('devices[0].cidr is "fd00::/64".');
    expect(refusal('10.40.0.1/16', DevicePort.tcp(22))).toThrow('write 10.40.0.0/16 for that network');
    expect(refusal('10.40.0.0/16')).toThrow('devices[0].ports is [].');
    expect(refusal('10.40.0.0/16', DevicePort.tcp(22), DevicePort.udp(0))).toThrow('devices[0].ports[1] is 0. Name a port from 1 to 65535.');
    expect(refusal('10.40.0.0/16', DevicePort.tcp(Lazy.number({ produce: () => 22 })))).toThrow('devices[0].ports[0] is a token.');
  });
});

describe('What workers are told', () => {
  test('while they share a key: where the broker is, who they are, and the key', () => {
    const template = pooled();
    expect(toldTo(template)).toEqual({ WORKER_BROKER_URL: 'https://broker.acme.internal', WORKER_ID_PREFIX: expect.any(String) as string });
    expect(workerIn(template).Secrets).toEqual([{ Name: 'TOM_CORE_WORKER_HMAC_SECRET', ValueFrom: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^Broker/) as string }, ':current::']] } }]);
  });

  test('once each has its own: nothing secret', () => {
    const template = pooled({}, poolGround({ broker: { phase: TASKS } }));
    expect(Object.keys(toldTo(template))).toEqual(['WORKER_BROKER_URL', 'WORKER_ID_PREFIX']);
    expect(secretsOf(template)).toEqual([]);
  });

  test('while some of them still share a key: that one, and the broker lets them join as well', () => {
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const phase = BrokerPhase.migration({ until, to: { joins: [WorkerJoin.token(), WorkerJoin.task()] } });
    const template = pooled({}, poolGround({ broker: { phase, size: Size.DEV } }));
    expect(secretsOf(template)).toEqual(['TOM_CORE_WORKER_HMAC_SECRET']);
    expect(variablesNamed(template, 'BROKER_CONFIGURATION').join()).toContain(`\\"prefix\\":\\"${toldTo(template).WORKER_ID_PREFIX ?? ''}\\"`);
  });

  test('of a queue: how to log in, and what to speak TLS with', () => {
    const ground = poolGround({ broker: { phase: TASKS } });
    const template = pooled({ queue: queueOf(ground), environment: { LOG_LEVEL: 'info' } }, ground);
    expect(toldTo(template)).toMatchObject({ LOG_LEVEL: 'info', REDIS_TLS: 'true', REDIS_KEY_PREFIX: 'tom:' });
    expect(secretsOf(template)).toEqual(['REDIS_PASSWORD']);
  });

  test('is a name of their own, of which task ids make valid worker ids', () => {
    const ground = poolGround();
    poolIn(ground, {}, 'WorkersOfTheFirstSiteWhoseNameIsLong');
    poolIn(ground, {}, 'WorkersOfTheSecondSiteWhoseNameIsLong');
    const tasks = Object.values(templateOf(ground).findResources('AWS::ECS::TaskDefinition')) as { Properties: { ContainerDefinitions: Container[] } }[];
    const variables = tasks.flatMap(({ Properties }) => Properties.ContainerDefinitions.flatMap(({ Environment }) => Environment));
    const prefixes = variables.filter(({ Name }) => Name === 'WORKER_ID_PREFIX').map(({ Value }) => Value);
    expect(new Set(prefixes).size).toBe(2);
    for (const prefix of prefixes) expect(`${prefix}-${'0123456789abcdef'.repeat(2)}`).toMatch(new RegExp(`^${FIELDS.worker_id.pattern}$`));
  });

  test('is what the broker knows them by', () => {
    const ground = poolGround({ broker: { phase: TASKS } });
    const template = pooled({}, ground);
    const prefix = toldTo(template).WORKER_ID_PREFIX ?? '';
    for (const name of ['BROKER_CONFIGURATION', 'BROKER_EXIT']) expect(variablesNamed(template, name)).toEqual([expect.stringContaining(`\\"prefix\\":\\"${prefix}\\"`)]);
  });
});

describe('Renewed secrets that workers hold', () => {
  /** What rolls secrets out, as it is told which. */
  const rollouts = (template: Template): string[] => variablesNamed(template, ROLLOUT_VARIABLE);

  test('are brought to them by what stands beside them', () => {
    const ground = poolGround();
    const pool = poolIn(ground);
    expect(pool.rollout?.node.path).toBe('Test/Workers/Rollout');
    const [only, ...others] = rollouts(templateOf(ground));
    expect(others).toEqual([]);
    expect(only).toMatch(/WorkersService[0-9A-F]{8}/);
  });

  test('are said where somebody has still to fill them', () => {
    const ground = poolGround();
    const { stack } = ground;
    const password = new Secret(stack, 'Password');
    fillByHand(password);
    const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'QueueGroup', 'sg-1');
    const queue = SecureRedis.fromExisting(stack, 'Queue', { host: 'queue.acme.internal', securityGroup, userName: 'tom', keyPrefix: 'tom', password });
    poolIn(ground, { queue: queue.addUser('Tom', { keyPrefix: 'tom', commands: ['lpop'] }) });
    expect(Annotations.fromStack(stack).findWarning('/Test/Workers', Match.stringLikeRegexp('is empty until somebody fills it'))).toHaveLength(1);
    templateOf(ground).hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', { Domains: Match.arrayWith(['queue.acme.internal']) });
  });

  test('are brought to them by what was named, and by what brings them to others already', () => {
    const ground = poolGround();
    const other = new RotationRollout(ground.stack, 'Rollout');
    const pool = poolIn(ground, { rollout: other });
    expect(pool.rollout).toBe(other);
    const second = poolIn(ground, {}, 'MoreWorkers');
    expect(second.rollout).toBeUndefined();
    const [only, ...others] = rollouts(templateOf(ground));
    expect(others).toEqual([]);
    expect(only).toMatch(/WorkersService[0-9A-F]{8}.*MoreWorkersService[0-9A-F]{8}/);
  });

  test('are not there where each has a key of its own', () => {
    const ground = poolGround({ broker: { phase: TASKS } });
    expect(poolIn(ground).rollout).toBeUndefined();
  });
});

describe('Workers that are gone', () => {
  test('are told of once they were too few for three minutes of five', () => {
    const ground = poolGround();
    const pool = poolIn(ground, { workers: 3 });
    expect(pool.alarms).toHaveLength(1);
    const template = templateOf(ground);
    template.hasResource('AWS::CloudWatch::Alarm', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^WorkersService')]),
      Properties: Match.objectLike({
        AlarmDescription: Match.stringLikeRegexp('^Test/Workers: Fewer workers of a pool run than should'),
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: 1,
        DatapointsToAlarm: 3,
        EvaluationPeriods: 5,
        TreatMissingData: 'breaching',
        Metrics: [
          Match.objectLike({ Expression: '3 - FILL(running, 0)' }),
          Match.objectLike({ Id: 'running', MetricStat: Match.objectLike({ Metric: Match.objectLike({ Namespace: 'ECS/ContainerInsights', MetricName: 'RunningTaskCount' }) }) }),
        ],
        AlarmActions: Match.anyValue(),
      }),
    });
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }] });
    expect(ground.stack.resolve(pool.metricRunning({ period: Duration.minutes(5) }).period.toSeconds())).toBe(300);
  });
});

describe('What WorkerPool refuses', () => {
  test.each<[string, (ground: PoolGround) => Partial<WorkerPoolProps>, string]>([
    ['no broker', () => ({ broker: undefined }), 'Test/Workers: broker is nothing. Name the CredentialBroker'],
    ['a broker that is none', () => ({ broker: { url: 'https://broker.acme.internal' } as never }), 'broker is "object".'],
    ['no image', () => ({ image: undefined }), 'image is nothing.'],
    ['no trail', () => ({ audit: undefined }), 'audit is nothing.'],
    ['a trail of another region', ({ stack }) => ({ audit: new AuditTrail(new Stack(stack.node.root, 'Far', { env: { ...ENV, region: 'us-east-1' } }), 'Audit') }), 'audit is "of us-east-1".'],
    ['a queue that is a URL', () => ({ queue: 'redis://queue.acme.internal' as never }), 'queue is "a text". Name what redis.addUser(…) returns.'],
    ['no command that looks after it', () => ({ healthCheckCommand: undefined }), 'healthCheckCommand is nothing.'],
    ['a command of nothing', () => ({ healthCheckCommand: ['NONE'] }), 'healthCheckCommand is ["NONE"]. Begin with CMD or CMD-SHELL'],
    ['a size that Fargate has not', () => ({ cpu: 300 }), 'Test/Workers: cpu is 300. Name what Fargate offers'],
    ['memory that does not go with it', () => ({ memoryLimitMiB: 4096 }), 'Test/Workers: memoryLimitMiB is 4096. For 256 CPU units'],
    ['a worker that is root', () => ({ user: '0:0' }), 'Test/Workers: user is "0:0".'],
    ['no workers', () => ({ workers: 0 }), 'workers is 0. Name a whole number from 1 to 5000.'],
    ['nobody knows how many', () => ({ workers: Lazy.number({ produce: () => 2 }) }), 'workers is a token.'],
    ['a secret in plain sight', () => ({ environment: { DEVICE_PASSWORD: 'hunter2hunter2' } }), 'Test/Workers: environment.DEVICE_PASSWORD is "called like a secret".'],
    ['a secret among variables', () => ({ environment: { DEVICE_PASSWORD: 'hunter2hunter2' } }), 'reads it: keep the value in a secret store, and have the broker give it out.'],
    ['a file of credentials', () => ({ environment: { TOM_CORE_CREDENTIAL_FILE: '/etc/credentials.json' } }), 'environment.TOM_CORE_CREDENTIAL_FILE is "a way around the broker".'],
    ['another broker in its environment', () => ({ environment: { WORKER_BROKER_URL: 'https://elsewhere' } }), 'broker is "WORKER_BROKER_URL". environment names the variable too: leave it out there'],
    ['a cluster elsewhere', ({ stack }) => ({ cluster: new Cluster(stack, 'Elsewhere', { vpc: new Vpc(stack, 'Vpc') }) }), 'cluster is "of another VPC".'],
  ])('%s', (_, overrides, message) => {
    const ground = poolGround();
    expect(() => poolIn(ground, overrides(ground))).toThrow(message);
  });

  test('a broker in another stack, since the two would need each other', () => {
    const ground = poolGround();
    const stack = new Stack(ground.stack.node.root, 'Beside', { env: ENV });
    expect(() => poolIn({ ...ground, stack })).toThrow('It stands in another stack, and the two would need each other');
  });

  test('a broker that workers join by token alone, since all tasks of a service would be told the same', () => {
    const ground = poolGround({ broker: { phase: BrokerPhase.perWorkerKeys() } });
    expect(() => poolIn(ground)).toThrow('broker is "one that workers join by token alone". Add WorkerJoin.task()');
  });
});

describe('The pack', () => {
  test.each([['share a key', BrokerPhase.sharedKey()], ['join as tasks', TASKS]])('has nothing to say of workers that %s', (_, phase) => {
    const ground = poolGround({ broker: { phase } });
    poolIn(ground, { queue: queueOf(ground), devices: [{ cidr: '10.40.0.0/16', ports: [DevicePort.tcp(22)] }] });
    const { findings } = judge(treeTemplates(ground.stack.node.root));
    expect(findings.filter(({ logicalId }) => logicalId.startsWith('Workers')).map(({ rule, logicalId, message }) => `${rule} ${logicalId} ${message}`)).toEqual([]);
  });
});
