import { createClient } from '@redis/client';
import { wait as realWait } from '../../../src/runtime/shared/wait';
import { AwsRedisUsers } from '../../../src/runtime/rotation/redis-aws-users';
import { redisLogin } from '../../../src/runtime/rotation/redis-login';
import { redisUserStrategy } from '../../../src/runtime/rotation/redis-user';
import type { RedisLogin, RedisUsers } from '../../../src/runtime/rotation/redis-users';
import type { SecretStrategy } from '../../../src/runtime/rotation/ports';
import { type ElastiCacheUsers, type HeldUser, startElastiCacheUsers } from '../../support/elasticache-users';
import { asUser, ENGINES, gateUsers, type RedisStage, setRedis } from '../../support/redis';
import { hasDied, mortalPorts } from '../../support/mortal-redis';
import { type Relay, startRelay } from '../../support/relay';

const USER_ID = 'gate-user';
/** Nobody waits in earnest: the rhythm stays, and is this much faster. */
const FASTER = 100;
/** For some hundred logins, on a machine that does other things too. */
const MANY_LOGINS_MS = 180_000;

let stage: RedisStage;
let aws: ElastiCacheUsers;
let relay: Relay;
let users: RedisUsers;
let login: RedisLogin;
let current: string;
/** All that was put into the secret or made for it. */
const canaries: string[] = [];
const lines: string[] = [];
const wait = (milliseconds: number): Promise<void> => realWait(milliseconds / FASTER);
const log = (line: object): void => {
  lines.push(JSON.stringify(line));
};

const strategy = (over: Partial<{ users: RedisUsers; login: RedisLogin }> = {}): SecretStrategy =>
  redisUserStrategy({ userId: USER_ID, userName: stage.gate.userName }, { users, login, wait, log, ...over });

function held(): HeldUser {
  const user = aws.users.get(USER_ID);
  if (!user) throw new Error('The user is gone.');
  return user;
}

/** Whether Redis itself lets somebody in, whoever else may think so. */
const letsIn = (password: string): Promise<boolean> => redisLogin({ host: stage.redis.host, port: stage.redis.port, userName: stage.gate.userName }, stage.redis.caPem)(password);

/** What was said, whole, so that canaries are found in it wherever they are. */
async function failure(of: Promise<unknown>): Promise<string> {
  const error: unknown = await of.then(() => 'no failure', (reason: unknown) => reason);
  if (!(error instanceof Error)) return String(error);
  const said = `${'code' in error ? String(error.code) : ''} ${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`;
  lines.push(said);
  return said;
}

async function make(from: SecretStrategy): Promise<string> {
  const made = await from.create(current);
  canaries.push(made);
  return made;
}

/** Before each test: a user with one password, which nobody has changed yet. */
function useRedis(options: (typeof ENGINES)[number][1]): void {
  beforeAll(async () => {
    stage = await setRedis(gateUsers(), options);
  }, 60_000);
  afterAll(() => stage.stop());

  beforeEach(async () => {
    const { userName } = stage.gate;
    current = await redisUserStrategy({ userId: USER_ID, userName }, { users, login, wait, log }).create('');
    canaries.push(current);
    await asUser(stage, stage.inspector, (ask) => ask('ACL', 'SETUSER', userName, 'resetpass', `>${current}`));
    relay = await startRelay(stage.redis.port);
    aws = await startElastiCacheUsers(stage, { [USER_ID]: { userName, password: current } });
    users = new AwsRedisUsers(aws.client);
    login = redisLogin({ host: '127.0.0.1', port: relay.port, userName }, stage.redis.caPem);
  });
  afterEach(async () => {
    relay.stop();
    await aws.stop();
  });
  afterEach(() => {
    const said = lines.splice(0).join('\n');
    for (const canary of canaries.splice(0)) expect(said).not.toContain(canary);
  });
}

describe.each(ENGINES)('the password of a user of %s', (_name, options) => {
  useRedis(options);

  test('is let in beside the old one, which goes when it is retired, and no sooner', async () => {
    aws.modifyingMs = 50;
    const rotated = strategy();
    const pending = await make(rotated);
    expect(pending).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(await letsIn(pending)).toBe(false);

    await rotated.set({ current, pending });
    expect([await letsIn(pending), await letsIn(current)]).toEqual([true, true]);
    await rotated.test(pending);
    expect([await letsIn(pending), await letsIn(current)]).toEqual([true, true]);

    expect(await rotated.retire({ current: pending, previous: current })).toEqual({ outcome: 'retired' });
    expect([await letsIn(pending), await letsIn(current)]).toEqual([true, false]);
    expect(held().passwords).toEqual([pending]);
    expect(lines).toEqual([2, 1].map((passwords) => JSON.stringify({ event: 'redis-user-changed', userId: USER_ID, passwords })));
  });

  test('lets connections live that were made with the old one, through its end', async () => {
    const client = createClient({
      username: stage.gate.userName,
      password: current,
      socket: { host: stage.redis.host, port: stage.redis.port, tls: true, ca: stage.redis.caPem, reconnectStrategy: false },
      disableClientInfo: true,
      maintNotifications: 'disabled',
    });
    const errors: unknown[] = [];
    client.on('error', (error) => errors.push(error));
    await client.connect();
    const write = (): Promise<unknown> => client.sendCommand(['RPUSH', 'gate:living', 'x']);
    try {
      const before = Number(await write());
      const rotated = strategy();
      const pending = await make(rotated);
      await rotated.set({ current, pending });
      expect(await write()).toBe(before + 1);
      await rotated.retire({ current: pending, previous: current });
      expect(await write()).toBe(before + 2);
      expect(errors).toEqual([]);
    } finally {
      client.destroy();
    }
  });
});

