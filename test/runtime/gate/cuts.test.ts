import { getEventListeners, once } from 'node:events';
import WebSocket, { WebSocketServer } from 'ws';
import type { CutReason } from '../../../src/runtime/gate/open-requests';
import type { Identity } from '../../../src/runtime/gate/ports';
import { Refusal } from '../../../src/runtime/gate/refusal';
import { CREDENTIAL, eventually, gateConfiguration, openSocket, RecordingCore, requestLine, sendRaw, startTestGate, type TestGate } from '../../support/gate-server';

const IDENTITY: Identity = { subject: 'alice', proofs: new Set(['key']), scopes: new Set(), roles: new Set(), revocableAs: ['key#1'] };
const policy = { routes: [{ method: 'ANY', path: '/v1', subtree: true, access: { kind: 'authenticated' }, tier: 'light', streams: true }], roles: {} } as const;

let core: RecordingCore;
let gate: TestGate;
let answer: Parameters<typeof RecordingCore.start>[0];
/** Is given what lets whoever waits for his identity go on; nobody waits where nothing is there to be given it. */
let hold: ((go: () => void) => void) | undefined;

beforeEach(async () => {
  answer = undefined;
  hold = undefined;
  core = await RecordingCore.start((request, response) => answer?.(request, response));
  gate = await startTestGate({ ...gateConfiguration(core.port, { limits: { drainSeconds: 0.2 } }), policy }, {
    authenticator: {
      authenticate: async () => {
        if (hold) await new Promise<void>(hold);
        return IDENTITY;
      },
    },
  });
});
afterEach(async () => {
  await gate.stop();
  await core.stop();
});

/** What makes the gate cut, and what somebody is told of it who has heard nothing yet. */
const CAUSES: Readonly<Record<CutReason, { readonly status: number; readonly happen: () => unknown }>> = {
  'revoked': {
    status: 401,
    happen: () => {
      gate.revocations.listed.add('key#1');
      gate.revocations.read();
    },
  },
  'locked-down': {
    status: 503,
    happen: () => {
      gate.revocations.isLocked = true;
      gate.revocations.read();
    },
  },
  'lease-lost': { status: 429, happen: () => gate.limiter.lose[0]?.() },
  'drained': { status: 503, happen: () => gate.drain() },
};
const REASONS = Object.entries(CAUSES) as [CutReason, (typeof CAUSES)[CutReason]][];

async function expectOne(reason: CutReason, record: object): Promise<void> {
  await eventually(() => gate.records.length === 1 && gate.limiter.releases.every((count) => count === 1));
  await gate.stop();
  expect(gate.records).toEqual([expect.objectContaining({ outcome: 'cut', reason, ...record })]);
  expect(gate.limiter.releases).toEqual([1]);
  expect(gate.counted.filter(([name]) => name === 'streamCut')).toEqual(reason === 'drained' ? [] : [['streamCut', reason]]);
}

describe.each(REASONS)('cut since it was %s', (reason, { status, happen }) => {
  test('a request that waits for its answer is refused', async () => {
    const asked = sendRaw(gate.port, requestLine('GET /v1/x'));
    await eventually(() => core.requests.length === 1);
    void happen();
    const { statuses, text } = await asked;
    expect(statuses).toEqual([status]);
    expect(text).toContain('x-content-type-options: nosniff');
    await eventually(() => core.abortedCount === 1);
    await expectOne(reason, { status });
  });

  test('a stream ends, and does not look whole', async () => {
    answer = (_request, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    const socket = await openSocket(gate.port);
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    socket.write(requestLine('GET /v1/x'));
    await eventually(() => text.includes('data: 1'));
    void happen();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).not.toContain('0\r\n\r\n');
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    await eventually(() => core.abortedCount === 1);
    await expectOne(reason, { status: 200, bytesOut: 9 });
  });

  test('an upload is refused, and never looks whole to the Core', async () => {
    let wasWhole = false;
    answer = (request) => void request.resume().on('end', () => { wasWhole = request.complete; });
    const asked = sendRaw(gate.port, requestLine('POST /v1/x', ['Content-Length: 10'], 'abc'));
    await eventually(() => core.requests.length === 1);
    void happen();
    expect((await asked).statuses).toEqual([status]);
    await eventually(() => core.abortedCount === 1);
    expect(wasWhole).toBe(false);
    await expectOne(reason, { status, bytesIn: 3 });
  });

  test('a WebSocket ends on both sides', async () => {
    const server = new WebSocketServer({ server: core.server });
    server.on('connection', (each) => each.on('error', () => undefined));
    const client = new WebSocket(`wss://127.0.0.1:${gate.port}/v1/x`, { rejectUnauthorized: false, headers: { 'x-credential': 'good' } });
    client.on('error', () => undefined);
    await once(client, 'open');
    await eventually(() => server.clients.size === 1);
    const closed = once(client, 'close');
    void happen();
    expect((await closed)[0]).toBe(1006);
    await eventually(() => server.clients.size === 0);
    server.close();
    await expectOne(reason, { status: 101 });
  });
});

