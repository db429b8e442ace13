import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Relay, startRelay } from '../../../src/drill/services/relay';

let echo: Server;
let relay: Relay;

beforeEach(async () => {
  echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  relay = await startRelay((echo.address() as AddressInfo).port);
});
afterEach(() => {
  relay.stop();
  echo.close();
});

async function joined(): Promise<Socket> {
  const socket = connect(relay.port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function echoed(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk] = await once(socket, 'data') as [Buffer];
  return chunk.toString();
}

test('bytes go through, both ways', async () => {
  const socket = await joined();
  expect(await echoed(socket, 'hello')).toBe('hello');
  socket.destroy();
});

test('once it is cut, what was open ends and nobody gets through, until it is healed', async () => {
  const before = await joined();
  expect(await echoed(before, 'a')).toBe('a');
  relay.cut();
  await once(before, 'close');
  const during = await joined();
  await once(during.resume(), 'close');
  relay.heal();
  const later = await joined();
  expect(await echoed(later, 'b')).toBe('b');
  later.destroy();
});

test('while it is frozen, connections stay and nothing comes back; healed, they end and new ones work', async () => {
  const before = await joined();
  expect(await echoed(before, 'a')).toBe('a');
  relay.freeze();
  const heard: string[] = [];
  before.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  before.write('b');
  const during = await joined();
  during.on('data', (chunk: Buffer) => heard.push(chunk.toString())).write('c');
  // Whoever is served by another way has been served by then.
  const direct = connect((echo.address() as AddressInfo).port, '127.0.0.1');
  for (const text of ['1', '2', '3']) expect(await echoed(direct, text)).toBe(text);
  direct.destroy();
  expect(heard).toEqual([]);
  expect([before.destroyed, during.destroyed]).toEqual([false, false]);
  const ended = Promise.all([once(before, 'close'), once(during, 'close')]);
  relay.heal();
  await ended;
  const later = await joined();
  expect(await echoed(later, 'd')).toBe('d');
  later.destroy();
});
