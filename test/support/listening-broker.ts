import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RouteName, ROUTE_NAMES, ROUTES } from '../../src/broker/protocol/contract';
import { canonicalOf } from '../../src/runtime/broker/canonical';
import { type ReadBody, readBody } from '../../src/runtime/broker/read-body';
import { signatureOf } from '../../src/runtime/broker/signature';

/** A request as the broker's own reader has it. */
export interface Heard extends ReadBody {
  readonly route: RouteName;
  readonly headers: IncomingHttpHeaders;
  /** Whether it was signed with this key, for this broker. */
  isSignedWith(key: string): boolean;
}

export interface Said {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the connection without a word. */
  readonly isCut?: boolean;
}

export interface ListeningBroker {
  readonly url: string;
  readonly heard: readonly Heard[];
  /** What is said from now on. */
  answer: (heard: Heard) => Said;
  stop(): Promise<void>;
}

export const seconds = (): number => Math.floor(Date.now() / 1000);
export const LEASE_ID = 'l'.repeat(43);
export const KEY_ID = 'k'.repeat(22);
export const WORKER_KEY = 'ab'.repeat(32);

/** Grants whatever is asked. */
export function grant({ route, signed: { workerId } }: Heard, leaseSeconds = 300): Said {
  const expires_at = String(seconds() + leaseSeconds);
  switch (route) {
    case 'register': return { body: { worker_id: workerId, expires_at: String(seconds() + 3600), lease_seconds: String(leaseSeconds) } };
    case 'checkout': return { body: { lease_id: LEASE_ID, expires_at, renewable_until: String(seconds() + 3600), credential: { kind: 'ssh', username: 'operator', password: 'canary-of-a-router' } } };
    case 'renew': return { body: { lease_id: LEASE_ID, expires_at } };
    default: return { body: {} };
  }
}

/** Listens on this machine, and reads with the broker's own code: whatever it cannot read fails the test by a 400. */
export async function listeningBroker(answer: (heard: Heard) => Said = grant): Promise<ListeningBroker> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const route = ROUTE_NAMES.find((name) => ROUTES[name].path === request.url);
      const read = route && readBody(Buffer.concat(chunks), route);
      if (route === undefined || read === undefined || request.method !== 'POST') {
        response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"malformed"}');
        return;
      }
      const { bodyDigest, signed } = read;
      const one: Heard = {
        ...read, route, headers: request.headers,
        isSignedWith: (key) => signed.signature === signatureOf(key, canonicalOf({ path: ROUTES[route].path, host: '127.0.0.1', bodyDigest, ...signed })),
      };
      heard.push(one);
      const { status = 200, body = {}, headers = {}, isCut = false } = broker.answer(one);
      if (isCut) request.socket.destroy();
      else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const broker: ListeningBroker = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return broker;
}
