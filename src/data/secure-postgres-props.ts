import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IPrivateNetwork } from '../network/private-network';
import type { Size } from '../size';

/** How to run a PostgreSQL. */
export interface SecurePostgresProps {
  /** Where it stands: in the data tier. */
  readonly network: IPrivateNetwork;

  /**
   * The name of the database, such as `core`.
   *
   * @default 'core'
   */
  readonly database?: string;

  /**
   * How large it is, whether a second one stands ready in another zone, and how hard it is to lose.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * For how long any moment can be restored: 14 to 35 whole days.
   *
   * @default - 35 days for Size.PRODUCTION, otherwise 14
   */
  readonly backupRetention?: Duration;

  /**
   * The key that encrypts the disk, the backups, the logs and the logins. An imported key's policy is not changed: let `logs.<region>.amazonaws.com` use it.
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
   * Who is told when a rotation fails.
   *
   * @default - nobody; the alarms are there all the same
   */
  readonly alarmTopic?: ITopic;
}

/** A PostgreSQL that exists already, inside the VPC or behind an endpoint of it. */
export interface ExistingPostgresProps {
  /** Where the function stands that renews logins: in the core tier. */
  readonly network: IPrivateNetwork;

  /** The name by which it is reached, which its certificate has to hold. */
  readonly host: string;

  /**
   * Where it listens.
   *
   * @default 5432
   */
  readonly port?: number;

  /** The name of the database. */
  readonly database: string;

  /** What stands before it; connections to it are added there. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** Who may make and change logins: JSON with `username` and `password`. The user needs CREATEROLE, and CREATE on the database. */
  readonly adminSecret: secrets.ISecret;

  /**
   * The authorities that its certificate leads to, as PEM. Needed where the host has another name than Amazon RDS gives, and in regions of China.
   *
   * @default - those of Amazon RDS in the region that the host names
   */
  readonly ca?: string;

  /**
   * The key that encrypts the logins.
   *
   * @default - a new one, renewed every year by AWS KMS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the logins' secrets when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Who is told when a rotation fails.
   *
   * @default - nobody; the alarms are there all the same
   */
  readonly alarmTopic?: ITopic;
}
