import { type Duration, Names, type RemovalPolicy, type SecretValue } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { keptOnceMade } from '../kept-once-made';
import type { IPrivateNetwork } from '../network/private-network';
import { neverRotated } from '../secrets/never-rotated';
import { SecretRotation } from '../secrets/secret-rotation';

/** Of the 16 to 128 characters that ElastiCache takes (API CreateUser); letters and digits alone make 64 of them 380 bits. */
const PASSWORD_LENGTH = 64;

/** What ElastiCache takes for the id of a user or a group (API CreateUser). */
const MAX_ID_LENGTH = 40;

/** Valkey cannot be told to let somebody in without a password, and ElastiCache lets a Redis OSS user into its groups. */
export const ENGINE = 'valkey';

/** A lower-case name of a user or a group, from its place in the app. */
export function redisId(construct: IConstruct): string {
  return Names.uniqueResourceName(construct, { maxLength: MAX_ID_LENGTH }).toLowerCase();
}

/** How a user is kept. */
export interface RedisAccountProps {
  /** @default - the account's own name */
  readonly userName?: string;
  readonly accessString: string;
  readonly encryptionKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  /** Why its password is never renewed. @default - it is, once `rotate` is called */
  readonly exempt?: string;
}

/** Where a function that renews passwords tries them. */
export interface RedisServer {
  readonly network: IPrivateNetwork;
  readonly access: ec2.IConnectable;
  readonly host: string;
  readonly port: number;
  readonly alarmTopic?: ITopic;
}

/** What renewing takes. IAM cannot tell a new password from new rules (service authorization reference, ModifyUser): whoever may do this may do anything as that user, and only the function may. */
const ROTATION_ACTIONS = ['elasticache:ModifyUser', 'elasticache:DescribeUsers'];

/**
 * A user of ElastiCache with a password that nobody has ever seen (SEC-1): CloudFormation reads it from its secret, and so do those who log in.
 *
 * CloudFormation looks at the secret only where the user itself changes, and then leaves the user with the current password alone: change what a user may do, and tags of its stack,
 * while no rotation is under way.
 */
export class RedisAccount extends Construct {
  public readonly userId: string;
  public readonly userName: string;
  public readonly secret: secrets.ISecret;
  private readonly user: elasticache.CfnUser;
  private readonly props: RedisAccountProps;

  public constructor(scope: Construct, id: string, props: RedisAccountProps) {
    super(scope, id);
    const secret = new secrets.Secret(this, 'Password', {
      description: `Password of ${this.node.path}`,
      generateSecretString: { passwordLength: PASSWORD_LENGTH, excludePunctuation: true },
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
    });
    if (props.exempt !== undefined) neverRotated(secret, props.exempt);
    this.props = props;
    const userId = redisId(this);
    this.userName = props.userName ?? userId;
    this.secret = secret;
    const user = new elasticache.CfnUser(this, 'User', {
      engine: ENGINE,
      userId,
      userName: this.userName,
      accessString: props.accessString,
      // A list, since a password is replaced by letting the new one in before the old one goes; ElastiCache takes two.
      authenticationMode: { Type: 'password', Passwords: [reference(secret.secretValue)] },
    });
    user.applyRemovalPolicy(keptOnceMade(props.removalPolicy));
    this.user = user;
    this.userId = user.ref;
  }

  /** Renews the password from now on. */
  public rotate(every: Duration, { network, access, host, port, alarmTopic }: RedisServer): SecretRotation {
    const { encryptionKey, removalPolicy } = this.props;
    return new SecretRotation(this, 'Rotation', {
      secret: this.secret,
      configuration: { kind: 'redis-user', userId: this.userId, userName: this.userName, host, port },
      network,
      every,
      reaches: [access],
      statements: [new iam.PolicyStatement({ actions: ROTATION_ACTIONS, resources: [this.user.attrArn] })],
      encryptionKey,
      removalPolicy,
      alarmTopic,
    });
  }
}

/** The words by which CloudFormation fetches a secret; the secret itself is in no template. */
function reference(value: SecretValue): string {
  return value.unsafeUnwrap();
}
