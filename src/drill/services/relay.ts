import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Passes bytes on to a server on loopback, until it is told to keep them or to hang up. */
export interface Relay {
  readonly port: number;
  /** Bytes are taken and go nowhere. */
  freeze(): void;
  /** Connections are closed at once. */
  cut(): void;
  heal(): void;
  stop(): void;
}

export async function startRelay(target: number): Promise<Relay> {
  let state: 'open' | 'frozen' | 'cut' = 'open';
  const pairs = new Set<Socket>();
  const server = createServer((caller) => {
    pairs.add(caller.on('error', () => undefined).on('close', () => pairs.delete(caller)));
    if (state === 'cut') {
      caller.destroy();
      return;
    }
    if (state === 'frozen') return;
    const callee = connect(target, '127.0.0.1').on('error', () => caller.destroy());
    caller.pipe(callee).pipe(caller);
    caller.on('close', () => callee.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const become = (next: typeof state): void => {
    state = next;
    // What is open belongs to the time before; a frozen one is left standing, and hears nothing more.
    for (const socket of pairs) if (next === 'frozen') socket.unpipe().pause(); else socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => become('frozen'),
    cut: () => become('cut'),
    heal: () => become('open'),
    stop: () => {
      become('cut');
      server.close();
    },
  };
}
