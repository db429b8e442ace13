import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { BackedUpKind } from './contract';

/** Metrics of AWS Backup that something is read off, each by vault, and by vault and kind (AWS Backup guide, "AWS Backup metrics with CloudWatch"; CloudWatch guide, "Enriched metrics"). */
export type BackupMetric = 'NumberOfBackupJobsCompleted' | 'NumberOfBackupJobsFailed' | 'NumberOfBackupJobsExpired' | 'NumberOfCopyJobsFailed' | 'NumberOfRestoreJobsFailed';

/** Updated every five minutes; an hour is a figure of ours, so that a longer silence can be waited for. */
const PERIOD = Duration.hours(1);

/** How many jobs of a vault came to an end in an hour. */
export function vaultMetric(metricName: BackupMetric, backupVaultName: string, kind?: BackedUpKind): cloudwatch.Metric {
  const dimensionsMap = { BackupVaultName: backupVaultName, ...(kind ? { ResourceType: kind } : {}) };
  return new cloudwatch.Metric({ namespace: 'AWS/Backup', metricName, dimensionsMap, period: PERIOD, statistic: cloudwatch.Stats.SUM });
}

/** When there was none for some hours; that nobody says anything means the same. A job must have run. */
export function onNone(metric: cloudwatch.IMetric, hours: number, alarmDescription: string): cloudwatch.AlarmProps {
  return {
    metric,
    alarmDescription,
    threshold: 1,
    evaluationPeriods: hours,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  };
}
