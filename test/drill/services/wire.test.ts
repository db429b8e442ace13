import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { freePort } from '../../../src/drill/processes/free-port';
import { WireError, type WireAnswer, type WireRequest } from '../../../src/drill/scene';
import { createPki, type Pki } from '../../../src/drill/services/pki';
import { Transcript } from '../../../src/drill/services/transcript';
import { send, sendRaw } from '../../../src/drill/services/wire';
import { startEdgeStub, type EdgeStub } from './edge-stub';

const GET: WireRequest = { method: 'GET', path: '/v1?a=1', headers: {} };
const ok: RequestListener = (request, response) => {
  response.end(`from ${request.headers.host ?? ''}`);
};

let pki: Pki;
let edge: EdgeStub | undefined;
let lines: string[];

beforeAll(async () => {
  pki = await createPki();
});

beforeEach(() => {
  lines = [];
});

afterEach(async () => {
  await edge?.stop();
  edge = undefined;
});

async function start(answer: RequestListener, tls?: TlsOptions): Promise<EdgeStub> {
  edge = await startEdgeStub(answer, tls && { cert: pki.server.certificatePem, key: pki.server.privateKeyPem, ...tls });
  return edge;
}

function sendTo({ port }: EdgeStub, request: WireRequest, serverCaPem?: string): Promise<WireAnswer> {
  return send({ host: '127.0.0.1', port, serverCaPem }, request, new Transcript(lines));
}

/** What a request failed with. */
async function failure(sending: Promise<WireAnswer>): Promise<{ readonly isWireError: boolean; readonly message: string; readonly code: unknown }> {
  const error = await sending.then(() => new Error('an answer came'), (thrown: unknown) => thrown as Error);
  return { isWireError: error instanceof WireError, message: error.message, code: 'code' in error ? error.code : undefined };
}

function wireError(message: unknown): unknown {
  return { isWireError: true, message, code: undefined };
}

/** Callers need a certificate of the drill's, which is not on the list. */
function verifying(): TlsOptions {
  return { ca: pki.clientCaPem, crl: [pki.clientCrlPem], requestCert: true, rejectUnauthorized: true };
}

