import { isJsonMap } from '../../checks/template/template';
import { mapsIn } from '../json';

/** One measurement, as CloudWatch takes it. */
export interface Measurement {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
  /** Of `MetricDatum` (CloudWatch API reference). @default None */
  readonly unit?: string;
}

/** Values by name. A metric is its namespace, its name and exactly these: what has one dimension more is another metric (CloudWatch guide, "CloudWatch concepts"). */
export type Dimensions = Readonly<Record<string, string>>;

/** A line of a log that is JSON. */
export type LogEvent = Readonly<Record<string, unknown>>;

/** Everything that alarms may look at. */
export interface Telemetry {
  readonly measurements: readonly Measurement[];
  /** What Contributor Insights reads, with the time at which it was written. */
  readonly events: readonly { readonly at: number; readonly event: LogEvent }[];
}

export const NOTHING: Telemetry = { measurements: [], events: [] };

export function together(...parts: readonly Telemetry[]): Telemetry {
  return { measurements: parts.flatMap(({ measurements }) => measurements), events: parts.flatMap(({ events }) => events) };
}

/** The same as if it had happened at another time: all of it at once. */
export function allAt(at: number, { measurements, events }: Telemetry): Telemetry {
  return { measurements: measurements.map((each) => ({ ...each, at })), events: events.map(({ event }) => ({ at, event })) };
}

/**
 * The measurements in a line of CloudWatch's embedded metric format: one for each metric and set of dimensions of each directive (CloudWatch guide,
 * "Specification: Embedded metric format"). None where the line is another one.
 */
export function measurementsIn(line: LogEvent): Measurement[] {
  const meta = line._aws;
  if (!isJsonMap(meta) || typeof meta.Timestamp !== 'number') return [];
  const at = meta.Timestamp;
  return mapsIn(meta.CloudWatchMetrics).flatMap(({ Namespace, Dimensions: sets, Metrics }) => {
    const dimensions = (Array.isArray(sets) && sets.length > 0 ? sets as readonly (readonly string[])[] : [[]]).map((names) => Object.fromEntries(names.map((name) => [name, String(line[name])])));
    return dimensions.flatMap((set) => mapsIn(Metrics).flatMap(({ Name, Unit }) => valuesOf(line[String(Name)]).map((value): Measurement => (
      { namespace: String(Namespace), name: String(Name), dimensions: set, at, value, ...(typeof Unit === 'string' && { unit: Unit }) }
    ))));
  });
}

/** A metric's target may be a number, or a list of up to a hundred. */
function valuesOf(target: unknown): number[] {
  return (Array.isArray(target) ? target as readonly unknown[] : [target]).filter((value): value is number => typeof value === 'number');
}

export function sameDimensions(one: Dimensions, other: Dimensions): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
