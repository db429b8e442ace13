import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { GATE_METRICS, type GateMetricName, METRICS_INTERVAL_SECONDS } from '../../../observability/contract';
import type { Clock, Metrics } from '../ports';
import { DURATION_BUCKETS, METRIC_TABLE, type MetricRow, NO_STATUS, OTHER_STATUS } from './table';

export interface GateMetrics extends Metrics {
  readonly registry: Registry;
}

/** How finely the delay of the event loop is measured. Node's own default is 10; every measurement wakes the process. */
const LOOP_RESOLUTION_MS = 20;

/** Counts, in a registry of its own: two of them in one process share nothing. */
export function createMetrics({ clock }: { readonly clock: Clock }): GateMetrics {
  const registry = new Registry();
  /** By issuer: when it was asked, by our clock. */
  const askedAt = new Map<string, number>();
  const computed: Partial<Record<GateMetricName, (gauge: Gauge) => void>> = {
    [GATE_METRICS.keySetAge]: (gauge) => {
      for (const [issuer, at] of askedAt) gauge.set({ issuer }, Math.max(0, (clock() - at) / 1000));
    },
    [GATE_METRICS.memory]: (gauge) => gauge.set(process.memoryUsage.rss()),
    [GATE_METRICS.loopDelay]: loopDelay(clock),
  };
  const made = new Map(METRIC_TABLE.map((row) => [row.name, make(row, registry, computed[row.name])]));
  const counter = (name: GateMetricName, label?: string): (amount?: number) => void => {
    const found = made.get(name);
    if (!(found instanceof Counter)) throw new Error(`${name} is no counter.`);
    const child = label === undefined ? found : found.labels(label);
    return (amount) => child.inc(amount);
  };
  const gauge = (name: GateMetricName): Gauge => {
    const found = made.get(name);
    if (!(found instanceof Gauge)) throw new Error(`${name} is no gauge.`);
    return found;
  };
  /** Bound once: a name that is looked up anew costs more than the counting. */
  const counters = (name: GateMetricName): (label: string) => void => {
    const bound = new Map<string, () => void>();
    return (label) => {
      let count = bound.get(label);
      if (count === undefined) bound.set(label, count = counter(name, label));
      count();
    };
  };
  const duration = made.get(GATE_METRICS.duration);
  if (!(duration instanceof Histogram)) throw new Error(`${GATE_METRICS.duration} is no histogram.`);
  const request = counters(GATE_METRICS.requests);
  const limited = counters(GATE_METRICS.limited);
  const uncounted = counters(GATE_METRICS.uncounted);
  const cut = counters(GATE_METRICS.streamsCut);
  const allowed = counter(GATE_METRICS.allowed);
  const blocked = counter(GATE_METRICS.blocked);
  const leasesLost = counter(GATE_METRICS.leasesLost);
  const leasesOpen = gauge(GATE_METRICS.leasesOpen);
  const lockedDown = gauge(GATE_METRICS.lockedDown);
  return {
    registry,
    request: (status, latencyMs) => {
      request(statusLabel(status));
      duration.observe(latencyMs / 1000);
    },
    authentication: (isAllowed) => (isAllowed ? allowed : blocked)(),
    limited,
    uncounted: (isAllowed) => uncounted(String(isAllowed)),
    leases: (open) => leasesOpen.set(open),
    leaseLost: () => leasesLost(),
    keySetAge: (issuer, seconds) => void askedAt.set(issuer, clock() - seconds * 1000),
    lockedDown: (isLocked) => lockedDown.set(isLocked ? 1 : 0),
    auditLost: counter(GATE_METRICS.auditLost),
    streamCut: cut,
  };
}

/** Three digits are what HTTP has (RFC 9110, 15); what a Core makes up beyond them is one series. */
function statusLabel(status: number | undefined): string {
  if (status === undefined) return NO_STATUS;
  return Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : OTHER_STATUS;
}

function make({ name, kind, help, label }: MetricRow, registry: Registry, compute?: (gauge: Gauge) => void): Counter | Gauge | Histogram {
  const common = { name, help, registers: [registry], labelNames: label ? [label.name] : [] };
  if (kind === 'histogram') return new Histogram({ ...common, buckets: [...DURATION_BUCKETS] });
  if (kind === 'gauge') {
    const gauge: Gauge = new Gauge({ ...common, ...(compute && { collect: () => compute(gauge) }) });
    return gauge;
  }
  const counter = new Counter(common);
  for (const value of label?.values ?? []) counter.labels(value).inc(0);
  return counter;
}

/** The worst of the running interval and of the one before it: whoever asks once in an interval misses nothing, however many ask. */
function loopDelay(clock: Clock): (gauge: Gauge) => void {
  const histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  histogram.enable();
  let since = clock();
  let before = 0;
  return (gauge) => {
    // Its largest is 0 before the first measurement; what it measures includes the resolution.
    const running = Math.max(0, histogram.max / 1e9 - LOOP_RESOLUTION_MS / 1000);
    gauge.set(Math.max(before, running));
    if (clock() - since < METRICS_INTERVAL_SECONDS * 1000) return;
    since = clock();
    before = running;
    histogram.reset();
  };
}
