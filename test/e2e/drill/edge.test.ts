import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect as http2 } from 'node:http2';
import { join } from 'node:path';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import type { JWTPayload } from 'jose';
import { startEdge, type RunningEdge } from '../../../src/drill/edge/envoy/edge';
import type { EdgeModel, ListenerModel } from '../../../src/drill/edge/model';
import { TLS_POLICIES } from '../../../src/drill/edge/tls-policies';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { startIssuer, type IssuerService } from '../../../src/drill/services/issuer';
import { createPki, type Pki } from '../../../src/drill/services/pki';
import { startSampleCore, type CoreAnswer, type SampleCore } from '../../../src/drill/services/sample-core';
import type { ClientCertificate, ClientCertificateMint, SignOptions } from '../../../src/drill/scene';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { call, connect, type Call, type Reply } from '../../drill/edge/envoy/caller';
import { BARE_TOKEN, L, TOKEN } from '../../drill/edge/envoy/listeners';
import { edge as model, listener, rule, tls } from '../../drill/edge/envoy/models';

const EVERYTHING: EdgeModel = model(...Object.values(L));

let supervisor: Supervisor;
let envoy: string;
let pki: Pki;
let core: SampleCore;
let issuer: IssuerService;
let running: RunningEdge;

beforeAll(async () => {
  [supervisor, { envoy }, pki, core, issuer] = await Promise.all([Supervisor.open(), openToolbox(() => undefined), createPki(), startSampleCore(), startIssuer()]);
  supervisor.onStop(() => core.stop());
  supervisor.onStop(() => issuer.stop());
  running = await startEdge(EVERYTHING, { supervisor, envoy, pki, core, issuer });
}, 120_000);

afterAll(() => supervisor.stop());

function to(target: ListenerModel, request: Call = {}): Promise<Reply> {
  return call(running.address(target).port, { ...target.tls && { tls: {} }, ...request });
}

function seen({ body }: Reply): CoreAnswer {
  return JSON.parse(body) as CoreAnswer;
}

async function withToken(target: ListenerModel, claims: JWTPayload, options?: SignOptions, path?: string): Promise<Reply> {
  return to(target, { path, headers: [['authorization', `Bearer ${await issuer.issuer(TOKEN).sign(claims, options)}`]] });
}

async function statuses(times: number, target: ListenerModel, request: Call = {}): Promise<number[]> {
  const answers: number[] = [];
  for (let count = 0; count < times; count++) answers.push((await to(target, request)).status);
  return answers;
}

function asClient({ certificatePem: cert, privateKeyPem: key }: ClientCertificate): Call {
  return { tls: { cert, key }, headers: [['X-Amzn-Mtls-Clientcert-Subject', 'CN=admin'], ['X-Amzn-Mtls-Clientcert', 'mine']] };
}

