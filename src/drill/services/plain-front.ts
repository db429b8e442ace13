import { once } from 'node:events';
import { connect as connectPlain, createServer, type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A port at which a server that speaks TLS alone is also spoken to without it. */
export interface PlainFront {
  readonly port: number;
  stop(): void;
}

/** How every TLS connection begins: a handshake record (RFC 8446, section 5.1). */
const HANDSHAKE = 22;

/** As ElastiCache listens whose encryption in transit is merely preferred, or off: whoever speaks TLS is passed on, and for whoever does not TLS is spoken here. */
export async function startPlainFront({ host, port, caPem }: { readonly host: string; readonly port: number; readonly caPem: string }): Promise<PlainFront> {
  const server = createServer((caller) => {
    caller.on('error', () => undefined).once('data', (first: Buffer) => {
      caller.pause();
      const callee = first[0] === HANDSHAKE ? connectPlain(port, host) : connectTls({ host, port, ca: caPem });
      callee.on('error', () => caller.destroy()).on('close', () => caller.destroy());
      caller.on('close', () => callee.destroy());
      callee.write(first);
      caller.pipe(callee).pipe(caller);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() };
}
