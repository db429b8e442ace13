import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { BytesCore, CREDENTIAL, eventually, gateConfiguration, openSocket, RecordingCore, requestLine, sendRaw, startTestGate, type TestGate } from '../../support/gate-server';

const HEAD = `Host: gate.test\r\n${CREDENTIAL}`;
const UPGRADE = `GET /v1/socket HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
const POST = `POST /v1/second HTTP/1.1\r\n${HEAD}Content-Length: 0\r\n\r\n`;

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop();
});

async function core(answer?: Parameters<typeof RecordingCore.start>[0]): Promise<RecordingCore> {
  const running = await RecordingCore.start(answer);
  started.push(running);
  return running;
}

async function gateTo(port: number, limits = {}): Promise<TestGate> {
  const gate = await startTestGate(gateConfiguration(port, { limits }));
  started.push(gate);
  return gate;
}

async function bytesCore(bytes: string): Promise<BytesCore> {
  const running = await BytesCore.start(bytes);
  started.push(running);
  return running;
}

describe('a request behind one that is under way', () => {
  test.each([
    ['one that is refused', `GET /v1/%63 HTTP/1.1\r\n${HEAD}\r\n`, 400, 0],
    ['one without a credential', 'GET /v1/first HTTP/1.1\r\nHost: gate.test\r\n\r\n', 401, 0],
    ['the last of its connection', requestLine('GET /v1/first'), 200, 1],
    ['any other', `GET /v1/first HTTP/1.1\r\n${HEAD}\r\n`, 200, 1],
  ])('%s: is not looked at, whatever it asks, and the connection ends with the answer in front', async (_name, first, status, count) => {
    for (const second of [POST, UPGRADE, `CONNECT gate.test:1 HTTP/1.1\r\n${HEAD}\r\n`, 'NOISE\r\n\r\n', POST.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n')]) {
      const running = await core();
      const { requests, server } = running;
      let upgrades = 0;
      server.on('upgrade', () => { upgrades += 1; });
      const gate = await gateTo(running.port);
      const { statuses, text } = await sendRaw(gate.port, `${first}${second}`);
      expect(statuses).toEqual([status]);
      expect(text.toLowerCase()).toContain('\r\nconnection: close\r\n');
      expect({ urls: requests.map(({ url }) => url), upgrades }).toEqual({ urls: count === 0 ? [] : ['/v1/first'], upgrades: 0 });
      expect(gate.records.filter(({ reason }) => reason === 'behind-another')).toHaveLength(1);
      // It lives.
      expect((await sendRaw(gate.port, requestLine('GET /v1/after'))).statuses).toEqual([200]);
    }
  });

  test('does not end a stream that is under way, which goes with its caller', async () => {
    let finish: (() => void) | undefined;
    const { port, requests, sockets } = await core((_request, response) => {
      response.write('begun');
      finish = () => void response.end('ended');
    });
    const gate = await gateTo(port);
    const asked = sendRaw(gate.port, `GET /v1/first HTTP/1.1\r\n${HEAD}\r\n${POST.repeat(500)}`);
    await eventually(() => finish !== undefined && gate.records.some(({ reason }) => reason === 'behind-another'));
    finish?.();
    expect((await asked).text).toMatch(/begun[\s\S]*ended\r\n0\r\n\r\n$/);
    expect(requests).toHaveLength(1);
    const socket = await openSocket(gate.port);
    socket.resume().write(`GET /v1/first HTTP/1.1\r\n${HEAD}\r\n${UPGRADE}`);
    await eventually(() => requests.length === 2);
    socket.destroy();
    await eventually(() => [...sockets].every(({ closed }) => closed));
  });

  test('may come as soon as the answer in front is there', async () => {
    const { port, requests } = await core((request, response) => void request.resume().on('end', () => response.end('x')));
    const gate = await gateTo(port);
    const socket = await openSocket(gate.port);
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    for (let count = 0; count < 100; count += 1) {
      text = '';
      const arrived = new Promise<void>((resolve) => socket.on('data', () => { if (text.endsWith('\r\n\r\nx')) resolve(); }));
      socket.write(POST);
      await arrived;
      socket.removeAllListeners('data').on('data', (chunk: Buffer) => { text += chunk.toString(); });
    }
    socket.destroy();
    expect(requests).toHaveLength(100);
    expect(gate.records.filter(({ reason }) => reason === 'behind-another')).toEqual([]);
  });
});

describe('an answer before the end of its request', () => {
  test('arrives whole, by a connection that is not reset', async () => {
    const { port } = await core((_request, response) => void response.writeHead(422).end('too early'));
    const gate = await gateTo(port, { maxBodyBytes: 5_000_000 });
    // More than any buffer on the way holds, and less than a busy machine needs a second for.
    const { statuses, text, wasReset } = await sendRaw(gate.port, requestLine('POST /v1/x', ['Content-Length: 4000000'], 'x'.repeat(4_000_000)));
    expect({ statuses, wasReset }).toEqual({ statuses: [422], wasReset: false });
    expect(text).toContain('too early');
  });

  test('leaves a connection on which the rest is thrown away, and the next request is read', async () => {
    const { port, requests } = await core((request, response) => {
      if (request.url === '/v1/second') response.end('second');
      else response.writeHead(422).end('too early');
    });
    const gate = await gateTo(port);
    const socket = await openSocket(gate.port);
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    socket.write(`POST /v1/x HTTP/1.1\r\n${HEAD}Content-Length: 60000\r\n\r\n${'x'.repeat(40_000)}`);
    await eventually(() => text.includes('too early\r\n0\r\n'));
    socket.write(`${'x'.repeat(20_000)}${POST}`);
    await eventually(() => text.includes('second'));
    socket.destroy();
    expect(requests.map(({ url }) => url)).toEqual(['/v1/x', '/v1/second']);
  });
});

describe('a connection to the Core', () => {
  test('carries one request, so that what a Core says behind an answer is nobody\'s', async () => {
    const poisoned = await bytesCore('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison');
    const gate = await gateTo(poisoned.port);
    for (let count = 1; count <= 20; count += 1) {
      expect((await sendRaw(gate.port, requestLine('GET /v1/x'))).text).toMatch(/hello$/);
      expect(poisoned.sockets.size).toBe(count);
    }
  });

  test('is never one that the Core is just closing', async () => {
    const server = createHttpServer((request, response) => void request.resume().on('end', () => response.end('x')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // It closes behind every answer without having said so.
    server.on('request', (_request, response) => response.on('finish', () => response.socket?.destroySoon()));
    started.push({ stop: async () => { server.closeAllConnections(); server.close(); await once(server, 'close'); } });
    const gate = await gateTo((server.address() as AddressInfo).port);
    const statuses = new Set<number | undefined>();
    for (let count = 0; count < 60; count += 1) {
      statuses.add((await sendRaw(gate.port, requestLine(count % 2 === 0 ? 'GET /v1/x' : 'POST /v1/x'))).statuses[0]);
      await wait(count % 3);
    }
    expect([...statuses]).toEqual([200]);
  });

  test('is used again while requests come, and closed by the gate before a Core would', async () => {
    const { port, sockets } = await core();
    const gate = await gateTo(port);
    for (let count = 0; count < 5; count += 1) await sendRaw(gate.port, requestLine('GET /v1/x'));
    expect(sockets.size).toBe(1);
    await eventually(() => [...sockets].every(({ destroyed }) => destroyed));
  });
});

describe('an answer of the Core', () => {
  test.each([
    ['a 204 with a length', '204 No Content\r\nContent-Length: 5\r\n\r\n', /^HTTP\/1\.1 204 /, /content-length/i],
    ['a 204 with a length and a body', '204 No Content\r\nContent-Length: 5\r\n\r\nhello', /^HTTP\/1\.1 204 /, /content-length|hello/i],
    ['a 304 that names the length of what it stands for', '304 Not Modified\r\nContent-Length: 5\r\n\r\n', /^HTTP\/1\.1 304 [\s\S]*content-length: 5\r\n/, /transfer-encoding/i],
    ['a header in Latin-1', '200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 5\r\n\r\nhello', /\r\nx-name: caf\xe9\r\n/, /\xc3/],
    ['both lengths', '200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', /^HTTP\/1\.1 502 /, /hello/],
    ['a line break in a header', '200 OK\r\nX-Name: a\rSet-Cookie: b\r\nContent-Length: 5\r\n\r\nhello', /^HTTP\/1\.1 502 /, /set-cookie/i],
    ['a trailer', '200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nSet-Cookie: b\r\n\r\n', /hello\r\n0\r\n\r\n$/, /set-cookie/i],
    ['names of what every object has', '200 OK\r\n__proto__: a\r\nconstructor: b\r\nContent-Length: 5\r\n\r\nhello', /hello$/, /\[object/],
  ])('%s', async (_name, bytes, told, untold) => {
    const hostile = await bytesCore(`HTTP/1.1 ${bytes}`);
    const gate = await gateTo(hostile.port, { idleTimeoutSeconds: 1 });
    const { text } = await sendRaw(gate.port, requestLine('GET /v1/x'));
    expect(text).toMatch(told);
    expect(text).not.toMatch(untold);
    await eventually(() => gate.records.length === 1);
    expect(gate.records[0]?.outcome).not.toBe('cut');
  });
});

describe('what a caller adds behind a body', () => {
  test('is not told to the Core: trailers and extensions of chunks', async () => {
    const { port, requests } = await core((request, response) => void request.resume().on('end', () => response.end('read')));
    const gate = await gateTo(port);
    await sendRaw(gate.port, requestLine('POST /v1/x', ['Transfer-Encoding: chunked', 'Trailer: X-Caller'], '5;a=b\r\nhello\r\n0\r\nX-Caller: mallory\r\n\r\n'));
    expect(requests[0]?.headers).toMatchObject({ 'x-caller': 'alice' });
    expect(requests[0]?.headers).not.toHaveProperty('trailer');
    expect(requests[0]?.trailers).toEqual({});
  });

  test.each([[100_000, 200], [100_001, 413]])('counts exactly: %d bytes in chunks or with a length are answered %d', async (bytes, status) => {
    const { port } = await core((request, response) => void request.resume().on('end', () => response.end('read')));
    const gate = await gateTo(port);
    const body = 'x'.repeat(bytes);
    expect((await sendRaw(gate.port, requestLine('POST /v1/x', ['Transfer-Encoding: chunked'], `${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`))).statuses).toEqual([status]);
    expect((await sendRaw(gate.port, requestLine('POST /v1/x', [`Content-Length: ${bytes}`], body))).statuses).toEqual([status]);
  });
});
