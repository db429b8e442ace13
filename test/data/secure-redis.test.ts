import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnSecurityGroup, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { PrivateNetwork, type RedisUserProps, Rotation, Size } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { type ExistingRedisProps, type IRedis, SecureRedis, type SecureRedisProps } from '../../src/data/secure-redis';
import { GATE_REDIS_COMMANDS } from '../../src/gate/redis-commands';
import { ROTATION_EXEMPT_METADATA, ROTATION_VARIABLE } from '../../src/secrets/contract';
import { ENV } from '../support/network-stack';
import { alarmTopic } from '../support/remote-core';

interface Made {
  readonly stack: Stack;
  readonly redis: SecureRedis;
  readonly template: () => Template;
}

function made(props: (stack: Stack) => Partial<SecureRedisProps> = () => ({})): Made {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const redis = new SecureRedis(stack, 'Redis', { network: new PrivateNetwork(stack, 'Network'), ...props(stack) });
  return { stack, redis, template: () => Template.fromStack(stack) };
}

const GROUP = 'AWS::ElastiCache::ReplicationGroup';
const USER = 'AWS::ElastiCache::User';
const USER_GROUP = 'AWS::ElastiCache::UserGroup';
const SECRET = 'AWS::SecretsManager::Secret';

const gateUser = { keyPrefix: 'gate', commands: GATE_REDIS_COMMANDS };

