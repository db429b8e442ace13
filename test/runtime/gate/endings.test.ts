import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import WebSocket, { WebSocketServer } from 'ws';
import type { AuditEntry } from '../../../src/runtime/gate/ports';
import { Refusal } from '../../../src/runtime/gate/refusal';
import type { GateParts } from '../../../src/runtime/gate/server';
import { BytesCore, CREDENTIAL, eventually, gateConfiguration, openSocket, RecordingCore, requestLine, sendRaw, startTestGate, type TestGate } from '../../support/gate-server';

const STREAM = '/v1/stream';
const ACTION = 'ANY /v1/stream';
const HEAD = `Host: gate.test\r\n${CREDENTIAL}`;
const MALFORMED_UPGRADE = `GET ${STREAM} HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`;
const route = (path: string, more: object = {}) => ({ method: 'ANY', path, subtree: false, access: { kind: 'authenticated' }, tier: 'light', streams: false, ...more }) as const;
const POLICY = { routes: [route('/v1/plain'), route(STREAM, { streams: true }), route('/v1/heavy', { tier: 'heavy' }), route('/v1/scoped', { access: { kind: 'scope', scope: 's' } })], roles: {} };

/** What takes part. */
interface World {
  readonly gate: TestGate;
  readonly core: RecordingCore | BytesCore;
}

interface Ending {
  /** @default - says hello */
  readonly core?: RequestListener | string | ((socket: Socket) => void);
  readonly isRaw?: boolean;
  readonly limits?: object;
  readonly parts?: Partial<GateParts>;
  readonly arrange?: (gate: TestGate) => void;
  readonly act: (world: World) => Promise<unknown>;
  readonly record: Partial<AuditEntry>;
  /** @default - none */
  readonly leases?: number;
}

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop();
});

async function worldOf({ core: answer, isRaw = false, limits = {}, parts, arrange }: Ending): Promise<World> {
  const core = isRaw || typeof answer === 'string' ? await BytesCore.start(answer as string) : await RecordingCore.start(answer as RequestListener | undefined);
  started.push(core);
  const cors = { origins: ['https://app.test'], credentials: false, headers: [], maxAgeSeconds: 1 };
  const gate = await startTestGate({ ...gateConfiguration(core.port, { limits: { idleTimeoutSeconds: 10, ...limits } }), policy: POLICY, cors }, parts);
  started.push(gate);
  arrange?.(gate);
  return { gate, core };
}

const ask = (line: string, lines: readonly string[] = [], body = '') => ({ gate }: World) => sendRaw(gate.port, requestLine(line, lines, body));
const raw = (bytes: string) => ({ gate }: World) => sendRaw(gate.port, bytes);
const reached = async ({ core }: World): Promise<void> => eventually(() => (core instanceof RecordingCore ? core.requests.length : core.asked) > 0);

/** Sends, waits for what is waited for, and is gone. */
const leave = (bytes: string, when: (world: World, socket: TLSSocket) => Promise<unknown>) => async (world: World) => {
  const socket = await openSocket(world.gate.port);
  socket.write(bytes);
  await when(world, socket);
  socket.destroy();
};

const begun: RequestListener = (_request, response) => void response.write('begun');
const silent: RequestListener = () => undefined;
const events: RequestListener = (_request, response) => void response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write('data: 1\n\n');
const refusing = (refusal: Refusal) => ({ limiter }: TestGate): void => {
  limiter.before = () => Promise.reject(refusal);
};
const first = (socket: TLSSocket): Promise<unknown> => once(socket, 'data');

