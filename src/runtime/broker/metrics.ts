import { migrationEnd, type PhaseConfiguration } from '../../broker/contract';
import { BROKER_METRICS, type BrokerMetricName, type Reason, REASONS } from '../../broker/operations/contract';
import type { RouteName } from '../../broker/protocol/contract';
import type { Clock } from './ports';
import type { Verdict } from './verdict';

export interface MetricsProps {
  readonly write: (line: string) => void;
  /** Of CloudWatch; of one broker alone, so that there are no dimensions. */
  readonly namespace: string;
  readonly phase: PhaseConfiguration;
  readonly clock: Clock;
}

export interface Measured extends Verdict {
  readonly route?: RouteName;
  readonly latencyMs: number;
}

export type Metrics = (measured: Measured) => void;

const DAY = 86_400;

/** One line in CloudWatch's embedded metric format for each request; what did not happen is not in it. */
export function createMetrics({ write, namespace, phase, clock }: MetricsProps): Metrics {
  return ({ route, outcome, notes, latencyMs }) => {
    const now = clock();
    const counted = new Set<BrokerMetricName>([BROKER_METRICS.requests, ...(outcome.kind === 'refused' ? refusalMetrics(outcome.reason) : [])]);
    if (outcome.kind === 'granted' && route === 'checkout') counted.add(BROKER_METRICS.checkouts);
    const values: Partial<Record<BrokerMetricName, number>> = Object.fromEntries([...counted].map((name) => [name, 1]));
    values[BROKER_METRICS.duration] = latencyMs / 1000;
    if (phase.kind === 'migration') {
      values[BROKER_METRICS.sharedKeys] = notes.isSharedKey === true ? 1 : 0;
      values[BROKER_METRICS.migrationDays] = Math.max(0, Math.ceil((migrationEnd(phase.until) - now / 1000) / DAY));
    }
    const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: unitOf(Name) }));
    write(`${JSON.stringify({ _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[]], Metrics }] }, event: 'metrics', ...values })}\n`);
  };
}

function refusalMetrics(reason: Reason): readonly BrokerMetricName[] {
  const refusal = REASONS[reason];
  return [
    ...(refusal === 'unauthenticated' || refusal === 'forbidden' ? [BROKER_METRICS.refusals] : []),
    ...(refusal === 'forbidden' ? [BROKER_METRICS.forbidden] : []),
    ...(refusal === 'unavailable' ? [BROKER_METRICS.failures] : []),
    ...(refusal === 'too-many' ? [BROKER_METRICS.limited] : []),
    ...(reason === 'replayed' ? [BROKER_METRICS.replays] : []),
    ...(reason === 'spent-join' ? [BROKER_METRICS.spentJoins] : []),
  ];
}

function unitOf(name: string): string {
  if (name === BROKER_METRICS.duration) return 'Seconds';
  return name === BROKER_METRICS.migrationDays ? 'None' : 'Count';
}
