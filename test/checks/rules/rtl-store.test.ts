import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnParameterGroup, CfnReplicationGroup } from 'aws-cdk-lib/aws-elasticache';
import type { RedisLossConfiguration } from '../../../src/gate/rate/contract';
import { rawTask, task } from '../../support/containers';
import { configured, gatedService, gateTask, rawService, registration, withHole, withRate } from '../../support/gated';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const HOST = 'master.redis.example.com';

function group(stack: Stack, id: string): CfnSecurityGroup {
  return (stack.node.tryFindChild(id) as CfnSecurityGroup | undefined) ?? new CfnSecurityGroup(stack, id, { groupDescription: id });
}

/** A store that lets somebody in at a port. */
function store(stack: Stack, source: object, port = 6379, props: Partial<ConstructorParameters<typeof CfnReplicationGroup>[2]> = {}): CfnReplicationGroup {
  const own = new CfnSecurityGroup(stack, 'StoreGroup', { groupDescription: 'store', securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: port, toPort: port, ...source }] });
  return new CfnReplicationGroup(stack, 'Store', { replicationGroupDescription: 'counts', securityGroupIds: [own.attrGroupId], ...props });
}

const ofService = (stack: Stack): object => ({ sourceSecurityGroupId: group(stack, 'ServiceGroup').attrGroupId });

/** A service of a gate that counts in a store. */
function counting(stack: Stack, redis: CfnReplicationGroup): CfnService {
  const network = { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [group(stack, 'ServiceGroup').attrGroupId] } };
  return gatedService(stack, withHole(HOST, redis.attrPrimaryEndPointAddress), { networkConfiguration: network });
}

const NOWHERE = /counts in Store, whose security groups let it in at port 6379 nowhere/;

describeRule('RTL-2.shared-store', {
  compliant: {
    'a store that lets the service in': (stack) => counting(stack, store(stack, ofService(stack))),
    'a store that lets it in by a rule of its own': (stack) => {
      counting(stack, store(stack, ofService(stack), 22));
      const groupId = group(stack, 'StoreGroup').attrGroupId;
      new CfnSecurityGroupIngress(stack, 'Rule', { groupId, ipProtocol: 'tcp', fromPort: 6379, toPort: 6379, sourceSecurityGroupId: group(stack, 'ServiceGroup').attrGroupId });
    },
    'a store that lets a network in, which is another rule\'s to judge': (stack) => counting(stack, store(stack, { cidrIp: '10.0.0.0/8' })),
  },
  violating: {
    'a store for somebody else': { build: (stack) => counting(stack, store(stack, { sourceSecurityGroupId: group(stack, 'Other').attrGroupId })), message: NOWHERE, severity: 'error' },
    'another port': { build: (stack) => counting(stack, store(stack, ofService(stack), 6380)), message: NOWHERE },
  },
  override: {
    build: (stack) => {
      counting(stack, store(stack, ofService(stack)));
      group(stack, 'StoreGroup').addPropertyOverride('SecurityGroupIngress.0.FromPort', 6380);
    },
    message: NOWHERE,
  },
  raw: {
    build: (stack) => {
      const own = new CfnResource(stack, 'StoreGroup', { type: 'AWS::EC2::SecurityGroup', properties: { SecurityGroupIngress: [] } });
      const redis = new CfnResource(stack, 'Store', { type: 'AWS::ElastiCache::ReplicationGroup', properties: { SecurityGroupIds: [own.getAtt('GroupId').toString()] } });
      const configuration = withHole(HOST, redis.getAtt('PrimaryEndPoint.Address').toString());
      rawService(stack, gateTask(stack, configuration).ref, registration(stack))
        .addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups', [group(stack, 'ServiceGroup').attrGroupId]);
    },
    message: NOWHERE,
  },
  undecidable: {
    'a store of another app': (stack) => gatedService(stack),
    'a source known at deployment': (stack) => counting(stack, store(stack, { sourceSecurityGroupId: deployTimeValue(stack) })),
    'a group of another app': (stack) => counting(stack, store(stack, {}, 6379, { securityGroupIds: ['sg-1'] })),
    'a rule for a group known at deployment': (stack) => {
      counting(stack, store(stack, ofService(stack), 22));
      new CfnSecurityGroupIngress(stack, 'Rule', { groupId: deployTimeValue(stack), ipProtocol: 'tcp', fromPort: 6379, toPort: 6379, cidrIp: '10.0.0.0/8' });
    },
  },
  notApplicable: {
    'a service without a gate': (stack) => rawService(stack, task(stack).ref, {}),
    'a gate that counts nothing': (stack) => gatedService(stack, configured({ rate: undefined })),
    'a service without a group, of which another rule speaks': (stack) => gatedService(stack, withHole(HOST, store(stack, {}).attrPrimaryEndPointAddress)),
  },
});