describe('what has not reached the Core yet', () => {
  test.each(REASONS.filter(([reason]) => reason !== 'lease-lost'))('is refused while it waits for its budget: %s', async (reason, { status, happen }) => {
    let grant = (): void => undefined;
    gate.limiter.before = () => new Promise((resolve) => { grant = resolve; });
    const asked = sendRaw(gate.port, requestLine('GET /v1/x'));
    await eventually(() => gate.limiter.wants.length === 1);
    void happen();
    expect((await asked).statuses).toEqual([status]);
    grant();
    await eventually(() => gate.limiter.releases[0] === 1);
    await gate.stop();
    expect(core.requests).toEqual([]);
    expect(gate.records).toMatchObject([{ outcome: 'refused', reason, status, isStream: false }]);
    expect(gate.limiter.releases).toEqual([1]);
  });

  test('is refused by a lockdown before anybody knows who it is, and by a revocation as soon as somebody does', async () => {
    for (const [reason, status] of [['locked-down', 503], ['revoked', 401]] as const) {
      gate.records.splice(0);
      const waiting: { identify?: () => void } = {};
      hold = (go) => { waiting.identify = go; };
      const asked = sendRaw(gate.port, requestLine('GET /v1/x'));
      await eventually(() => waiting.identify !== undefined);
      CAUSES[reason].happen();
      waiting.identify?.();
      expect((await asked).statuses).toEqual([status]);
      await eventually(() => gate.records.length === 1);
      expect(gate.records).toMatchObject([{ outcome: 'refused', reason }]);
      gate.revocations.isLocked = false;
    }
    expect(core.requests).toEqual([]);
    expect(gate.limiter.wants).toEqual([]);
  });

  test('spends nothing where its caller has gone before anybody knows who it is', async () => {
    const waiting: { identify?: () => void } = {};
    hold = (go) => { waiting.identify = go; };
    const socket = await openSocket(gate.port);
    socket.write(requestLine('GET /v1/x'));
    await eventually(() => waiting.identify !== undefined);
    socket.destroy();
    await eventually(() => gate.records.length === 1);
    waiting.identify?.();
    // One who comes later has been through all of it, and so would the other have been.
    hold = undefined;
    answer = (_request, response) => void response.end();
    await sendRaw(gate.port, requestLine('GET /v1/x'));
    expect(gate.limiter.wants).toHaveLength(1);
    expect(gate.records[0]).toMatchObject({ outcome: 'cut', reason: 'caller-gone' });
  });

  test('is refused where its lease is lost as soon as it is given', async () => {
    const { limiter } = gate;
    const take = limiter.take.bind(limiter);
    limiter.take = async (want) => {
      const grant = await take(want);
      limiter.lose[0]?.();
      return grant;
    };
    expect((await sendRaw(gate.port, requestLine('GET /v1/x'))).statuses).toEqual([429]);
    await eventually(() => gate.records.length === 1);
    expect(gate.records).toMatchObject([{ outcome: 'refused', reason: 'lease-lost' }]);
    expect(core.requests).toEqual([]);
  });
});

test('a stream that is over leaves nothing at its lease, which may live longer', async () => {
  answer = (_request, response) => void response.end();
  const { signal: lost } = new AbortController();
  gate.limiter.take = () => Promise.resolve({ headers: {}, lease: { lost, release: () => undefined } });
  for (let count = 0; count < 3; count += 1) await sendRaw(gate.port, requestLine('GET /v1/x'));
  await eventually(() => gate.records.length === 3);
  expect(getEventListeners(lost, 'abort')).toEqual([]);
});

