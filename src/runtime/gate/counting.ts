import type { RateConfiguration } from '../../gate/rate/contract';
import { keepPresence } from './audit/presence';
import type { RunningAudit } from './audit';
import { createLimiter, openRedis } from './limiter';
import type { GateMetrics } from './metrics';
import type { Clock, Lease, Limiter, Log } from './ports';

export interface CountingParts {
  readonly audit: RunningAudit;
  readonly metrics: GateMetrics;
  readonly log: Log;
  readonly clock: Clock;
  /** An empty one is refused by Redis, and so by the limiter. */
  readonly password: string;
}

/** What gates do together, by way of Redis. */
export interface Counting {
  readonly limiter: Limiter;
  /** Once nothing is under way any more: gives back what is held. Says nothing afterwards. */
  stop(): Promise<void>;
  /** Says goodbye to the other gates, once all records are out: who dies without it is missed. */
  leave(): Promise<void>;
}

const ENDLESS: Lease = { lost: new AbortController().signal, release: () => undefined };

/** Where nothing is configured to count, nothing is counted; and nobody knows of other gates, nor they of this one. */
const NOTHING: Counting = {
  limiter: { take: ({ isStream }) => Promise.resolve({ headers: {}, ...(isStream && { lease: ENDLESS }) }), lease: () => Promise.resolve(ENDLESS) },
  stop: () => Promise.resolve(),
  leave: () => Promise.resolve(),
};

export function startCounting(rate: RateConfiguration | undefined, { audit, metrics, log, clock, password }: CountingParts): Counting {
  if (!rate) return NOTHING;
  const redis = openRedis(rate.redis, { password, log });
  const limiter = createLimiter(rate, { redis, log, metrics });
  const presence = keepPresence(redis, { prefix: rate.redis.keyPrefix, audit, clock, log, metrics });
  return {
    limiter,
    stop: async () => {
      await limiter.stop();
      await presence.stop();
    },
    leave: async () => {
      await presence.leave();
      await redis.stop();
    },
  };
}
