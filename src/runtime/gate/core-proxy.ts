import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import type { CappedBody } from './capped-body';
import type { CoreExchange } from './core-exchange';
import type { Refusal } from './refusal';
import type { WebSocketExchange } from './web-socket';

/** The Core's own headers may be as long as those of a request. */
export const MAX_HEADER_BYTES = 16 * 1024;
/** A loopback connection is there at once or not at all. */
const CONNECT_TIMEOUT_MS = 2000;
/**
 * How long a connection without a request is kept: well below the five seconds after which Node and uvicorn close theirs, so that no request goes out on a
 * connection that the Core is just closing.
 */
const KEEP_ALIVE_MS = 1000;

/** One request that has been let through. */
export interface Forwarding {
  readonly method: string;
  /** With the query, byte for byte as it arrived: what was judged is what the Core reads. */
  readonly target: string;
  readonly headers: Record<string, string | string[]>;
  readonly response: ServerResponse;
  readonly idleMs: number;
  /** Takes a lease for an answer that turns out to be a stream. Throws a Refusal. @default - it holds one */
  readonly lease?: () => Promise<void>;
  /** Begins an answer of the Core. */
  readonly writeHead: (status: number, core: IncomingHttpHeaders) => void;
  /** Some of its body goes out. */
  readonly onChunk: (chunk: Buffer) => void;
  /** Ends it, whatever is still to come of its request. */
  readonly end: () => void;
  /** Answers in the Core's place, or cuts what has begun. */
  readonly refuse: (refusal: Refusal) => void;
}

/**
 * The only way to the Core.
 *
 * Each request is tried once (RC-27): whether to try again is the caller's to say.
 * undici is spoken to directly. Fastify's proxy plugin decodes and normalises the path before it sends it, tries GET up to ten times on 503, and relays
 * WebSockets without back-pressure, after it has said yes in the Core's place (@fastify/http-proxy 11.6, @fastify/reply-from 12.6).
 */
export class CoreProxy {
  private readonly pool: Pool;

  public constructor(corePort: number) {
    this.pool = new Pool(`http://127.0.0.1:${corePort}`, {
      // One request at a time on each: what a Core says behind an answer ends its connection, and meets nobody else's request.
      pipelining: 1,
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      // Silence is watched over both sides at once, by CoreExchange.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  public forward(exchange: CoreExchange, body: CappedBody | undefined): void {
    if (body) exchange.send(body);
    this.dispatch(exchange, { body: body ?? null });
  }

  public upgrade(exchange: WebSocketExchange): void {
    this.dispatch(exchange, { upgrade: 'websocket' });
  }

  public async close(): Promise<void> {
    await this.pool.destroy();
  }

  private dispatch(exchange: CoreExchange, more: Partial<Dispatcher.DispatchOptions>): void {
    const { method, target, headers } = exchange.forwarding;
    // It reports what it cannot send to the exchange, and throws nothing.
    this.pool.dispatch({ path: target, method, headers, ...more }, exchange);
  }
}
