import { NotEvaluatedError } from './not-evaluated';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** One value for each period, the oldest first; undefined where there is none. */
export type Series = readonly (number | undefined)[];

export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** When an alarm rings, by its own properties (CloudFormation, AWS::CloudWatch::Alarm). */
export interface Trigger {
  readonly comparison: string;
  readonly threshold: number;
  /** N. */
  readonly evaluationPeriods: number;
  /** M. */
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * How many periods CloudWatch looks back: more than it evaluates. The guide's examples look at 5 where 3 are evaluated, and it says that the number depends on the
 * period without saying how, so that two more is our reading.
 */
export const RANGE_BEYOND = 2;

/**
 * In which state an alarm is with these data points (CloudWatch guide, "Configuring how CloudWatch alarms treat missing data"; its tables are in the tests).
 *
 * - Where there are N real points in the range, the newest N decide, and missing ones mean nothing.
 * - Where there are fewer, as many as are lacking are filled in; all real ones count.
 * - With `missing` and `ignore` nothing is filled in. A point that is not breaching says OK, unless M others are. Where there are only breaching ones, and the oldest
 *   is at least M periods old, `missing` rings ("avoiding premature transitions"); one that is younger leaves it without enough data, which only an older edition of
 *   the guide says in so many words. `ignore` leaves it as it was.
 *
 * @param before the state before
 */
export function stateOf(series: Series, trigger: Trigger, before: AlarmState): AlarmState {
  const compare = Object.hasOwn(COMPARISONS, trigger.comparison) ? COMPARISONS[trigger.comparison] : undefined;
  // Those of bands ask what an anomaly is.
  if (compare === undefined) throw new NotEvaluatedError(`the comparison ${trigger.comparison} is not evaluated`);
  const { evaluationPeriods, datapointsToAlarm, missingData, threshold } = trigger;
  const range = series.slice(-(evaluationPeriods + RANGE_BEYOND)).map((value) => (value === undefined ? undefined : compare(value, threshold)));
  const real = range.filter((isBreaching) => isBreaching !== undefined).slice(-evaluationPeriods);
  const breaching = real.filter((isBreaching) => isBreaching).length;
  const lacking = evaluationPeriods - real.length;
  const rings = (count: number): AlarmState => (count >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (lacking === 0) return rings(breaching);
  if (missingData === 'breaching') return rings(breaching + lacking);
  if (missingData === 'notBreaching') return rings(breaching);
  if (breaching >= datapointsToAlarm || breaching < real.length) return rings(breaching);
  if (missingData === 'ignore') return before;
  const oldest = range.indexOf(true);
  return oldest >= 0 && range.length - oldest >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}
