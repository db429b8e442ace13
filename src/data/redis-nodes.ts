import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** As Amazon ElastiCache names nodes: `<group>-001`, and `<group>-0001-001` where the cluster mode is on (ElastiCache guide, "Finding a cluster's nodes"). */
export function nodeNames(group: string, shards: number, nodes: number, isCluster: boolean): string[][] {
  const numbered = (digits: number) => (_: unknown, index: number): string => String(index + 1).padStart(digits, '0');
  const ends = Array.from({ length: nodes }, numbered(3));
  if (!isCluster) return [ends.map((end) => `${group}-${end}`)];
  return Array.from({ length: shards }, numbered(4)).map((shard) => ends.map((end) => `${group}-${shard}-${end}`));
}

/** What the node tells that tells the highest. */
export function highestOf(nodes: readonly string[], metricName: string, { period, color, label = metricName, ...each }: cloudwatch.MetricOptions = {}): cloudwatch.MathExpression {
  const usingMetrics = Object.fromEntries(nodes.map((CacheClusterId, index) => [
    `n${index + 1}`, new cloudwatch.Metric({ namespace: 'AWS/ElastiCache', metricName, dimensionsMap: { CacheClusterId }, statistic: cloudwatch.Stats.MAXIMUM, ...each }),
  ]));
  return new cloudwatch.MathExpression({ expression: `MAX([${Object.keys(usingMetrics).join(', ')}])`, usingMetrics, period, color, label });
}
