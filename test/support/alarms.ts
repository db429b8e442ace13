import type { Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';

type AlarmProps = Partial<ConstructorParameters<typeof CfnAlarm>[2]>;

/** An alarm that tells a topic that stands already, with whatever a test lays over it. */
export function alarm(stack: Stack, props: AlarmProps = {}, id = 'Alarm'): CfnAlarm {
  return new CfnAlarm(stack, id, {
    comparisonOperator: 'GreaterThanThreshold',
    evaluationPeriods: 1,
    threshold: 1,
    metricName: 'Errors',
    namespace: 'Acme',
    alarmActions: ['arn:aws:sns:eu-central-1:111122223333:alarms'],
    ...props,
  });
}

/** One metric of an expression. */
export const query = (id: string, namespace: string, metricName: string, dimensions: CfnAlarm.DimensionProperty[] = []): CfnAlarm.MetricDataQueryProperty => ({
  id, returnData: false, metricStat: { metric: { namespace, metricName, dimensions }, period: 60, stat: 'Sum' },
});
