import { CfnParameter, CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnCacheCluster, CfnReplicationGroup, CfnServerlessCache, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { CfnCluster } from 'aws-cdk-lib/aws-memorydb';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type GroupProps = Partial<ConstructorParameters<typeof CfnReplicationGroup>[2]>;

const redis = (stack: Stack, props: GroupProps = {}): CfnReplicationGroup => new CfnReplicationGroup(stack, 'Redis', {
  replicationGroupDescription: 'counters',
  engine: 'valkey',
  transitEncryptionEnabled: true,
  transitEncryptionMode: 'required',
  atRestEncryptionEnabled: true,
  userGroupIds: ['gates'],
  ...props,
});
const cluster = (stack: Stack, engine: string): CfnCacheCluster => new CfnCacheCluster(stack, 'Cluster', { engine, cacheNodeType: 'cache.t4g.micro', numCacheNodes: 1 });
const serverless = (stack: Stack, engine: string, userGroupId?: string): CfnServerlessCache => new CfnServerlessCache(stack, 'Serverless', { engine, serverlessCacheName: 'counters', userGroupId });
const memoryDb = (stack: Stack, props: Partial<ConstructorParameters<typeof CfnCluster>[2]> = {}): CfnCluster =>
  new CfnCluster(stack, 'MemoryDb', { aclName: 'gates', clusterName: 'counters', nodeType: 'db.t4g.small', ...props });
const raw = (stack: Stack, type: string, properties: Record<string, unknown>): CfnResource => new CfnResource(stack, 'Raw', { type, properties });

const REPLICATION_GROUP = 'AWS::ElastiCache::ReplicationGroup';

describeRule('DAT-4.transit', {
  compliant: {
    'TLS that is required': (stack) => redis(stack),
    'TLS without a mode': (stack) => redis(stack, { transitEncryptionMode: undefined }),
    'TLS switched on by text': (stack) => redis(stack).addPropertyOverride('TransitEncryptionEnabled', 'true'),
    'MemoryDB as it comes': (stack) => memoryDb(stack),
  },
  violating: {
    'nothing said': {
      build: (stack) => redis(stack, { transitEncryptionEnabled: undefined, transitEncryptionMode: undefined }),
      message: /^is not true, so everything is sent in plain text/, severity: 'error',
    },
    'TLS that is preferred': { build: (stack) => redis(stack, { transitEncryptionMode: 'preferred' }), message: /^is preferred, so plain text is still taken/, severity: 'error' },
    'a single node of Redis': { build: (stack) => cluster(stack, 'redis'), message: /^is not true/ },
    'MemoryDB without TLS': { build: (stack) => memoryDb(stack, { tlsEnabled: false }), message: /^is off/ },
  },
  override: { build: (stack) => redis(stack).addPropertyOverride('TransitEncryptionMode', 'preferred'), message: /^is preferred/ },
  raw: { build: (stack) => raw(stack, REPLICATION_GROUP, { TransitEncryptionEnabled: 'false' }), message: /^is not true/ },
  undecidable: {
    'a mode that a parameter gives': (stack) => redis(stack, { transitEncryptionMode: deployTimeValue(stack) }),
    'a member of a global datastore': (stack) => redis(stack, { globalReplicationGroupId: 'sgaui-counters', transitEncryptionEnabled: undefined, transitEncryptionMode: undefined }),
  },
  notApplicable: { 'memcached': (stack) => cluster(stack, 'memcached') },
});

describeRule('DAT-4.at-rest', {
  compliant: { 'encryption at rest': (stack) => redis(stack) },
  violating: {
    'nothing said': { build: (stack) => redis(stack, { atRestEncryptionEnabled: undefined }), message: /^is not true, so snapshots/, severity: 'error' },
    'encryption that is off': { build: (stack) => redis(stack, { atRestEncryptionEnabled: false }), message: /^is not true/ },
  },
  override: { build: (stack) => redis(stack).addPropertyDeletionOverride('AtRestEncryptionEnabled'), message: /^is not true/ },
  raw: { build: (stack) => raw(stack, REPLICATION_GROUP, { AtRestEncryptionEnabled: false }), message: /^is not true/ },
  undecidable: {
    'a switch that a parameter gives': (stack) => redis(stack).addPropertyOverride('AtRestEncryptionEnabled', new CfnParameter(stack, 'Switch').valueAsString),
    'a member of a global datastore': (stack) => redis(stack, { globalReplicationGroupId: 'sgaui-counters', atRestEncryptionEnabled: undefined }),
  },
});

describeRule('DAT-4.login', {
  compliant: {
    'a user group': (stack) => redis(stack),
    'a user group of the same template': (stack) => redis(stack, { userGroupIds: [new CfnUserGroup(stack, 'Users', { engine: 'valkey', userGroupId: 'gates', userIds: [] }).ref] }),
    'a token': (stack) => redis(stack, { userGroupIds: undefined, authToken: '{{resolve:secretsmanager:redis}}' }),
    'a serverless cache with users': (stack) => serverless(stack, 'valkey', 'gates'),
    'MemoryDB with a list of its own': (stack) => memoryDb(stack),
  },
  violating: {
    'neither users nor a token': { build: (stack) => redis(stack, { userGroupIds: undefined }), message: /^names no user group and there is no AuthToken/, severity: 'error' },
    'an empty list of groups': { build: (stack) => redis(stack, { userGroupIds: [] }), message: /^names no user group/ },
    'a single node of Redis': { build: (stack) => cluster(stack, 'redis'), message: /^is a Redis that has no users/ },
    'a serverless cache without users': { build: (stack) => serverless(stack, 'redis'), message: /^is not set, so whoever reaches the port/ },
    'MemoryDB that is open': { build: (stack) => memoryDb(stack, { aclName: 'open-access' }), message: /^is open-access/ },
  },
  override: { build: (stack) => redis(stack).addPropertyDeletionOverride('UserGroupIds'), message: /^names no user group/ },
  raw: { build: (stack) => raw(stack, REPLICATION_GROUP, { TransitEncryptionEnabled: true }), message: /^names no user group/ },
  undecidable: (stack) => {
    redis(stack).addPropertyOverride('UserGroupIds', new CfnParameter(stack, 'Groups', { type: 'CommaDelimitedList' }).valueAsList);
  },
  notApplicable: { 'memcached': (stack) => serverless(stack, 'memcached') },
});

const user = (stack: Stack, props: Partial<ConstructorParameters<typeof CfnUser>[2]>): CfnUser => new CfnUser(stack, 'User', { engine: 'redis', userId: 'gate', userName: 'gate', ...props });
const withPassword = { Type: 'password', Passwords: ['{{resolve:secretsmanager:redis}}'] };

describeRule('DAT-4.users', {
  compliant: {
    'a user with a password': (stack) => user(stack, { accessString: 'on ~gate:* -@all +get', authenticationMode: withPassword }),
    'a user of IAM': (stack) => user(stack, { accessString: 'on ~gate:* -@all +get', authenticationMode: { Type: 'iam' } }),
    'a default user that is off': (stack) => user(stack, { userName: 'default', accessString: 'off -@all', noPasswordRequired: true }),
    'every command on some keys': (stack) => user(stack, { accessString: 'on ~gate:* +@all', authenticationMode: withPassword }),
    'all but some commands': (stack) => user(stack, { accessString: 'on ~* +@all -@dangerous', authenticationMode: withPassword }),
    'what is taken back': (stack) => user(stack, { accessString: 'on ~* +@all resetkeys ~gate:*', authenticationMode: withPassword }),
    'a user that is switched off again': (stack) => user(stack, { accessString: 'on ~* +@all off', noPasswordRequired: true }),
    'a group with a default user of its own': (stack) =>
      new CfnUserGroup(stack, 'Users', { engine: 'redis', userGroupId: 'gates', userIds: ['no-default', user(stack, { authenticationMode: withPassword }).ref] }),
  },
  violating: {
    'a user without a password': {
      build: (stack) => user(stack, { accessString: 'on ~* +@all', noPasswordRequired: true }),
      message: /^lets the user in without a password, and it is on/, severity: 'error',
    },
    'the same by its mode': { build: (stack) => user(stack, { accessString: 'on ~* +@all', authenticationMode: { Type: 'no-password-required' } }), message: /^lets the user in/ },
    'a user that is switched on again': { build: (stack) => user(stack, { accessString: 'off ~* +@all on', noPasswordRequired: true }), message: /^lets the user in/ },
    'a user who may do everything': {
      build: (stack) => user(stack, { accessString: 'on ~* +@all', authenticationMode: withPassword }), message: /^lets the user run every command on every key/, severity: 'error',
    },
    'the same in other words': { build: (stack) => user(stack, { accessString: 'on -@all allkeys allcommands', authenticationMode: withPassword }), message: /^lets the user run every command/ },
    'the default user of the service': {
      build: (stack) => new CfnUserGroup(stack, 'Users', { engine: 'redis', userGroupId: 'gates', userIds: ['gate', 'default'] }),
      message: /^is the service's own default user/,
    },
  },
  override: {
    build: (stack) => user(stack, { accessString: 'on ~* +@all', authenticationMode: withPassword }).addPropertyOverride('AuthenticationMode', { Type: 'no-password-required' }),
    message: /^lets the user in/,
  },
  raw: { build: (stack) => raw(stack, 'AWS::ElastiCache::UserGroup', { Engine: 'redis', UserGroupId: 'gates', UserIds: ['default'] }), message: /^is the service's own/ },
  undecidable: {
    'what a user without a password may do': (stack) => user(stack, { accessString: deployTimeValue(stack), noPasswordRequired: true }),
    'members that a parameter names': (stack) => raw(stack, 'AWS::ElastiCache::UserGroup', { UserIds: [deployTimeValue(stack)] }),
  },
});
