import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { PrivateNetwork, Rotation, type SecureCore, SecureRedis, type SecureRedisProps, Size } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { containersIn } from '../support/gate';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const CORE = { keyPrefix: 'core', commands: ['get', 'set', 'expire'] };

interface Made { readonly stack: Stack; readonly core: SecureCore; readonly template: Template }

/** A Core with a Redis of its own, which is none of its gate. */
function made(props: Partial<SecureRedisProps> = {}, rotation?: Rotation): Made {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const redis = new SecureRedis(stack, 'Redis', { network, size: Size.STANDARD, ...props });
  const core = remoteCore(stack, { network, size: Size.STANDARD, stores: [redis.addUser('Core', { ...CORE, rotation })] });
  return { stack, core, template: Template.fromStack(stack) };
}

const variable = (template: Template, name: string): string[] => Object.values(template.findResources('AWS::Lambda::Function'))
  .map(({ Properties }) => JSON.stringify((Properties as { Environment?: { Variables: Record<string, unknown> } }).Environment?.Variables[name] ?? '')).filter((text) => text !== '""');

describe('A Core whose store is a user of a Redis', () => {
  const { stack, core, template } = made();

  test('is told where it is, that it speaks TLS, who to be and which keys are its own', () => {
    const host = { 'Fn::GetAtt': [expect.stringMatching(/^RedisCache/) as string, 'PrimaryEndPoint.Address'] };
    expect(containersIn(template).Core?.Environment).toEqual([
      { Name: 'REDIS_HOST', Value: host },
      { Name: 'REDIS_PORT', Value: '6379' },
      { Name: 'REDIS_TLS', Value: 'true' },
      { Name: 'REDIS_USERNAME', Value: expect.stringMatching(/^[a-z][a-z0-9]{1,39}$/) as string },
      { Name: 'REDIS_KEY_PREFIX', Value: 'core:' },
      { Name: 'REDIS_URL', Value: { 'Fn::Join': ['', ['rediss://', host, ':6379']] } },
    ]);
  });

  test('is given the password by reference, and in no URL', () => {
    expect(containersIn(template).Core?.Secrets).toEqual([{ Name: 'REDIS_PASSWORD', ValueFrom: { Ref: expect.stringMatching(/^RedisCorePassword/) as string } }]);
    expect(JSON.stringify(template.findResources('AWS::ECS::TaskDefinition'))).not.toContain('resolve:');
  });

  test('logs in as who the cache knows', () => {
    const { Value: name } = containersIn(template).Core?.Environment?.find(({ Name }) => Name === 'REDIS_USERNAME') as { Value: string };
    template.hasResourceProperties('AWS::ElastiCache::User', { UserName: name, AccessString: 'on ~core:* resetchannels -@all +get +set +expire' });
  });

  test('reaches its port, and so does what renews the password', () => {
    const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties as Record<string, unknown>)
      .filter(({ GroupId }) => /RedisSecurityGroup/.test(JSON.stringify(GroupId)) && !/Gate/.test(JSON.stringify(GroupId)));
    expect(ingress.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([[6379, 6379], [6379, 6379]]);
    const sources = ingress.map(({ SourceSecurityGroupId }) => JSON.stringify(SourceSecurityGroupId)).sort();
    expect(sources).toEqual([expect.stringContaining('CoreServiceSecurityGroup'), expect.stringContaining('RedisCoreRotation')]);
  });

  test('is deployed anew when the password is renewed, after which the old one is shut out', () => {
    expect(core.rollout).toBeDefined();
    expect(variable(template, 'ROLLOUT')).toEqual([expect.stringContaining('RedisCorePassword')]);
    const own = variable(template, 'ROTATION').filter((text) => text.includes('RedisCorePassword'));
    expect(own).toEqual([expect.stringContaining('\\"isRolledOut\\":true')]);
  });

  test('starts when what renews it has a way to the store', () => {
    const [service] = Object.values(template.findResources('AWS::ECS::Service'));
    expect(service?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^RedisCoreRotationHandlerSecurityGroup/), expect.stringMatching(/^RedisSecurityGroupfrom/)]));
  });

  test('is watched by who reads the password', () => {
    expect(JSON.stringify(template.findResources('AWS::Events::Rule'))).toMatch(/CoreSecretAccess|RedisCorePassword/);
    const watches = Object.values(template.findResources('AWS::Events::Rule', { Properties: { State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' } }));
    expect(JSON.stringify(watches)).toContain('RedisCorePassword');
  });

  test('leaves our own pack nothing to say of the two', () => {
    const findings = judge(treeTemplates(stack.node.root as App)).findings.filter(({ logicalId }) => /^Redis|^CoreServiceTask/.test(logicalId));
    // The password of the user who is off is none of the Core's.
    expect(findings.filter(({ control, logicalId }) => !(control === 'SEC-8' && logicalId.startsWith('RedisDefaultUser')))).toEqual([]);
  });
});

test('A Core may keep the same password, where a reason is given', () => {
  const { core, template } = made({}, Rotation.never('A worker keeps its connection for months'));
  expect(core.rollout).toBeDefined();
  expect(variable(template, 'ROLLOUT')).toEqual([expect.not.stringContaining('RedisCorePassword')]);
  expect(containersIn(template).Core?.Secrets).toEqual([{ Name: 'REDIS_PASSWORD', ValueFrom: { Ref: expect.stringMatching(/^RedisCorePassword/) as string } }]);
});

test('A Core is refused two users of Redis, of which each would be told by the same variables', () => {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const redis = new SecureRedis(stack, 'Redis', { network });
  expect(() => remoteCore(stack, { network, stores: [redis.addUser('One', CORE), redis.addUser('Two', { ...CORE, keyPrefix: 'two' })] }))
    .toThrow('stores[1] is "REDIS_HOST". stores[0] names the variable too');
});

test('A Core of another stack may have it as well, of which the Redis knows nothing', () => {
  const app = new App();
  const data = new Stack(app, 'Data', { env: ENV });
  const network = new PrivateNetwork(data, 'Network', { ingressReachesInternet: true });
  const user = new SecureRedis(data, 'Redis', { network }).addUser('Core', CORE);
  const stack = new Stack(app, 'Test', { env: ENV });
  remoteCore(stack, { network, stores: [user] });
  const template = Template.fromStack(stack);
  expect(data.dependencies).toEqual([]);
  expect(stack.dependencies).toEqual([data]);
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: { 'Fn::ImportValue': Match.stringLikeRegexp('RedisSecurityGroup') }, FromPort: 6379 });
  expect(variable(template, 'ROLLOUT')).toEqual([expect.stringContaining('RedisCorePassword')]);
});