/** What no engine does otherwise than another one: who is let in has been seen of each. */
describe('the password of a user', () => {
  useRedis(ENGINES[0]?.[1] ?? {});

  test('is only tested when it has reached the node that is asked', async () => {
    aws.lagMs = 100;
    const rotated = strategy();
    const pending = await make(rotated);
    await rotated.set({ current, pending });
    expect(await letsIn(pending)).toBe(false);
    await rotated.test(pending);
    expect(await letsIn(pending)).toBe(true);
    await rotated.retire({ current: pending, previous: current });
    expect(await letsIn(current)).toBe(false);
  });

  test('replaces what an earlier rotation left half-finished, and never the current one', async () => {
    const abandoned = await make(strategy());
    await strategy().set({ current, pending: abandoned });
    const pending = await make(strategy());
    await strategy().set({ current, pending });
    expect([await letsIn(abandoned), await letsIn(pending), await letsIn(current)]).toEqual([false, true, true]);
  });

  test('waits while somebody else changes the user', async () => {
    aws.modifyingMs = 100;
    expect(await users.setPasswords(USER_ID, [current])).toBe('accepted');
    expect(await users.setPasswords(USER_ID, [current])).toBe('busy');
    const pending = await make(strategy());
    await strategy().set({ current, pending });
    expect([await letsIn(pending), await letsIn(current)]).toEqual([true, true]);
  });

  describe('stays as it was, and the reason is told, where', () => {
    const CASES: readonly (readonly [string, string, () => void | Promise<void>])[] = [
      ['Redis cannot be reached', 'REDIS_UNREACHABLE', () => relay.cut()],
      ['the user is gone', 'NO_USER', () => void aws.users.delete(USER_ID)],
      ['the user is being deleted', 'NO_USER', () => void (held().status = 'deleting')],
      ['the user never becomes active', 'NOT_ACTIVE', () => void (held().status = 'modifying')],
      ['the user needs no password', 'NO_PASSWORD', () => void (held().authentication = 'no-password')],
      ['the user logs in by IAM', 'NO_PASSWORD', () => void (held().authentication = 'iam')],
      ['the user was taken out of its group', 'NO_GROUP', () => void (held().groups = [])],
      ['nobody may change users', 'ELASTICACHE_FAILED', () => void (aws.isForbidden = true)],
    ];

    test.each(CASES)('%s', async (_case, code, spoil) => {
      const pending = await make(strategy());
      await spoil();
      expect(await failure(strategy().set({ current, pending }))).toMatch(new RegExp(`^${code} `));
      expect(await failure(strategy().retire({ current, previous: pending }))).toMatch(new RegExp(`^${code} `));
      expect(aws.asked).not.toContain('ModifyUser');
      expect([await letsIn(current), await letsIn(pending)]).toEqual([true, false]);
    });

    test('somebody has changed it by hand: theirs stays too', async () => {
      const byHand = await make(strategy());
      await asUser(stage, stage.inspector, (ask) => ask('ACL', 'SETUSER', stage.gate.userName, 'resetpass', `>${byHand}`));
      const pending = await make(strategy());
      expect(await failure(strategy().set({ current, pending }))).toMatch(/^CURRENT_NOT_LET_IN /);
      expect(await failure(strategy().retire({ current, previous: pending }))).toMatch(/^CURRENT_NOT_LET_IN /);
      expect(aws.asked).not.toContain('ModifyUser');
      expect(await letsIn(byHand)).toBe(true);
    });

    test('the new one is not let in', async () => {
      const pending = await make(strategy());
      expect(await failure(strategy().test(pending))).toMatch(/^NEW_NOT_LET_IN /);
      expect(await letsIn(current)).toBe(true);
    });

    test('the network is cut between the change and its test', async () => {
      const pending = await make(strategy());
      await strategy().set({ current, pending });
      relay.cut();
      expect(await failure(strategy().test(pending))).toMatch(/^REDIS_UNREACHABLE /);
      relay.heal();
      await strategy().test(pending);
      expect([await letsIn(current), await letsIn(pending)]).toEqual([true, true]);
    });

    test('ElastiCache takes no such password, and repeats it in its refusal', async () => {
      const pending = `short-${'x'.repeat(9)}`;
      canaries.push(pending);
      expect(await failure(strategy().set({ current, pending }))).toMatch(/^ELASTICACHE_FAILED .*InvalidParameterValue/);
      expect([await letsIn(current), held().passwords.length]).toEqual([true, 1]);
    });
  });

  describe('survives a function that dies', () => {
    test.each([['before', false], ['after', true]] as const)('%s any of its calls: whoever may log in can at every moment, and the next attempt ends it', async (_when, isDone) => {
      let hasFinished = false;
      let at = 1;
      for (; !hasFinished; at++) {
        const pending = await make(strategy());
        const { ports, calls } = mortalPorts({ users, login }, at, isDone);
        const first = strategy(ports);
        const step = async (mayDie: (from: SecretStrategy) => Promise<unknown>, allowed: readonly string[]): Promise<void> => {
          if (!await hasDied(mayDie(first))) return;
          for (const password of allowed) expect(await letsIn(password)).toBe(true);
          await mayDie(strategy());
        };
        await step((from) => from.set({ current, pending }), [current]);
        await step((from) => from.test(pending), [current, pending]);
        await step((from) => from.retire({ current: pending, previous: current }), [pending]);
        expect(await letsIn(current)).toBe(false);
        hasFinished = calls() < at;
        current = pending;
      }
      // Seven calls at least: two waits and a change, three logins, and the waits around them.
      expect(at).toBeGreaterThan(7);
    }, MANY_LOGINS_MS);
  });
});
