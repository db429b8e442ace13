import { Duration, Lazy, type RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { invalidProp } from '../invalid-prop';
import { keptOnceMade } from '../kept-once-made';
import type { IPrivateNetwork } from '../network/private-network';
import { Rotation } from '../secrets/rotation';
import { Size, SIZING } from '../size';
import { isWhole } from '../whole-number';
import { ExistingRedis, type ExistingRedisProps } from './existing-redis';
import { ENGINE, RedisAccount, type RedisAccountProps, redisId } from './redis-account';
import { highestOf, nodeNames } from './redis-nodes';
import { accessString, RedisUser, type RedisUserProps } from './redis-user';
import { storeKey } from './store-key';

export type { ExistingRedisProps };

/** A Redis that gates and other programs count in. */
export interface IRedis extends IConstruct, ec2.IConnectable {
  /** The name of the node that takes writes; of a cluster, the name that tells of its nodes. */
  readonly host: string;

  /** Where it listens. */
  readonly port: number;

  /** Whether its keys are divided among several shards, so that a client has to ask each for its own. */
  readonly isCluster: boolean;

  /**
   * Lets somebody log in.
   *
   * @param id of the user, within this Redis
   * @param props which keys and commands
   */
  addUser(id: string, props: RedisUserProps): RedisUser;
}

/** How to run a Redis. */
export interface SecureRedisProps {
  /** Where it stands: in the data tier. */
  readonly network: IPrivateNetwork;

  /**
   * How much each shard holds, and whether it survives a zone: one node, or two in different zones.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * Among how many shards its keys are divided, each of two nodes in different zones: 1 to 45.
   *
   * One is enough for most: a gate asks about many requests at once. More make it a cluster, whose clients have to know of that and whose scripts have to name keys of one slot;
   * ElastiCache divides a running cluster anew when the number changes, and makes no cluster of one shard, nor the other way round: that is another Redis.
   *
   * @default 1
   */
  readonly shards?: number;

  /**
   * The key that encrypts what is on disk, and the passwords.
   *
   * @default - a new one, renewed every year by AWS KMS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of it when the stack is destroyed.
   *
   * @default - RemovalPolicy.RETAIN for Size.PRODUCTION, otherwise RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Who is told when a password cannot be renewed, or is too old.
   *
   * @default - nobody; the `alarms` of each user's `rotation` are there to be connected
   */
  readonly alarmTopic?: ITopic;
}

interface RedisSizing {
  readonly nodeType: string;
  readonly nodes: number;
  /** Counters are worth nothing after a minute; other users of the same Redis may keep more. 0 to 35 (ElastiCache). */
  readonly snapshotDays: number;
}

/** What the sizes of a Core mean here: 0.5, 1.4 and 3 GiB. A limiter takes some kilobytes for each identity of the last minute, and hardly a processor. */
const REDIS_SIZING: Readonly<Record<Size, RedisSizing>> = {
  [Size.DEV]: { nodeType: 'cache.t4g.micro', nodes: 1, snapshotDays: 0 },
  [Size.STANDARD]: { nodeType: 'cache.t4g.small', nodes: 2, snapshotDays: 1 },
  [Size.PRODUCTION]: { nodeType: 'cache.t4g.medium', nodes: 2, snapshotDays: 7 },
};

/** The nodes of a cluster are 90 at most, unless AWS is asked for more (ElastiCache guide, "Shards"), and it has two in each shard. */
const MAX_SHARDS = 45;

/** The port that everybody expects; which one it is keeps nobody out, the security group does. */
const PORT = 6379;

/** The first Valkey of ElastiCache, and the last version whose access rules are those of Redis 7; cheaper than Redis OSS on the same nodes. */
const ENGINE_VERSION = '7.2';
const PARAMETER_FAMILY = 'valkey7';

/** How often a password is renewed unless a user says otherwise (TG-62). */
const DEFAULT_CADENCE = Duration.days(30);

const DEFAULT_USER_EXEMPT = 'The user is off and may do nothing: it is there because ElastiCache asks for one of this name, and its password lets nobody in.';

/**
 * A Redis (ElastiCache for Valkey) that speaks TLS only, is encrypted at rest with a key of yours, knows everybody by name, and is
 * reached from nowhere but the security groups that are let in (DAT-4, NET-4).
 *
 * Nobody can log in until `addUser` is called. When its memory is full it refuses to write, rather than forget what it counted.
 */
export class SecureRedis extends Construct implements IRedis {
  /**
   * A Redis that exists already, with one user of it, who is given to the first who asks. Nothing of it is changed, and nobody renews the password.
   *
   * Whoever looks after it sees to what `SecureRedis` sees to: TLS alone, and a user who may do what is asked of it and no more.
   */
  public static fromExisting(scope: Construct, id: string, props: ExistingRedisProps): IRedis {
    return new ExistingRedis(scope, id, props);
  }

  /** Whom to let in: `service.connections.allowToDefaultPort(redis)`. */
  public readonly connections: ec2.Connections;

  /** The name of the node that takes writes, whichever that is after a failover; of a cluster, the name that tells of its nodes. */
  public readonly host: string;

  /** Whether its keys are divided among several shards, so that a client has to ask each for its own. */
  public readonly isCluster: boolean;

  /** Where it listens. */
  public readonly port: number = PORT;

  /** The key that encrypts what is on disk, and the passwords. */
  public readonly encryptionKey: kms.IKey;

  /**
   * The names of its nodes, shard by shard.
   *
   * @internal
   */
  public readonly _shards: readonly (readonly string[])[];

  private readonly accounts: RedisAccount[] = [];
  private readonly prefixes = new Set<string>();
  private readonly removalPolicy: RemovalPolicy;
  private readonly network: IPrivateNetwork;
  private readonly alarmTopic: ITopic | undefined;

  public constructor(scope: Construct, id: string, props: SecureRedisProps) {
    super(scope, id);
    this.network = props.network;
    this.alarmTopic = props.alarmTopic;
    const { network, size = Size.PRODUCTION, shards = 1 } = props;
    const { nodeType, nodes, snapshotDays } = REDIS_SIZING[size];
    if (!isWhole(shards, 1, MAX_SHARDS)) throw invalidProp(this, 'shards', shards, `Name a whole number from 1 to ${MAX_SHARDS}.`);
    this.isCluster = shards > 1;
    const survivesZone = nodes > 1;
    // A shard without a replica can be made, and never be changed again (aws-cloudformation/cloudformation-coverage-roadmap#1275).
    if (this.isCluster && !survivesZone) throw invalidProp(this, 'shards', shards, `${size} has one node, and each shard of a cluster needs two: take Size.STANDARD or Size.PRODUCTION, or one shard.`);
    this.removalPolicy = props.removalPolicy ?? SIZING[size].removalPolicy;
    this.encryptionKey = props.encryptionKey ?? storeKey(this, this.removalPolicy);
    const { subnetIds, availabilityZones } = network.vpc.selectSubnets(network.dataSubnets);
    const zones = new Set(availabilityZones).size;
    if (zones < nodes) throw invalidProp(this, 'network', `a data tier in ${zones} zones`, `Give it subnets in ${nodes} zones, one for each node, or choose Size.DEV.`);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: network.vpc, description: `Of ${this.node.path}`, allowAllOutbound: false });
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(PORT) });
    const subnets = new elasticache.CfnSubnetGroup(this, 'Subnets', { description: `Data tier of ${this.node.path}`, subnetIds });
    const parameters = new elasticache.CfnParameterGroup(this, 'Parameters', {
      description: `Of ${this.node.path}`,
      cacheParameterGroupFamily: PARAMETER_FAMILY,
      // The default forgets keys that expire, which all counters do: whoever fills the memory would have a fresh budget.
      properties: { 'maxmemory-policy': 'noeviction', ...(this.isCluster && { 'cluster-enabled': 'yes' }) },
    });
    const users = new elasticache.CfnUserGroup(this, 'Users', {
      engine: ENGINE,
      userGroupId: redisId(this),
      userIds: Lazy.list({ produce: () => this.accounts.map(({ userId }) => userId) }),
    });
    // CloudFormation's reference demands one of this name; left to the service it could be one that needs no password.
    this.account('DefaultUser', { accessString: 'off -@all', userName: 'default', exempt: DEFAULT_USER_EXEMPT });
    const cache = new elasticache.CfnReplicationGroup(this, 'Cache', {
      replicationGroupDescription: this.node.path,
      engine: ENGINE,
      engineVersion: ENGINE_VERSION,
      cacheNodeType: nodeType,
      cacheParameterGroupName: parameters.ref,
      clusterMode: this.isCluster ? 'enabled' : 'disabled',
      ...(this.isCluster ? { numNodeGroups: shards, replicasPerNodeGroup: nodes - 1 } : { numCacheClusters: nodes }),
      // A cluster has to have it (ElastiCache API, CreateReplicationGroup).
      automaticFailoverEnabled: survivesZone,
      multiAzEnabled: survivesZone,
      port: PORT,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [securityGroup.securityGroupId],
      transitEncryptionEnabled: true,
      // `preferred` still takes plain text (M-16).
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: true,
      kmsKeyId: this.encryptionKey.keyArn,
      userGroupIds: [users.ref],
      autoMinorVersionUpgrade: true,
      snapshotRetentionLimit: snapshotDays,
    });
    this.host = this.isCluster ? cache.attrConfigurationEndPointAddress : cache.attrPrimaryEndPointAddress;
    this._shards = nodeNames(cache.ref, shards, nodes, this.isCluster);
    // Else another number of shards would be another cluster (CloudFormation guide, UpdatePolicy).
    if (this.isCluster) cache.cfnOptions.updatePolicy = { useOnlineResharding: true };
    // What stays needs all of these to work.
    for (const resource of [cache, users, parameters, subnets, securityGroup]) resource.applyRemovalPolicy(resource === users ? keptOnceMade(this.removalPolicy) : this.removalPolicy);
    answerAwsSolutions(cache, 'AEC6', 'Everybody logs in with a password of his own, by the user group (RBAC); the rule knows the one shared token only.');
    if (!survivesZone) answerAwsSolutions(cache, 'AEC4', 'Size.DEV is one node, for trying it; Size.STANDARD and Size.PRODUCTION have two in different zones.');
  }

  /**
   * Lets somebody log in, with a password made in AWS Secrets Manager.
   *
   * @param id of the user, within this Redis
   * @param props which keys and commands
   */
  public addUser(id: string, props: RedisUserProps): RedisUser {
    const rules = accessString(this, props);
    if (this.prefixes.has(props.keyPrefix)) throw invalidProp(this, 'keyPrefix', props.keyPrefix, 'Another user has it: choose one that nobody has, or the two read and change each other\'s keys.');
    this.prefixes.add(props.keyPrefix);
    const { _every: every, _reason: reason } = props.rotation ?? Rotation.every(DEFAULT_CADENCE);
    const account = this.account(id, { accessString: rules, exempt: reason });
    const { userName, secret } = account;
    const server = { access: this, host: this.host, port: PORT };
    const rotation = every && account.rotate(every, { ...server, network: this.network, alarmTopic: this.alarmTopic });
    return RedisUser._of({ ...server, userName, secret, keyPrefix: props.keyPrefix, rotation });
  }

  /**
   * What Amazon ElastiCache tells of its nodes, of the one that tells the highest; by default in five minutes.
   *
   * An alarm takes ten nodes at most (CloudWatch guide, "Using metric math"): of a cluster of more than five shards name one.
   *
   * @param metricName such as `CurrConnections`
   * @param shard from 1
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions, shard?: number): cloudwatch.MathExpression {
    const nodes = shard === undefined ? this._shards.flat() : this._shards[shard - 1];
    if (!nodes) throw invalidProp(this, 'shard', shard, `Name a whole number from 1 to ${this._shards.length}.`);
    return highestOf(nodes, metricName, props);
  }

  /** Percent of its memory in use, of the fullest node. */
  public metricMemoryUsage(props?: cloudwatch.MetricOptions, shard?: number): cloudwatch.MathExpression {
    return this.metric('DatabaseMemoryUsagePercentage', props, shard);
  }

  /** Percent of the processor that its engine uses, of the busiest node. */
  public metricEngineCpuUtilization(props?: cloudwatch.MetricOptions, shard?: number): cloudwatch.MathExpression {
    return this.metric('EngineCPUUtilization', props, shard);
  }

  /** Seconds that a copy is behind, of the latest one. */
  public metricReplicationLag(props?: cloudwatch.MetricOptions, shard?: number): cloudwatch.MathExpression {
    return this.metric('ReplicationLag', props, shard);
  }

  private account(id: string, props: Pick<RedisAccountProps, 'accessString' | 'userName' | 'exempt'>): RedisAccount {
    const account = new RedisAccount(this, id, { ...props, encryptionKey: this.encryptionKey, removalPolicy: this.removalPolicy });
    this.accounts.push(account);
    return account;
  }
}
