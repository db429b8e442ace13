import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { connect, type SecureVersion } from 'node:tls';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { createPki, type Pki } from '../../../src/drill/services/pki';
import { type AclUser, type RedisParts, type RunningRedis, startRedis } from '../../../src/drill/services/redis';
import { openToolbox, type Toolbox } from '../../../src/drill/toolbox/toolbox';
import { asUser, ENGINES } from '../../support/redis';

const USER: AclUser = { userName: 'somebody', accessString: 'on ~mine:* resetchannels -@all +get +set +ping', keyPrefixes: ['mine'], password: randomUUID() };
const OF_TOOLBOX = /^Valkey 9\.1\.2 behind the TLS of Envoy 1\.40\.0$/;

let scratch: string;
let toolbox: Toolbox;
let pki: Pki;
const supervisors: Supervisor[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'redis-engine-'));
  [toolbox, pki] = await Promise.all([openToolbox(() => undefined), createPki()]);
}, 120_000);
afterEach(() => Promise.all(supervisors.splice(0).map((supervisor) => supervisor.stop())));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function opened(): Promise<Supervisor> {
  const supervisor = await Supervisor.open();
  supervisors.push(supervisor);
  return supervisor;
}

async function started(options: Partial<RedisParts> = {}): Promise<RunningRedis> {
  return startRedis({ supervisor: await opened(), users: [USER], pki, toolbox, ...options });
}

const pong = (redis: RunningRedis): Promise<unknown> => asUser({ redis }, USER, (ask) => ask('PING'));

/** The version that is agreed on, or the refusal. */
async function spoken({ host, port, caPem }: RunningRedis, version: SecureVersion): Promise<string | null> {
  // Node itself would not offer the old ones.
  const socket = connect({ host, port, ca: caPem, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' });
  try {
    await once(socket, 'secureConnect');
    return socket.getProtocol();
  } catch (error) {
    return String(error);
  } finally {
    socket.destroy();
  }
}

/** A folder to look for programs in, with the toolbox's server, which has no TLS, as the installed one. */
function withoutTls(name: string): NodeJS.ProcessEnv {
  const folder = mkdtempSync(path.join(scratch, 'path-'));
  symlinkSync(toolbox.valkey, path.join(folder, name));
  return { PATH: folder };
}

describe.each(ENGINES)('%s', (_name, options) => {
  test('speaks the versions of TLS that ElastiCache does, and no older ones', async () => {
    const redis = await started(options);
    expect([await spoken(redis, 'TLSv1.2'), await spoken(redis, 'TLSv1.3')]).toEqual(['TLSv1.2', 'TLSv1.3']);
    for (const version of ['TLSv1', 'TLSv1.1'] as const) expect(await spoken(redis, version)).toMatch(/alert protocol version/);
  }, 30_000);

  test('shows a certificate that the named authority vouches for, and another one does not', async () => {
    const redis = await started(options);
    const other = await createPki();
    expect(await pong(redis)).toBe('PONG');
    await expect(pong({ ...redis, caPem: other.serverCaPem })).rejects.toThrow(/certificate/);
  }, 30_000);

  test('keeps its port through a death, and forgets what it held', async () => {
    const redis = await started(options);
    await asUser({ redis }, USER, (ask) => ask('SET', 'mine:x', 'y'));
    await redis.kill();
    await expect(pong(redis)).rejects.toThrow(/ECONNREFUSED/);
    await redis.restart();
    expect(await asUser({ redis }, USER, (ask) => ask('GET', 'mine:x'))).toBeNull();
  }, 30_000);

  test('serves several sets of users beside each other, each its own', async () => {
    const supervisor = await opened();
    const another = { ...USER, password: randomUUID() };
    const [one, other] = await Promise.all([USER, another].map((user) => startRedis({ supervisor, users: [user], pki, toolbox, ...options })));
    if (!one || !other) throw new Error('Both should have been started.');
    expect([await pong(one), await asUser({ redis: other }, another, (ask) => ask('PING'))]).toEqual(['PONG', 'PONG']);
    await expect(pong(other)).rejects.toThrow(/^WRONGPASS/);
    await one.stop();
    await expect(pong(one)).rejects.toThrow(/ECONNREFUSED/);
    expect(await asUser({ redis: other }, another, (ask) => ask('PING'))).toBe('PONG');
  }, 30_000);

  test('that does not start says why, and leaves nothing running', async () => {
    const supervisor = await opened();
    const start = jest.spyOn(supervisor, 'start');
    const users = [{ ...USER, accessString: 'on +no-such-command' }];
    const failure: unknown = await startRedis({ supervisor, users, pki, toolbox, ...options }).catch((error: unknown) => error);
    expect(String(failure)).toContain('no-such-command');
    expect(String(failure)).not.toContain(USER.password);
    const processes = start.mock.results.map(({ value }) => value as ReturnType<Supervisor['start']>);
    expect(processes.length).toBeGreaterThan(0);
    for (const { pid } of processes) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, 30_000);
});

describe('the toolbox\'s Valkey', () => {
  test.each(['redis-server', 'valkey-server'])('takes the place of a %s that has no TLS', async (name) => {
    const redis = await started({ env: withoutTls(name) });
    expect(redis.engine).toMatch(OF_TOOLBOX);
    expect(await pong(redis)).toBe('PONG');
  }, 30_000);

  test('listens on a socket that nobody else may come near, and nowhere in plain text', async () => {
    const supervisor = await opened();
    await started({ supervisor, env: {} });
    const [name = ''] = readdirSync(supervisor.folder).filter((entry) => entry.startsWith('redis-'));
    const folder = path.join(supervisor.folder, name);
    const mode = (file: string): number => statSync(file).mode & 0o777;
    expect([mode(supervisor.folder), mode(folder), mode(path.join(folder, 'redis.sock'))]).toEqual([0o700, 0o700, 0o600]);
    for (const file of ['users.acl', 'server.key', 'redis.conf', 'envoy.json']) expect(mode(path.join(folder, file))).toBe(0o600);
  }, 30_000);

  test('runs below a folder whose name alone is longer than that of a socket may be', async () => {
    const long = path.join(scratch, 'x'.repeat(120));
    mkdirSync(long);
    const folder = jest.spyOn(jest.requireActual<typeof import('node:os')>('node:os'), 'tmpdir').mockReturnValue(long);
    try {
      const supervisor = await opened();
      expect(path.dirname(supervisor.folder)).toBe(long);
      expect(await pong(await started({ supervisor, env: {} }))).toBe('PONG');
    } finally {
      folder.mockRestore();
    }
  }, 30_000);
});

test('everything is gone with the supervisor', async () => {
  const supervisor = await opened();
  const { host, port } = await started({ supervisor, env: {} });
  await supervisor.stop();
  expect(existsSync(supervisor.folder)).toBe(false);
  await expect(pong({ host, port, caPem: pki.serverCaPem } as RunningRedis)).rejects.toThrow(/ECONNREFUSED/);
}, 30_000);