describe('listener rules', () => {
  test.each<[string, Call, string]>([
    ['a path with wildcards, whatever the query', { path: '/a/b/c/z?x=1' }, 'path'],
    ['a question mark that stands for one character', { path: '/q1' }, 'path'],
    ['a host in another case and with a port', { headers: [['host', 'x.API.test:99']] }, 'host'],
    ['one of several headers of a name, in another case', { headers: [['x-tenant', 'iron'], ['x-tenant', 'GOLD']] }, 'header'],
    ['a method', { method: 'PUT' }, 'method'],
    ['a pair in the query, in another case', { path: '/?a=1&V=2b&c' }, 'query'],
    ['a value of any key in the query', { path: '/?z=any' }, 'query'],
    ['a star and a question mark in the query that a backslash made plain', { path: '/?s=*?' }, 'query'],
    ['the address in the PROXY line', { from: '198.51.100.4' }, 'source'],
    ['two conditions at once', { path: '/both', headers: [['x-two', '2']] }, 'both'],
    ['the first of two rules that match', { path: '/q1', method: 'PUT' }, 'path'],
  ])('match %s', async (_, request, body) => {
    await expect(to(L.rules, request)).resolves.toMatchObject({ status: 200, body });
  });

  test.each<[string, Call]>([
    ['a path in another case', { path: '/A/b/z' }],
    ['a path pattern in the query', { path: '/?/a/b/z' }],
    ['two characters for a question mark', { path: '/q12' }],
    ['a host that is only the end of the name', { headers: [['host', 'evil-api.test.example']] }],
    ['a method in another case', { method: 'put' }],
    ['half of two conditions', { path: '/both' }],
    ['a query pair in the path', { path: '/v=2b' }],
    ['another text where a backslash made the wildcards plain', { path: '/?s=xy' }],
    ['a forged X-Forwarded-For', { headers: [['x-forwarded-for', '198.51.100.4']] }],
  ])('do not match %s', async (_, request) => {
    const { status } = await to(L.rules, request);
    expect([400, 404]).toContain(status);
  });

  test('a fixed response comes with its status, type and body, as they are', async () => {
    const { status, headers, body } = await to(L.rules);
    expect([status, headers.get('content-type'), body]).toEqual([404, 'application/json', '{"share":"100%"}']);
  });

  test('TRACE is refused whatever the rules say', async () => {
    await expect(to(L.plain, { method: 'TRACE' })).resolves.toMatchObject({ status: 405 });
  });

  test.each([
    ['/a/b?c=d', 301, 'https://core.test:443/a/b?c=d'],
    ['/old/b?c=d', 302, 'http://new.test:8080/v2/old/b?c=d'],
    ['/shop?c=d', 301, 'https://core.test:443/closed?from=shop'],
  ])('%s is redirected with %d to %s', async (path, status, location) => {
    const answered = await to(L.redirect, { path });
    expect([answered.status, answered.headers.get('location')]).toEqual([status, location]);
  });

  test('a login sends strangers away, refuses them or lets them on', async () => {
    const [sent, refused, letOn] = await Promise.all(['/authenticate', '/deny', '/allow'].map((path) => to(L.login, { path })));
    expect([sent?.status, sent?.headers.get('location'), refused?.status, letOn?.status]).toEqual([302, 'https://idp.test/login?a=%20b', 401, 200]);
  });
});

describe('tokens', () => {
  const good = (): JWTPayload => issuer.issuer(TOKEN).goodClaims();
  const now = Math.floor(Date.now() / 1000);

  test('a good one is forwarded as it is', async () => {
    const token = await issuer.issuer(TOKEN).sign(good());
    const answered = await to(L.jwt, { headers: [['authorization', `Bearer ${token}`]] });
    expect(seen(answered).headers.authorization).toEqual([`Bearer ${token}`]);
  });

  test.each<[string, JWTPayload, SignOptions | undefined]>([
    ['an expired one', { exp: now - 30 }, undefined],
    ['one without expiry', { exp: undefined }, undefined],
    ['one that is not yet valid', { nbf: now + 300 }, undefined],
    ['one from the future', { iat: now + 300 }, undefined],
    ['one of another issuer', { iss: 'https://issuer.test/other' }, undefined],
    ['one without issuer', { iss: undefined }, undefined],
    ['a wrong single string', { client_id: 'platform2' }, undefined],
    ['a missing single string', { client_id: undefined }, undefined],
    ['an array without any of the values', { team: ['green'] }, undefined],
    ['a string for an array', { team: 'red' }, undefined],
    ['a list with only a longer word', { scope: 'core/invoke2 a-core/invoke' }, undefined],
    ['a published key of another kind', {}, { key: 'published-ec' }],
    ['another hash than SHA-256', {}, { header: { alg: 'RS512' } }],
    ['a stranger\'s key under the published id', {}, { key: 'stranger' }],
    ['the public key as a shared secret', {}, { header: { alg: 'HS256' } }],
    ['no signature', {}, { header: { alg: 'none' } }],
  ])('are refused with 401: %s', async (_, change, options) => {
    await expect(withToken(L.jwt, { ...good(), ...change }, options)).resolves.toMatchObject({ status: 401, body: '' });
  });

  test.each<[string, JWTPayload]>([
    ['one that does not say when it was issued', { iat: undefined }],
    ['one value of an array among others', { team: ['green', 'blue'] }],
    ['one word of a list among others', { scope: 'a core/invoke b' }],
  ])('are let through: %s', async (_, change) => {
    await expect(withToken(L.jwt, { ...good(), ...change })).resolves.toMatchObject({ status: 200 });
  });

  test('are looked for in the Authorization header alone', async () => {
    const token = await issuer.issuer(TOKEN).sign(good());
    await expect(to(L.jwt, { path: `/?access_token=${token}` })).resolves.toMatchObject({ status: 401 });
    await expect(to(L.jwt)).resolves.toMatchObject({ status: 401 });
  });

  test('are asked for by rule: one issuer\'s is a stranger\'s at another rule, and a third wants none', async () => {
    await expect(withToken(L.jwt, good(), undefined, '/bare')).resolves.toMatchObject({ status: 401 });
    await expect(withToken(L.jwt, { ...good(), iss: BARE_TOKEN.issuer }, undefined, '/bare')).resolves.toMatchObject({ status: 401 });
    const other = await issuer.issuer(BARE_TOKEN).sign(issuer.issuer(BARE_TOKEN).goodClaims());
    await expect(to(L.jwt, { path: '/bare', headers: [['authorization', `Bearer ${other}`]] })).resolves.toMatchObject({ status: 200 });
    await expect(to(L.jwt, { headers: [['authorization', `Bearer ${other}`]] })).resolves.toMatchObject({ status: 401 });
    await expect(to(L.jwt, { path: '/open' })).resolves.toMatchObject({ status: 200, body: 'open' });
  });
});

