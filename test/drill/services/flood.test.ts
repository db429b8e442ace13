import { type AddressInfo, createServer, type Server } from 'node:net';
import { flood, MAX_FLOOD } from '../../../src/drill/services/flood';

let server: Server;
const received: string[] = [];
let answers = 0;
let respond: (number: number) => string;

beforeEach(async () => {
  received.length = 0;
  answers = 0;
  respond = () => 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
  server = createServer((socket) => {
    socket.on('data', (chunk) => {
      received.push(chunk.toString());
      // One request at a time on a connection, so that its end is the end of the chunk.
      if (!chunk.toString().endsWith('\r\n\r\n')) return;
      answers += 1;
      const text = respond(answers);
      if (text === '') socket.destroy();
      // In two pieces, so that a status line may be cut in half.
      else socket.write(text.slice(0, 11), () => socket.write(text.slice(11)));
    }).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const to = (): Parameters<typeof flood>[0] => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: false });
const REQUEST = { method: 'GET', path: '/', headers: { host: 'core.test' }, from: '203.0.113.11' };

test('it sends as many requests as it is asked to and counts the answers by status', async () => {
  respond = (number) => `HTTP/1.1 ${number <= 150 ? '200 OK' : '429 Too Many Requests'}\r\ncontent-length: 0\r\n\r\n`;
  const { answers: counted } = await flood(to(), REQUEST, 200);
  expect([...counted].sort()).toEqual([[200, 150], [429, 50]]);
  expect(answers).toBe(200);
});

test('every connection says first from where it comes', async () => {
  await flood(to(), REQUEST, 64);
  expect(received.join('').match(/PROXY TCP4 203\.0\.113\.11 127\.0\.0\.1 \d+ \d+\r\nGET \/ HTTP\/1\.1\r\nhost: core\.test/g)).toHaveLength(32);
});

test('a flood that is cut off is no limit that held', async () => {
  respond = (number) => (number > 20 ? '' : 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  await expect(flood(to(), REQUEST, 100)).rejects.toThrow('The flood broke off: the connection was closed.');
});

test('it sends no more than its bound', async () => {
  await expect(flood(to(), REQUEST, MAX_FLOOD + 1)).rejects.toThrow(`more than the ${MAX_FLOOD}`);
  expect(received).toEqual([]);
});
