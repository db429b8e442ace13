import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { createPki, type Pki } from '../../../src/drill/services/pki';
import { RotationError } from '../../../src/runtime/rotation/ports';
import { redisLogin } from '../../../src/runtime/rotation/redis-login';

let pki: Pki;
const servers: tls.Server[] = [];

beforeAll(async () => {
  pki = await createPki();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** What a login comes to at a server that does this with whoever connects. */
async function loginAt(serve: (socket: tls.TLSSocket) => void): Promise<boolean | RotationError> {
  const server = tls.createServer({ cert: pki.server.certificatePem, key: pki.server.privateKeyPem }, (socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return redisLogin({ host: 'localhost', port, userName: 'core' }, pki.serverCaPem)('canary-password').catch((error: unknown) => {
    if (error instanceof RotationError) return error;
    throw error;
  });
}

const answering = (line: string) => (socket: tls.TLSSocket): void => void socket.on('data', () => socket.write(`${line}\r\n`));

describe('a login at Redis', () => {
  test('is let in where it is', async () => {
    expect(await loginAt(answering('+OK'))).toBe(true);
  });

  test('is refused by Redis\' own word for it', async () => {
    expect(await loginAt(answering('-WRONGPASS invalid username-password pair or user is disabled.'))).toBe(false);
  });

  test.each<[string, (socket: tls.TLSSocket) => void, string]>([
    ['has no time', answering('-LOADING canary-password is loading'), 'LOADING'],
    ['says something of its own', answering('-canary-password'), 'it refuses'],
    ['hangs up', (socket) => void socket.on('data', () => socket.destroy()), 'the connection was cut'],
  ])('tells nothing where it %s, and says why without a word of what was sent', async (_what, serve, why) => {
    const error = await loginAt(serve);
    expect(error).toMatchObject({ code: 'REDIS_UNREACHABLE' });
    expect(String(error)).toMatch(new RegExp(`at localhost:\\d+: ${why}\\.$`));
    expect(String(error)).not.toContain('canary');
  });
});
