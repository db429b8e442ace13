import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** What a percentage is made of. The first of the metrics are parts, the rest what has to be added to them for the whole. */
export interface Share {
  readonly parts: readonly cloudwatch.Metric[];
  readonly rest: readonly cloudwatch.Metric[];
  /** Requests that a period has to have: one of two is no half. */
  readonly least: number;
  readonly period: Duration;
  readonly label: string;
}

/** A percentage with a floor: 0 where there is too little to speak of parts. What nothing was told of counts as 0. */
export function shareOf({ parts, rest, least, period, label }: Share): cloudwatch.MathExpression {
  const named = [...parts, ...rest].map((metric, index) => [`m${index + 1}`, metric] as const);
  const sum = (some: readonly (readonly [string, unknown])[]): string => some.map(([id]) => `FILL(${id}, 0)`).join(' + ');
  const whole = `(${sum(named)})`;
  return new cloudwatch.MathExpression({
    expression: `IF(${whole} >= ${least}, 100 * (${sum(named.slice(0, parts.length))}) / ${whole}, 0)`,
    usingMetrics: Object.fromEntries(named),
    period,
    label,
  });
}
