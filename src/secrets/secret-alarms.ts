import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SECRET_METRICS } from './contract';

/** How late a rotation may be, in days: a run that fails is tried again for a day, and the age is told once a day (our figure). */
export const GRACE_DAYS = 2;

/** For how many days nobody may say how old a value is (our figure). */
const SILENT_DAYS = 2;

/** How old a value is, in days, told once a day. */
export function ageMetric(metricName: string): cloudwatch.Metric {
  const { namespace, ageDays, dimension } = SECRET_METRICS;
  return new cloudwatch.Metric({ namespace, metricName: ageDays, dimensionsMap: { [dimension]: metricName }, period: Duration.days(1), statistic: cloudwatch.Stats.MAXIMUM });
}

/** When a value is older than it may be, and when nobody has said so for two days. @param mostDays beyond which it is too old */
export function onAge(metric: cloudwatch.Metric, mostDays: number, alarmDescription: string): cloudwatch.AlarmProps {
  return {
    metric,
    alarmDescription,
    threshold: mostDays,
    evaluationPeriods: SILENT_DAYS,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  };
}
