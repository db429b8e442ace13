import {
  ALLOWED_PART, COUNT_PART, CUT_BY, GATE_METRICS, type GateMetricName, LIMITED_BY, metricPart, REFUSED_PART, STATUS_CLASSES, SUM_PART,
} from '../../../observability/contract';

/** Units of CloudWatch (API reference, `MetricDatum`). */
export type MetricUnit = 'Count' | 'Seconds' | 'Bytes';

export interface MetricRow {
  readonly name: GateMetricName;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly unit: MetricUnit;
  /** @default - there is one series */
  readonly label?: MetricLabel;
}

export interface MetricLabel {
  readonly name: string;
  /** Whose series are there from the beginning, so that the first of a kind is seen as an increase. */
  readonly values: readonly string[];
  /** What values are called in CloudWatch; several may have one name, and what has none is in the sum alone. @default - there are no parts */
  readonly part?: (value: string) => string | undefined;
  readonly parts?: readonly string[];
}

const same = (value: string): string => value;
const listed = (name: string, values: readonly string[]): MetricLabel => ({ name, values, part: same, parts: values });

/** In seconds; from what a warm gate takes to a long answer of a model. Streams may take longer, and are in the last. */
export const DURATION_BUCKETS: readonly number[] = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 300];

/** Nobody was told anything: the caller had gone. */
export const NO_STATUS = 'none';
/** A number that is no status; nobody can make series of them. */
export const OTHER_STATUS = 'other';

const statusClass = (status: string): string | undefined => STATUS_CLASSES.find((name) => name[0] === status[0]);

/** Everything that a gate measures. No label says who called, or what. */
export const METRIC_TABLE: readonly MetricRow[] = [
  {
    name: GATE_METRICS.requests,
    kind: 'counter',
    unit: 'Count',
    help: 'Requests by the status that the caller was told; none where nobody was told anything.',
    label: { name: 'status', values: [], part: statusClass, parts: STATUS_CLASSES },
  },
  { name: GATE_METRICS.allowed, kind: 'counter', unit: 'Count', help: 'Requests whose caller was proven.' },
  { name: GATE_METRICS.blocked, kind: 'counter', unit: 'Count', help: 'Requests whose caller was not proven.' },
  { name: GATE_METRICS.limited, kind: 'counter', unit: 'Count', help: 'Requests that were refused with 429, by the budget that was spent.', label: listed('by', LIMITED_BY) },
  {
    name: GATE_METRICS.uncounted,
    kind: 'counter',
    unit: 'Count',
    help: 'Requests that were let through, or refused, while Redis was away.',
    label: { name: 'allowed', values: ['true', 'false'], part: (value) => (value === 'true' ? ALLOWED_PART : REFUSED_PART), parts: [ALLOWED_PART, REFUSED_PART] },
  },
  { name: GATE_METRICS.leasesOpen, kind: 'gauge', unit: 'Count', help: 'Streams of this gate that hold a lease.' },
  { name: GATE_METRICS.leasesLost, kind: 'counter', unit: 'Count', help: 'Leases that could not be kept.' },
  { name: GATE_METRICS.streamsCut, kind: 'counter', unit: 'Count', help: 'Streams that the gate ended, by the reason.', label: listed('by', CUT_BY) },
  { name: GATE_METRICS.keySetAge, kind: 'gauge', unit: 'Seconds', help: 'How long ago the issuer was asked for the signing keys that are in use.', label: { name: 'issuer', values: [] } },
  { name: GATE_METRICS.lockedDown, kind: 'gauge', unit: 'Count', help: '1 while the lockdown flag is set.' },
  { name: GATE_METRICS.auditLost, kind: 'counter', unit: 'Count', help: 'Audit records that were never written, and requests of gates that were killed.' },
  { name: GATE_METRICS.duration, kind: 'histogram', unit: 'Seconds', help: 'From the end of the headers until the request was over, streams included.' },
  { name: GATE_METRICS.memory, kind: 'gauge', unit: 'Bytes', help: 'Resident memory of the process.' },
  { name: GATE_METRICS.loopDelay, kind: 'gauge', unit: 'Seconds', help: 'The longest that the event loop was late in the last one to two minutes.' },
];

/** The names that a row has in CloudWatch. */
export function cloudWatchNames({ name, kind, label }: MetricRow): readonly string[] {
  if (kind === 'histogram') return [SUM_PART, COUNT_PART].map((part) => metricPart(name, part));
  return [name, ...(label?.parts ?? []).map((part) => metricPart(name, part))];
}
