import type { TemplateGraph } from '../../checks/template/template-graph';
import type { EdgeModel, Place } from '../edge/model';
import type { Dimensions } from './series';
import type { Trigger } from './state';

/** What some templates watch, and whom they tell. */
export interface AlarmModel {
  readonly alarms: readonly AlarmReading[];
  readonly composites: readonly CompositeReading[];
  /** Bodies of Contributor Insights rules by their names, as far as the templates say them. */
  readonly insightRules: ReadonlyMap<string, string>;
  /** What callers meet: where the measurements come from. */
  readonly edge: EdgeModel;
  readonly graph: TemplateGraph;
}

/** One alarm on a metric, or on metric math, as its template has it. */
export interface AlarmReading {
  readonly place: Place;
  /** What a composite's rule and an action call it: its name, or a hole that names the resource. */
  readonly names: readonly string[];
  readonly trigger: Trigger;
  /** What it looks at, by id; one that is called nothing is looked at alone. */
  readonly metrics: readonly MetricReading[];
  /** The id of the one that is compared with the threshold. */
  readonly returned: string;
}

export type MetricReading = MetricStat | MetricExpression;

export interface MetricStat {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly statistic: string;
  readonly periodSeconds: number;
  /** Measurements of another unit are not looked at (CloudWatch API reference, MetricStat). @default - any */
  readonly unit?: string;
}

export interface MetricExpression {
  readonly id: string;
  readonly expression: string;
  /** Undefined where the metrics that it is made of say it. */
  readonly periodSeconds?: number;
}

export interface CompositeReading {
  readonly place: Place;
  readonly names: readonly string[];
  readonly rule: string;
}

export function isStat(metric: MetricReading): metric is MetricStat {
  return 'statistic' in metric;
}
