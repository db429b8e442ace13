import { Duration, Names, Token } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { told, whenever } from '../observability/told';
import { checkSameRegion } from '../same-region';
import { onNone, vaultMetric } from './backup-alarms';
import type { CopyTarget } from './backup-copy';
import { backupRole, testRole } from './backup-roles';
import type { BackedUp } from './backup-source';
import { type BackupsProps, RestoreTestFrequency } from './backups-props';
import { type BackedUpKind, LONGEST_REWIND_DAYS, ROOM } from './contract';
import { fateOf, LockedVault } from './locked-vault';
import { type Schedule, scheduleFor, START_WINDOW_HOURS } from './objectives';
import { RestoreTests } from './restore-tests';

/** AWS Backup takes vault names of 2 to 50 characters (API CreateBackupVault). */
const VAULT_NAME_LENGTH = 50;

/** The hour of the first snapshot of a day, in UTC: our figure. */
const FIRST_HOUR = 1;

const WORDS: Readonly<Record<BackedUpKind, string>> = { RDS: 'databases', S3: 'buckets', DynamoDB: 'tables' };

/**
 * Backups of the stores, in a vault that nobody takes anything out of, with restores that are tried, and alarms when any of it fails (BDR-1, BDR-2, BDR-3).
 *
 * What may be lost (`rpo`) and how long a restore may take (`rto`) are promises: the plan follows from them, and what would break one is refused.
 *
 * Any moment of a database and of a table is restored from its own point-in-time recovery, which this leaves as it is: AWS Backup would take over the
 * database's settings, and CloudFormation could not change them any more. AWS Backup adds snapshots in the vault, and follows the changes of buckets.
 */
export class Backups extends Construct {
  /** Where the backups are. */
  public readonly vault: backup.IBackupVault;

  /** Encrypts what AWS Backup itself keeps. */
  public readonly encryptionKey: kms.IKey;

  /** Who reads the sources. */
  public readonly backupRole: iam.IRole;

  /** On backups, copies and restores that failed, and on backups that are missing. */
  public readonly alarms: cloudwatch.IAlarm[];

  /** How old the newest usable snapshot can become: so much is lost where a moment can be restored no more, as with the database itself. */
  public readonly oldestSnapshot: Duration;

  private readonly schedule: Schedule;

