import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { createPki, type Pki } from '../../../src/drill/services/pki';
import { findMemcached, startMemcached } from '../../../src/drill/services/memcached';
import { ToolboxError } from '../../../src/drill/toolbox/toolbox-error';

let supervisor: Supervisor;
let pki: Pki;

beforeAll(async () => {
  [supervisor, pki] = await Promise.all([Supervisor.open(), createPki()]);
});
afterAll(() => supervisor.stop());

const WRITE_AND_READ = 'set key 0 60 5\r\nvalue\r\nget key\r\nquit\r\n';

/** All that the server says until it hangs up. */
function said(socket: Socket, ready: 'connect' | 'secureConnect'): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.once(ready, () => socket.write(WRITE_AND_READ)).on('data', (bytes: Buffer) => (text += bytes.toString('latin1'))).once('error', reject).once('close', () => resolve(text));
  });
}

test('With TLS it keeps what it is told, for whoever knows the authority', async () => {
  const server = await startMemcached({ supervisor, tls: pki });
  expect(server.engine).toMatch(/^Memcached \d+\.\d+\.\d+ with its own TLS$/);
  expect(server.caPem).toBe(pki.serverCaPem);
  await expect(said(connectTls({ host: server.host, port: server.port, ca: server.caPem }), 'secureConnect')).resolves.toBe('STORED\r\nVALUE key 0 5\r\nvalue\r\nEND\r\n');
});

test('With TLS it answers nothing to whoever speaks in the clear', async () => {
  const server = await startMemcached({ supervisor, tls: pki });
  const answer = await said(connectPlain(server.port, server.host), 'connect').catch(() => 'hung up');
  expect(answer).not.toMatch(/STORED|value|VERSION/);
});

test('With TLS another authority does not vouch for it', async () => {
  const [server, { serverCaPem }] = await Promise.all([startMemcached({ supervisor, tls: pki }), createPki()]);
  await expect(said(connectTls({ host: server.host, port: server.port, ca: serverCaPem }), 'secureConnect')).rejects.toMatchObject({ code: expect.stringMatching(/^(UNABLE_TO_|CERT_SIGNATURE)/) as string });
});

test('Without TLS it speaks in the clear, and only so', async () => {
  const server = await startMemcached({ supervisor });
  expect(server.engine).toMatch(/without TLS$/);
  expect(server.caPem).toBeUndefined();
  await expect(said(connectPlain(server.port, server.host), 'connect')).resolves.toContain('STORED');
  await expect(said(connectTls({ host: server.host, port: server.port, ca: pki.serverCaPem }), 'secureConnect')).rejects.toThrow();
});

test('After it is stopped nobody listens', async () => {
  const server = await startMemcached({ supervisor, tls: pki });
  await server.stop();
  await expect(said(connectPlain(server.port, server.host), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('Without any Memcached it says what to install', async () => {
  const env = { PATH: '/nowhere' };
  expect(findMemcached(env)).toBeUndefined();
  await expect(startMemcached({ supervisor, env })).rejects.toThrow(ToolboxError);
  await expect(startMemcached({ supervisor, env })).rejects.toThrow('Debian: memcached');
});
