import { NotEvaluatedError } from './not-evaluated';

type Statistic = (values: readonly number[]) => number;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);

/** CloudWatch guide, "CloudWatch statistics definitions". How percentiles are interpolated is not documented, so that none is computed here. */
const STATISTICS: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  SampleCount: (values) => values.length,
  Average: (values) => sum(values) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
};

/** One data point of what was measured in a period; undefined where nothing was. */
export function statisticOf(name: string, values: readonly number[]): number | undefined {
  const statistic = Object.hasOwn(STATISTICS, name) ? STATISTICS[name] : undefined;
  if (statistic === undefined) throw new NotEvaluatedError(`the statistic ${name} is not evaluated`);
  return values.length === 0 ? undefined : statistic(values);
}
