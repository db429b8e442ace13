import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { MAX_PORT } from '../ingress/target-checks';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import { checkKeyPrefix, RedisUser } from './redis-user';
import type { IRedis } from './secure-redis';

/** A Redis that exists already, and one user of it. */
export interface ExistingRedisProps {
  /** The name of the node that takes writes; of a cluster, the name that tells of its nodes. Its certificate has to hold it. */
  readonly host: string;

  /**
   * Where it listens, by TLS.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * Whether its keys are divided among several shards.
   *
   * @default false
   */
  readonly isCluster?: boolean;

  /** What stands before it; connections to it are added there. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** What the user logs in as. A gate's needs the commands eval, evalsha and those that its scripts call, on its own keys (see docs). */
  readonly userName: string;

  /** What the user's keys begin with, before a colon: `gate` stands for `gate:…`. Nobody else may have them. */
  readonly keyPrefix: string;

  /** The password: the whole of the secret, as text. */
  readonly password: secrets.ISecret;
}

/** A Redis that somebody else looks after. */
export class ExistingRedis extends Construct implements IRedis {
  public readonly connections: ec2.Connections;
  public readonly host: string;
  public readonly port: number;
  public readonly isCluster: boolean;
  private readonly user: RedisUser;
  private isTaken = false;

  public constructor(parent: Construct, id: string, props: ExistingRedisProps) {
    super(parent, id);
    const { host, port = 6379, isCluster = false, securityGroup, userName, keyPrefix, password } = props;
    if (!isWhole(port, 1, MAX_PORT)) throw invalidProp(this, 'port', port, `Name a port from 1 to ${MAX_PORT}.`);
    checkKeyPrefix(this, keyPrefix);
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(port) });
    this.host = host;
    this.port = port;
    this.isCluster = isCluster;
    this.user = RedisUser._of({ access: this, host, port, userName, keyPrefix, secret: password });
  }

  /** The one user, whatever is asked for: what it may do was said where it was made. */
  public addUser(id: string): RedisUser {
    if (this.isTaken) throw invalidProp(this, 'userName', this.user.userName, `Somebody has it already, and ${id} would share its keys: bring the Redis once more, with another user of it.`);
    this.isTaken = true;
    return this.user;
  }
}