describe('web ACLs', () => {
  test.each([
    ['allow ends the evaluation', '203.0.113.7', 200],
    ['count does not', '203.0.113.8', 418],
    ['block needs the whole statement', '203.0.113.9', 200],
    ['an empty set holds nobody', '192.0.2.1', 200],
  ])('%s', async (_, from, status) => {
    await expect(to(L.waf, { from })).resolves.toMatchObject({ status });
  });

  test('they come before the rules of the listener', async () => {
    await expect(to(L.waf, { from: '203.0.113.8', path: '/bare' })).resolves.toMatchObject({ status: 418, body: '' });
    await expect(to(L.waf, { from: '192.0.2.1', path: '/bare' })).resolves.toMatchObject({ status: 401 });
  });

  test('what they block does not reach the Core', async () => {
    await to(L.waf, { from: '203.0.113.8', path: '/canary-of-a-blocked-request' });
    expect(core.reached('canary-of-a-blocked-request')).toBe(0);
  });

  test('a default action of block leaves in only whom a rule allows, by connection and not by what he says', async () => {
    await expect(to(L.closed, { from: '203.0.113.7' })).resolves.toMatchObject({ status: 200 });
    await expect(to(L.closed, { from: '192.0.2.1', headers: [['x-forwarded-for', '203.0.113.7']] })).resolves.toMatchObject({ status: 403 });
  });

  test('a flood from one address is limited, and nobody else is', async () => {
    await expect(statuses(12, L.flood, { from: '192.0.2.1' })).resolves.toEqual([...Array<number>(10).fill(200), 429, 429]);
    await expect(statuses(1, L.flood, { from: '192.0.2.2' })).resolves.toEqual([200]);
  });

  test('whom an earlier rule allows and whom the scope leaves out is not limited', async () => {
    await expect(statuses(12, L.flood, { from: '203.0.113.1' })).resolves.toEqual(Array(12).fill(200));
    await expect(statuses(12, L.flood, { from: '203.0.113.2' })).resolves.toEqual(Array(12).fill(200));
  });

  test('a flood with one header value is limited; without the header nothing is counted', async () => {
    await expect(statuses(11, L.floodByHeader, { headers: [['x-api-key', 'a']] })).resolves.toEqual([...Array<number>(10).fill(200), 403]);
    await expect(statuses(1, L.floodByHeader, { headers: [['x-api-key', 'b']] })).resolves.toEqual([200]);
    await expect(statuses(12, L.floodByHeader)).resolves.toEqual(Array(12).fill(200));
  });

  test('a constant key counts everybody together, and counting alone limits nobody', async () => {
    await statuses(10, L.floodAll, { from: '192.0.2.1' });
    await expect(statuses(1, L.floodAll, { from: '192.0.2.2' })).resolves.toEqual([429]);
    await expect(statuses(12, L.floodCounted)).resolves.toEqual(Array(12).fill(200));
  });
});

