import { setTimeout as after } from 'node:timers/promises';
import { ErrorReply } from '@redis/client';
import type { RedisConfiguration } from '../../../gate/rate/contract';
import type { Log } from '../ports';
import { Refusal } from '../refusal';
import { groupBy } from './group-by';
import { CONNECT_MS, type Link, newLink, type RedisAddress, type RedisClient, slotOf } from './redis-clients';

/** What a connection needs beside its configuration. */
export interface RedisParts {
  readonly password: string;
  readonly log: Log;
  /** @default - the server's certificate is of an authority that Node knows */
  readonly tls?: { readonly ca: string };
}

/** From a question to a refusal; with what comes before and after, half a second at most. A script takes less than a millisecond. */
const ANSWER_MS = 300;
/** Between attempts; doubled each time until somebody has answered. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/** There was nobody to ask, so nothing has been done. */
export class Unasked extends Refusal {}

/** Redis is there and would not do this one thing; whatever else is under way on the connection goes on. */
export class Declined extends Refusal {}

/** Connects at once, and for as long as it takes. */
export function openRedis({ host, port, user, isCluster }: RedisConfiguration, { password, log, tls }: RedisParts): RedisConnection {
  return new RedisConnection({ host, port, user, isCluster, password, ca: tls?.ca }, log);
}

/**
 * The connection to Redis: lost for good with the first thing that goes wrong, and made anew. A server that is frozen, or has become a replica,
 * keeps its connections; a new one resolves the name again, which is how a failover is followed.
 */
export class RedisConnection {
  private link?: Link;
  private newest?: Link;
  private pauseMs = FIRST_PAUSE_MS;
  private isKnownGone = false;
  private readonly stopping = new AbortController();
  private readonly firstAttempt: Promise<void>;
  private readonly ended: Promise<void>;
  private readonly readyListeners: (() => void)[] = [];
  private firstAttemptEnded = (): void => undefined;
  private hasTried = false;

  public constructor(private readonly address: RedisAddress, private readonly log: Log) {
    this.firstAttempt = new Promise((resolve) => {
      this.firstAttemptEnded = () => {
        this.hasTried = true;
        resolve();
      };
    });
    this.ended = this.keepConnected();
  }

  /** Throws a Refusal where there is no answer in time. */
  public async ask<T>(question: (client: RedisClient) => Promise<T>): Promise<T> {
    let asked: Link | undefined;
    const answer = async (): Promise<T> => {
      // A gate that has just started waits a little; one that knows of no Redis says so at once.
      if (!this.hasTried) await this.firstAttempt;
      asked = this.link;
      if (!asked) throw new Error('There is no connection.');
      return question(asked.client);
    };
    try {
      const given = await within(ANSWER_MS, answer());
      this.pauseMs = FIRST_PAUSE_MS;
      return given;
    } catch (error) {
      const reason = reasonOf(error);
      if (!asked) throw new Unasked('unavailable', reason);
      const declined = error instanceof ErrorReply ? DECLINED.find(([word]) => error.message.startsWith(word)) : undefined;
      if (declined) throw new Declined('unavailable', declined[1]);
      this.lose(asked, reason);
      throw new Refusal('unavailable', reason);
    }
  }

  /** What may be asked in one call: everything, or in a cluster what is in one slot. */
  public grouped<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
    return [...groupBy(things, (thing) => slotOf(this.address, keyOf(thing))).values()];
  }

  /** Called whenever there is a connection again, before anything else is asked. */
  public onReady(listener: () => void): void {
    this.readyListeners.push(listener);
  }

  public async stop(): Promise<void> {
    this.stopping.abort();
    this.newest?.end();
    await this.ended;
  }

  private async keepConnected(): Promise<void> {
    while (!this.isStopped) {
      const link = newLink(this.address);
      this.newest = link;
      try {
        await this.connect(link);
        this.firstAttemptEnded();
        await link.ended;
      } catch (error) {
        this.sayGone(reasonOf(error));
      }
      this.lose(link, 'redis-gone');
      this.firstAttemptEnded();
      await after(this.pauseMs, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
      this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
    }
  }

  private async connect(link: Link): Promise<void> {
    await within(2 * CONNECT_MS, link.connect());
    if (this.isStopped) return;
    this.link = link;
    this.isKnownGone = false;
    this.log.info({ event: 'redis-ready' });
    this.readyListeners.forEach((listener) => listener());
  }

  private lose(link: Link, reason: string): void {
    if (this.link === link) {
      this.link = undefined;
      this.sayGone(reason);
    }
    link.end();
  }

  /** Once, however many attempts fail after it. */
  private sayGone(code: string): void {
    if (this.isKnownGone || this.isStopped) return;
    this.isKnownGone = true;
    this.log.warn({ event: 'redis-lost', code });
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }
}

class TooSlow extends Error {}

/**
 * Replies that speak of the question and not of the server: its memory is full, so that it takes nobody new; or the keys of one question are just being
 * moved to another server of the cluster. Whoever could bring them about would otherwise cut the connection of everybody else.
 */
const DECLINED: readonly (readonly [string, string])[] = [['OOM ', 'redis-full'], ['TRYAGAIN ', 'redis-moving']];

/**
 * A process that was itself held up for so long looks first at what has arrived meanwhile (timers come before sockets in Node's event loop): else a gate
 * under load would take its own slowness for Redis's, give a good connection up, and have the more to do.
 */
function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let read: NodeJS.Immediate | undefined;
    const patience = setTimeout(() => {
      read = setImmediate(() => reject(new TooSlow()));
    }, milliseconds).unref();
    const over = (): void => {
      clearTimeout(patience);
      if (read) clearImmediate(read);
    };
    promise.then((answer) => {
      over();
      resolve(answer);
    }, (error: unknown) => {
      over();
      reject(error instanceof Error ? error : new Error('Something was thrown that is no error.'));
    });
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof TooSlow) return 'redis-slow';
  if (!(error instanceof ErrorReply)) return 'redis-gone';
  return error.message.startsWith('READONLY') ? 'redis-read-only' : 'redis-refuses';
}
