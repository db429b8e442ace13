import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** An address of this machine at which a server of 127.0.0.1 answers, and of which its certificate knows nothing. */
export interface Elsewhere {
  readonly host: string;
  readonly port: number;
  stop(): void;
}

export async function listenOn(host: string, target: number): Promise<Elsewhere> {
  const server = createServer((caller) => {
    const callee = connect(target, '127.0.0.1').on('error', () => caller.destroy());
    caller.on('error', () => callee.destroy()).on('close', () => callee.destroy());
    caller.pipe(callee).pipe(caller);
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { host, port: (server.address() as AddressInfo).port, stop: () => void server.close() };
}