describe('A Core whose store is a Redis of somebody else', () => {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const redis = SecureRedis.fromExisting(stack, 'Redis', {
    host: 'redis.acme.internal',
    port: 6380,
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
    userName: 'core',
    keyPrefix: 'core',
    password: Secret.fromSecretCompleteArn(stack, 'Password', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core-AbCdEf'),
  });
  const user = redis.addUser('Core', CORE);
  remoteCore(stack, { stores: [user] });
  const template = Template.fromStack(stack);

  test('finds it by its name and reaches its port', () => {
    template.hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', { Domains: Match.arrayWith(['redis.acme.internal']) });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', FromPort: 6380, ToPort: 6380 });
    expect(containersIn(template).Core?.Environment).toContainEqual({ Name: 'REDIS_URL', Value: 'rediss://redis.acme.internal:6380' });
  });

  test('is given the password that was brought, which its execution role may read and nobody here renews', () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core-AbCdEf';
    expect(containersIn(template).Core?.Secrets).toEqual([{ Name: 'REDIS_PASSWORD', ValueFrom: arn }]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([{ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: arn }]) },
    });
    expect(user.rotation).toBeUndefined();
    expect(variable(template, 'ROLLOUT')).toEqual([expect.not.stringContaining('core-AbCdEf')]);
  });
});

describe('Whoever is named is told when a password of Redis cannot be renewed', () => {
  const AGE = { Namespace: 'SecureCore/Secrets' };

  test('by the alarms of each user', () => {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    const alarmTopic = new Topic(stack, 'Topic');
    const { rotation } = new SecureRedis(stack, 'Redis', { network: new PrivateNetwork(stack, 'Network'), alarmTopic }).addUser('Core', CORE);
    expect(rotation?.alarms.map(({ node }) => node.id)).toEqual(['Failures', 'Age']);
    expect(stack.resolve(rotation?.metricAgeDays().dimensions)).toEqual({ Secret: { Ref: expect.stringMatching(/^RedisCorePassword/) as string } });
    expect(rotation?.metricFailures().metricName).toBe('Errors');
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(2);
    for (const { Properties } of alarms) expect(Properties).toMatchObject({ AlarmActions: [{ Ref: expect.stringMatching(/^Topic/) as string }] });
  });

  test('of a Core\'s gate as well, by the Core\'s own topic', () => {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    remoteCore(stack, { alarmTopic: new Topic(stack, 'Topic') });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { ...AGE, AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }] });
  });

  test('and nobody, where nobody is named and no Core holds it', () => {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    new SecureRedis(stack, 'Redis', { network: new PrivateNetwork(stack, 'Network') }).addUser('Core', CORE);
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent(), OKActions: Match.absent() });
  });
});
