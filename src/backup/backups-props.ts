import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Size } from '../size';
import type { BackupCopy } from './backup-copy';
import type { BackupSource } from './backup-source';

/** How often restores are tried. */
export enum RestoreTestFrequency {
  /** On every first Saturday of a month. */
  MONTHLY = 'MONTHLY',

  /** On every Saturday. */
  WEEKLY = 'WEEKLY',

  /** Every day. */
  DAILY = 'DAILY',
}

/** How to back stores up. */
export interface BackupsProps {
  /** What is backed up: everything that keeps data which nobody else has. */
  readonly sources: BackupSource[];

  /**
   * How much may be lost, as time: data that is younger than this may be gone after a restore in this region. The plan follows from it.
   *
   * Any moment can be restored of what has point-in-time recovery; of anything else snapshots are taken as often as this asks for.
   */
  readonly rpo: Duration;

  /** How long a restore may take. Whatever would make one slower is refused; what it really takes, the restore tests tell. */
  readonly rto: Duration;

  /** Who may restore: roles that people take in an emergency. Nobody else may, the administrators of the account included. */
  readonly restorers: iam.IRole[];

  /** Who is told when a backup, a copy or a restore test fails, and when there is no backup. */
  readonly alarmTopic: ITopic;

  /**
   * Whether the backups outlive the stack, and with a lock that nobody can lift: only for Size.PRODUCTION.
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
   * How long each snapshot is kept: 35 whole days or more. Once the lock is final, it can be doubled at most.
   *
   * @default Duration.days(35)
   */
  readonly retention?: Duration;

  /**
   * After how many whole days snapshots of tables move to cold storage.
   *
   * @default - never
   */
  readonly coldAfter?: Duration;

  /**
   * After how many whole hours a snapshot that is not complete is given up: 2 to 168. It is part of how old the newest one may become.
   *
   * @default Duration.hours(4)
   */
  readonly completeWithin?: Duration;

  /**
   * Where every snapshot is copied to, in another region.
   *
   * @default - nowhere: the backups are lost with the region
   */
  readonly copy?: BackupCopy;

  /**
   * How often restores are tried, of one recovery point of each source at random. What is restored is deleted at once.
   *
   * @default RestoreTestFrequency.WEEKLY
   */
  readonly restoreTests?: RestoreTestFrequency;

  /**
   * From how many of the last days the recovery points come whose restore is tried, in whole days.
   *
   * @default - all that are kept, 365 days at most
   */
  readonly restoreTestWindow?: Duration;

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
