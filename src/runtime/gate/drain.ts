import { setTimeout as wait } from 'node:timers/promises';
import type { OpenRequests } from './open-requests';

/** Until something has come, or time is up. */
export async function ended(awaited: Promise<unknown>, milliseconds: number): Promise<void> {
  const over = new AbortController();
  const timeIsUp = wait(milliseconds, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([awaited, timeIsUp]);
  over.abort();
}

/**
 * Until nothing is under way; what still is when time is up, is cut.
 *
 * The gate listens meanwhile, so that the load balancer hears from its health check that it leaves, and whoever it still sends here gets an answer.
 */
export async function drainGate(open: OpenRequests, seconds: number): Promise<void> {
  await ended(open.whenNone(), seconds * 1000);
  open.cutAll('drained');
}

/** What of a process is needed here. */
export interface Signals {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

/** The first signal lets open requests end, the second ends the process at once; what has been written gets out in either case, as the process ends (audit/output.ts). */
export function drainOnSignal(process: Signals, drain: () => Promise<void>, exit: (code: number) => void): void {
  let isDraining = false;
  const onSignal = (): void => {
    if (isDraining) {
      exit(0);
      return;
    }
    isDraining = true;
    drain().then(() => exit(0), () => exit(1));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
