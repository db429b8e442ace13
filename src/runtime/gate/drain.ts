import { setTimeout as wait } from 'node:timers/promises';
import type { OpenRequests } from './open-requests';

/**
 * Until nothing is under way, or time is up.
 *
 * The gate listens meanwhile, so that the load balancer hears from its health check that it leaves, and whoever it still sends here gets an answer.
 */
export async function drainGate(open: OpenRequests, seconds: number): Promise<void> {
  const over = new AbortController();
  const timeIsUp = wait(seconds * 1000, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([open.whenNone(), timeIsUp]);
  over.abort();
}

/** What of a process is needed here. */
export interface Signals {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

/** The first signal lets open requests end, the second ends the process at once. */
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