describe('what is open goes on', () => {
  test('for others than those who are revoked, and while no list can be read', async () => {
    let send: ((text: string) => void) | undefined;
    answer = (_request, response) => { send = (text) => void response.end(text); };
    const asked = sendRaw(gate.port, requestLine('GET /v1/x'));
    await eventually(() => send !== undefined);
    gate.revocations.listed.add('key#2');
    gate.revocations.read();
    gate.revocations.isOutdated = true;
    gate.revocations.read();
    expect((await sendRaw(gate.port, requestLine('GET /v1/x'))).statuses).toEqual([503]);
    send?.('to the end');
    expect((await asked).text).toContain('to the end');
    expect(gate.counted.filter(([name]) => name === 'lockedDown')).toEqual([['lockedDown', false]]);
  });

  test('while a gate drains, as long as it may; whoever comes then is served too, and told that it is the last of his connection', async () => {
    let finish: (() => void) | undefined;
    answer = (_request, response) => {
      response.write('begun');
      finish = () => void response.end('ended');
    };
    const asked = sendRaw(gate.port, requestLine('GET /v1/x'));
    await eventually(() => finish !== undefined);
    const drained = gate.drain();
    finish?.();
    expect((await asked).text).toMatch(/ended\r\n0\r\n\r\n$/);
    await drained;
    expect(gate.records).toMatchObject([{ outcome: 'served' }]);
    expect(gate.limiter.releases).toEqual([1]);
  });
});

test('when a drain is over, all is recorded and released', async () => {
  answer = (_request, response) => void response.write('begun');
  const sockets = await Promise.all(Array.from({ length: 20 }, async () => {
    const socket = await openSocket(gate.port);
    socket.resume().write(`GET /v1/x HTTP/1.1\r\nHost: gate.test\r\n${CREDENTIAL}\r\n`);
    return socket;
  }));
  await eventually(() => core.requests.length === 20);
  await gate.drain();
  expect(gate.records.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`)).toEqual(Array.from({ length: 20 }, () => 'cut drained'));
  expect(gate.limiter.releases).toEqual(Array.from({ length: 20 }, () => 1));
  sockets.forEach((socket) => socket.destroy());
});

describe('a stream that nobody declared', () => {
  const events: typeof answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'Text/Event-Stream;charset=utf-8', 'ratelimit': 'core', 'ratelimit-limit': '1' }).end('data: 1\n\n');
  };
  const undeclared = () => startTestGate(gateConfiguration(core.port));

  test('says nothing before it has its lease, and all of it then, with what the limiter says of its budget', async () => {
    answer = events;
    const other = await undeclared();
    let grant = (): void => undefined;
    other.limiter.headers = { 'ratelimit': '"general";r=9', 'ratelimit-policy': '"general";q=10' };
    other.limiter.before = (kind) => (kind === 'lease' ? new Promise((resolve) => { grant = resolve; }) : undefined);
    const socket = await openSocket(other.port);
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    socket.write(requestLine('GET /v1/x'));
    await eventually(() => core.requests.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(text).toBe('');
    grant();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toMatch(/data: 1\n\n\r\n0\r\n\r\n$/);
    expect(text).toContain('\r\nratelimit: "general";r=9\r\n');
    expect(text).not.toMatch(/ratelimit: core|ratelimit-limit/);
    await other.stop();
    expect(other.records).toMatchObject([{ outcome: 'served', isStream: true, bytesOut: 9 }]);
    expect(other.limiter.releases).toEqual([1]);
  });

  test('is refused in the Core\'s place where there is none, and the Core is rid of it', async () => {
    answer = (_request, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    const other = await undeclared();
    other.limiter.headers = { 'ratelimit': '"general";r=9', 'ratelimit-policy': '"general";q=10' };
    other.limiter.before = (kind) => (kind === 'lease' ? Promise.reject(new Refusal('rate_limited', 'streams', { 'retry-after': '3' })) : undefined);
    const { statuses, text } = await sendRaw(other.port, requestLine('GET /v1/x'));
    expect(statuses).toEqual([429]);
    expect(text).toContain('\r\nretry-after: 3\r\n');
    // Of the budget, which its request has spent of.
    expect(text).toContain('\r\nratelimit: "general";r=9\r\nratelimit-policy: "general";q=10\r\n');
    expect(text).not.toContain('data: 1');
    await eventually(() => core.abortedCount === 1);
    await other.stop();
  });

  test.each([
    ['is a stream by its Accept', 'GET /v1/x', ['Accept: text/html, text/event-stream;q=0.5'], true],
    ['is none', 'GET /v1/x', ['Accept: application/json'], false],
    ['is none where only its head is asked for', 'HEAD /v1/x', [], false],
  ])('%s', async (_name, line, lines, isStream) => {
    answer = isStream ? undefined : (request, response) => void response.writeHead(200, { 'content-type': request.method === 'HEAD' ? 'text/event-stream' : 'text/plain' }).end();
    const other = await undeclared();
    const asked = sendRaw(other.port, requestLine(line, lines));
    await eventually(() => core.requests.length === 1);
    expect(other.limiter.wants).toMatchObject([{ isStream, tier: 'light', identity: { subject: 'alice' } }]);
    await other.stop();
    await asked;
    expect(other.limiter.releases).toHaveLength(isStream ? 1 : 0);
  });
});
