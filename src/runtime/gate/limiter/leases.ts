import { randomBytes } from 'node:crypto';
import { LEASE_RENEWAL_SECONDS, LEASE_SECONDS } from '../../../gate/rate/contract';
import type { Lease, Metrics } from '../ports';
import type { RedisConnection } from './connection';
import { groupBy } from './group-by';
import type { HeldLeases } from './renew-script';

/** Where a caller's leases are, and how many there may be. */
export interface Places {
  readonly key: string;
  readonly places: number;
}

export const LEASE_MICROS = LEASE_SECONDS * 1_000_000;

/** A script keeps everybody else waiting: this many leases take about a millisecond. */
const MAX_RENEWED = 200;

interface Held extends Places {
  readonly losing: AbortController;
}

interface Released {
  readonly id: string;
  readonly key: string;
  /** Of `performance.now()`: from then on it has lapsed by itself. */
  readonly until: number;
}

/** All streams of this gate, kept open in Redis by one heartbeat, and given back there when they are over. */
export class Leases {
  private readonly held = new Map<string, Held>();
  private readonly openByKey = new Map<string, number>();
  private released: Released[] = [];
  private isReleasing = false;
  private releasing?: Promise<void>;
  private beating?: Promise<void>;
  private readonly heartbeat: NodeJS.Timeout;
  /** No two gates have one, nor has a gate that is started again. */
  private readonly gate = randomBytes(9).toString('base64url');
  private count = 0;

  /** @param onBeat called with every heartbeat */
  public constructor(private readonly redis: RedisConnection, private readonly metrics: Pick<Metrics, 'leases' | 'leaseLost'>, onBeat: () => void) {
    this.heartbeat = setInterval(() => {
      onBeat();
      void this.beat();
    }, LEASE_RENEWAL_SECONDS * 1000).unref();
    // What was taken before stands first in line for its place.
    redis.onReady(() => void Promise.resolve(this.beating).then(() => this.beat()));
  }

  public newId(): string {
    this.count += 1;
    return `${this.gate}.${this.count}`;
  }

  public openOf(key: string): number {
    return this.openByKey.get(key) ?? 0;
  }

  /** A lease that has been granted. */
  public hold(id: string, { key, places }: Places): Lease {
    const losing = new AbortController();
    this.held.set(id, { key, places, losing });
    this.counted(key, 1);
    return { lost: losing.signal, release: () => this.release(id) };
  }

  /** Gives back what may have been taken, though nobody was told so. */
  public giveBack(key: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    const until = performance.now() + LEASE_SECONDS * 1000;
    this.released.push(...ids.map((id) => ({ id, key, until })));
    this.releaseSoon();
  }

  /** Gives everything back, as far as Redis answers. */
  public async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    for (const id of [...this.held.keys()]) this.release(id);
    await this.beating;
    await this.releaseAll();
  }

  private release(id: string): void {
    const lease = this.forget(id);
    if (lease) this.giveBack(lease.key, [id]);
  }

  private forget(id: string): Held | undefined {
    const lease = this.held.get(id);
    if (!lease) return undefined;
    this.held.delete(id);
    this.counted(lease.key, -1);
    return lease;
  }

  private counted(key: string, more: 1 | -1): void {
    const open = this.openOf(key) + more;
    if (open === 0) this.openByKey.delete(key);
    else this.openByKey.set(key, open);
    this.metrics.leases(this.held.size);
  }

  /** All that end in one turn of the event loop are given back together. */
  private releaseSoon(): void {
    if (this.isReleasing) return;
    this.isReleasing = true;
    setImmediate(() => void this.releaseAll());
  }

  /** @returns once everything has been given back that ended until now, as far as Redis answers */
  private releaseAll(): Promise<void> {
    this.releasing = Promise.all([this.releasing, this.releaseEnded()]).then(() => undefined);
    return this.releasing;
  }

  /** What fails is tried again with the next heartbeat. */
  private async releaseEnded(): Promise<void> {
    this.isReleasing = false;
    const now = performance.now();
    const released = this.released.filter(({ until }) => until > now);
    this.released = [];
    if (released.length === 0) return;
    const byKey = groupBy(released, ({ key }) => key);
    try {
      await this.redis.ask((client) => Promise.all([...byKey].map(([key, leases]) => client.zRem(key, leases.map(({ id }) => id)))));
    } catch {
      this.released.push(...released);
    }
  }

  /** One after the other: whatever a heartbeat asks for, requests are decided in between. */
  private beat(): Promise<void> {
    this.beating ??= this.renewAll().finally(() => {
      this.beating = undefined;
    });
    return this.beating;
  }

  private async renewAll(): Promise<void> {
    const releasing = this.releaseAll();
    await this.renewHeld();
    await releasing;
  }

  private async renewHeld(): Promise<void> {
    for (const group of this.redis.grouped([...this.held], ([, { key }]) => key)) {
      for (let first = 0; first < group.length; first += MAX_RENEWED) {
        if (!await this.renew(group.slice(first, first + MAX_RENEWED))) return;
      }
    }
  }

  /** @returns whether Redis answered: where it is away, no stream is cut */
  private async renew(leases: readonly (readonly [string, Held])[]): Promise<boolean> {
    // Some may have ended since.
    const open = leases.filter(([id]) => this.held.has(id));
    const callers = [...groupBy(open, ([, { key }]) => key)].map(([key, theirs]): HeldLeases => ({ key, places: theirs[0]?.[1].places ?? 0, ids: theirs.map(([id]) => id) }));
    if (callers.length === 0) return true;
    try {
      const held = await this.redis.ask((client) => client.renew(LEASE_MICROS, callers));
      callers.flatMap(({ ids }) => ids).forEach((id, index) => {
        if (held[index] !== true) this.lose(id);
      });
      // A server that did not know the script was asked twice, and what ended between was given back before it was taken again.
      for (const { key, ids } of callers) this.giveBack(key, ids.filter((id) => !this.held.has(id)));
      return true;
    } catch {
      return false;
    }
  }

  private lose(id: string): void {
    const lease = this.forget(id);
    if (!lease) return;
    this.metrics.leaseLost();
    lease.losing.abort();
  }
}
