import type { BudgetConfiguration, PlanConfiguration, RateConfiguration } from '../../src/gate/rate/contract';
import { AMPLE_REQUESTS, LIMITED_OWNER, LIMITED_REQUESTS } from './keys';

const budget = (requests: number): BudgetConfiguration => ({ requests, windowSeconds: 60, burst: requests });
const plan = (requests: number): PlanConfiguration => ({ general: budget(requests), heavy: budget(requests), streams: 100 });

/** Counted everywhere, reached by one caller alone; the same for all that decide by the gate's limiter. */
export function rateFor(redis: Pick<RateConfiguration['redis'], 'host' | 'port' | 'user'>, keyPrefix: string): RateConfiguration {
  return {
    redis: { host: redis.host, port: redis.port, user: redis.user, keyPrefix, isCluster: false },
    onRedisLost: { kind: 'refuse' },
    plan: plan(AMPLE_REQUESTS),
    overrides: [{ by: 'key', name: LIMITED_OWNER, plan: plan(LIMITED_REQUESTS) }],
  };
}
