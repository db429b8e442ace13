import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { Client, type Dispatcher } from 'undici';
import type { CappedBody } from './capped-body';
import { CoreExchange } from './core-exchange';
import type { Refusal } from './refusal';
import type { WebSocketExchange } from './web-socket';

/** The Core's own headers may be as long as those of a request. */
export const MAX_HEADER_BYTES = 16 * 1024;
/** A loopback connection is there at once or not at all. */
const CONNECT_TIMEOUT_MS = 2000;
/** One request that has been let through. */
export interface Forwarding {
  readonly method: string;
  /** With the query, byte for byte as it arrived: what was judged is what the Core reads. */
  readonly target: string;
  readonly headers: Record<string, string | string[]>;
  readonly response: ServerResponse;
  readonly idleMs: number;
  /** Begins an answer of the Core. */
  readonly writeHead: (status: number, core: IncomingHttpHeaders) => void;
  /** Ends it, whatever is still to come of its request. */
  readonly end: () => void;
  /** Answers in the Core's place. */
  readonly refuse: (refusal: Refusal, status?: number) => void;
}

/**
 * The only way to the Core.
 *
 * Each request is tried once (RC-27): whether to try again is the caller's to say.
 * undici is spoken to directly. Fastify's proxy plugin decodes and normalises the path before it sends it, tries GET up to ten times on 503, and relays
 * WebSockets without back-pressure, after it has said yes in the Core's place (@fastify/http-proxy 11.6, @fastify/reply-from 12.6).
 */
export class CoreProxy {
  private readonly origin: string;
  private readonly clients = new Set<Client>();

  public constructor(corePort: number) {
    this.origin = `http://127.0.0.1:${corePort}`;
  }

  /** @param bodyOf makes the body, given what to call whenever some of it arrives */
  public forward(forwarding: Forwarding, bodyOf: ((onProgress: () => void) => CappedBody) | undefined): void {
    const exchange = new CoreExchange(forwarding);
    const body = bodyOf?.(exchange.progress);
    if (body) exchange.send(body);
    this.dispatch(forwarding, exchange, { body: body ?? null });
  }

  public upgrade(exchange: WebSocketExchange): void {
    this.dispatch(exchange.forwarding, exchange, { upgrade: 'websocket' });
  }

  public async close(): Promise<void> {
    await Promise.all([...this.clients].map((client) => client.destroy()));
  }

  /**
   * On a connection of its own, which the gate closes after the answer. One that is used again may just be closing, for which a caller would get 502, and what
   * a Core says behind one answer would be the next caller's. The Core is not asked to close it (`connection: close`): one that answers before it has read a
   * body would reset it, and its answer would be lost.
   */
  private dispatch({ method, target, headers }: Forwarding, exchange: CoreExchange, more: Partial<Dispatcher.DispatchOptions>): void {
    const client = new Client(this.origin, {
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Silence is watched over both sides at once, by CoreExchange.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.clients.add(client);
    // It reports what it cannot send to the exchange, and throws nothing.
    client.dispatch({ path: target, method, headers, ...more }, exchange);
    const forget = (): void => {
      this.clients.delete(client);
    };
    // Once the request is over, however it ends.
    client.close().then(forget, forget);
  }
}
