import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** An address on loopback that leads to a server, and loses the first answer. */
export interface LossyAddress {
  readonly port: number;
  stop(): void;
}

const POLL_MS = 20;

/**
 * Speaks no TLS, and so goes by turns: what the caller says after the server's first words is its request. From then on it hands on nothing of what the server says,
 * and ends the connection when the request is done.
 * @param isDone whether the server has done what it was asked
 */
export async function losingTheFirstAnswer(port: number, isDone: () => boolean): Promise<LossyAddress> {
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  let isFirst = true;
  const server = createServer((caller) => {
    const callee = kept(connect(port, '127.0.0.1'));
    kept(caller).pipe(callee);
    caller.on('close', () => callee.destroy());
    callee.on('close', () => caller.destroy());
    if (isFirst) void lose(caller, callee);
    else callee.pipe(caller);
    isFirst = false;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };

  async function lose(caller: Socket, callee: Socket): Promise<void> {
    const handOn = (chunk: Buffer): void => void caller.write(chunk);
    callee.on('data', handOn);
    await once(callee, 'data');
    await once(caller, 'data');
    callee.off('data', handOn);
    while (!isDone() && !caller.destroyed) await after(POLL_MS);
    caller.destroy();
  }
}
