import { createHash } from 'node:crypto';
import type { RateConfiguration } from '../../../gate/contract';
import type { Limiter, Log } from '../ports';
import { Refusal } from '../refusal';
import { RedisConnection } from './connection';
import type { Budget, Demand, Verdict } from './script';

/** What the limiter needs beside its configuration. */
export interface LimiterParts {
  readonly password: string;
  readonly log: Log;
  /** @default - the server's certificate is of an authority that Node knows */
  readonly tls?: { readonly ca: string };
}

export type RunningLimiter = Limiter & { stop(): Promise<void> };

/** A script keeps everybody else waiting: this many subjects take well below a millisecond. */
const MAX_SUBJECTS = 200;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (refusal: unknown) => void;
}

/** Counts in Redis, together with all other gates that have the same configuration (RTL-2). Connects at once, and for as long as it takes. */
export function createLimiter(rate: RateConfiguration, { password, log, tls }: LimiterParts): RunningLimiter {
  const { host, port, user, keyPrefix } = rate.redis;
  const connection = new RedisConnection({ host, port, user, password, ca: tls?.ca }, log);
  const budget = budgetOf(rate);
  let waiting = new Map<string, Waiting[]>();

  const decide = async (subjects: readonly (readonly [subject: string, requests: readonly Waiting[]])[]): Promise<void> => {
    const demands = subjects.map(([subject, requests]): Demand => ({ key: keyOf(keyPrefix, subject), requests: requests.length }));
    try {
      const verdicts = await connection.ask((redis) => redis.decide(budget, demands));
      subjects.forEach(([, requests], index) => settle(requests, verdicts[index]));
    } catch (refusal) {
      subjects.forEach(([, requests]) => requests.forEach(({ reject }) => reject(refusal)));
    }
  };
  const decideAll = (): void => {
    const subjects = [...waiting];
    waiting = new Map();
    for (let first = 0; first < subjects.length; first += MAX_SUBJECTS) void decide(subjects.slice(first, first + MAX_SUBJECTS));
  };
  return {
    take: (subject) => new Promise((resolve, reject) => {
      // All that arrives in one turn of the event loop is asked in one call, which halves what a request costs Redis.
      if (waiting.size === 0) setImmediate(decideAll);
      const others = waiting.get(subject);
      if (others) others.push({ resolve, reject });
      else waiting.set(subject, [{ resolve, reject }]);
    }),
    stop: () => connection.stop(),
  };
}

/** First come, first served. */
function settle(requests: readonly Waiting[], { granted, retryAfterMs }: Verdict = { granted: 0, retryAfterMs: 0 }): void {
  requests.forEach(({ resolve, reject }, index) => {
    if (index < granted) resolve();
    else reject(new Refusal('rate_limited', 'rate', { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }));
  });
}

/** Rounded against the caller, by less than a millionth. */
function budgetOf({ perSecond, burst, windowSeconds }: RateConfiguration): Budget {
  return { tokenMicros: Math.ceil(1_000_000 / perSecond), burst, windowMicros: windowSeconds * 1_000_000, cap: perSecond * windowSeconds };
}

/** Who calls is nobody's business in Redis, and a subject may be long or hold anything. */
function keyOf(prefix: string, subject: string): string {
  return `${prefix}:rate:${createHash('sha256').update(subject).digest('base64url')}`;
}
