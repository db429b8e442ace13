import { connect as connectTcp, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { once } from 'node:events';
import * as fc from 'fast-check';
import { Refusal } from '../../../src/runtime/gate/refusal';
import { CREDENTIAL, eventually, gateConfiguration, openSocket, RecordingCore, requestLine, sendRaw, startTestGate, type TestGate } from '../../support/gate-server';
import { REFUSED_HEADERS } from './corpora/headers';
import { REFUSED_PATHS } from './corpora/paths';
import { bytesOf, RAW_REQUESTS } from './corpora/raw-requests';

let core: RecordingCore;
let gate: TestGate;

beforeAll(async () => {
  // It answers once it has read everything.
  core = await RecordingCore.start((request, response) => void request.resume().on('end', () => response.end('hello')));
  gate = await startTestGate(gateConfiguration(core.port, { limits: { headersTimeoutSeconds: 1, requestTimeoutSeconds: 2 } }));
});
afterAll(async () => {
  await gate.stop();
  await core.stop();
});
beforeEach(() => {
  core.requests.splice(0);
  gate.records.splice(0);
});

/** Whether bytes say what a text says: a blank at the end of a path is read as one of the two before the version, a colon ends a name, and a line break a header. */
function isOnWire(...texts: readonly string[]): boolean {
  return texts.every((text) => !/ $|:$|\r\n\S|[^\0-\xff]/.test(text));
}

const SECURITY = ['strict-transport-security', 'x-content-type-options', 'x-request-id', 'cache-control'];

describe('what arrives at a running gate', () => {
  test.each(RAW_REQUESTS.map((each) => [each.name, each] as const))('%s', async (_name, each) => {
    const credential = `${CREDENTIAL}${each.bytes.includes('Connection') ? '' : 'Connection: close\r\n'}`;
    const bytes = bytesOf(each, { host: 'gate.test', path: '/v1/models', credential });
    const { text, statuses } = await sendRaw(gate.port, bytes, (sofar) => each.expected === 'forwarded' && sofar.includes('hello'));
    if (each.expected === 'forwarded') {
      expect(core.requests.map(({ url }) => url)).toEqual([expect.stringMatching(/^\/v1\/models(\?|$)/)]);
      return;
    }
    expect(core.requests).toEqual([]);
    // What Node would say by itself is said by the gate, or nothing is.
    if (each.expected === 'refused') expect(statuses[0]).toBe(each.status);
    else expect((statuses[0] ?? 400) >= 400).toBe(true);
    if (statuses.length > 0) for (const name of SECURITY) expect(text.toLowerCase()).toContain(`\r\n${name}: `);
  });

  test.each(REFUSED_PATHS.filter(({ path }) => isOnWire(path)).map(({ why, path }) => [why, path] as const))('a path: %s: %j', async (_why, path) => {
    const { statuses } = await sendRaw(gate.port, requestLine(`GET ${path}`));
    expect(statuses[0] ?? 400).toBeGreaterThanOrEqual(400);
    expect(core.requests).toEqual([]);
  });

  test.each(REFUSED_HEADERS.filter(({ rawHeaders }) => isOnWire(...rawHeaders)).map(({ why, rawHeaders }) => [why, rawHeaders] as const))('headers: %s', async (_why, headers) => {
    const lines: string[] = [];
    for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at] ?? ''}: ${headers[at + 1] ?? ''}`);
    const { statuses } = await sendRaw(gate.port, requestLine('GET /v1/models', lines));
    expect(statuses[0] ?? 400).toBeGreaterThanOrEqual(400);
    expect(core.requests).toEqual([]);
  });

  test('bytes of any kind never end the gate, and never reach the Core without a credential', async () => {
    const word = fc.constantFrom(
      'GET ', 'POST ', '/v1/x', ' HTTP/1.1\r\n', 'Host: gate.test\r\n', 'Content-Length: 3\r\n', 'Transfer-Encoding: chunked\r\n', 'Connection: close\r\n',
      'Upgrade: websocket\r\n', 'Expect: 100-continue\r\n',
      '\r\n', '0\r\n\r\n',
    );
    const bytes = fc.oneof(fc.array(word, { maxLength: 12 }).map((words) => words.join('')), fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each).toString('latin1')));
    await fc.assert(fc.asyncProperty(bytes, async (sent) => {
      const socket = await openSocket(gate.port);
      socket.resume();
      socket.end(Buffer.from(sent, 'latin1'));
      await once(socket, 'close');
      expect(core.requests).toEqual([]);
    }), { numRuns: 150 });
    expect((await sendRaw(gate.port, requestLine('GET /v1/models'))).statuses).toEqual([200]);
  }, 120_000);

  test('without a credential everything is 401, also where no route is; with one, what no route names is 403', async () => {
    for (const path of ['/v1/models', '/nothing', '/.gate/other']) {
      const { text } = await sendRaw(gate.port, requestLine(`GET ${path}`).replace(CREDENTIAL, ''));
      expect(text).toMatch(/^HTTP\/1\.1 401 [\s\S]*www-authenticate: Bearer/);
    }
    for (const path of ['/nothing', '/.gate/other', '/v1x']) expect((await sendRaw(gate.port, requestLine(`GET ${path}`))).statuses).toEqual([403]);
    expect(core.requests).toEqual([]);
  });

  test('a path reaches the Core byte for byte', async () => {
    const target = "/v1/a%20b/(c)'!*/%C3%BC?q=%2F%25&[x]={y}|%22&&=";
    await sendRaw(gate.port, requestLine(`GET ${target}`));
    expect(core.requests.map(({ url }) => url)).toEqual([target]);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'POST', 'HEAD'])('%s passes as it is, once', async (method) => {
    await sendRaw(gate.port, requestLine(`${method} /v1/models`));
    expect(core.requests.map((request) => request.method)).toEqual([method]);
  });

  test('the Core is told who calls, and no credential', async () => {
    await sendRaw(gate.port, requestLine('GET /v1/models', ['X-Caller: mallory', 'Authorization: Bearer x']));
    expect(core.requests[0]?.headers).toMatchObject({ 'x-caller': 'alice', 'host': 'gate.test' });
    expect(core.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('a request that is revoked, limited or cannot be judged goes no further', async () => {
    const refusals = [
      [{ revocations: { isRevoked: () => true, isLockedDown: () => false, onRead: () => undefined } }, 401],
      [{ limiter: { take: () => Promise.reject(new Refusal('rate_limited', 'limit')), lease: () => Promise.reject(new Error('not asked for')) } }, 429],
      [{ authenticator: { authenticate: () => Promise.reject(new Error('with a secret')) } }, 500],
    ] as const;
    for (const [parts, status] of refusals) {
      const other = await startTestGate(gateConfiguration(core.port), parts);
      const { statuses, text } = await sendRaw(other.port, requestLine('GET /v1/models'));
      await other.stop();
      expect(statuses).toEqual([status]);
      expect(text).not.toContain('secret');
    }
    expect(core.requests).toEqual([]);
  });

  test('one record is made of a request, without what it asked', async () => {
    await sendRaw(gate.port, requestLine('GET /v1/canary'));
    await sendRaw(gate.port, requestLine('GET /canary'));
    await eventually(() => gate.records.length === 2);
    expect(gate.records).toMatchObject([
      { action: 'ANY /v1/*', outcome: 'served', status: 200, reason: undefined },
      { action: 'GET -', outcome: 'refused', status: 403, reason: 'no-route' },
    ]);
    expect(JSON.stringify(gate.records)).not.toContain('canary');
  });
});

describe('a connection', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is taken with %s, and a certificate of a fresh key', async (version) => {
    const socket = connect({ host: '127.0.0.1', port: gate.port, rejectUnauthorized: false, minVersion: version, maxVersion: version });
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe(version);
    expect(socket.getPeerCertificate()).toMatchObject({ subject: { CN: 'gate' }, asn1Curve: 'prime256v1' });
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    const other = await startTestGate(gateConfiguration(core.port));
    const second = await openSocket(other.port);
    expect(second.getPeerCertificate().fingerprint256).not.toBe(fingerprint256);
    second.destroy();
    await other.stop();
  });

  test('is not taken with TLS 1.1', async () => {
    const socket = connect({ host: '127.0.0.1', port: gate.port, rejectUnauthorized: false, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    const [error] = await once(socket, 'error') as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/SSL|TLS/);
  });

  test.each([
    ['sends its headers too slowly', 'GET /v1/models HTTP/1.1\r\nHost: gate.test\r\n'],
    ['sends its body too slowly', `POST /v1/models HTTP/1.1\r\nHost: gate.test\r\nContent-Length: 10\r\n${CREDENTIAL}\r\nabc`],
  ])('that %s is answered 408 and closed', async (_name, bytes) => {
    const { text, statuses } = await sendRaw(gate.port, bytes);
    expect(statuses).toEqual([408]);
    expect(text).toContain('"code":"timeout"');
  });

  test('that never says anything, or not even begins TLS, is closed; legitimate requests are answered meanwhile', async () => {
    const silent = Array.from({ length: 20 }, () => connectTcp(gate.port, '127.0.0.1').on('error', () => undefined));
    const slow: Socket[] = [...silent, ...await Promise.all(Array.from({ length: 20 }, () => openSocket(gate.port)))];
    const closed = slow.map(async (socket) => {
      socket.resume();
      if (!silent.includes(socket)) socket.write('G');
      await new Promise((resolve) => socket.on('close', resolve));
    });
    expect((await sendRaw(gate.port, requestLine('GET /v1/models'))).statuses).toEqual([200]);
    await Promise.all(closed);
  });

  test('with headers that are too long is answered 431', async () => {
    const { statuses, text } = await sendRaw(gate.port, requestLine('GET /v1/models', [`X-Long: ${'a'.repeat(17_000)}`]));
    expect(statuses).toEqual([431]);
    expect(text).toContain('x-content-type-options: nosniff');
    expect(core.requests).toEqual([]);
  });

  test('beyond those that are allowed is refused', async () => {
    const other = await startTestGate(gateConfiguration(core.port, { limits: { maxConnections: 2 } }));
    const first = await Promise.all([openSocket(other.port), openSocket(other.port)]);
    const third = connect({ host: '127.0.0.1', port: other.port, rejectUnauthorized: false });
    let wasTaken = false;
    third.on('error', () => undefined).on('secureConnect', () => { wasTaken = true; });
    await new Promise((resolve) => third.on('close', resolve));
    expect(wasTaken).toBe(false);
    first.forEach((socket) => socket.destroy());
    await other.stop();
  });
});
