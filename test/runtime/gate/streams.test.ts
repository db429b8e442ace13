import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import WebSocket, { WebSocketServer } from 'ws';
import { CREDENTIAL, eventually, gateConfiguration, openSocket, RecordingCore, requestLine, sendRaw, startTestGate, type TestGate } from '../../support/gate-server';

let core: RecordingCore;
let gate: TestGate;
let answer: Parameters<typeof RecordingCore.start>[0];

beforeEach(async () => {
  core = await RecordingCore.start((request, response) => answer?.(request, response));
  gate = await startTestGate(gateConfiguration(core.port, { limits: { idleTimeoutSeconds: 1, maxBodyBytes: 5_000_000 } }));
});
afterEach(async () => {
  await gate.stop();
  await core.stop();
});

/** A request by Node's own client, to which somebody else may write. */
function ask(method: string, headers: Record<string, string> = {}): ReturnType<typeof httpsRequest> {
  return httpsRequest({ host: '127.0.0.1', port: gate.port, path: '/v1/x', method, rejectUnauthorized: false, agent: false, headers: { 'x-credential': 'good', ...headers } });
}

describe('streams', () => {
  test('an event arrives when it is sent, and the head before any', async () => {
    let send: ((event: string) => void) | undefined;
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      send = (event) => void response.write(event);
    };
    const asked = ask('GET').end();
    const [stream] = await once(asked, 'response') as [IncomingMessage];
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      send?.(event);
      expect(String((await once(stream, 'data'))[0])).toBe(event);
    }
    asked.on('error', () => undefined).destroy();
  });

  test('a stream that moves outlives the limit of silence', async () => {
    answer = (_request, response) => {
      let left = 8;
      const timer = setInterval(() => {
        left -= 1;
        response.write('x');
        if (left === 0) {
          clearInterval(timer);
          response.end();
        }
      }, 200);
    };
    const [stream] = await once(ask('GET').end(), 'response') as [IncomingMessage];
    let text = '';
    stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    await once(stream, 'end');
    expect(text).toBe('xxxxxxxx');
  });

  test('a caller that does not read stops the Core, and is cut when he goes on', async () => {
    let sent = 0;
    answer = (_request, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = (): void => {
        let hasRoom = true;
        while (hasRoom && !response.destroyed) {
          hasRoom = response.write(chunk);
          sent += chunk.length;
        }
      };
      response.on('drain', more);
      more();
    };
    const socket = await openSocket(gate.port);
    socket.pause();
    socket.write(requestLine('GET /v1/x'));
    await eventually(() => core.abortedCount === 1);
    expect(sent).toBeLessThan(40_000_000);
    socket.destroy();
  });

  test('an upload arrives whole, in chunks or with a length', async () => {
    const body = randomBytes(3_000_000);
    answer = (request, response) => {
      const hash = createHash('sha256');
      request.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')));
    };
    const framings: readonly Record<string, string>[] = [{ 'content-length': String(body.length) }, { 'transfer-encoding': 'chunked' }];
    for (const headers of framings) {
      const [response] = await once(ask('POST', headers).end(body), 'response') as [IncomingMessage];
      expect(String((await once(response, 'data'))[0])).toBe(createHash('sha256').update(body).digest('hex'));
    }
  });

  test('a caller that waits to be told goes on once he is let through, and not before', async () => {
    answer = (request, response) => void request.resume().on('end', () => response.end('read'));
    const asked = ask('POST', { 'expect': '100-continue', 'content-length': '3' });
    asked.flushHeaders();
    await once(asked, 'continue');
    const [response] = await once(asked.end('abc'), 'response') as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    expect(core.requests[0]?.headers).not.toHaveProperty('expect');
    const refused = await sendRaw(gate.port, 'POST /v1/x HTTP/1.1\r\nHost: gate.test\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n');
    expect(refused.statuses).toEqual([401]);
  });
});