async function webSocket({ gate, core }: World, then: (client: WebSocket, server: WebSocketServer) => void): Promise<void> {
  if (!(core instanceof RecordingCore)) throw new Error('This Core speaks no HTTP.');
  const server = new WebSocketServer({ server: core.server });
  server.on('connection', (socket) => socket.on('error', () => undefined).on('message', (data) => socket.send(data)));
  const client = new WebSocket(`wss://127.0.0.1:${gate.port}${STREAM}`, { rejectUnauthorized: false, headers: { 'x-credential': 'good' } });
  client.on('error', () => undefined);
  await once(client, 'open');
  await eventually(() => server.clients.size === 1);
  client.send('hello');
  await once(client, 'message');
  const closed = once(client, 'close');
  then(client, server);
  await closed;
  server.close();
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  'served': { act: ask(`GET ${STREAM}`), record: { action: ACTION, outcome: 'served', reason: undefined, status: 200, bytesIn: 0, bytesOut: 5, isStream: true }, leases: 1 },
  'served with a body': {
    core: (request, response) => void request.resume().on('end', () => response.end('hello')),
    act: ask('POST /v1/plain', ['Content-Length: 3'], 'abc'), record: { action: 'ANY /v1/plain', outcome: 'served', status: 200, bytesIn: 3, bytesOut: 5, isStream: false },
  },
  'served, with words of the Core for the caller': { core: (_request, response) => void response.writeHead(422).end('no'), act: ask('GET /v1/plain'), record: { outcome: 'served', status: 422 } },
  'a preflight': {
    act: raw(`OPTIONS ${STREAM} HTTP/1.1\r\nHost: gate.test\r\nOrigin: https://app.test\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n`),
    record: { action: 'OPTIONS -', outcome: 'answered', reason: undefined, status: 204, bytesOut: 0 },
  },
  'no preflight': { act: ask('OPTIONS /v1/plain'), record: { action: 'OPTIONS -', outcome: 'refused', reason: 'no-preflight', status: 405 } },
  'a path that is malformed': { act: ask('GET /v1/%63'), record: { action: 'GET -', outcome: 'refused', status: 400, identity: undefined } },
  'locked down': {
    arrange: ({ revocations }) => { revocations.isLocked = true; }, act: ask(`GET ${STREAM}`),
    record: { action: ACTION, outcome: 'refused', reason: 'locked-down', status: 503, identity: undefined },
  },
  'a list that is too old': {
    arrange: ({ revocations }) => { revocations.isOutdated = true; }, act: ask(`GET ${STREAM}`),
    record: { outcome: 'refused', reason: 'revocations-outdated', status: 503 },
  },
  'no credential': { act: raw(requestLine(`GET ${STREAM}`).replace(CREDENTIAL, '')), record: { action: ACTION, outcome: 'refused', reason: 'no-credential', status: 401, identity: undefined } },
  'revoked': {
    arrange: ({ revocations }) => void revocations.listed.add('key#1'), act: ask(`GET ${STREAM}`),
    record: { outcome: 'refused', reason: 'revoked', status: 401, identity: expect.objectContaining({ subject: 'alice' }) as AuditEntry['identity'] },
  },
  'no route': { act: ask('GET /nothing'), record: { action: 'GET -', outcome: 'refused', reason: 'no-route', status: 403 } },
  'not permitted': { act: ask('GET /v1/scoped'), record: { action: 'ANY /v1/scoped', outcome: 'refused', reason: 'denied', status: 403 } },
  'no admin plane': { act: ask('GET /admin/x'), record: { action: 'GET -', outcome: 'refused', reason: 'no-admin-plane', status: 404 } },
  'a body that says it is too long': { act: ask(`POST ${STREAM}`, ['Content-Length: 100001'], 'x'), record: { outcome: 'refused', reason: 'body-announced-too-large', status: 413 } },
  'a page of another origin': { act: raw(MALFORMED_UPGRADE.replace('\r\n\r\n', '\r\nOrigin: https://evil.test\r\n\r\n')), record: { outcome: 'refused', reason: 'websocket-origin', status: 403 } },
  'no handshake': { act: raw(MALFORMED_UPGRADE), record: { outcome: 'refused', reason: 'websocket-handshake', status: 400 } },
  'the limiter refuses': { arrange: refusing(new Refusal('rate_limited', 'rate')), act: ask(`GET ${STREAM}`), record: { action: ACTION, outcome: 'refused', reason: 'rate', status: 429 } },
  'nobody counts': { arrange: refusing(new Refusal('unavailable', 'redis-gone')), act: ask(`GET ${STREAM}`), record: { outcome: 'refused', reason: 'redis-gone', status: 503 } },
  'no room in the trail': {
    arrange: ({ audit }) => {
      audit.waiting = Promise.reject(new Refusal('unavailable', 'audit-stuck'));
      audit.waiting.catch(() => undefined);
    },
    act: ask(`GET ${STREAM}`), record: { action: 'GET -', outcome: 'refused', reason: 'audit-stuck', status: 503 },
  },
  'an error that nobody thought of': {
    parts: { authenticator: { authenticate: () => Promise.reject(new Error('with a secret')) } }, act: ask(`GET ${STREAM}`), record: { outcome: 'refused', reason: 'unexpected', status: 500 },
  },
  'a body that turns out too long': {
    limits: { maxBodyBytes: 10 }, core: silent, act: ask(`POST ${STREAM}`, ['Transfer-Encoding: chunked'], 'b\r\nxxxxxxxxxxx\r\n0\r\n\r\n'),
    record: { outcome: 'cut', reason: 'body-too-large', status: 413, bytesIn: 11 }, leases: 1,
  },
  'a body that turns into garbage': {
    core: silent, act: ask(`POST ${STREAM}`, ['Transfer-Encoding: chunked'], '3\r\nabc\r\nXYZ\r\n'), record: { action: ACTION, outcome: 'cut', reason: 'unreadable', status: 400 }, leases: 1,
  },
  'a body that is slow': {
    limits: { requestTimeoutSeconds: 1 }, core: silent, act: ask(`POST ${STREAM}`, ['Content-Length: 3'], 'ab'),
    record: { action: ACTION, outcome: 'cut', reason: 'request-slow', status: 408, bytesIn: 2 }, leases: 1,
  },
  'a body that stops': {
    limits: { idleTimeoutSeconds: 0.5 }, core: silent, act: ask(`POST ${STREAM}`, ['Content-Length: 3'], 'ab'), record: { outcome: 'cut', reason: 'caller-silent', status: 408 }, leases: 1,
  },
  'a Core that resets': {
    isRaw: true, core: (socket: Socket) => void socket.resetAndDestroy(), act: ask(`GET ${STREAM}`),
    record: { outcome: 'failed', reason: 'core-answer-broken', status: 502 }, leases: 1,
  },
  'a Core that answers with two types': {
    core: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Type: text/html\r\nX-Core-Model: m\r\nX-Core-Prompt-Tokens: 1\r\nContent-Length: 6\r\n\r\ncanary',
    act: ask('GET /v1/plain'), record: { outcome: 'failed', reason: 'core-answer-unsendable', status: 502 },
  },
  'a Core that answers what no gate passes on': {
    core: (_request, response) => void response.writeHead(599).end('canary'), act: ask(`GET ${STREAM}`), record: { outcome: 'failed', reason: 'core-answered-bad-gateway', status: 502 }, leases: 1,
  },
  'a Core that answers 500': {
    core: (_request, response) => void response.writeHead(500).end('canary'), act: ask(`GET ${STREAM}`), record: { outcome: 'failed', reason: 'core-answered-internal', status: 500 }, leases: 1,
  },
  'a Core that answers 501': { core: (_request, response) => void response.writeHead(501).end(), act: ask(`GET ${STREAM}`), record: { outcome: 'failed', status: 501 }, leases: 1 },
  'a Core that says what cannot be sent': {
    core: 'HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab', act: ask(`GET ${STREAM}`), record: { outcome: 'failed', status: 502 }, leases: 1,
  },
  'a silent Core': { limits: { idleTimeoutSeconds: 0.3 }, core: silent, act: ask(`GET ${STREAM}`), record: { outcome: 'failed', reason: 'core-silent', status: 504 }, leases: 1 },
  'a Core that says nothing but that it will': {
    limits: { idleTimeoutSeconds: 0.5 }, isRaw: true,
    core: (socket: Socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
    },
    act: ask(`GET ${STREAM}`), record: { outcome: 'failed', reason: 'core-silent', status: 504 }, leases: 1,
  },
  'a Core that falls silent': { limits: { idleTimeoutSeconds: 0.3 }, core: begun, act: ask(`GET ${STREAM}`), record: { outcome: 'cut', reason: 'core-silent', status: 200, bytesOut: 5 }, leases: 1 },
  'a Core that dies within its answer': {
    core: (_request, response) => {
      response.write('begun');
      setTimeout(() => response.destroy(), 50);
    },
    act: ask(`GET ${STREAM}`), record: { outcome: 'cut', reason: 'core-answer-broken', status: 200 }, leases: 1,
  },
  'a caller that goes before the Core answers': {
    core: silent, act: leave(requestLine(`GET ${STREAM}`), reached), record: { action: ACTION, outcome: 'cut', reason: 'caller-gone', status: undefined }, leases: 1,
  },
  'a caller that goes while it answers': {
    core: begun, act: leave(requestLine(`GET ${STREAM}`), (_world, socket) => first(socket)), record: { outcome: 'cut', reason: 'caller-gone', status: 200, bytesOut: 5 }, leases: 1,
  },
  'a caller that goes while he uploads': {
    core: silent, act: leave(requestLine(`POST ${STREAM}`, ['Content-Length: 10'], 'abc'), reached),
    record: { outcome: 'cut', reason: expect.stringMatching(/^(?:caller-gone|body-cut-short|request-cut-short)$/) as string, bytesIn: 3 }, leases: 1,
  },
  'a caller that does not read': {
    limits: { idleTimeoutSeconds: 1 },
    core: (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    },
    act: async (world) => {
      const socket = await openSocket(world.gate.port);
      socket.pause();
      socket.write(requestLine(`GET ${STREAM}`));
      await eventually(() => world.gate.records.length === 1);
      socket.destroy();
    },
    record: { outcome: 'cut', reason: 'caller-silent', status: 200 }, leases: 1,
  },
  'a caller that goes before he has got his lease': {
    act: async (world) => {
      let grant = (): void => undefined;
      const { limiter } = world.gate;
      limiter.before = () => new Promise((resolve) => { grant = resolve; });
      await leave(requestLine(`GET ${STREAM}`), () => eventually(() => limiter.wants.length === 1))(world);
      await eventually(() => world.gate.records.length === 1);
      grant();
      await eventually(() => limiter.releases.length === 1);
    },
    record: { outcome: 'cut', reason: 'caller-gone', status: undefined, isStream: false }, leases: 1,
  },
  'a WebSocket that its caller closes': {
    act: (world) => webSocket(world, (client) => client.close()),
    record: { action: ACTION, outcome: 'served', reason: undefined, status: 101, isStream: true }, leases: 1,
  },
  'a WebSocket whose caller is gone': { act: (world) => webSocket(world, (client) => client.terminate()), record: { outcome: 'served', status: 101 }, leases: 1 },
  'a WebSocket that the Core ends': { act: (world) => webSocket(world, (_, server) => server.clients.forEach((each) => each.terminate())), record: { outcome: 'served', status: 101 }, leases: 1 },
  'a WebSocket that falls silent': {
    limits: { idleTimeoutSeconds: 0.5 }, act: (world) => webSocket(world, () => undefined), record: { outcome: 'cut', reason: 'web-socket-silent', status: 101 }, leases: 1,
  },
  'a WebSocket that the Core does not want': {
    core: (_request, response) => void response.writeHead(404).end('no'),
    act: raw(MALFORMED_UPGRADE.replace('\r\n\r\n', '\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')), record: { outcome: 'served', status: 404 }, leases: 1,
  },
  'a WebSocket to which the Core agrees without having understood': {
    core: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
    act: raw(MALFORMED_UPGRADE.replace('\r\n\r\n', '\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')), record: { outcome: 'failed', reason: 'core-handshake', status: 502 }, leases: 1,
  },
  'an answer that turns out a stream, and gets no lease': {
    core: events, arrange: ({ limiter }) => { limiter.before = (kind) => (kind === 'lease' ? Promise.reject(new Refusal('rate_limited', 'streams', { 'retry-after': '3' })) : undefined); },
    act: ask('GET /v1/plain'), record: { action: 'ANY /v1/plain', outcome: 'cut', reason: 'streams', status: 429, isStream: false },
  },
  'what cannot be read': { act: raw('NOISE\r\n\r\n'), record: { action: '- -', outcome: 'refused', reason: 'unreadable', status: 400 } },
  'headers that are too long': { act: ask('GET /v1/plain', [`X-Long: ${'a'.repeat(17_000)}`]), record: { action: '- -', outcome: 'refused', reason: 'headers-too-large', status: 431 } },
  'headers that are slow': { limits: { headersTimeoutSeconds: 1 }, act: raw('GET /v1/plain HTTP/1.1\r\n'), record: { action: '- -', outcome: 'refused', reason: 'request-slow', status: 408 } },
  'a tunnel': { act: raw(`CONNECT gate.test:1 HTTP/1.1\r\n${HEAD}\r\n`), record: { action: '- -', outcome: 'refused', reason: 'method', status: 405 } },
};

