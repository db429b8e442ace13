import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address on loopback that leads to one server, and later to another one: what a name does in a failover. */
export interface MovableAddress {
  readonly port: number;
  /** What is connected stays so. */
  moveTo(port: number): void;
  stop(): void;
}

export async function movableAddress(first: number): Promise<MovableAddress> {
  let target = first;
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((caller) => {
    const callee = kept(connect(target, '127.0.0.1'));
    kept(caller).pipe(callee).pipe(caller);
    caller.on('close', () => callee.destroy());
    callee.on('close', () => caller.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    moveTo: (port) => {
      target = port;
    },
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
