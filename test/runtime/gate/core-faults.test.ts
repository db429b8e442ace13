import { once } from 'node:events';
import type { Socket } from 'node:net';
import { BytesCore, eventually, gateConfiguration, openSocket, RecordingCore, requestLine, sendRaw, startTestGate, CREDENTIAL, type TestGate } from '../../support/gate-server';

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop();
});

async function gateTo(corePort: number, limits = {}): Promise<TestGate> {
  const gate = await startTestGate(gateConfiguration(corePort, { limits }));
  started.push(gate);
  return gate;
}

async function coreThat(answer: Parameters<typeof RecordingCore.start>[0]): Promise<RecordingCore> {
  const core = await RecordingCore.start(answer);
  started.push(core);
  return core;
}

async function rawCore(onRequest: (socket: Socket) => void): Promise<BytesCore> {
  const core = await BytesCore.start(onRequest);
  started.push(core);
  return core;
}

describe('a Core that fails', () => {
  test('is not there: 503, and when to come back', async () => {
    const core = await RecordingCore.start();
    const { port } = core;
    await core.stop();
    const gate = await gateTo(port);
    const { text } = await sendRaw(gate.port, requestLine('POST /v1/x', ['Content-Length: 3'], 'abc'));
    expect(text).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: \d+[\s\S]*"code":"unavailable"/);
  });

  test.each([
    ['says nothing and closes', (socket: Socket) => void socket.end()],
    ['resets', (socket: Socket) => void socket.resetAndDestroy()],
    ['breaks off within its headers', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-')],
    ['speaks something else', (socket: Socket) => void socket.write('SSH-2.0-OpenSSH\r\n\r\n')],
    ['has headers that are too long', (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`)],
    ['upgrades unasked', (socket: Socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n')],
    ['has a header that cannot be sent', (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab')],
  ])('%s: 502, after one try', async (_name, fail) => {
    const core = await rawCore(fail);
    const gate = await gateTo(core.port);
    for (const method of ['POST', 'GET']) {
      const { text, statuses } = await sendRaw(gate.port, requestLine(`${method} /v1/x`));
      expect(statuses).toEqual([502]);
      expect(text).toContain('"code":"bad_gateway"');
    }
    expect(core.asked).toBe(2);
  });

  test('is frozen: 504 once it was silent for as long as it may', async () => {
    const core = await rawCore(() => undefined);
    const gate = await gateTo(core.port, { idleTimeoutSeconds: 0.3 });
    expect((await sendRaw(gate.port, requestLine('GET /v1/x'))).statuses).toEqual([504]);
  });

  test.each([
    ['a chunked answer', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    ['an answer with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'],
  ])('dies within %s, or falls silent: the answer is cut, and does not look whole', async (_name, bytes) => {
    for (const fate of ['dies', 'silent']) {
      const core = await rawCore((socket) => {
        socket.write(bytes);
        if (fate === 'dies') setTimeout(() => socket.destroy(), 50);
      });
      const gate = await gateTo(core.port, { idleTimeoutSeconds: 0.5 });
      const { text } = await sendRaw(gate.port, requestLine('GET /v1/x'));
      expect(text).toMatch(/^HTTP\/1\.1 200 /);
      expect(text).toContain('hello');
      expect(text).not.toContain('\r\n0\r\n\r\n');
      expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
      await eventually(() => gate.records.length === 1);
      expect(gate.records[0]).toMatchObject({ outcome: 'cut', status: 200, reason: fate === 'dies' ? 'core-answer-broken' : 'core-silent' });
    }
  });

  test.each([[500, 500], [501, 501], [502, 502], [503, 503], [504, 504], [507, 502], [599, 502]])('answers %d: the caller gets %d and none of its words', async (status, expected) => {
    const core = await coreThat((_request, response) => void response.writeHead(status, { 'x-debug': 'canary' }).end('Traceback: password=canary'));
    const gate = await gateTo(core.port);
    const { text, statuses } = await sendRaw(gate.port, requestLine('GET /v1/x'));
    expect(statuses).toEqual([expected]);
    expect(text).not.toContain('canary');
    expect(text).toMatch(/content-length: \d+/);
    expect(core.requests).toHaveLength(1);
  });

  test('answers 4xx: it passes', async () => {
    const core = await coreThat((_request, response) => void response.writeHead(422, { 'content-type': 'text/plain', 'server': 'x' }).end('which field'));
    const gate = await gateTo(core.port);
    const { text } = await sendRaw(gate.port, requestLine('GET /v1/x'));
    expect(text).toMatch(/^HTTP\/1\.1 422 [\s\S]*\r\nwhich field\r\n/);
    expect(text).not.toMatch(/^server:/im);
  });

  test('answers nothing in chunks: the caller gets a length, and keeps his connection', async () => {
    const core = await coreThat((_request, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      response.end();
    });
    const gate = await gateTo(core.port);
    const { text } = await sendRaw(gate.port, `GET /v1/x HTTP/1.1\r\nHost: gate.test\r\n${CREDENTIAL}\r\n`, (sofar) => sofar.endsWith('\r\n\r\n'));
    expect(text).toContain('content-length: 0');
    expect(text.toLowerCase()).not.toContain('transfer-encoding');
    expect(text.toLowerCase()).toContain('connection: keep-alive');
  });

  test.each([204, 304])('answers %d: without a length', async (status) => {
    const core = await coreThat((_request, response) => void response.writeHead(status).end());
    const gate = await gateTo(core.port);
    expect((await sendRaw(gate.port, requestLine('GET /v1/x'))).text).not.toMatch(/^content-length/im);
  });
});

describe('a caller that goes', () => {
  test('takes his request to the Core with him, before it answers and while it does', async () => {
    for (const head of [false, true]) {
      const core = await coreThat((_request, response) => {
        if (head) response.write('data: 1\n\n');
      });
      const gate = await gateTo(core.port);
      const socket = await openSocket(gate.port);
      socket.write(requestLine('GET /v1/x'));
      await eventually(() => core.requests.length === 1);
      if (head) await once(socket, 'data');
      socket.destroy();
      await eventually(() => core.abortedCount === 1);
    }
  });
});
