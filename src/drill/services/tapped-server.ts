import { createServer as createPlain, type IncomingMessage, request as askPlain, type RequestListener } from 'node:http';
import { createServer as createTls, request as askTls } from 'node:https';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { listenOnLoopback } from './loopback';
import type { Pki } from './pki';

/** What somebody sends to a server. */
export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server on this machine, and a wire to it on which somebody listens. */
export interface TappedServer {
  /** Sends something over the wire, as a client that verifies the server wherever it has a certificate. @returns the status of the answer */
  send(post: Post): Promise<number>;
  /** What has gone over the wire so far, byte by byte, as whoever is in between has it. */
  overheard(): string;
  stop(): Promise<void>;
}

/**
 * Starts what stands for a server outside, such as a collector.
 *
 * @param tls its certificate, and the authority that vouches for it; undefined where it speaks in clear
 * @param answer the status that it answers with
 */
export async function startTapped(tls: Pick<Pki, 'server' | 'serverCaPem'> | undefined, answer: (post: Post) => number): Promise<TappedServer> {
  const heard: string[] = [];
  const listener: RequestListener = (request, response) => {
    void bodyOf(request).then((body) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      response.writeHead(answer({ path: request.url ?? '', headers, body })).end();
    }, () => response.destroy());
  };
  const inner = await listenOnLoopback(tls ? createTls({ cert: tls.server.certificatePem, key: tls.server.privateKeyPem }, listener) : createPlain(listener));
  const tap = createServer((caller) => {
    const callee = connect(inner.port, '127.0.0.1').on('error', () => caller.destroy());
    caller.on('error', () => callee.destroy()).on('data', (bytes) => heard.push(bytes.toString('latin1')));
    caller.pipe(callee).pipe(caller);
  });
  tap.listen(0, '127.0.0.1');
  await once(tap, 'listening');
  const { port } = tap.address() as AddressInfo;
  return {
    send: async ({ path, headers, body }) => {
      const options = { host: '127.0.0.1', port, path, method: 'POST', headers, agent: false as const };
      const asked = tls ? askTls({ ...options, ca: tls.serverCaPem }) : askPlain(options);
      const [response] = await once(asked.end(body), 'response') as [IncomingMessage];
      response.resume();
      return response.statusCode ?? 0;
    },
    overheard: () => heard.join(''),
    stop: async () => {
      tap.close();
      await inner.stop();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
