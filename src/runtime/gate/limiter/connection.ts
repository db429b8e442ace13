import { once } from 'node:events';
import { setImmediate as onceRead, setTimeout as after } from 'node:timers/promises';
import { createClient, ErrorReply } from '@redis/client';
import type { Log } from '../ports';
import { Refusal } from '../refusal';
import { decideCommand } from './script';

/** Whom to ask, and as whom. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Authorities that may vouch for the server, as PEM. @default - those that Node knows */
  readonly ca?: string;
}

/** From a question to a refusal; with what comes before and after, half a second at most. A script takes less than a millisecond. */
const ANSWER_MS = 300;
/** To a connection, and once more to be logged in. */
const CONNECT_MS = 1000;
/** Between attempts; doubled each time until somebody has answered. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

export type RedisClient = ReturnType<typeof newClient>;

function newClient({ host, port, user, password, ca }: RedisAddress) {
  const client = createClient({
    username: user,
    password,
    scripts: { decide: decideCommand },
    socket: { host, port, tls: true, ca, connectTimeout: CONNECT_MS, reconnectStrategy: false },
    // Nothing waits for a server that may never come back.
    disableOfflineQueue: true,
    // It would be told by a command that the user may not use, and that Redis 7.0 does not know.
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
  // Whoever asked gets the error too; without a listener it would end the process.
  client.on('error', () => undefined);
  return client;
}

/**
 * The connection to Redis: lost for good with the first thing that goes wrong, and made anew. A server that is frozen, or has become a replica,
 * keeps its connections; a new one resolves the name again, which is how a failover is followed.
 */
export class RedisConnection {
  private client?: RedisClient;
  private pauseMs = FIRST_PAUSE_MS;
  private isKnownGone = false;
  private readonly stopping = new AbortController();
  private readonly firstAttempt: Promise<void>;
  private readonly ended: Promise<void>;
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
    let asked: RedisClient | undefined;
    const answer = async (): Promise<T> => {
      // A gate that has just started waits a little; one that knows of no Redis says so at once.
      if (!this.hasTried) await this.firstAttempt;
      asked = this.client;
      if (!asked) throw new Error('There is no connection.');
      return question(asked);
    };
    try {
      const given = await within(ANSWER_MS, answer());
      this.pauseMs = FIRST_PAUSE_MS;
      return given;
    } catch (error) {
      const reason = reasonOf(error);
      if (asked) this.lose(asked, reason);
      throw new Refusal('unavailable', reason);
    }
  }

  public async stop(): Promise<void> {
    this.stopping.abort();
    if (this.client) end(this.client);
    await this.ended;
  }

  private async keepConnected(): Promise<void> {
    while (!this.isStopped) {
      const client = newClient(this.address);
      try {
        await this.connect(client);
        this.firstAttemptEnded();
        // Throws the error where there is one.
        await once(client, 'end', { signal: this.stopping.signal });
      } catch (error) {
        this.sayGone(reasonOf(error));
      }
      this.lose(client, 'redis-gone');
      this.firstAttemptEnded();
      await after(this.pauseMs, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
      this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
    }
  }

  private async connect(client: RedisClient): Promise<void> {
    await within(2 * CONNECT_MS, client.connect());
    if (this.isStopped) return;
    this.client = client;
    this.isKnownGone = false;
    this.log.info({ event: 'redis-ready' });
  }

  private lose(client: RedisClient, reason: string): void {
    if (this.client === client) {
      this.client = undefined;
      this.sayGone(reason);
    }
    end(client);
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

/** What is asked of it meanwhile fails at once. */
function end(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}

class TooSlow extends Error {}

/**
 * A process that was itself held up for so long looks first at what has arrived meanwhile (timers come before sockets in Node's event loop): else a gate
 * under load would take its own slowness for Redis's, give a good connection up, and have the more to do.
 */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const impatience = new AbortController();
  const { signal } = impatience;
  const patience = after(milliseconds, undefined, { signal, ref: false }).then(() => onceRead(undefined, { signal })).then(() => {
    throw new TooSlow();
  });
  try {
    return await Promise.race([promise, patience]);
  } finally {
    patience.catch(() => undefined);
    impatience.abort();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TooSlow) return 'redis-slow';
  if (!(error instanceof ErrorReply)) return 'redis-gone';
  return error.message.startsWith('READONLY') ? 'redis-read-only' : 'redis-refuses';
}
