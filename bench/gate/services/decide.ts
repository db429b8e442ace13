import { createHash } from 'node:crypto';
import { revocationSort } from '../../../src/gate/contract';
import { openTable } from '../../../src/runtime/gate/identity/dynamo-table';
import { createLimiter, openRedis } from '../../../src/runtime/gate/limiter';
import { Refusal } from '../../../src/runtime/gate/refusal';
import { rateFor } from '../limits';
import type { ServiceSettings } from './settings';

export type Decide = (key: string | undefined) => Promise<200 | 401 | 429>;

const nothing = (): void => undefined;
const LOG = { info: nothing, warn: nothing };
const METRICS = { limited: nothing, uncounted: nothing, leases: nothing, leaseLost: nothing };
/** What the policies of these peers would look at; nobody has any. */
const NONE = { scopes: new Set<string>(), roles: new Set<string>(), proofs: new Set<'key'>(['key']) };

/** Key, revocation and limit, by the very modules of the gate: the same store and cache, the same client, batches and script. */
export async function openDecide({ table, redis, owner }: ServiceSettings): Promise<Decide> {
  const { keys, revocations } = openTable(table, { clock: Date.now, log: LOG });
  const rate = rateFor(redis, `gate:${owner}`);
  const limiter = createLimiter(rate, { redis: openRedis(rate.redis, { password: redis.password, log: LOG, tls: { ca: redis.caPem } }), log: LOG, metrics: METRICS });
  await revocations.start();
  return async (key) => {
    if (key === undefined) return 401;
    const digest = createHash('sha256').update(key).digest('hex');
    const record = await keys.find(digest);
    const revocableAs = [revocationSort('key', digest)];
    if (record === undefined || record.isRevoked || Date.now() >= record.validUntil * 1000 || revocations.isRevoked(revocableAs)) return 401;
    try {
      await limiter.take({ identity: { subject: record.owner, keyOwner: record.owner, revocableAs, ...NONE }, tier: 'light', isStream: false });
      return 200;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'rate_limited') return 429;
      throw error;
    }
  };
}
