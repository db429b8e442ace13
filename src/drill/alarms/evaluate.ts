import { ruleHolds } from './alarm-rule';
import { insightMetric, insightRuleOf } from './insight-rule';
import { evaluateMath, type MathValue } from './metric-math';
import { type AlarmModel, type AlarmReading, isStat, type MetricReading, type MetricStat } from './model';
import { NotEvaluatedError } from './not-evaluated';
import { sameDimensions, type Telemetry } from './series';
import { type AlarmState, RANGE_BEYOND, type Series, stateOf } from './state';
import { statisticOf } from './statistic';

/** How often CloudWatch looks at an alarm (CloudWatch guide, "Evaluating an alarm"): each minute, and each 10 s where its period is shorter than a minute. */
const EVERY_SECONDS = 60;
const OFTEN_SECONDS = 10;

/** From when to when alarms are looked at, in milliseconds since 1970; both on a full minute. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How alarms of some templates behave over what was measured: ministack's own CloudWatch knows neither math nor dimensions nor missing data nor M of N (its services/cloudwatch.py). */
export class Evaluation {
  public constructor(private readonly model: AlarmModel, private readonly telemetry: Telemetry) {}

  /** The states of an alarm, one for each time that it is looked at, the last at the end of the span; before the first it has not enough data. */
  public statesOf(alarm: AlarmReading, span: Span): AlarmState[] {
    const periodSeconds = this.periodOf(alarm);
    const step = 1000 * (periodSeconds < EVERY_SECONDS ? OFTEN_SECONDS : EVERY_SECONDS);
    const states: AlarmState[] = [];
    for (let now = span.from + step; now <= span.to; now += step) {
      const series = this.seriesOf(alarm, { now, periodMs: 1000 * periodSeconds, length: alarm.trigger.evaluationPeriods + RANGE_BEYOND });
      states.push(stateOf(series, alarm.trigger, states.at(-1) ?? 'INSUFFICIENT_DATA'));
    }
    return states;
  }

  /** Whether the rule of a composite holds when its alarms are in these states, by name. */
  public compositeHolds(rule: string, states: ReadonlyMap<string, AlarmState>): boolean {
    return ruleHolds(rule, (name) => {
      const state = [...states].find(([known]) => known === name || name.endsWith(`:alarm:${known}`))?.[1];
      if (state === undefined) throw new NotEvaluatedError(`the state of ${name} is not known`);
      return state;
    });
  }

  /** All metrics of an alarm have one period (CloudWatch guide, "Alarms on math expressions"). */
  public periodOf({ metrics }: AlarmReading): number {
    return metrics.find(isStat)?.periodSeconds ?? metrics.flatMap((metric) => (isStat(metric) ? [] : metric.periodSeconds ?? []))[0] ?? EVERY_SECONDS;
  }

  private seriesOf({ metrics, returned }: AlarmReading, window: Window): Series {
    const variable = (id: string): MathValue | undefined => {
      const metric = metrics.find((each) => each.id === id);
      return metric && this.valueOf(metric, window, variable);
    };
    const value = variable(returned);
    if (value === undefined || typeof value === 'number' || value.some(Array.isArray)) throw new NotEvaluatedError('what it looks at is not one series');
    return value as Series;
  }

  private valueOf(metric: MetricReading, window: Window, variable: (id: string) => MathValue | undefined): MathValue {
    if (isStat(metric)) return this.measured(metric, window);
    return evaluateMath(metric.expression, {
      length: window.length,
      // Nothing is made of itself.
      variable: (id) => (id === metric.id ? undefined : variable(id)),
      insight: (rule, name) => this.insight(rule, name, window),
    });
  }

  private measured({ namespace, name, dimensions, statistic, unit }: MetricStat, window: Window): Series {
    const meant = this.telemetry.measurements.filter((each) => (
      each.namespace === namespace && each.name === name && sameDimensions(each.dimensions, dimensions) && (unit === undefined || (each.unit ?? 'None') === unit)
    ));
    return periods(window, meant).map((points) => statisticOf(statistic, points.map(({ value }) => value)));
  }

  private insight(rule: string, metric: string, window: Window): Series {
    const body = this.model.insightRules.get(rule);
    if (body === undefined) throw new NotEvaluatedError(`the templates have no rule of Contributor Insights called ${rule}`);
    const parsed = insightRuleOf(body);
    return periods(window, this.telemetry.events).map((events) => insightMetric(parsed, metric, events.map(({ event }) => event)));
  }
}

/** The periods that end now, as many as are looked at. */
interface Window {
  readonly now: number;
  readonly periodMs: number;
  readonly length: number;
}

/** What falls into each period, the oldest first. */
function periods<T extends { readonly at: number }>({ now, periodMs, length }: Window, all: readonly T[]): T[][] {
  return Array.from({ length }, (_, index) => {
    const end = now - (length - 1 - index) * periodMs;
    return all.filter(({ at }) => at >= end - periodMs && at < end);
  });
}
