import type { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { BackupCopy } from './backup-copy';
import type { BackupSource } from './backup-source';
import type { KeptBackupsProps } from './kept-backups-props';

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
export interface BackupsProps extends KeptBackupsProps {
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

  /** Who is told when a backup, a copy or a restore test fails, and when there is no backup. */
  readonly alarmTopic: ITopic;

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
}
