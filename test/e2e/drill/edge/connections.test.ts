import { writeFile } from 'node:fs/promises';
import { connect as http2 } from 'node:http2';
import { join } from 'node:path';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { startEdge } from '../../../../src/drill/edge/envoy/edge';
import { TLS_POLICIES } from '../../../../src/drill/edge/tls-policies';
import { call, connect } from '../../../drill/edge/envoy/caller';
import { L } from '../../../drill/edge/envoy/listeners';
import { edge as model, listener, rule, tls } from '../../../drill/edge/envoy/models';
import { type EdgeStand, openEdge } from '../../../support/edge-stand';

let edge: EdgeStand;

beforeAll(async () => {
  edge = await openEdge(model(...Object.values(L)));
}, 120_000);
afterAll(() => edge.supervisor.stop());

describe('connections', () => {
  test('an ambiguous request is refused', async () => {
    await expect(edge.to(L.plain, { method: 'POST', headers: [['content-length', '4'], ['transfer-encoding', 'chunked']] })).resolves.toMatchObject({ status: 400 });
  });

  test('an idle one is closed in time', async () => {
    const socket = await connect(edge.running.address(L.lenient).port);
    socket.write('GET / HTTP/1.1\r\nhost: core.test\r\n\r\n');
    const before = Date.now();
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect(Date.now() - before).toBeGreaterThan(900);
  });

  test.each(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const)('%s is spoken where the policy says so, and only there', async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' } as const;
    const socket = await connect(edge.running.address(L.old).port, undefined, old) as TLSSocket;
    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
    await expect(connect(edge.running.address(L.modern).port, undefined, old)).rejects.toThrow(/protocol version/);
  });

  test('TLSv1.3 is spoken where the policy says so, and only there', async () => {
    await expect(edge.to(L.modern)).resolves.toMatchObject({ status: 200 });
    await expect(edge.to(L.old, { tls: { minVersion: 'TLSv1.3' } })).rejects.toThrow(/protocol version/);
  });

  test('a cipher suite is spoken only where the policy names it', async () => {
    const offering = (ciphers: string) => connect(edge.running.address(L.old).port, undefined, { maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` });
    const socket = await offering('AES128-SHA') as TLSSocket;
    expect(socket.getCipher().name).toBe('AES128-SHA');
    socket.destroy();
    await expect(offering('AES256-SHA')).rejects.toThrow(/handshake failure/);
  });

  test('HTTP/2 is agreed on by ALPN', async () => {
    const { port } = edge.running.address(L.modern);
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
    const first = await connect(edge.running.address(L.old).port, undefined, options) as TLSSocket;
    const again = await connect(edge.running.address(L.old).port, undefined, { ...options, session: first.getSession() }) as TLSSocket;
    expect(again.isSessionReused()).toBe(false);
    [first, again].forEach((socket) => socket.destroy());
  });
});

describe('an edge', () => {
  test('does not start with what Envoy does not take, and says Envoy\'s reason', async () => {
    const wrong = listener('Wrong', { rules: [rule([{ kind: 'fixed-response', status: 99, contentType: 'text/plain', body: '' }])] });
    await expect(startEdge(model(wrong), edge)).rejects.toThrow(/DirectResponseActionValidationError\.Status/);
  });

  test('speaks every named policy of the load balancer', async () => {
    const all = model(...[...TLS_POLICIES.values()].map((policy) => listener(policy.name, { tls: tls({ policy }) })));
    const every = await startEdge(all, edge);
    await Promise.all(all.listeners.map(async (each) => {
      await expect(call(every.address(each).port, { tls: {} })).resolves.toMatchObject({ status: 200 });
    }));
    await every.stop();
  });

  test('does not tell the private key that Envoy quotes', async () => {
    const script = join(edge.supervisor.folder, 'quoting-envoy');
    await writeFile(script, '#!/bin/sh\necho "bad key: -----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY----- in listener"\nexit 3\n', { mode: 0o700 });
    const error = await startEdge(model(L.plain), { ...edge, envoy: script }).then(() => 'started', String);
    expect(error).toContain('Envoy ended with 3 before it was ready: bad key: (a private key) in listener');
    expect(error).not.toContain('c2VjcmV0');
  });

  test('stands beside another one, and can be stopped', async () => {
    const second = await startEdge(model(L.plain), edge);
    const { port } = second.address(L.plain);
    expect(port).not.toBe(edge.running.address(L.plain).port);
    await second.stop();
    await expect(call(port)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('knows its own listeners alone', () => {
    expect(() => edge.running.address(listener('Unknown'))).toThrow('The edge has no listener Stack/Unknown');
  });
});