describe('every way in which a request can end has one record, and gives back what it held once', () => {
  test.each(Object.entries(ENDINGS))('%s', async (_name, ending) => {
    const world = await worldOf(ending);
    await ending.act(world);
    const { gate } = world;
    await eventually(() => gate.records.length > 0 && gate.limiter.releases.every((count) => count > 0));
    // Whatever were said twice would be by then.
    await gate.stop();
    expect(gate.records).toEqual([expect.objectContaining(ending.record)]);
    expect(gate.limiter.releases).toEqual(Array.from({ length: ending.leases ?? 0 }, () => 1));
    expect(gate.audit.begun).toBe(1);
    const [record] = gate.records;
    expect(gate.counted.filter(([name]) => name === 'request')).toEqual([['request', record?.status, record?.latencyMs]]);
    expect(JSON.stringify(gate.records)).not.toContain('canary');
  });

  test('a Core that is not there', async () => {
    const world = await worldOf({ act: ask(''), record: {} });
    await world.core.stop();
    started.shift();
    await sendRaw(world.gate.port, requestLine(`GET ${STREAM}`));
    await eventually(() => world.gate.records.length === 1);
    expect(world.gate.records).toMatchObject([{ outcome: 'failed', reason: 'core-not-reached', status: 503 }]);
    expect(world.gate.limiter.releases).toEqual([1]);
  });

  test('those that are thrown away behind another have one each', async () => {
    const { gate } = await worldOf({ act: ask(''), record: {} });
    const request = `GET /v1/plain HTTP/1.1\r\n${HEAD}\r\n`;
    await sendRaw(gate.port, `${request}${request}${request}`);
    await eventually(() => gate.records.length === 3);
    expect(gate.records.map(({ action, outcome, reason, status }) => [action, outcome, reason, status])).toEqual([
      ['- -', 'refused', 'behind-another', undefined], ['- -', 'refused', 'behind-another', undefined], ['ANY /v1/plain', 'served', undefined, 200],
    ]);
    expect(gate.audit.begun).toBe(3);
  });

  test('a connection on which nobody says a word has none, and is closed without one', async () => {
    const { gate } = await worldOf({ act: ask(''), record: {}, limits: { headersTimeoutSeconds: 1 } });
    expect((await sendRaw(gate.port, '')).text).toBe('');
    expect([gate.audit.begun, gate.counted]).toEqual([0, []]);
  });

  test('health has none, unless something is wrong with the question', async () => {
    const { gate } = await worldOf({ act: ask(''), record: {}, arrange: ({ audit, revocations }) => {
      // Neither a full trail nor a lockdown makes a gate unwell.
      audit.waiting = new Promise(() => undefined);
      revocations.isLocked = true;
    } });
    const health = 'GET /.gate/health HTTP/1.1\r\nHost: gate.test\r\nConnection: close\r\n\r\n';
    expect((await sendRaw(gate.port, health)).statuses).toEqual([200]);
    expect([gate.audit.begun, gate.counted]).toEqual([0, []]);
    gate.audit.waiting = undefined;
    expect((await sendRaw(gate.port, health.replace('Host', 'Host: a\r\nHost'))).statuses).toEqual([400]);
    expect((await sendRaw(gate.port, health.replace('health', 'health?x'))).statuses).toEqual([503]);
    await eventually(() => gate.records.length === 2);
  });
});