  public constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    const { restorers, deployers } = props;
    const removalPolicy = fateOf(this, props);
    const sources = this.bound(props);
    const copy = props.copy?._bind(this, 'copy');
    this.schedule = scheduleFor(this, props, sources, copy);
    this.oldestSnapshot = Duration.hours(this.schedule.oldestHours);
    const { vault, encryptionKey, emptying } = new LockedVault(this, 'Vault', {
      vaultName: Names.uniqueResourceName(this, { maxLength: VAULT_NAME_LENGTH, separator: '-' }),
      removalPolicy,
      encryptionKey: props.encryptionKey,
      keeps: { least: LONGEST_REWIND_DAYS, most: ROOM * this.schedule.retentionDays },
      coolingOff: Duration.days(this.schedule.coolingOffDays),
      deployers,
      restorers,
      copyTo: copy?.vaultArn,
    });
    this.vault = vault;
    this.encryptionKey = encryptionKey;
    const role = backupRole(this, sources);
    this.backupRole = role;
    const selections = [this.snapshots(role, sources, copy), ...this.changes(role, sources.filter(({ kind }) => kind === 'S3'))];
    // Nothing fills the vault any more when it is emptied, and AWS Backup deletes as the role that made the backups.
    emptying?.node.addDependency(role);
    if (emptying) for (const selection of selections) selection.node.addDependency(emptying);
    new RestoreTests(this, 'RestoreTests', {
      vaultArn: vault.backupVaultArn,
      role: testRole(this, sources),
      sources,
      frequency: props.restoreTests ?? RestoreTestFrequency.WEEKLY,
      windowDays: this.schedule.testWindowDays,
    });
    this.alarms = this.watch(props, new Set(sources.map(({ kind }) => kind)), copy);
  }

  /** How many backups were completed in an hour. */
  public metricCompleted(): cloudwatch.Metric {
    return vaultMetric('NumberOfBackupJobsCompleted', this.vault.backupVaultName);
  }

  /** How many backups failed in an hour. */
  public metricFailed(): cloudwatch.Metric {
    return vaultMetric('NumberOfBackupJobsFailed', this.vault.backupVaultName);
  }

  /** How many backups were given up in an hour, since they did not start or were not complete in time. */
  public metricExpired(): cloudwatch.Metric {
    return vaultMetric('NumberOfBackupJobsExpired', this.vault.backupVaultName);
  }

  /** How many copies failed in an hour. */
  public metricCopiesFailed(): cloudwatch.Metric {
    return vaultMetric('NumberOfCopyJobsFailed', this.vault.backupVaultName);
  }

  /** How many restores failed in an hour, those of tests among them. */
  public metricRestoresFailed(): cloudwatch.Metric {
    return vaultMetric('NumberOfRestoreJobsFailed', this.vault.backupVaultName);
  }

  private bound({ sources }: BackupsProps): readonly BackedUp[] {
    if (sources.length === 0) throw invalidProp(this, 'sources', sources, 'Name what is backed up, such as BackupSource.postgres(…).');
    const bound = sources.map((source) => source._bind(this, 'sources'));
    const seen = new Set<unknown>();
    for (const { resource } of bound) {
      if (seen.has(resource)) throw invalidProp(this, 'sources', resource.node.path, 'Name it once.');
      seen.add(resource);
      if (!Token.isUnresolved(resource.env.region)) checkSameRegion(this, 'sources', resource.env.region);
    }
    return bound;
  }

  /** Of everything, into the vault and to the other region. */
  private snapshots(role: iam.IRole, sources: readonly BackedUp[], copy: CopyTarget | undefined): backup.BackupSelection {
    const { retentionDays, coldAfterDays } = this.schedule;
    const deleteAfter = Duration.days(retentionDays);
    const moveToColdStorageAfter = coldAfterDays === undefined ? undefined : Duration.days(coldAfterDays);
    return this.plan('Snapshots', role, sources, {
      deleteAfter,
      moveToColdStorageAfter,
      copyActions: copy && [{ destinationBackupVault: backup.BackupVault.fromBackupVaultArn(this, 'CopyVault', copy.vaultArn), deleteAfter, moveToColdStorageAfter }],
    });
  }

  /** Of buckets, which have no other point-in-time recovery. In a plan of its own: databases in it would be taken over. */
  private changes(role: iam.IRole, buckets: readonly BackedUp[]): readonly backup.BackupSelection[] {
    return buckets.length === 0 ? [] : [this.plan('Changes', role, buckets, { enableContinuousBackup: true, deleteAfter: Duration.days(LONGEST_REWIND_DAYS) })];
  }

  private plan(id: string, role: iam.IRole, sources: readonly BackedUp[], rule: backup.BackupPlanRuleProps): backup.BackupSelection {
    const { everyHours, completeHours } = this.schedule;
    const plan = new backup.BackupPlan(this, id, {
      backupPlanRules: [new backup.BackupPlanRule({
        ruleName: id,
        backupVault: this.vault,
        scheduleExpression: events.Schedule.cron({ minute: '0', hour: everyHours === 24 ? String(FIRST_HOUR) : `${FIRST_HOUR % everyHours}/${everyHours}` }),
        startWindow: Duration.hours(START_WINDOW_HOURS),
        completionWindow: Duration.hours(completeHours),
        ...rule,
      })],
    });
    return new backup.BackupSelection(this, `${id}Selection`, {
      backupPlan: plan,
      backupSelectionName: 'Sources',
      resources: sources.map(({ arn }) => backup.BackupResource.fromArn(arn)),
      role,
      disableDefaultBackupPolicy: true,
    });
  }

  private watch({ alarmTopic }: BackupsProps, kinds: ReadonlySet<BackedUpKind>, copy: CopyTarget | undefined): cloudwatch.IAlarm[] {
    const { path } = this.node;
    const { oldestHours } = this.schedule;
    const none = (kind: BackedUpKind): cloudwatch.AlarmProps => onNone(
      vaultMetric('NumberOfBackupJobsCompleted', this.vault.backupVaultName, kind), oldestHours, `No backup of the ${WORDS[kind]} of ${path} was completed in ${oldestHours} hours.`,
    );
    const alarms = [
      new cloudwatch.Alarm(this, 'BackupFailed', whenever(this.metricFailed(), `A backup of ${path} failed.`)),
      new cloudwatch.Alarm(this, 'BackupExpired', whenever(this.metricExpired(), `A backup of ${path} did not start or was not complete in time.`)),
      new cloudwatch.Alarm(this, 'RestoreFailed', whenever(this.metricRestoresFailed(), `A restore from ${path} failed: what was to be restored may be no backup.`)),
      ...(copy ? [new cloudwatch.Alarm(this, 'CopyFailed', whenever(this.metricCopiesFailed(), `A backup of ${path} was not copied to ${copy.region}.`))] : []),
      ...[...kinds].map((kind) => new cloudwatch.Alarm(this, `No${kind}Backup`, none(kind))),
    ];
    return alarms.map((alarm) => told(alarm, alarmTopic));
  }
}
