import { migrationEnd, type PhaseConfiguration } from '../../broker/contract';
import { BROKER_METRICS, type BrokerMetricName, type Reason, REASONS } from '../../broker/operations/contract';
import type { RouteName } from '../../broker/protocol/contract';
import type { Clock } from './ports';

export interface MetricsProps {
  readonly write: (line: string) => void;
  /** Of CloudWatch; of one broker alone, so that there are no dimensions. */
  readonly namespace: string;
  readonly phase: PhaseConfiguration;
  readonly clock: Clock;
}

/** What is counted of a call. */
export interface Measured {
  /** @default - no worker asked, or for nothing that there is */
  readonly route?: RouteName;
  /** @default - it was not refused, or to somebody who may call the function itself: no worker was */
  readonly reason?: Reason;
  readonly isSharedKey?: boolean;
  readonly latencyMs: number;
}

export type Metrics = (measured: Measured) => void;

const DAY = 86_400;

/** One line in CloudWatch's embedded metric format for each call, whoever made it: a call without a line is one whose record is missing, too. What did not happen is not in it. */
export function createMetrics({ write, namespace, phase, clock }: MetricsProps): Metrics {
  return ({ route, reason, isSharedKey = false, latencyMs }) => {
    const now = clock();
    const counted = new Set<BrokerMetricName>([BROKER_METRICS.requests, ...(reason === undefined ? [] : refusalMetrics(reason))]);
    if (reason === undefined && route === 'checkout') counted.add(BROKER_METRICS.checkouts);
    const values: Partial<Record<BrokerMetricName, number>> = Object.fromEntries([...counted].map((name) => [name, 1]));
    values[BROKER_METRICS.duration] = latencyMs / 1000;
    if (phase.kind === 'migration') {
      values[BROKER_METRICS.sharedKeys] = isSharedKey ? 1 : 0;
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