describe('headers', () => {
  test('of invalid names are dropped or forwarded', async () => {
    const headers = [['x_under', '1'], ['x.dot', '2'], ['x-fine-3', '3']] as const;
    expect(Object.keys(seen(await to(L.plain, { headers })).headers)).toEqual(expect.not.arrayContaining(['x_under', 'x.dot']));
    expect(seen(await to(L.plain, { headers })).headers['x-fine-3']).toEqual(['3']);
    expect(seen(await to(L.lenient, { headers })).headers).toMatchObject({ 'x_under': ['1'], 'x.dot': ['2'], 'x-fine-3': ['3'] });
  });

  test('X-Forwarded-For is appended to, preserved or removed', async () => {
    const request: Call = { from: '192.0.2.1', headers: [['x-forwarded-for', '9.9.9.9']] };
    const forwardedFor = async (target: ListenerModel) => seen(await to(target, request)).headers['x-forwarded-for'];
    await expect(Promise.all([L.plain, L.lenient, L.headers].map(forwardedFor))).resolves.toEqual([['9.9.9.9,192.0.2.1'], ['9.9.9.9'], undefined]);
    expect(seen(await to(L.plain)).headers['x-forwarded-for']).toEqual(['127.0.0.1']);
  });

  test('X-Forwarded-Proto and -Port are the listener\'s, whatever the caller says', async () => {
    const request: Call = { headers: [['x-forwarded-proto', 'ftp'], ['x-forwarded-port', '1']] };
    expect(seen(await to(L.lenient, request)).headers).toMatchObject({ 'x-forwarded-proto': ['http'], 'x-forwarded-port': ['8080'] });
    expect(seen(await to(L.modern, request)).headers).toMatchObject({ 'x-forwarded-proto': ['https'], 'x-forwarded-port': ['443'] });
  });

  test('the Core sees nothing of Envoy\'s own', async () => {
    expect(Object.keys(seen(await to(L.plain, { from: '8.8.8.8' })).headers).sort()).toEqual(['host', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);
  });

  test('those of the listener replace the Core\'s, and are not on answers that the edge makes itself', async () => {
    const [forwarded, fixed] = await Promise.all([to(L.headers), to(L.headers, { path: '/fixed' })]);
    expect([forwarded.headers.get('strict-transport-security'), forwarded.headers.get('content-type')]).toEqual(['max-age=31536000; note=100%', 'x/overwritten']);
    expect([fixed.headers.has('strict-transport-security'), fixed.headers.get('content-type')]).toEqual([false, 'text/plain']);
    const [refused] = await Promise.all([to(L.jwt)]);
    expect([refused.status, refused.headers.has('strict-transport-security')]).toEqual([401, false]);
  });

  test('server names the Core or the load balancer, or nobody where that is turned off', async () => {
    const server = async (target: ListenerModel, path: string) => (await to(target, { path })).headers.get('server');
    await expect(server(L.plain, '/')).resolves.toBe('sample-core');
    await expect(server(L.login, '/deny')).resolves.toBe('awselb/2.0');
    await expect(server(L.headers, '/')).resolves.toBeUndefined();
    await expect(server(L.headers, '/fixed')).resolves.toBeUndefined();
  });
});

describe('connections', () => {
  test('an ambiguous request is refused', async () => {
    await expect(to(L.plain, { method: 'POST', headers: [['content-length', '4'], ['transfer-encoding', 'chunked']] })).resolves.toMatchObject({ status: 400 });
  });

  test('an idle one is closed in time', async () => {
    const socket = await connect(running.address(L.lenient).port);
    socket.write('GET / HTTP/1.1\r\nhost: core.test\r\n\r\n');
    const before = Date.now();
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect(Date.now() - before).toBeGreaterThan(900);
  });

  test.each(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const)('%s is spoken where the policy says so, and only there', async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' } as const;
    const socket = await connect(running.address(L.old).port, undefined, old) as TLSSocket;
    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
    await expect(connect(running.address(L.modern).port, undefined, old)).rejects.toThrow(/protocol version/);
  });

  test('TLSv1.3 is spoken where the policy says so, and only there', async () => {
    await expect(to(L.modern)).resolves.toMatchObject({ status: 200 });
    await expect(to(L.old, { tls: { minVersion: 'TLSv1.3' } })).rejects.toThrow(/protocol version/);
  });

  test('a cipher suite is spoken only where the policy names it', async () => {
    const offering = (ciphers: string) => connect(running.address(L.old).port, undefined, { maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` });
    const socket = await offering('AES128-SHA') as TLSSocket;
    expect(socket.getCipher().name).toBe('AES128-SHA');
    socket.destroy();
    await expect(offering('AES256-SHA')).rejects.toThrow(/handshake failure/);
  });

  test('HTTP/2 is agreed on by ALPN', async () => {
    const { port } = running.address(L.modern);
    const session = http2('https://core.test', { createConnection: () => tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['h2'] }) });
    const status = await new Promise((resolve, reject) => {
      session.on('error', reject);
      session.request({ ':path': '/' }).on('response', (headers) => resolve(headers[':status'])).on('error', reject).resume();
    });
    session.close();
    expect(status).toBe(200);
  });

  test('no session is resumed', async () => {
    const options = { maxVersion: 'TLSv1.2' } as const;
    const first = await connect(running.address(L.old).port, undefined, options) as TLSSocket;
    const again = await connect(running.address(L.old).port, undefined, { ...options, session: first.getSession() }) as TLSSocket;
    expect(again.isSessionReused()).toBe(false);
    [first, again].forEach((socket) => socket.destroy());
  });
});

describe('client certificates', () => {
  const WRITTEN = ['serial-number', 'issuer', 'subject', 'validity', 'leaf'].map((part) => `x-amzn-mtls-clientcert-${part}`);

  test.each<[string, keyof ClientCertificateMint, RegExp]>([
    ['a self-signed one', 'selfSigned', /unknown ca/],
    ['an expired one', 'expired', /certificate expired/],
    ['a revoked one', 'revoked', /certificate revoked/],
    ['one of another authority', 'wrongAuthority', /alert/],
  ])('%s is refused in the handshake', async (_, which, message) => {
    await expect(to(L.verify, asClient(pki.clients[which]()))).rejects.toThrow(message);
  });

  test('none is refused in the handshake', async () => {
    await expect(to(L.verify)).rejects.toThrow(/certificate required/);
  });

  test('a good one is described to the Core in the place of what the caller says', async () => {
    const { headers } = seen(await to(L.verify, asClient(pki.clients.good())));
    const [serial, issuedBy, subject, validity, leaf] = WRITTEN.map((name) => headers[name]);
    expect([subject, issuedBy]).toEqual([['CN=drill-caller'], ['CN=Drill client authority']]);
    expect(serial).toEqual([expect.stringMatching(/^[0-9a-f]+$/i)]);
    expect(validity).toEqual([expect.stringMatching(/^NotBefore=[\d-]+T[\d:]+Z;NotAfter=[\d-]+T[\d:]+Z$/)]);
    expect(new X509Certificate(decodeURIComponent(leaf?.[0] ?? '')).raw).toEqual(new X509Certificate(pki.clients.good().certificatePem).raw);
  });

  test('expiry and revocation are overlooked where the listener says so, the authority never', async () => {
    await expect(to(L.verifyLax, asClient(pki.clients.expired()))).resolves.toMatchObject({ status: 200 });
    await expect(to(L.verifyLax, asClient(pki.clients.revoked()))).resolves.toMatchObject({ status: 200 });
    await expect(to(L.verifyLax, asClient(pki.clients.selfSigned()))).rejects.toThrow(/unknown ca/);
  });

  test.each<keyof ClientCertificateMint>(['good', 'selfSigned', 'expired', 'revoked', 'wrongAuthority'])('in passthrough mode any is passed on: %s', async (which) => {
    const client = pki.clients[which]();
    const { headers } = seen(await to(L.passthrough, asClient(client)));
    expect(new X509Certificate(decodeURIComponent(headers['x-amzn-mtls-clientcert']?.join() ?? '')).raw).toEqual(new X509Certificate(client.certificatePem).raw);
  });

  test('in passthrough mode none is needed, and the caller cannot claim one', async () => {
    const { headers } = seen(await to(L.passthrough, { headers: [['X-Amzn-Mtls-Clientcert', 'mine']] }));
    expect(headers['x-amzn-mtls-clientcert']).toBeUndefined();
  });

  test('the listener may call the headers otherwise, and may speak of TLS and of the caller\'s port', async () => {
    const { tls: certificate } = asClient(pki.clients.good());
    const { headers } = seen(await to(L.renamed, { tls: certificate, from: '192.0.2.1', headers: [['x-caller', 'CN=admin'], ['x-tls', 'none'], ['x-amzn-tls-cipher-suite', 'none']] }));
    expect(headers).toMatchObject({ 'x-caller': ['CN=drill-caller'], 'x-tls': ['TLSv1.3'], 'x-amzn-tls-cipher-suite': ['TLS_AES_256_GCM_SHA384'], 'x-forwarded-for': ['192.0.2.1:40000'] });
    expect(headers).not.toHaveProperty('x-amzn-mtls-clientcert-subject');
  });

  test('without mutual authentication the caller\'s own headers pass', async () => {
    expect(seen(await to(L.modern, { headers: [['X-Amzn-Mtls-Clientcert-Subject', 'CN=admin']] })).headers['x-amzn-mtls-clientcert-subject']).toEqual(['CN=admin']);
  });
});

describe('an edge', () => {
  const around = () => ({ supervisor, envoy, pki, core, issuer });

  test('does not start with what Envoy does not take, and says Envoy\'s reason', async () => {
    const wrong = listener('Wrong', { rules: [rule([{ kind: 'fixed-response', status: 99, contentType: 'text/plain', body: '' }])] });
    await expect(startEdge(model(wrong), around())).rejects.toThrow(/DirectResponseActionValidationError\.Status/);
  });

  test('speaks every named policy of the load balancer', async () => {
    const all = model(...[...TLS_POLICIES.values()].map((policy) => listener(policy.name, { tls: tls({ policy }) })));
    const every = await startEdge(all, around());
    await Promise.all(all.listeners.map(async (each) => {
      await expect(call(every.address(each).port, { tls: {} })).resolves.toMatchObject({ status: 200 });
    }));
    await every.stop();
  });

  test('does not tell the private key that Envoy quotes', async () => {
    const script = join(supervisor.folder, 'quoting-envoy');
    await writeFile(script, '#!/bin/sh\necho "bad key: -----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY----- in listener"\nexit 3\n', { mode: 0o700 });
    const error = await startEdge(model(L.plain), { ...around(), envoy: script }).then(() => 'started', String);
    expect(error).toContain('Envoy ended with 3 before it was ready: bad key: (a private key) in listener');
    expect(error).not.toContain('c2VjcmV0');
  });

  test('stands beside another one, and can be stopped', async () => {
    const second = await startEdge(model(L.plain), around());
    const { port } = second.address(L.plain);
    expect(port).not.toBe(running.address(L.plain).port);
    await second.stop();
    await expect(call(port)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('knows its own listeners alone', () => {
    expect(() => running.address(listener('Unknown'))).toThrow('The edge has no listener Stack/Unknown');
  });
});
