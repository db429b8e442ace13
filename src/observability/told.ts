import { Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

/** The ARNs of the topics that hear each alarm of ours: none where whoever made it named nobody. */
const hearers = new WeakMap<IConstruct, Set<string>>();

/** Both when it starts and when it ends, and each topic once. */
export function told(alarm: cloudwatch.Alarm, topic: ITopic | undefined): cloudwatch.Alarm {
  const heard = hearers.get(alarm) ?? new Set<string>();
  hearers.set(alarm, heard);
  if (topic && !heard.has(topic.topicArn)) {
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    heard.add(topic.topicArn);
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
    if (one instanceof cloudwatch.Alarm && hearers.get(one)?.size === 0 && isReachable(one)) told(one, topic);
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
