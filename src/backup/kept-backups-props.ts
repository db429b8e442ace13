import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Size } from '../size';

/** How a vault keeps backups, or copies of them, and who may restore. */
export interface KeptBackupsProps {
  /** Who may restore: roles that people take in an emergency. Nobody else may, the administrators of the account included. */
  readonly restorers: iam.IRole[];

  /**
   * Whether the vault outlives its stack, and with a lock that nobody can lift: only for Size.PRODUCTION.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * What becomes of the vault when the stack is destroyed. RETAIN locks it so that nobody can shorten what it keeps, for as long as it keeps it.
   *
   * @default - RemovalPolicy.RETAIN for Size.PRODUCTION, otherwise RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long each snapshot is kept: 35 whole days or more, and a copy as long as what it is made of. Once the lock is final, it can be doubled at most.
   *
   * @default Duration.days(35)
   */
  readonly retention?: Duration;

  /**
   * For how many whole days the lock can still be lifted, 3 at least; then never more. Means nothing with RemovalPolicy.DESTROY.
   *
   * @default Duration.days(3)
   */
  readonly coolingOff?: Duration;

  /**
   * The key that encrypts what AWS Backup itself keeps: snapshots of buckets and tables, and all copies. Those of a database have the database's own key.
   *
   * @default - a new one, renewed every year by AWS KMS, which none but `deployers` can take away
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Who may change vault and key: ARNs of roles, which may have wildcards.
   *
   * @default - the roles of `cdk bootstrap` for AWS CloudFormation, of this account
   */
  readonly deployers?: string[];
}