describe('a body', () => {
  const LIMIT = 5_000_000;

  test('that says it is too long is answered 413, and the Core hears nothing', async () => {
    const { statuses, wasReset } = await sendRaw(gate.port, requestLine('POST /v1/x', [`Content-Length: ${LIMIT + 1}`], 'x'.repeat(200_000)));
    expect({ statuses, wasReset }).toEqual({ statuses: [413], wasReset: false });
    expect(core.requests).toEqual([]);
  });

  test('that turns out too long is answered 413, and the Core never takes it for whole', async () => {
    let wasWhole = false;
    answer = (request) => void request.resume().on('end', () => { wasWhole = request.complete; });
    const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
    const { statuses, text } = await sendRaw(gate.port, requestLine('POST /v1/x', ['Transfer-Encoding: chunked'], `${chunk.repeat(51)}0\r\n\r\n`));
    expect(statuses).toEqual([413]);
    expect(text).toContain('"code":"too_large"');
    await eventually(() => core.abortedCount === 1);
    expect(wasWhole).toBe(false);
  });

  test('that stops short, or turns into garbage, never looks whole to the Core', async () => {
    let wasWhole = false;
    answer = (request) => void request.resume().on('end', () => { wasWhole = request.complete; });
    const cut = await openSocket(gate.port);
    cut.write(requestLine('POST /v1/x', ['Content-Length: 10'], 'abc'));
    await eventually(() => core.requests.length === 1);
    cut.destroy();
    const garbage = await sendRaw(gate.port, requestLine('POST /v1/x', ['Transfer-Encoding: chunked'], '3\r\nabc\r\nXYZ\r\n'));
    expect(garbage.statuses).toEqual([400]);
    await eventually(() => core.abortedCount === core.requests.length);
    expect(wasWhole).toBe(false);
  });
});

describe('a WebSocket', () => {
  let webSockets: WebSocketServer;
  const url = (): string => `wss://127.0.0.1:${gate.port}/v1/socket`;
  const options = { rejectUnauthorized: false, headers: { 'x-credential': 'good' } };

  beforeEach(() => {
    webSockets = new WebSocketServer({ server: core.server, handleProtocols: () => 'chat' });
    webSockets.on('connection', (socket) => {
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
  });
  afterEach(() => {
    webSockets.clients.forEach((client) => client.terminate());
    webSockets.close();
  });

  test('passes both ways, text and bytes, with the protocol that the Core chose, and closes in order', async () => {
    const socket = new WebSocket(url(), ['chat', 'other'], options);
    await once(socket, 'open');
    expect(socket.protocol).toBe('chat');
    const large = randomBytes(2_000_000);
    for (const message of ['hello', large]) {
      socket.send(message);
      const [data] = await once(socket, 'message') as [Buffer];
      expect(data.equals(Buffer.from(message as Buffer))).toBe(true);
    }
    socket.close(1000);
    expect((await once(socket, 'close'))[0]).toBe(1000);
    await eventually(() => gate.records.some(({ status }) => status === 101));
  });

  test.each([
    ['without a credential', '/v1/socket', {}, 401],
    ['where no route is', '/other', { 'x-credential': 'good' }, 403],
    ['from a page of another origin', '/v1/socket', { 'x-credential': 'good', 'origin': 'https://evil.test' }, 403],
  ])('%s is refused as any request is, and the Core hears nothing', async (_name, path, headers, status) => {
    let heard = 0;
    core.server.on('upgrade', () => { heard += 1; });
    const socket = new WebSocket(`wss://127.0.0.1:${gate.port}${path}`, { rejectUnauthorized: false, headers });
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response') as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(status);
    expect(response.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'connection': 'close' });
    expect(heard).toBe(0);
  });

  test('that is malformed is answered 400', async () => {
    const { statuses } = await sendRaw(gate.port, `GET /v1/x HTTP/1.1\r\nHost: gate.test\r\n${CREDENTIAL}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`);
    expect(statuses).toEqual([400]);
  });

  test('that the Core refuses gets its answer', async () => {
    webSockets.close();
    core.server.removeAllListeners('upgrade');
    answer = (_request, response) => void response.writeHead(404).end('no socket here');
    const socket = new WebSocket(url(), options);
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response') as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(404);
  });

  test('to which the Core agrees without having understood is 502', async () => {
    webSockets.close();
    const agreement = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n';
    core.server.removeAllListeners('upgrade').on('upgrade', (_request, socket) => void socket.write(agreement));
    const socket = new WebSocket(url(), options);
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response') as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(502);
  });

  test('that is silent for too long is cut, and so is the Core\'s', async () => {
    const socket = new WebSocket(url(), options);
    await once(socket, 'close');
    await eventually(() => webSockets.clients.size === 0);
  });

  test('ends with the Core', async () => {
    const socket = new WebSocket(url(), options);
    await once(socket, 'open');
    await eventually(() => webSockets.clients.size === 1);
    webSockets.clients.forEach((client) => client.terminate());
    expect((await once(socket, 'close'))[0]).toBe(1006);
  });
});