function parameters(stack: Stack, properties?: Record<string, string>): CfnParameterGroup {
  return new CfnParameterGroup(stack, 'Parameters', { description: 'counts', cacheParameterGroupFamily: 'valkey7', properties });
}

/** A store with these parameters, in which a gate counts. */
function keeping(stack: Stack, cacheParameterGroupName?: string): CfnReplicationGroup {
  const redis = new CfnReplicationGroup(stack, 'Store', { replicationGroupDescription: 'counts', cacheParameterGroupName });
  gateTask(stack, withHole(HOST, redis.attrPrimaryEndPointAddress));
  return redis;
}

const FORGETS = /so when its memory is full it forgets what expires/;

describeRule('RTL-6.no-eviction', {
  compliant: { 'a store that refuses to write instead': (stack) => keeping(stack, parameters(stack, { 'maxmemory-policy': 'noeviction' }).ref) },
  violating: {
    'what expires goes first': { build: (stack) => keeping(stack, parameters(stack, { 'maxmemory-policy': 'volatile-ttl' }).ref), message: /maxmemory-policy is volatile-ttl, so when/, severity: 'error' },
    'parameters that do not say': { build: (stack) => keeping(stack, parameters(stack, { timeout: '0' }).ref), message: /maxmemory-policy is not set/ },
    'parameters that say nothing': { build: (stack) => keeping(stack, parameters(stack).ref), message: FORGETS },
    'the service\'s own parameters': { build: (stack) => keeping(stack, 'default.valkey7'), message: /is default\.valkey7/ },
    'no parameters': { build: (stack) => keeping(stack), message: /is not set, so when/ },
  },
  override: { build: (stack) => keeping(stack, parameters(stack, { 'maxmemory-policy': 'noeviction' }).ref).addPropertyOverride('CacheParameterGroupName', 'default.redis7'), message: FORGETS },
  raw: {
    build: (stack) => {
      const redis = new CfnResource(stack, 'Store', { type: 'AWS::ElastiCache::CacheCluster' });
      gateTask(stack, withHole(HOST, redis.getAtt('RedisEndpoint.Address').toString()));
    },
    message: FORGETS,
  },
  undecidable: {
    'parameters of another app': (stack) => keeping(stack, 'counts'),
    'parameters known at deployment': (stack) => keeping(stack, deployTimeValue(stack)),
    'a policy known at deployment': (stack) => keeping(stack, parameters(stack, { 'maxmemory-policy': deployTimeValue(stack) }).ref),
  },
  notApplicable: { 'a store in which no gate counts': (stack) => new CfnReplicationGroup(stack, 'Store', { replicationGroupDescription: 'sessions' }) },
});

const COUNT: RedisLossConfiguration = { kind: 'count', gates: 4 };
const dividing = (stack: Stack, desiredCount?: number | string, onRedisLost: RedisLossConfiguration = COUNT): CfnService => {
  const service = gatedService(stack, configured(withRate({ onRedisLost })));
  if (desiredCount !== undefined) service.addPropertyOverride('DesiredCount', desiredCount);
  return service;
};
const scaled = (stack: Stack, service: CfnService, maxCapacity: number): CfnScalableTarget => new CfnScalableTarget(stack, 'Scaling', {
  resourceId: `service/cluster/${service.attrName}`, scalableDimension: 'ecs:service:DesiredCount', serviceNamespace: 'ecs', minCapacity: 2, maxCapacity,
});
const TOO_MANY = (most: number): RegExp => new RegExp(`${most} gates run, and each grants one of 4 parts of every budget when Redis is gone`);

