import { LOCKDOWN_SORT, REVOCATION_MAX_AGE_SECONDS, REVOCATION_POLL_SECONDS, REVOCATIONS_PARTITION } from '../../../gate/contract';
import { type Wait, wait } from '../../shared/wait';
import type { Clock, Log, Revocations } from '../ports';
import { Refusal } from '../refusal';
import type { DynamoItems } from './dynamo-items';

interface RevocationList {
  readonly sortKeys: ReadonlySet<string>;
  /** When it was asked for: what was revoked before is in it. */
  readonly askedAt: number;
}

interface PollerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** @default - real time */
  readonly wait?: Wait;
  /** From 0 to below 1. @default Math.random */
  readonly random?: () => number;
}

/** More than these are a mistake, or an attack on the list. */
const MANY = 10_000;
/** A page holds 1 MB (DynamoDB guide, "Paginating table query results"), so that a poll cannot read many more. Nobody passes then: some of what is revoked would be missing. */
const MOST = 100_000;
/** How far clocks may be apart (IDN-11): a revocation that ends by somebody's clock has not ended by another. */
const CLOCK_SKEW_SECONDS = 60;
/** Soon, since the last good list is ageing. */
const RETRY_MS = 250;
/** Replicas that start together do not ask together. */
const JITTER = 0.2;

/** What is revoked, and whether everybody is locked out, asked for every REVOCATION_POLL_SECONDS and swapped in one go (IDN-4, INC-1). */
export class RevocationPoller implements Revocations {
  private list: RevocationList | undefined;
  private isStopped = false;
  private readonly listeners: (() => void)[] = [];

  public constructor(private readonly items: DynamoItems, private readonly parts: PollerParts) {}

  /** Resolves with the first list; until then nobody passes. Polls until it is stopped. */
  public async start(): Promise<void> {
    while (!await this.poll()) {
      if (this.isStopped) throw new Error('The revocations were stopped before they were read.');
      await this.wait(RETRY_MS);
    }
    void this.keepPolling();
  }

  public stop(): void {
    this.isStopped = true;
  }

  public isRevoked(sortKeys: readonly string[]): boolean {
    const listed = this.current();
    return sortKeys.some((sortKey) => listed.has(sortKey));
  }

  public isLockedDown(): boolean {
    return this.current().has(LOCKDOWN_SORT);
  }

  public onRead(listener: () => void): void {
    this.listeners.push(listener);
  }

  private current(): ReadonlySet<string> {
    const age = this.list ? this.parts.clock() - this.list.askedAt : Infinity;
    // A clock that was turned back makes an age negative, and an old list young.
    if (this.list === undefined || age < 0 || age > REVOCATION_MAX_AGE_SECONDS * 1000) throw new Refusal('unavailable', 'revocations-outdated');
    return this.list.sortKeys;
  }

  private async keepPolling(): Promise<void> {
    let isRead = true;
    for (;;) {
      await this.wait(isRead ? REVOCATION_POLL_SECONDS * 1000 * (1 - JITTER * (this.parts.random ?? Math.random)()) : RETRY_MS);
      if (this.isStopped) return;
      isRead = await this.poll();
    }
  }

  private async poll(): Promise<boolean> {
    const askedAt = this.parts.clock();
    try {
      const sortKeys = await this.items.sortKeys(REVOCATIONS_PARTITION, MOST, askedAt / 1000 - CLOCK_SKEW_SECONDS);
      this.list = { sortKeys, askedAt };
      if (sortKeys.size > MANY) this.parts.log.warn({ event: 'revocations-many', revocationCount: sortKeys.size });
    } catch {
      this.parts.log.warn({ event: 'revocations-unread' });
      return false;
    }
    for (const listener of this.listeners) listener();
    return true;
  }

  private wait(milliseconds: number): Promise<void> {
    return (this.parts.wait ?? wait)(milliseconds);
  }
}
