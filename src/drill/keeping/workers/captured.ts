import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Bytes that somebody read along. */
export interface Captured {
  /** @returns the status of the answer */
  sendTo(port: number): Promise<number>;
}

/** Stands in the way of a request, keeps it, and answers nobody. @param send has to fail, since its answer never comes */
export async function captured(send: (port: number) => Promise<unknown>): Promise<Captured> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const heard = new Promise<Buffer>((resolve) => {
    server.on('connection', (socket) => {
      let bytes = Buffer.alloc(0);
      socket.on('error', () => undefined).on('data', (some) => {
        bytes = Buffer.concat([bytes, some]);
        if (!isWhole(bytes)) return;
        resolve(bytes);
        socket.destroy();
      });
    });
  });
  await send((server.address() as AddressInfo).port).catch(() => undefined);
  const bytes = await heard;
  server.close();
  return { sendTo: (port) => sentTo(port, bytes) };
}

function isWhole(bytes: Buffer): boolean {
  const head = bytes.indexOf('\r\n\r\n');
  const [, length = '0'] = /\r\ncontent-length: (\d+)/i.exec(bytes.toString('latin1')) ?? [];
  return head >= 0 && bytes.length >= head + 4 + Number(length);
}

async function sentTo(port: number, bytes: Buffer): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.setEncoding('latin1').on('data', (some: string) => {
    said += some;
    if (said.includes('\r\n')) socket.end();
  });
  socket.write(bytes);
  await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 0);
}
