import { once } from 'node:events';
import { connect } from 'node:net';
import type { AclUser } from '../../../src/drill/services/redis';
import { asUser, ENGINES, gateUsers, type RedisStage, setRedis } from '../../support/redis';

let stage: RedisStage;

/** What the gate's user gets for a command: the answer, or the first word of the error. */
async function asGate(...command: string[]): Promise<unknown> {
  return asUser(stage, stage.gate, (ask) => ask(...command)).catch((error: unknown) => (error instanceof Error ? error.message.split(' ')[0] : error));
}

const FORBIDDEN: readonly (readonly string[])[] = [
  ['FLUSHALL'], ['FLUSHDB'], ['KEYS', '*'], ['SCAN', '0'], ['CONFIG', 'GET', '*'], ['ACL', 'LIST'], ['ACL', 'SETUSER', 'gate', '+@all'], ['INFO'], ['MONITOR'],
  ['SHUTDOWN', 'NOSAVE'], ['REPLICAOF', 'NO', 'ONE'], ['CLIENT', 'LIST'], ['SCRIPT', 'FLUSH'], ['FUNCTION', 'LIST'], ['PUBLISH', 'gate:x', 'y'], ['SUBSCRIBE', 'gate:x'],
  ['GET', 'gate:x'], ['SET', 'gate:x', 'y'], ['DEL', 'gate:x'], ['RENAME', 'gate:x', 'gate:y'], ['DUMP', 'gate:x'], ['CLIENT', 'SETNAME', 'x'],
  ['CLUSTER', 'NODES'], ['CLUSTER', 'FAILOVER'], ['CLUSTER', 'RESET'], ['READONLY'], ['HGET', 'gate:x', 'y'], ['ZRANGESTORE', 'gate:x', 'gate:y', '0', '1'],
  ['LSET', 'gate:x', '0', 'y'], ['EXPIRE', 'gate:x', '1'],
];

describe.each(ENGINES)('in %s', (_name, options) => {
  beforeAll(async () => {
    stage = await setRedis(gateUsers(), options);
  }, 60_000);
  afterAll(() => stage.stop());

  describe('the gate\'s user', () => {
    test.each(FORBIDDEN.map((command) => [command.join(' '), command] as const))('may not %s', async (_, command) => {
      expect(await asGate(...command)).toBe('NOPERM');
    });

    test('has the keys of its prefix, and no other', async () => {
      expect(await asGate('RPUSH', 'gate:x', 'y')).toBe(1);
      for (const key of ['x', 'gate', 'gatekeeper:x', 'platform:x', 'Gate:x']) expect(await asGate('RPUSH', key, 'y')).toBe('NOPERM');
    });

    test('gets no further by a script', async () => {
      expect(await asGate('EVAL', 'return redis.call("GET", KEYS[1])', '1', 'gate:x')).toMatch(/^(NOPERM|ERR)$/);
      expect(await asGate('EVAL', 'return redis.call("LLEN", "platform:x")', '0')).toMatch(/^(NOPERM|ERR)$/);
      expect(await asGate('EVAL', 'return redis.call("FLUSHALL")', '0')).toMatch(/^(NOPERM|ERR)$/);
      await asUser(stage, stage.inspector, async (ask) => expect(await ask('EXISTS', 'gate:x')).toBe(1));
    });
  });

  describe('somebody else', () => {
    const defaultUser = (): AclUser => {
      const user = stage.redis.users.find(({ userName }) => userName === 'default');
      if (!user) throw new Error('The template has no default user.');
      return user;
    };

    test.each<readonly [string, () => Pick<AclUser, 'userName' | 'password'> | undefined]>([
      ['without a name', () => undefined],
      ['as the default user', () => ({ userName: 'default', password: '' })],
      ['as the default user, with its password', defaultUser],
      ['as the gate, with another password', () => ({ userName: stage.gate.userName, password: 'wrong' })],
      ['as the gate, with the password of another user', () => ({ userName: stage.gate.userName, password: defaultUser().password })],
    ])('gets nowhere %s', async (_, who) => {
      await expect(asUser(stage, who(), (ask) => ask('PING'))).rejects.toThrow(/^(NOAUTH|WRONGPASS)/);
    });

    test('gets nowhere in plain text', async () => {
      const socket = connect({ host: stage.redis.host, port: stage.redis.port });
      const received: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(`AUTH ${stage.gate.userName} ${stage.gate.password}\r\nPING\r\n`);
      await new Promise((resolve) => socket.on('close', resolve));
      expect(Buffer.concat(received).toString('latin1')).not.toMatch(/OK|PONG/);
    });
  });

  test('a user that may do more does more: the refusals above are the access string\'s', async () => {
    const widened = gateUsers().map((user) => (user.userName === 'default' ? user : { ...user, accessString: 'on ~* resetchannels +@all' }));
    const other = await setRedis(widened, options);
    try {
      const answers = await asUser(other, other.gate, async (ask) => [await ask('SET', 'platform:x', 'y'), await ask('KEYS', '*'), await ask('FLUSHALL')]);
      expect(answers).toEqual(['OK', ['platform:x'], 'OK']);
    } finally {
      await other.stop();
    }
  }, 30_000);
});
