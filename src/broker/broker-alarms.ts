import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeElb, HttpCodeTarget, type IApplicationLoadBalancerMetrics } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ALARM_METADATA } from '../observability/alarm-contract';
import type { AlarmFacts, Silence } from '../observability/alarm-facts';
import { DEFAULT_FIGURES } from '../observability/alarm-thresholds';
import { told } from '../observability/told';
import { type BrokerAlarmName, brokerFactsOf } from './broker-alarm-facts';
import { BROKER_METRICS, type BrokerMetricName } from './operations/contract';
import type { WorkerRefusals } from './worker-refusals';

/** What the broker tells of itself. */
export interface BrokerReadings {
  readonly namespace: string;
  readonly handler: lambda.IFunction;
  readonly edge: IApplicationLoadBalancerMetrics;
  readonly refusals: WorkerRefusals;
  readonly migrates: boolean;
}

/** From how many days on the end of a migration is near (ours): a week of work. */
const NEAR_DAYS = 7;

const COMPARISONS: Readonly<Record<AlarmFacts['sounds'], cloudwatch.ComparisonOperator>> = {
  'at least': cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  'above': cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  'below': cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
};

const SILENCES: Readonly<Record<Silence, cloudwatch.TreatMissingData>> = {
  breaching: cloudwatch.TreatMissingData.BREACHING,
  notBreaching: cloudwatch.TreatMissingData.NOT_BREACHING,
  ignore: cloudwatch.TreatMissingData.IGNORE,
};

/** One of the broker's own figures; by default the sum of five minutes. */
export function brokerMetric(namespace: string, metricName: BrokerMetricName, period = Duration.minutes(5), statistic: string = cloudwatch.Stats.SUM): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace, metricName, period, statistic });
}

/** One alarm, as its facts have it. */
export const brokerAlarm = (parent: Construct, name: BrokerAlarmName, metric: cloudwatch.IMetric, topic: ITopic | undefined): cloudwatch.Alarm => {
  const { means, sounds, limit, of: [datapointsToAlarm, evaluationPeriods], silence, first, page } = brokerFactsOf(name);
  const alarm = new cloudwatch.Alarm(parent, name, {
    metric,
    alarmDescription: `${parent.node.path}: ${means} First: ${first} docs/${page}`,
    threshold: limit(DEFAULT_FIGURES),
    comparisonOperator: COMPARISONS[sounds],
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: SILENCES[silence],
  });
  if (alarm.node.defaultChild instanceof cloudwatch.CfnAlarm) alarm.node.defaultChild.addMetadata(ALARM_METADATA, name);
  return told(alarm, topic);
};

/** What every broker is watched for. */
export function brokerAlarms(parent: Construct, { namespace, handler, edge, refusals, migrates }: BrokerReadings, topic: ITopic | undefined): cloudwatch.Alarm[] {
  const period = (name: BrokerAlarmName): Duration => Duration.minutes(brokerFactsOf(name).minutes);
  const own = (name: BrokerAlarmName, metric: BrokerMetricName): cloudwatch.Metric => brokerMetric(namespace, metric, period(name));
  const readings: Partial<Record<BrokerAlarmName, cloudwatch.IMetric>> = {
    BrokerRefusals: own('BrokerRefusals', BROKER_METRICS.refusals),
    BrokerReplays: own('BrokerReplays', BROKER_METRICS.replays),
    BrokerSpentJoin: own('BrokerSpentJoin', BROKER_METRICS.spentJoins),
    BrokerForbidden: refusals.metricOfHighest(period('BrokerForbidden')),
    BrokerStores: own('BrokerStores', BROKER_METRICS.failures),
    BrokerEdgeClientErrors: edgeErrors(edge, HttpCodeElb.ELB_4XX_COUNT, HttpCodeTarget.TARGET_4XX_COUNT, period('BrokerEdgeClientErrors')),
    BrokerEdgeServerErrors: edgeErrors(edge, HttpCodeElb.ELB_5XX_COUNT, HttpCodeTarget.TARGET_5XX_COUNT, period('BrokerEdgeServerErrors')),
    BrokerErrors: handler.metricErrors({ period: period('BrokerErrors'), statistic: cloudwatch.Stats.SUM }),
    BrokerThrottles: handler.metricThrottles({ period: period('BrokerThrottles'), statistic: cloudwatch.Stats.SUM }),
    BrokerUnrecorded: unrecorded(namespace, handler, period('BrokerUnrecorded')),
    ...(migrates && { BrokerLegacyKeys: legacyKeys(namespace, period('BrokerLegacyKeys')) }),
  };
  return (Object.entries(readings) as [BrokerAlarmName, cloudwatch.IMetric][]).map(([name, metric]) => brokerAlarm(parent, name, metric, topic));
}

function edgeErrors(edge: IApplicationLoadBalancerMetrics, own: HttpCodeElb, ofTarget: HttpCodeTarget, period: Duration): cloudwatch.MathExpression {
  const statistic = cloudwatch.Stats.SUM;
  return new cloudwatch.MathExpression({
    expression: 'FILL(own, 0) + FILL(target, 0)',
    usingMetrics: { own: edge.httpCodeElb(own, { period, statistic }), target: edge.httpCodeTarget(ofTarget, { period, statistic }) },
    period,
    label: 'Errors that workers were answered',
  });
}

/** Metrics and records are lines of one kind, so that whoever finds none of the one finds none of the other. */
function unrecorded(namespace: string, handler: lambda.IFunction, period: Duration): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: 'IF(FILL(requests, 0) > 0, 0, calls)',
    usingMetrics: { calls: handler.metricInvocations({ period, statistic: cloudwatch.Stats.SUM }), requests: brokerMetric(namespace, BROKER_METRICS.requests, period) },
    period,
    label: 'Calls that left no line',
  });
}

function legacyKeys(namespace: string, period: Duration): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `IF(days <= ${NEAR_DAYS}, shared, 0)`,
    usingMetrics: {
      days: brokerMetric(namespace, BROKER_METRICS.migrationDays, period, cloudwatch.Stats.MINIMUM),
      shared: brokerMetric(namespace, BROKER_METRICS.sharedKeys, period),
    },
    period,
    label: 'Requests with the shared key, in its last week',
  });
}
