import { Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

/** Alarms of ours that tell nobody: whoever made them named no topic. */
const unheard = new WeakSet<IConstruct>();

/** Both when it starts and when it ends. */
export function told(alarm: cloudwatch.Alarm, topic: ITopic | undefined): cloudwatch.Alarm {
  if (topic) {
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    unheard.delete(alarm);
  } else {
    unheard.add(alarm);
  }
  return alarm;
}

/**
 * Has a topic told by those alarms of ours below a construct that tell nobody yet.
 *
 * Not by those of another stack than the topic's: the two might come to need each other.
 */
export function tellOfUnheard(parent: IConstruct, topic: ITopic): void {
  const isReachable = (alarm: IConstruct): boolean => !Token.isUnresolved(topic.topicArn) || Stack.of(alarm) === Stack.of(topic);
  for (const one of parent.node.findAll()) {
    if (one instanceof cloudwatch.Alarm && unheard.has(one) && isReachable(one)) told(one, topic);
  }
}

/** Whenever it happens once; where nothing is said, it did not. */
export function whenever(metric: cloudwatch.IMetric, alarmDescription: string): cloudwatch.AlarmProps {
  return {
    metric,
    alarmDescription,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  };
}
