import { setTimeout as pause } from 'node:timers/promises';
import { isTemporary } from './broker-refusal';
import type { Lease } from './lease';

/** A lease is renewed when so much of what is left of it is over. */
const RENEWAL_SHARE = 2 / 3;
/** Not more often, however little is left (ours). */
const LEAST_PAUSE_MS = 250;
/** How long work may go on after SIGTERM (ours); ECS waits for 30 s by default before it kills (ECS guide, `stopTimeout`). */
const GRACE_MS = 10_000;

/** Leases that somebody works with. */
export class KeptLeases {
  readonly #works = new Map<AbortController, Promise<unknown>>();

  /** @param exit says that the worker leaves */
  public constructor(private readonly exit: () => Promise<void>) {}

  /** Keeps a lease while `use` goes on, and releases it. */
  public async during<Result>(lease: Lease, use: (lost: AbortSignal) => Promise<Result>): Promise<Result> {
    const [lost, over] = [new AbortController(), new AbortController()];
    const kept = keep(lease, lost, over.signal);
    if (this.#works.size === 0) process.on('SIGTERM', this.#onTerminate);
    try {
      const work = use(lost.signal);
      this.#works.set(lost, work);
      return await work;
    } finally {
      over.abort();
      await kept;
      // Where that fails, the lease ends by itself.
      await lease.release().catch(() => undefined);
      this.#works.delete(lost);
      if (this.#works.size === 0) process.off('SIGTERM', this.#onTerminate);
    }
  }

  readonly #onTerminate = (): void => {
    void this.#leave();
  };

  async #leave(): Promise<void> {
    const works = [...this.#works];
    for (const [lost] of works) lost.abort(new Error('The process was asked to end.'));
    const all = Promise.allSettled([this.exit(), ...works.map(([, work]) => work)]);
    await Promise.race([all, pause(GRACE_MS, undefined, { ref: false })]);
    process.off('SIGTERM', this.#onTerminate);
    // Whoever listens as well decides by himself; where nobody does, listening here has kept Node from ending.
    if (process.listenerCount('SIGTERM') === 0) process.kill(process.pid, 'SIGTERM');
  }
}

/** Renews a lease until it is no longer needed, or lost. Never rejects. */
async function keep(lease: Lease, lost: AbortController, over: AbortSignal): Promise<void> {
  const isOver = (): boolean => over.aborted || lost.signal.aborted;
  while (!isOver()) {
    const left = lease.remainingMs;
    if (left <= 0) {
      lost.abort(new Error('The lease is over.'));
      return;
    }
    const share = lease.isRenewable ? RENEWAL_SHARE : 1;
    await pause(Math.max(left * share, LEAST_PAUSE_MS), undefined, { signal: over }).catch(() => undefined);
    if (isOver() || !lease.isRenewable) continue;
    const renewed = lease.renew(over).catch((error: unknown) => {
      if (!isTemporary(error)) lost.abort(error);
    });
    // Asking again may take longer than what is left, and the end is to be told when it comes.
    await Promise.race([renewed, pause(lease.remainingMs, undefined, { signal: over, ref: false }).catch(() => undefined)]);
  }
}
