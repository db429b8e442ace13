import type { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmName } from './alarm-facts';

/** What an alarm looks at, and from where on it sounds; anything else about it follows from its name. */
export interface Watch {
  readonly name: AlarmName;
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
}

const standing = new WeakMap<Stack, Map<string, cloudwatch.Alarm>>();

/** All of a metric but how it is drawn. */
function gistOf(metric: cloudwatch.IMetric): unknown {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (!mathExpression) return { ...metricStat, period: metricStat?.period.toSeconds() };
  return { ...mathExpression, usingMetrics: Object.entries(mathExpression.usingMetrics).map(([id, used]) => [id, gistOf(used)]) };
}

/**
 * The one alarm of a stack on something, made by whoever is the first to look at it: a second one would tell nothing more (MON-1).
 *
 * Tokens are compared as they are. Resolved they could be the same for resources of two stacks, and then one of these would be watched by nobody.
 */
export function oneInStack(stack: Stack, { name, metric, threshold }: Watch, make: () => cloudwatch.Alarm): cloudwatch.Alarm {
  const known = standing.get(stack) ?? new Map<string, cloudwatch.Alarm>();
  standing.set(stack, known);
  const gist = JSON.stringify([name, threshold, gistOf(metric)]);
  const alarm = known.get(gist) ?? make();
  known.set(gist, alarm);
  return alarm;
}