describeRule('RTL-6.counting-gates', {
  compliant: {
    'as many gates as parts': (stack) => dividing(stack, 4),
    'as many as ever run': (stack) => scaled(stack, dividing(stack, 2), 4),
    'as many as ever run, where nobody says how many that are now': (stack) => scaled(stack, dividing(stack), 4),
  },
  violating: {
    'more gates than parts': { build: (stack) => dividing(stack, 5), message: TOO_MANY(5), severity: 'error' },
    'more than parts once it is scaled': { build: (stack) => scaled(stack, dividing(stack, 2), 10), message: TOO_MANY(10) },
  },
  override: { build: (stack) => scaled(stack, dividing(stack, 2), 4).addPropertyOverride('MaxCapacity', 8), message: TOO_MANY(8) },
  raw: {
    build: (stack) => rawService(stack, gateTask(stack, configured(withRate({ onRedisLost: COUNT }))).ref, registration(stack)).addPropertyOverride('DesiredCount', 6),
    message: TOO_MANY(6),
  },
  undecidable: {
    'nobody says how many run': (stack) => dividing(stack),
    'how many run is known at deployment': (stack) => dividing(stack, deployTimeValue(stack)),
    'how many parts is known at deployment': (stack) => gatedService(stack, withHole('"gates":4', `"gates":${deployTimeValue(stack)}`, withRate({ onRedisLost: COUNT })), { desiredCount: 2 }),
  },
  notApplicable: { 'a gate that refuses': (stack) => dividing(stack, 9, { kind: 'refuse' }), 'a service without a gate': (stack) => rawService(stack, task(stack).ref, {}) },
});

type Variables = Readonly<Record<string, string>>;

/** A task that limits its callers, and the service that runs it. */
function limiting(stack: Stack, variables: Variables): CfnService {
  const limited = task(stack, { environment: Object.entries({ RATE_LIMIT_ENABLED: 'true', ...variables }).map(([name, value]) => ({ name, value })) });
  const awsvpcConfiguration = { subnets: ['subnet-1'], securityGroups: [group(stack, 'ServiceGroup').attrGroupId] };
  return new CfnService(stack, 'Service', { taskDefinition: limited.ref, networkConfiguration: { awsvpcConfiguration } });
}

const OF_ITS_OWN = /^container core limits its callers \(RATE_LIMIT_ENABLED\) and is told of no Redis/;

describeRule('RTL-2.limiter-store', {
  compliant: {
    'a store that lets the service in': (stack) => limiting(stack, { REDIS_HOST: store(stack, ofService(stack)).attrPrimaryEndPointAddress }),
    'a URL with a port': (stack) => limiting(stack, { RATE_LIMIT_REDIS_URL: `rediss://${store(stack, ofService(stack), 6380).attrPrimaryEndPointAddress}:6380/0` }),
    'a store of somebody else\'s': (stack) => limiting(stack, { REDIS_URL: 'rediss://redis.example:6379/0' }),
    'an address in a secret': (stack) => task(stack, { environment: [{ name: 'RATE_LIMIT_ENABLED', value: 'true' }], secrets: [{ name: 'REDIS_URL', valueFrom: 'core/redis' }] }),
  },
  violating: {
    'no store': { build: (stack) => limiting(stack, {}), message: OF_ITS_OWN, severity: 'error' },
    'a variable that names none': { build: (stack) => limiting(stack, { REDIS_PASSWORD_FILE: '/run/redis' }), message: OF_ITS_OWN },
    'a store for somebody else': {
      build: (stack) => limiting(stack, { REDIS_HOST: store(stack, { sourceSecurityGroupId: group(stack, 'Other').attrGroupId }).attrPrimaryEndPointAddress }),
      message: NOWHERE,
    },
    'another port': { build: (stack) => limiting(stack, { REDIS_HOST: store(stack, ofService(stack), 6380).attrPrimaryEndPointAddress }), message: NOWHERE },
  },
  override: {
    build: (stack) => {
      const limited = task(stack, { environment: [{ name: 'REDIS_HOST', value: HOST }, { name: 'RATE_LIMIT_ENABLED', value: 'true' }] });
      limited.addPropertyOverride('ContainerDefinitions.0.Environment.0.Name', 'NO_REDIS');
    },
    message: OF_ITS_OWN,
  },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'RATE_LIMIT_ENABLED', Value: 'TRUE' }] }), message: OF_ITS_OWN },
  undecidable: (stack) => limiting(stack, { RATE_LIMIT_ENABLED: deployTimeValue(stack) }),
  notApplicable: {
    'a limiter that is off, which another rule judges': (stack) => limiting(stack, { RATE_LIMIT_ENABLED: 'false' }),
    'a program without a limiter': (stack) => task(stack, { environment: [{ name: 'LOG_LEVEL', value: 'INFO' }] }),
  },
});