describe('a request in plain text', () => {
  test('arrives as it was written, with the host of the address where it names none', async () => {
    const stub = await start(ok);
    const answer = await sendTo(stub, { method: 'PUT', path: '/v1?a=1', headers: { 'X-Probe': '1' }, body: 'hello' });
    expect(answer).toMatchObject({ status: 200, body: `from 127.0.0.1:${stub.port}` });
    expect(stub.requests[0]).toMatchObject({ method: 'PUT', url: '/v1?a=1', httpVersion: '1.1', headers: { 'x-probe': '1', 'content-length': '5' } });
    expect(stub.proxyLines).toEqual([]);
  });

  test('keeps a host that it names, in whatever case', async () => {
    const stub = await start(ok);
    expect((await sendTo(stub, { ...GET, headers: { Host: 'core.acme.test' } })).body).toBe('from core.acme.test');
    expect(stub.requests[0]?.rawHeaders.filter((text) => /^host$/i.test(text))).toHaveLength(1);
  });

  test('joins what a header holds several times, also where Node would drop the second', async () => {
    const stub = await start((_, response) => {
      response.writeHead(200, [['server', 'a'], ['server', 'b'], ['set-cookie', 'c=1'], ['set-cookie', 'd=2']].flat()).end();
    });
    expect((await sendTo(stub, GET)).headers).toMatchObject({ 'server': 'a, b', 'set-cookie': 'c=1, d=2' });
  });

  test.each([['203.0.113.9', 'TCP4 203.0.113.9 127.0.0.1'], ['2001:db8::7', 'TCP6 2001:db8::7 ::1']])('from %s says so in a PROXY line', async (from, line) => {
    const stub = await start(ok);
    await sendTo(stub, { ...GET, from });
    expect(stub.proxyLines).toEqual([expect.stringMatching(new RegExp(`^PROXY ${line} \\d+ ${stub.port}\r\n$`))]);
    expect(stub.requests).toHaveLength(1);
  });

  test('has an answer though its body breaks off', async () => {
    const stub = await start((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    expect(await sendTo(stub, GET)).toMatchObject({ status: 200, body: 'half' });
  });

  test('has as much of an endless answer as fits', async () => {
    const stub = await start((_, response) => {
      const pour = (): boolean => response.destroyed || response.write('x'.repeat(64 * 1024), pour);
      pour();
    });
    expect((await sendTo(stub, GET)).body).toHaveLength(1024 * 1024);
  });
});

describe('a request over TLS', () => {
  test('asks for the name in its host header, after the PROXY line', async () => {
    const stub = await start(ok, {});
    expect((await sendTo(stub, { ...GET, headers: { host: 'core.acme.test:443' }, from: '203.0.113.9' }, pki.serverCaPem)).status).toBe(200);
    expect([stub.serverNames, stub.proxyLines.length]).toEqual([['core.acme.test'], 1]);
  });

  test.each(['127.0.0.1', '${Domain}', '[::1]:443', 'a..b', ''])('asks for no name where the host is "%s"', async (host) => {
    const stub = await start(ok, {});
    await sendTo(stub, { ...GET, headers: { host } }, pki.serverCaPem);
    expect(stub.serverNames).toEqual([false]);
  });

  test('shows its client certificate', async () => {
    const stub = await start(ok, verifying());
    expect((await sendTo(stub, { ...GET, client: pki.clients.good() }, pki.serverCaPem)).status).toBe(200);
  });

  test('does not go to a server whose certificate is not the drill’s, and that is no verdict on the edge', async () => {
    const stub = await start(ok, {});
    expect(await failure(sendTo(stub, GET, (await createPki()).serverCaPem))).toMatchObject({ isWireError: false, message: expect.stringContaining("not the drill's") as string });
    expect(stub.requests).toEqual([]);
  });
});

describe('a WireError says why no answer came', () => {
  test('from a port where nobody listens', async () => {
    expect(await failure(send({ host: '127.0.0.1', port: await freePort() }, GET, new Transcript(lines)))).toEqual(wireError('the connection was refused'));
  });

  test('from a peer that hangs up', async () => {
    expect(await failure(sendTo(await start((request) => request.socket.destroy()), GET))).toEqual(wireError('the connection was reset'));
  });

  test('from a peer that speaks something else', async () => {
    const port = await freePort();
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')).listen(port, '127.0.0.1');
    expect(await failure(send({ host: '127.0.0.1', port }, GET, new Transcript(lines)))).toEqual(wireError('what came back was no HTTP'));
    server.close();
  });

  test('from a peer that says nothing', async () => {
    const stub = await start(() => undefined);
    const soon = AbortSignal.timeout(50);
    const deadline = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(soon);
    expect(await failure(sendTo(stub, GET))).toEqual(wireError('no answer came in time'));
    expect(deadline).toHaveBeenCalledWith(5000);
    deadline.mockRestore();
  });

  test.each([
    ['no certificate', undefined, /"certificate required"|reset/],
    ['a revoked one', 'revoked', /"certificate revoked"|reset/],
  ] as const)('from a peer that verifies callers and gets %s', async (_, kind, reason) => {
    const stub = await start(ok, verifying());
    const sending = sendTo(stub, { ...GET, client: kind && pki.clients[kind]() }, pki.serverCaPem);
    expect(await failure(sending)).toEqual(wireError(expect.stringMatching(reason)));
    expect(stub.requests).toEqual([]);
  });

  test('from a peer that speaks no TLS', async () => {
    expect(await failure(sendTo(await start(ok), GET, pki.serverCaPem))).toEqual(wireError('the handshake failed: wrong version number'));
  });

  test('and is not what a request ends as that cannot be written', async () => {
    const stub = await start(ok);
    expect(await failure(sendTo(stub, { ...GET, path: '/a b' }))).toMatchObject({ isWireError: false, code: 'ERR_UNESCAPED_CHARACTERS' });
  });
});

describe('raw bytes', () => {
  test('arrive as they are and bring back what was answered', async () => {
    const stub = await start(ok);
    const bytes = 'GET /a HTTP/1.1\r\nhost: x\r\nx-probe: \xe4\xff\r\n\r\nGET /b HTTP/1.1\r\nhost: y\r\nconnection: close\r\n\r\n';
    const answer = await sendRaw({ host: '127.0.0.1', port: stub.port }, bytes, {}, new Transcript(lines));
    expect(answer.match(/from ./g)).toEqual(['from x', 'from y']);
    expect(stub.requests[0]?.headers['x-probe']).toBe('\xe4\xff');
  });

  test('come back when the peer falls silent', async () => {
    const stub = await start(ok);
    expect(await sendRaw({ host: '127.0.0.1', port: stub.port }, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', {}, new Transcript(lines))).toMatch(/^HTTP\/1.1 200 OK/);
  });

  test('go through the handshake with address and certificate', async () => {
    const stub = await start(ok, verifying());
    const caller = { from: '203.0.113.9', client: pki.clients.good() };
    const answer = await sendRaw({ host: '127.0.0.1', port: stub.port, serverCaPem: pki.serverCaPem }, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', caller, new Transcript(lines));
    expect([answer.slice(0, 12), stub.proxyLines.length]).toEqual(['HTTP/1.1 200', 1]);
  });

  test('that skip the handshake get no HTTP', async () => {
    const stub = await start(ok, {});
    expect(await sendRaw({ host: '127.0.0.1', port: stub.port }, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', {}, new Transcript(lines))).not.toContain('HTTP/1.1 200');
    expect(stub.requests).toEqual([]);
  });
});

describe('the transcript', () => {
  test('has both sides of a request, without secrets and without what every answer has', async () => {
    const stub = await start((_, response) => {
      response.writeHead(401, { 'server': 'edge', 'set-cookie': 'session=abc; Secure' }).end(`{"x-api-key":["k1"]}${'.'.repeat(300)}`);
    });
    const headers = { 'host': 'core', 'x-api-key': 'k1', 'authorization': 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln' };
    await sendTo(stub, { method: 'POST', path: '/v1', headers, body: 'hello', from: '203.0.113.9' });
    expect(lines).toEqual([
      '(from 203.0.113.9)',
      '> POST /v1 HTTP/1.1',
      '> host: core',
      '> x-api-key: (masked)',
      '> authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.(signature masked)',
      '>',
      '> hello',
      '< 401',
      '< server: edge',
      '< set-cookie: session=(masked); Secure',
      '<',
      `< {"x-api-key":"(masked)"}${'.'.repeat(176)}… (324 characters)`,
    ]);
  });

  test('says why no answer came', async () => {
    const port = await freePort();
    await send({ host: '127.0.0.1', port }, { ...GET, client: pki.clients.good() }, new Transcript(lines)).catch(() => undefined);
    expect(lines).toEqual(['(with a client certificate)', '> GET /v1?a=1 HTTP/1.1', `> host: 127.0.0.1:${port}`, '! the connection was refused']);
  });

  test('cuts a line that nobody would read', () => {
    new Transcript(lines).note('x'.repeat(5000));
    expect(lines).toEqual([`${'x'.repeat(1000)}… (5000 characters)`]);
  });

  test('has raw bytes line by line, masked as a whole', () => {
    const transcript = new Transcript(lines);
    transcript.sentRaw('GET / HTTP/1.1\r\nCookie: a=b\r\n\r\n', {});
    transcript.receivedRaw('');
    expect(lines).toEqual(['> GET / HTTP/1.1', '> Cookie: a=(masked)', '>', '>', '< (nothing)']);
  });
});
