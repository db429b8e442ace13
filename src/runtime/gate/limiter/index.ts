import type { RateConfiguration } from '../../../gate/rate/contract';
import type { Grant, Identity, Lease, Limiter, Log, Metrics } from '../ports';
import { Refusal } from '../refusal';
import { headersOf, refusalOf, refusedBy, type Spending } from './answers';
import { type Alike, Batch, type Request, rowOf } from './batch';
import { Declined, type RedisConnection, Unasked } from './connection';
import type { Row, Verdict } from './decide-script';
import { LEASE_MICROS, Leases } from './leases';
import { LocalCounter } from './local';
import { type BudgetName, CallerKeyring, choosePlans, type PlanChoice } from './plans';

export { openRedis, RedisConnection, type RedisParts } from './connection';

/** What the limiter needs beside its configuration. */
export interface LimiterParts {
  readonly redis: RedisConnection;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'limited' | 'uncounted' | 'leases' | 'leaseLost'>;
}

export type RunningLimiter = Limiter & { stop(): Promise<void> };

/** A script keeps everybody else waiting: this many rows take about a millisecond. */
const MAX_ROWS = 200;

/** Counts in Redis, together with all other gates that have the same configuration (RTL-2 to RTL-5). Its end does not close the connection. */
export function createLimiter(rate: RateConfiguration, parts: LimiterParts): RunningLimiter {
  return new GateLimiter(rate, parts);
}

class GateLimiter implements RunningLimiter {
  private readonly leases: Leases;
  private readonly local: LocalCounter;
  private readonly keyring: CallerKeyring;
  private readonly choose: PlanChoice;
  private readonly chooseLocally?: PlanChoice;
  private readonly batch = new Batch((rows) => this.decideAll(rows));
  private isAlone = false;
  private isStopped = false;

  public constructor(rate: RateConfiguration, private readonly parts: LimiterParts) {
    this.leases = new Leases(parts.redis, parts.metrics, () => this.local.sweep());
    this.local = new LocalCounter(() => performance.now() * 1000, (key) => this.leases.openOf(key));
    this.keyring = new CallerKeyring(rate.redis.keyPrefix);
    this.choose = choosePlans(rate);
    this.chooseLocally = rate.onRedisLost.kind === 'count' ? choosePlans(rate, rate.onRedisLost.gates) : undefined;
  }

  public take({ identity, tier, isStream }: Parameters<Limiter['take']>[0]): Promise<Grant> {
    return this.ask(identity, tier === 'heavy' ? 'heavy' : 'general', isStream);
  }

  public async lease(identity: Identity): Promise<Lease> {
    const { lease } = await this.ask(identity, undefined, true);
    if (!lease) throw new Refusal('internal', 'no-lease');
    return lease;
  }

  public async stop(): Promise<void> {
    this.isStopped = true;
    await this.leases.stop();
  }

  private ask(identity: Identity, name: BudgetName | undefined, isStream: boolean): Promise<Grant> {
    return new Promise((resolve, reject) => {
      const keys = this.keyring.of(identity);
      this.batch.add({ identity, plan: this.choose(identity), name, keys, isStream, resolve, reject });
    });
  }

  private decideAll(rows: readonly Alike[]): void {
    for (const group of this.parts.redis.grouped(rows, ({ first }) => first.keys.streams)) {
      for (let first = 0; first < group.length; first += MAX_ROWS) void this.decide(group.slice(first, first + MAX_ROWS));
    }
  }

  private async decide(rows: readonly Alike[]): Promise<void> {
    const asked = rows.map((alike) => ({ alike, row: rowOf(alike, () => this.leases.newId()) }));
    const verdicts = await this.verdicts(asked.map(({ row }) => row));
    asked.forEach(({ alike, row }, index) => {
      if (verdicts instanceof Refusal) this.decideAlone(alike, row, verdicts);
      else this.settle(alike.requests, alike.first, row, verdicts[index] ?? NOTHING);
    });
  }

  private async verdicts(rows: readonly Row[]): Promise<readonly Verdict[] | Refusal> {
    // Nothing is kept open by a gate that ends.
    if (this.isStopped) return new Unasked('unavailable', 'stopping');
    try {
      const verdicts = await this.parts.redis.ask((client) => client.decide(LEASE_MICROS, rows));
      this.become(false);
      return verdicts;
    } catch (refusal) {
      return refusal instanceof Refusal ? refusal : new Refusal('unavailable', 'redis-gone');
    }
  }

  /** First come, first served. */
  private settle(requests: readonly Request[], spending: Spending, { streams }: Row, verdict: Verdict): void {
    const ids = streams?.ids ?? [];
    requests.forEach(({ plan, resolve, reject }, place) => {
      if (place >= verdict.granted) {
        this.parts.metrics.limited(refusedBy(spending, verdict));
        reject(refusalOf(spending, verdict, place));
        return;
      }
      const id = ids[place];
      // Whoever takes its place in Redis later has as many places there as all gates together.
      const lease = streams && id !== undefined ? this.leases.hold(id, { key: streams.key, places: plan.streams }) : undefined;
      resolve({ headers: headersOf(spending, verdict, place), ...(lease && { lease }) });
    });
  }

  /** RTL-6. What was asked and not answered may have been granted there, and is given back. */
  private decideAlone({ first, requests }: Alike, row: Row, refusal: Refusal): void {
    const { metrics } = this.parts;
    const ids = refusal instanceof Unasked ? [] : row.streams?.ids ?? [];
    if (!this.chooseLocally || first.name === 'heavy' || this.isStopped) {
      if (row.streams) this.leases.giveBack(row.streams.key, ids);
      requests.forEach(({ reject }) => {
        metrics.uncounted(false);
        reject(refusal);
      });
      return;
    }
    if (!(refusal instanceof Declined)) this.become(true);
    const spending = { plan: this.chooseLocally(first.identity), name: first.name };
    const verdict = this.local.decide(shareOf(row, spending));
    requests.forEach((_, place) => metrics.uncounted(place < verdict.granted));
    if (row.streams) this.leases.giveBack(row.streams.key, ids.slice(verdict.granted));
    this.settle(requests, spending, row, verdict);
  }

  private become(isAlone: boolean): void {
    if (isAlone === this.isAlone) return;
    this.isAlone = isAlone;
    if (isAlone) this.parts.log.warn({ event: 'limits-local' });
    else this.parts.log.info({ event: 'limits-shared' });
  }
}

const NOTHING: Verdict = { granted: 0, remaining: 0, resetMs: 0, placeMs: 0 };

/** The same requests, of this gate's part of what the caller has. */
function shareOf({ requests, budget, streams }: Row, { plan, name }: Spending): Row {
  return {
    requests,
    ...(budget && name && { budget: { key: budget.key, figures: plan.budgets[name] } }),
    ...(streams && { streams: { ...streams, places: plan.streams } }),
  };
}
