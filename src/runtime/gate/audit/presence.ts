import type { Clock, Log, Metrics } from '../ports';
import { presenceKey, type Presence, type PresenceReport } from './presence-script';

/** What of Redis is needed here. */
export interface PresenceRedis {
  ask<T>(question: (client: PresenceClient) => Promise<T>): Promise<T>;
}

export interface PresenceClient {
  presence(key: string, report: PresenceReport): Promise<readonly Presence[]>;
}

export interface PresenceParts {
  /** Of the gate's keys. */
  readonly prefix: string;
  readonly audit: { readonly gate: string; state(): { readonly seq: number; readonly open: number } };
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'auditLost'>;
}

export interface RunningPresence {
  /** Says nothing more, and reports nobody. */
  stop(): Promise<void>;
  /** Is missed by nobody; never rejects. Afterwards nothing is known of records that did not get out, so they have to be out before. */
  leave(): Promise<void>;
}

/** How often a gate says that it is there. */
const EVERY_MS = 1000;
/** Random bytes in hex: nothing else is let into the log. */
const GATE = /^[0-9a-f]{16}$/;

/**
 * Tells Redis each second that the gate is there, and says which other one is not any more: killed, with requests that no record tells of (AUD-1).
 *
 * Where Redis is away nobody is missed; whoever is gone then is found when it is back.
 */
export function keepPresence(redis: PresenceRedis, { prefix, audit, log, metrics }: PresenceParts): RunningPresence {
  const key = presenceKey(prefix);
  let reported: readonly string[] = [];
  let asking = Promise.resolve();

  const onGone = ({ gate, seq, open }: Presence): void => {
    // Said already, and Redis has not heard of it.
    if (reported.includes(gate)) return;
    log.warn({ event: 'audit-gap', code: GATE.test(gate) ? gate : 'unknown', recordCount: seq, openCount: open });
    metrics.auditLost(open);
  };
  const speak = async (isLeaving: boolean): Promise<void> => {
    try {
      const gone = await redis.ask((client) => client.presence(key, { gate: audit.gate, ...audit.state(), isLeaving, reported }));
      gone.forEach(onGone);
      reported = gone.map(({ gate }) => gate);
    } catch {
      // The connection says itself that it is lost.
    }
  };
  let isAsking = false;
  const tick = (): void => {
    if (isAsking) return;
    isAsking = true;
    asking = speak(false).finally(() => { isAsking = false; });
  };
  tick();
  const timer = setInterval(tick, EVERY_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await asking;
    },
    leave: () => speak(true),
  };
}
