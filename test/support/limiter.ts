import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BudgetConfiguration, PlanConfiguration, RateConfiguration } from '../../src/gate/rate/contract';
import { createLimiter, type LimiterParts, openRedis, type RedisConnection, type RunningLimiter } from '../../src/runtime/gate/limiter';
import type { Grant, Identity, Lease, LogEvent } from '../../src/runtime/gate/ports';
import { Refusal } from '../../src/runtime/gate/refusal';

/** C-31 and CX-31. */
export const PLAN: PlanConfiguration = {
  general: { requests: 600, windowSeconds: 60, burst: 20 },
  heavy: { requests: 60, windowSeconds: 60, burst: 10 },
  streams: 5,
};

/** Nothing comes back while a test runs: what was granted is exactly what is gone. */
export const hardlyRefilled = (requests: number): BudgetConfiguration => ({ requests, windowSeconds: 3600, burst: requests });

export function rateOf({ host, port }: { readonly host: string; readonly port: number }, user: string, rate: Partial<RateConfiguration> = {}, isCluster = false): RateConfiguration {
  return { plan: PLAN, overrides: [], onRedisLost: { kind: 'refuse' }, ...rate, redis: { host, port, user, keyPrefix: 'gate', isCluster } };
}

export function caller(subject: string, others: Partial<Identity> = {}): Identity {
  return { subject, proofs: new Set(['token']), scopes: new Set(), roles: new Set(), revocableAs: [], ...others };
}

/** What a limiter told of itself. */
export interface Told {
  readonly events: LogEvent[];
  readonly limited: string[];
  readonly uncounted: boolean[];
  readonly leases: number[];
  lost: number;
}

/** A limiter with a connection of its own, as a gate has them. */
export interface TestGate {
  readonly limiter: RunningLimiter;
  readonly redis: RedisConnection;
  readonly told: Told;
  take(identity: Identity | string, want?: { readonly tier?: 'light' | 'heavy'; readonly isStream?: boolean }): Promise<Outcome>;
  stop(): Promise<void>;
}

export type Outcome = Grant | Refusal;

export function testGate(rate: RateConfiguration, password: string, ca: string | undefined): TestGate {
  const told: Told = { events: [], limited: [], uncounted: [], leases: [], lost: 0 };
  const keep = (event: LogEvent): void => {
    told.events.push(event);
  };
  const log = { info: keep, warn: keep };
  const metrics: LimiterParts['metrics'] = {
    limited: (by) => void told.limited.push(by),
    uncounted: (isAllowed) => void told.uncounted.push(isAllowed),
    leases: (open) => void told.leases.push(open),
    leaseLost: () => {
      told.lost += 1;
    },
  };
  const redis = openRedis(rate.redis, { password, log, ...(ca !== undefined && { tls: { ca } }) });
  const limiter = createLimiter(rate, { redis, log, metrics });
  return {
    limiter,
    redis,
    told,
    take: (identity, { tier = 'light', isStream = false } = {}) => limiter.take({ identity: typeof identity === 'string' ? caller(identity) : identity, tier, isStream }).catch(refused),
    stop: async () => {
      await limiter.stop();
      await redis.stop();
    },
  };
}

export function refused(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

export const isGranted = (outcome: Outcome): outcome is Grant => !(outcome instanceof Refusal);
export const grants = (outcomes: readonly Outcome[]): Grant[] => outcomes.filter(isGranted);
export const leasesOf = (outcomes: readonly Outcome[]): Lease[] => grants(outcomes).flatMap(({ lease }) => lease ?? []);
/** `granted`, or why not. */
export const reasons = (outcomes: readonly Outcome[]): string[] => outcomes.map((outcome) => (outcome instanceof Refusal ? outcome.reason : 'granted'));

const PATIENCE_MS = 20_000;
const PAUSE_MS = 25;

/** Waits for what is to be seen, however long a busy machine takes. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(PAUSE_MS);
  }
  throw new Error('It never came to that.');
}

/** Waits until Redis counts again; each time somebody else asks. */
export async function connected(gate: TestGate): Promise<void> {
  await until(async () => isGranted(await gate.take(randomUUID(), { tier: 'heavy' })) || undefined);
}