describe('SecureRedis', () => {
  test('speaks TLS only, and is encrypted at rest with a key that is renewed', () => {
    const template = made().template();
    template.hasResourceProperties(GROUP, {
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: 'required',
      AtRestEncryptionEnabled: true,
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RedisKey'), 'Arn'] },
      AuthToken: Match.absent(),
    });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  test('takes a key of yours for the data and the passwords, and makes none', () => {
    const { redis, template } = made((stack) => ({ encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6') }));
    redis.addUser('Gate', gateUser);
    template().resourceCountIs('AWS::KMS::Key', 0);
    template().hasResourceProperties(GROUP, { KmsKeyId: Match.stringLikeRegexp('key/6a4f1e0c') });
    template().allResourcesProperties(SECRET, { KmsKeyId: Match.stringLikeRegexp('key/6a4f1e0c') });
  });

  test.each([
    [Size.DEV, { CacheNodeType: 'cache.t4g.micro', NumCacheClusters: 1, MultiAZEnabled: false, AutomaticFailoverEnabled: false, SnapshotRetentionLimit: 0 }, 'Delete'],
    [Size.STANDARD, { CacheNodeType: 'cache.t4g.small', NumCacheClusters: 2, MultiAZEnabled: true, AutomaticFailoverEnabled: true, SnapshotRetentionLimit: 1 }, 'Delete'],
    [Size.PRODUCTION, { CacheNodeType: 'cache.t4g.medium', NumCacheClusters: 2, MultiAZEnabled: true, AutomaticFailoverEnabled: true, SnapshotRetentionLimit: 7 }, 'Retain'],
  ])('is as large, as lasting and as hard to lose as %s says', (size, properties, policy) => {
    const { redis, template } = made(() => ({ size }));
    redis.addUser('Gate', gateUser);
    // Both have names, which the next deployment would meet if a first one failed and left them.
    for (const type of [USER_GROUP, USER]) template().allResources(type, { DeletionPolicy: policy === 'Retain' ? 'RetainExceptOnCreate' : policy, UpdateReplacePolicy: policy });
    for (const type of [GROUP, SECRET, 'AWS::KMS::Key', 'AWS::ElastiCache::SubnetGroup', 'AWS::ElastiCache::ParameterGroup']) {
      template().allResources(type, { DeletionPolicy: policy, UpdateReplacePolicy: policy });
    }
    template().hasResource(GROUP, { Properties: properties });
  });

  test('is for production unless told otherwise, and goes with its stack where asked', () => {
    made().template().hasResource(GROUP, { DeletionPolicy: 'Retain' });
    made(() => ({ removalPolicy: RemovalPolicy.DESTROY })).template().hasResource(GROUP, { DeletionPolicy: 'Delete', Properties: { MultiAZEnabled: true } });
  });

  test('is one Valkey 7.2 shard that is kept up to date, on the port that everybody expects', () => {
    made().template().hasResourceProperties(GROUP, { Engine: 'valkey', EngineVersion: '7.2', ClusterMode: 'disabled', AutoMinorVersionUpgrade: true, Port: 6379, NumNodeGroups: Match.absent() });
  });

  describe('of several shards', () => {
    const cluster = (size?: Size): Made => made(() => ({ shards: 3, size }));

    test.each([Size.STANDARD, Size.PRODUCTION])('is a cluster whose shards each survive a zone, in %s', (size) => {
      const template = cluster(size).template();
      template.hasResourceProperties(GROUP, {
        ClusterMode: 'enabled', NumNodeGroups: 3, ReplicasPerNodeGroup: 1, NumCacheClusters: Match.absent(), AutomaticFailoverEnabled: true, MultiAZEnabled: true,
        TransitEncryptionMode: 'required', UserGroupIds: [{ Ref: Match.stringLikeRegexp('^RedisUsers') }],
      });
      template.hasResourceProperties('AWS::ElastiCache::ParameterGroup', { CacheParameterGroupFamily: 'valkey7', Properties: { 'maxmemory-policy': 'noeviction', 'cluster-enabled': 'yes' } });
    });

    test('is divided anew where the number changes, and not made anew', () => {
      cluster().template().hasResource(GROUP, { UpdatePolicy: { UseOnlineResharding: true } });
      made().template().hasResource(GROUP, { UpdatePolicy: Match.absent() });
    });

    test('tells where it is: the name that tells of its nodes', () => {
      const { stack, redis } = cluster();
      expect(redis.isCluster).toBe(true);
      expect(stack.resolve(redis.host)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^RedisCache/), 'ConfigurationEndPoint.Address'] });
      expect(made().redis.isCluster).toBe(false);
    });

    test('lets a user have keys in any of them, by prefix', () => {
      const { redis, template } = cluster();
      redis.addUser('Gate', gateUser);
      template().hasResourceProperties(USER, { AccessString: Match.stringLikeRegexp('^on ~gate:\\* resetchannels -@all ') });
    });

    test.each([0, 46, 1.5])('is refused for %d of them', (shards) => {
      expect(() => made(() => ({ shards }))).toThrow(`Test/Redis: shards is ${shards}. Name a whole number from 1 to 45.`);
    });

    test('is refused where each would be one node, which ElastiCache could never change again', () => {
      expect(() => cluster(Size.DEV)).toThrow('Test/Redis: shards is 3. DEV has one node, and each shard of a cluster needs two: take Size.STANDARD or Size.PRODUCTION, or one shard.');
      expect(() => made(() => ({ shards: 1, size: Size.DEV }))).not.toThrow();
    });
  });

  test('refuses to write when it is full, rather than forget', () => {
    const template = made().template();
    template.hasResourceProperties('AWS::ElastiCache::ParameterGroup', { CacheParameterGroupFamily: 'valkey7', Properties: { 'maxmemory-policy': 'noeviction' } });
    template.hasResourceProperties(GROUP, { CacheParameterGroupName: { Ref: Match.stringLikeRegexp('^RedisParameters') } });
  });

  test('stands in the data tier, and lets nobody in or out unless told', () => {
    const template = made().template();
    template.hasResourceProperties('AWS::ElastiCache::SubnetGroup', { SubnetIds: [{ Ref: Match.stringLikeRegexp('DataSubnet1') }, { Ref: Match.stringLikeRegexp('DataSubnet2') }] });
    template.hasResourceProperties(GROUP, { SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^RedisSecurityGroup'), 'GroupId'] }] });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Of Test/Redis',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RedisSecurityGroup'), 'GroupId'] } }, 0);
  });

  test('lets in whose security group is named, at its port alone', () => {
    const { stack, redis, template } = made((inner) => ({ network: new PrivateNetwork(inner, 'Other') }));
    const workload = new SecurityGroup(stack, 'Workload', { vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] }) });
    redis.connections.allowDefaultPortFrom(workload);
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RedisSecurityGroup'), 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': [stack.getLogicalId(workload.node.defaultChild as CfnSecurityGroup), 'GroupId'] },
      FromPort: 6379,
      ToPort: 6379,
      IpProtocol: 'tcp',
    });
  });

  test('tells where it is: the node that takes writes', () => {
    const { stack, redis } = made();
    expect(redis.port).toBe(6379);
    expect(stack.resolve(redis.host)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^RedisCache/), 'PrimaryEndPoint.Address'] });
  });

  test('knows nobody at first but a default user that is off and may do nothing', () => {
    const template = made().template();
    template.resourceCountIs(USER, 1);
    template.hasResourceProperties(USER, { UserName: 'default', UserId: Match.not('default'), AccessString: 'off -@all', NoPasswordRequired: Match.absent(), Engine: 'valkey' });
    template.hasResourceProperties(USER_GROUP, { Engine: 'valkey', UserIds: [{ Ref: Match.stringLikeRegexp('^RedisDefaultUser') }] });
    template.hasResourceProperties(GROUP, { UserGroupIds: [{ Ref: Match.stringLikeRegexp('^RedisUsers') }] });
  });

  test('lets a user have its own keys and commands, and nothing else', () => {
    const { redis, template } = made();
    const user = redis.addUser('Platform', { keyPrefix: 'platform', commands: ['get', 'script|load'] });
    expect(user).toMatchObject({ userName: expect.stringMatching(/^[a-z][a-z0-9]{1,39}$/) as string, keyPrefix: 'platform' });
    template().hasResourceProperties(USER, { UserName: user.userName, UserId: user.userName, AccessString: 'on ~platform:* resetchannels -@all +get +script|load' });
    template().hasResourceProperties(USER_GROUP, { UserIds: [{ Ref: Match.stringLikeRegexp('^RedisDefaultUser') }, { Ref: Match.stringLikeRegexp('^RedisPlatformUser') }] });
  });

  test('lets the gate call its script and what that calls', () => {
    const { redis, template } = made();
    redis.addUser('Gate', gateUser);
    template().hasResourceProperties(USER, {
      AccessString: 'on ~gate:* resetchannels -@all +eval +evalsha +time +pexpire +llen +lrange +lpop +lpush +rpush '
      + '+zadd +zcard +zrange +zrangebyscore +zrem +zremrangebyscore +zscore +hgetall +hset +hdel +cluster|slots +asking',
    });
  });

  test('has every password made where it is kept, each by itself, and hands it over by reference', () => {
    const { stack, redis, template } = made();
    const { secret } = redis.addUser('Gate', gateUser);
    template().resourceCountIs(SECRET, 2);
    template().allResourcesProperties(SECRET, { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true }, SecretString: Match.absent(), KmsKeyId: Match.anyValue() });
    const { Ref: logicalId } = stack.resolve(secret.secretArn) as { Ref: string };
    template().hasResourceProperties(USER, {
      UserName: Match.not('default'),
      AuthenticationMode: { Type: 'password', Passwords: [{ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: logicalId }, ':SecretString:::}}']] }] },
      Passwords: Match.absent(),
    });
  });

  test('keeps its logical ids: another one would be another Redis, with other passwords', () => {
    const { redis, template } = made();
    redis.addUser('Gate', gateUser);
    const ids = Object.keys(template().toJSON().Resources as object).filter((id) => id.startsWith('Redis') && !/^RedisGateRotation|^RedisSecurityGroupfrom/.test(id)).sort();
    expect(ids).toEqual([
      'RedisCacheF9D86207',
      'RedisDefaultUser92535138',
      'RedisDefaultUserPasswordFBB9A9D1',
      'RedisGatePassword9AB71B0F',
      'RedisGateUser291E8732',
      'RedisKey99F69F89',
      'RedisParameters95CA1A27',
      'RedisSecurityGroupC1E9FD21',
      'RedisSubnets445F6F85',
      'RedisUsers2B56A058',
    ]);
  });

  describe('renews the password of a user', () => {
    const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';

    test('every 30 days, by a function that may change that user alone and is told no password', () => {
      const { redis, template } = made();
      const { rotation } = redis.addUser('Gate', gateUser);
      expect(rotation).toBeDefined();
      template().resourceCountIs(SCHEDULE, 1);
      template().hasResourceProperties(SCHEDULE, { SecretId: { Ref: Match.stringLikeRegexp('^RedisGatePassword') }, RotationLambdaARN: Match.anyValue() });
      const statements = Object.values(template().findResources('AWS::IAM::Policy'))
        .flatMap(({ Properties }) => (Properties as { PolicyDocument: { Statement: Record<string, unknown>[] } }).PolicyDocument.Statement)
        .filter(({ Action }) => JSON.stringify(Action).includes('elasticache:'));
      expect(statements).toEqual([
        { Effect: 'Allow', Action: ['elasticache:ModifyUser', 'elasticache:DescribeUsers'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RedisGateUser/), 'Arn'] } },
      ]);
      const [told] = Object.values(template().findResources('AWS::Lambda::Function'))
        .map(({ Properties }) => JSON.stringify((Properties as { Environment?: { Variables: Record<string, unknown> } }).Environment?.Variables[ROTATION_VARIABLE] ?? ''))
        .filter((text) => text.includes('redis-user'));
      expect(told).toContain('PrimaryEndPoint.Address');
      expect(told).not.toContain('resolve:');
    });

    test('from within the network, at the port alone', () => {
      const { redis, template } = made();
      redis.addUser('Gate', gateUser);
      const group = { 'Fn::GetAtt': [Match.stringLikeRegexp('^RedisSecurityGroup'), 'GroupId'] };
      template().resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { GroupId: group }, 1);
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress',
        { GroupId: group, FromPort: 6379, ToPort: 6379, SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RedisGateRotation'), 'GroupId'] } });
    });

    test('as often as asked', () => {
      const { redis, template } = made();
      redis.addUser('Gate', { ...gateUser, rotation: Rotation.every(Duration.days(7)) });
      expect(JSON.stringify(template().findResources(SCHEDULE))).toContain('7');
    });

    test('never, where a reason is given, which reviewers find beside the secret', () => {
      const { redis, template } = made();
      const reason = 'A legacy worker keeps its connection for months';
      expect(redis.addUser('Gate', { ...gateUser, rotation: Rotation.never(reason) }).rotation).toBeUndefined();
      template().resourceCountIs(SCHEDULE, 0);
      const [id = ''] = Object.keys(template().findResources(SECRET)).filter((found) => found.startsWith('RedisGate'));
      template().hasResource(SECRET, { Metadata: Match.objectLike({ [ROTATION_EXEMPT_METADATA]: reason }) });
      expect(template().findResources(SECRET)[id]?.Metadata).toMatchObject({ [ROTATION_EXEMPT_METADATA]: reason });
    });

    test('and not of the default user, who is off', () => {
      const { redis, template } = made();
      redis.addUser('Gate', gateUser);
      const secrets = template().findResources(SECRET) as Record<string, { Metadata?: Record<string, unknown> }>;
      const exempt = Object.entries(secrets).filter(([, { Metadata }]) => Metadata?.[ROTATION_EXEMPT_METADATA] !== undefined).map(([id]) => id);
      expect(exempt).toEqual(['RedisDefaultUserPasswordFBB9A9D1']);
    });
  });

  describe('that exists already', () => {
    function existing(props: Partial<ExistingRedisProps> = {}): { readonly stack: Stack; readonly redis: IRedis } {
      const stack = new Stack(new App(), 'Test', { env: ENV });
      const redis = SecureRedis.fromExisting(stack, 'Redis', {
        host: 'redis.acme.internal',
        securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
        userName: 'gate',
        keyPrefix: 'gate',
        password: Secret.fromSecretCompleteArn(stack, 'Password', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:gate-AbCdEf'),
        ...props,
      });
      return { stack, redis };
    }

    test('gives its one user to the first who asks, and makes nothing', () => {
      const { stack, redis } = existing({ port: 6380, isCluster: true });
      expect(redis.addUser('Gate1a2b3c4d', { keyPrefix: 'gate1a2b3c4d', commands: ['get'] })).toMatchObject({ userName: 'gate', keyPrefix: 'gate' });
      expect(redis).toMatchObject({ host: 'redis.acme.internal', port: 6380, isCluster: true });
      expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
    });

    test('is refused to a second one, who would share the keys of the first', () => {
      const { redis } = existing();
      redis.addUser('Gate', gateUser);
      expect(() => redis.addUser('Other',
        gateUser)).toThrow('Test/Redis: userName is "gate". Somebody has it already, and Other would share its keys: bring the Redis once more, with another user of it.');
    });

    test.each<[string, Partial<ExistingRedisProps>, string]>([
      ['no port', { port: 70000 }, 'Test/Redis: port is 70000. Name a port from 1 to 65535.'],
      ['a pattern as prefix', { keyPrefix: 'gate*' }, 'Test/Redis: keyPrefix is "gate*". Begin with a lower-case letter'],
    ])('is refused with %s', (_, props, message) => {
      expect(() => existing(props)).toThrow(message);
    });
  });

  test.each<[string, RedisUserProps, RegExp]>([
    ['keyPrefix', { keyPrefix: '', commands: ['get'] }, /keyPrefix is ""\. Begin with a lower-case letter/],
    ['a pattern as prefix', { keyPrefix: 'gate*', commands: ['get'] }, /keyPrefix is "gate\*"/],
    ['rules in the prefix', { keyPrefix: 'gate +@all', commands: ['get'] }, /keyPrefix is "gate \+@all"/],
    ['no commands', { keyPrefix: 'gate', commands: [] }, /commands is \[\]\. Name the commands/],
    ['a category', { keyPrefix: 'gate', commands: ['get', '@all'] }, /commands is "@all"\. Name single commands/],
    ['several rules in one', { keyPrefix: 'gate', commands: ['get ~*'] }, /commands is "get ~\*"/],
    ...['flushall', 'keys', 'scan', 'config|get', 'acl|whoami', 'script', 'client', 'client|kill', 'shutdown']
      .map((command): [string, RedisUserProps, RegExp] => [`${command}, which no prefix holds back`, { keyPrefix: 'gate', commands: ['get', command] }, /Leave it out: no prefix of keys holds it back/]),
    ['a command in upper case', { keyPrefix: 'gate', commands: ['GET'] }, /commands is "GET"/],
  ])('refuses %s', (_, props, message) => {
    expect(() => made().redis.addUser('User', props)).toThrow(message);
  });

  test('refuses a prefix that another user has', () => {
    const { redis } = made();
    redis.addUser('One', gateUser);
    expect(() => redis.addUser('Two', gateUser)).toThrow('Test/Redis: keyPrefix is "gate". Another user has it');
  });

  test('refuses a data tier in one zone, where it would not survive the loss of it', () => {
    const network = (stack: Stack): Partial<SecureRedisProps> => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
      const subnets = vpc.isolatedSubnets;
      return { network: PrivateNetwork.fromVpc(stack, 'Existing', { vpc, ingressSubnets: { subnets }, coreSubnets: { subnets }, dataSubnets: { subnets: subnets.slice(0, 1) } }) };
    };
    expect(() => made(network)).toThrow('Test/Redis: network is "a data tier in 1 zones". Give it subnets in 2 zones');
    expect(() => made((stack) => ({ ...network(stack), size: Size.DEV }))).not.toThrow();
  });
});

describe.each([[Size.DEV, 1], [Size.PRODUCTION, 1], [Size.PRODUCTION, 2]])('of size %s, in %d shards', (size, shards) => {
  test('our own pack has nothing to say of it', () => {
    const app = new App();
    const stack = new Stack(app, 'Test', { env: ENV });
    const redis = new SecureRedis(stack, 'Redis', { network: new PrivateNetwork(stack, 'Network'), size, shards, alarmTopic: alarmTopic(stack) });
    redis.addUser('Gate', gateUser);
    // Who reads secrets is watched for all of a stack, and by none of its stores.
    expect(judge(treeTemplates(app)).findings.filter(({ logicalId, control }) => logicalId.startsWith('Redis') && control !== 'SEC-8')).toEqual([]);
  });

  test('AwsSolutions has nothing to say of it that is not answered', () => {
    const app = new App();
    const stack = new Stack(app, 'Test', { env: ENV });
    new SecureRedis(stack, 'Redis', { network: new PrivateNetwork(stack, 'Network'), size, shards }).addUser('Gate', gateUser);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
