import type { MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client';
import { COUNT_PART, METRICS_INTERVAL_SECONDS, metricPart, SUM_PART } from '../../../observability/contract';
import type { Wait } from '../../shared/wait';
import type { Clock } from '../ports';
import type { GateMetrics } from './create';
import { cloudWatchNames, METRIC_TABLE, type MetricRow } from './table';

/** The value of `event` in lines of metrics. */
export const METRICS_EVENT = 'metrics';

export interface EmfProps {
  /** Takes whole lines. */
  readonly output: { write(line: string): unknown };
  /** Of CloudWatch. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly wait: Wait;
}

type Reading = ReadonlyMap<string, number>;

/**
 * Once a minute, one line in CloudWatch's embedded metric format: what CloudWatch Logs finds in a log, it makes metrics of, without an agent and without a right of the task.
 *
 * Counters are what was added since the line before; a gate that is killed loses a minute of them at most. There are no dimensions: a namespace belongs to one gate, and its tasks are added up.
 */
export function startEmf({ registry }: GateMetrics, { output, namespace, clock, wait }: EmfProps): { stop(): Promise<void> } {
  let before: Reading = new Map();
  const isStopped = { now: false };
  const write = async (): Promise<void> => {
    try {
      const reading = await read(registry);
      output.write(`${JSON.stringify(lineOf(reading, before, namespace, clock()))}\n`);
      // Only once it is out: what could not be written is in the next line.
      before = reading;
    } catch {
      // Nobody is stopped by what measures him.
    }
  };
  const loop = async (): Promise<void> => {
    await wait(METRICS_INTERVAL_SECONDS * 1000);
    while (!isStopped.now) {
      await write();
      await wait(METRICS_INTERVAL_SECONDS * 1000);
    }
  };
  void loop();
  let last: Promise<void> | undefined;
  return {
    stop: () => {
      isStopped.now = true;
      return last ??= write();
    },
  };
}

/** What is in the registry now, by the names of CloudWatch. */
async function read(registry: Registry): Promise<Reading> {
  const metrics = new Map((await registry.getMetricsAsJSON()).map((metric) => [metric.name, metric]));
  const reading = new Map<string, number>();
  for (const row of METRIC_TABLE) {
    for (const name of cloudWatchNames(row)) reading.set(name, 0);
    for (const [name, value] of valuesOf(row, metrics.get(row.name))) {
      const known = reading.get(name) ?? 0;
      reading.set(name, row.kind === 'gauge' ? Math.max(known, value) : known + value);
    }
  }
  return reading;
}

function valuesOf({ name, kind, label }: MetricRow, metric: MetricObjectWithValues<MetricValue<string>> | undefined): readonly (readonly [string, number])[] {
  const values: readonly Partial<MetricValueWithName<string>>[] = metric?.values ?? [];
  return values.flatMap(({ value = 0, labels = {}, metricName }) => {
    if (kind === 'histogram') return [SUM_PART, COUNT_PART].filter((part) => metricName === `${name}_${part}`).map((part) => [metricPart(name, part), value] as const);
    const part = label?.part?.(String(labels[label.name]));
    return [[name, value] as const, ...(part === undefined ? [] : [[metricPart(name, part), value] as const])];
  });
}

/** One set of metrics, without a dimension (AWS, "Specification: Embedded metric format": at most 100 metrics in a directive, and a set of dimensions may be empty). */
function lineOf(reading: Reading, before: Reading, namespace: string, now: number): Record<string, unknown> {
  const metrics = METRIC_TABLE.flatMap((row) => cloudWatchNames(row).map((name) => ({ row, name })));
  const values = metrics.map(({ row, name }) => {
    const value = reading.get(name) ?? 0;
    return [name, row.kind === 'gauge' ? value : value - (before.get(name) ?? 0)] as const;
  });
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{
        Namespace: namespace,
        Dimensions: [[]],
        Metrics: metrics.map(({ row, name }) => ({ Name: name, Unit: name.endsWith(`_${COUNT_PART}`) ? 'Count' : row.unit })),
      }],
    },
    event: METRICS_EVENT,
    ...Object.fromEntries(values),
  };
}
