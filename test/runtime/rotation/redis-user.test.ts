import { newRedisPassword } from '../../../src/runtime/rotation/redis-passwords';
import { redisUserStrategy } from '../../../src/runtime/rotation/redis-user';
import type { RedisUsers, RedisUserState } from '../../../src/runtime/rotation/redis-users';
import type { SecretStrategy } from '../../../src/runtime/rotation/ports';

const ACTIVE: RedisUserState = { status: 'active', authentication: 'password', passwords: 1, groups: 1 };
const MODIFYING: RedisUserState = { ...ACTIVE, status: 'modifying' };

/** A Redis that knows at once what ElastiCache is told. */
class FakeRedis implements RedisUsers {
  public letIn = ['current'];
  public readonly sets: (readonly string[])[] = [];
  public readonly logins: string[] = [];
  public readonly waits: number[] = [];
  /** What is answered first; then the last of them, for ever. */
  public states: (RedisUserState | undefined)[] = [];
  public busy = 0;
  public lagging = 0;
  public letsInAlways: string | undefined;

  public find(): Promise<RedisUserState | undefined> {
    if (this.states.length > 0) return Promise.resolve(this.states.length > 1 ? this.states.shift() : this.states[0]);
    return Promise.resolve({ ...ACTIVE, passwords: this.letIn.length });
  }

  public setPasswords(_userId: string, passwords: readonly string[]): Promise<'accepted' | 'busy'> {
    if (this.busy > 0) {
      this.busy -= 1;
      return Promise.resolve('busy');
    }
    this.sets.push(passwords);
    this.letIn = [...passwords];
    return Promise.resolve('accepted');
  }

  public readonly login = (password: string): Promise<boolean> => {
    this.logins.push(password);
    if (this.lagging > 0) {
      this.lagging -= 1;
      return Promise.resolve(false);
    }
    return Promise.resolve(this.letIn.includes(password) || password === this.letsInAlways);
  };

  public strategy(): SecretStrategy {
    return redisUserStrategy({ userId: 'id', userName: 'name' }, {
      users: this,
      login: this.login,
      log: () => undefined,
      wait: (milliseconds) => {
        this.waits.push(milliseconds);
        return Promise.resolve();
      },
    });
  }
}

let redis: FakeRedis;
beforeEach(() => {
  redis = new FakeRedis();
});

const seconds = (milliseconds: readonly number[]): number => milliseconds.reduce((sum, one) => sum + one, 0) / 1000;

describe('a new password', () => {
  test('is 64 letters and digits, as ElastiCache takes them, and another one each time', () => {
    const made = Array.from({ length: 200 }, newRedisPassword);
    for (const password of made) expect(password).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(new Set(made).size).toBe(made.length);
  });

  test('has every sign as often as any other', () => {
    const counts = new Map<string, number>();
    const signs = Array.from({ length: 2000 }, newRedisPassword).join('');
    for (const sign of signs) counts.set(sign, (counts.get(sign) ?? 0) + 1);
    const expected = signs.length / 62;
    expect(counts.size).toBe(62);
    // Chi-square with 61 degrees of freedom exceeds 150 once in 10^8 runs; the remainder of a byte would give 800.
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(150);
  });
});

describe('setting', () => {
  test('lets the new one in beside the current one, and asks for nothing that is refused and counted', async () => {
    await redis.strategy().set({ current: 'current', pending: 'pending' });
    expect(redis.sets).toEqual([['pending', 'current']]);
    expect(redis.logins).toEqual(['current']);
  });

  test('does nothing where an attempt that was cut off has done it', async () => {
    redis.letIn = ['pending', 'current'];
    await redis.strategy().set({ current: 'current', pending: 'pending' });
    expect(redis.sets).toEqual([]);
  });

  test('drops what an abandoned rotation let in', async () => {
    redis.letIn = ['abandoned', 'current'];
    await redis.strategy().set({ current: 'current', pending: 'pending' });
    expect(redis.letIn).toEqual(['pending', 'current']);
  });

  test('touches nothing where the current one is not let in', async () => {
    redis.letIn = ['by-hand'];
    await expect(redis.strategy().set({ current: 'current', pending: 'pending' })).rejects.toMatchObject({ code: 'CURRENT_NOT_LET_IN' });
    expect(redis.sets).toEqual([]);
  });

  test('waits before and after for what is being changed', async () => {
    redis.states = [MODIFYING, MODIFYING, ACTIVE, MODIFYING, ACTIVE];
    await redis.strategy().set({ current: 'current', pending: 'pending' });
    expect(redis.sets).toHaveLength(1);
    expect(redis.states).toEqual([ACTIVE]);
    expect(redis.waits).toEqual([0, 500, 1000, 0, 0, 500]);
  });

  test('tries again where somebody was faster', async () => {
    redis.busy = 3;
    await redis.strategy().set({ current: 'current', pending: 'pending' });
    expect(redis.sets).toEqual([['pending', 'current']]);
  });

  test('ends at once where the user goes meanwhile', async () => {
    redis.states = [ACTIVE, undefined];
    redis.busy = 1;
    await expect(redis.strategy().set({ current: 'current', pending: 'pending' })).rejects.toMatchObject({ code: 'NO_USER' });
    expect(redis.waits).toEqual([0, 0]);
  });

  test.each([
    ['that never becomes active', (): void => void (redis.states = [MODIFYING])],
    ['that somebody else keeps changing', (): void => void (redis.busy = Number.POSITIVE_INFINITY)],
  ])('gives a user up %s, before the function runs out of time', async (_, spoil) => {
    spoil();
    await expect(redis.strategy().set({ current: 'current', pending: 'pending' })).rejects.toMatchObject({ code: 'NOT_ACTIVE' });
    expect(redis.sets).toEqual([]);
    expect(seconds(redis.waits)).toBeGreaterThan(60);
    expect(seconds(redis.waits)).toBeLessThan(300);
  });
});

describe('testing', () => {
  test('asks again while a change has not arrived', async () => {
    redis.letIn = ['pending', 'current'];
    redis.lagging = 4;
    await redis.strategy().test('pending');
    expect(redis.waits).toEqual([0, 500, 1000, 2000, 4000]);
  });

  test('ends where it never arrives', async () => {
    await expect(redis.strategy().test('pending')).rejects.toMatchObject({ code: 'NEW_NOT_LET_IN' });
    expect(seconds(redis.waits)).toBeLessThan(90);
  });

  test('is over at once where nobody can be asked', async () => {
    const unreachable = redisUserStrategy({ userId: 'id', userName: 'name' }, { users: redis, login: () => Promise.reject(new Error('cut')), wait: () => Promise.resolve(), log: () => undefined });
    await expect(unreachable.test('pending')).rejects.toThrow('cut');
  });
});

describe('retiring', () => {
  test('leaves the current one, and proves that the old one is refused', async () => {
    redis.letIn = ['current', 'previous'];
    expect(await redis.strategy().retire({ current: 'current', previous: 'previous' })).toEqual({ outcome: 'retired' });
    expect(redis.sets).toEqual([['current']]);
    expect(redis.logins).toEqual(['current', 'previous']);
  });

  test('changes nothing the second time', async () => {
    expect(await redis.strategy().retire({ current: 'current', previous: 'previous' })).toEqual({ outcome: 'retired' });
    expect(redis.sets).toEqual([]);
  });

  test('is refused where the current one is not let in: nobody could log in any more', async () => {
    redis.letIn = ['previous', 'by-hand'];
    await expect(redis.strategy().retire({ current: 'current', previous: 'previous' })).rejects.toMatchObject({ code: 'CURRENT_NOT_LET_IN' });
    expect(redis.letIn).toEqual(['previous', 'by-hand']);
  });

  test('lets the current one in again where a deployment has set the user back to the old one alone', async () => {
    redis.letIn = ['previous'];
    expect(await redis.strategy().retire({ current: 'current', previous: 'previous' })).toEqual({ outcome: 'retired' });
    expect(redis.letIn).toEqual(['current']);
  });

  test('touches nothing where somebody has set another one by hand', async () => {
    redis.letIn = ['by-hand'];
    await expect(redis.strategy().retire({ current: 'current', previous: 'previous' })).rejects.toMatchObject({ code: 'CURRENT_NOT_LET_IN' });
    expect(redis.letIn).toEqual(['by-hand']);
  });

  test('has failed where the old one is still let in', async () => {
    redis.letIn = ['previous', 'current'];
    redis.setPasswords = () => Promise.resolve('accepted');
    await expect(redis.strategy().retire({ current: 'current', previous: 'previous' })).rejects.toMatchObject({ code: 'OLD_LET_IN' });
  });
});

test('what takes longest ends before Lambda ends the function, and in words that say why', async () => {
  const slow = [...Array.from({ length: 15 }, () => MODIFYING), ACTIVE];
  redis.states = [...slow, ...Array.from({ length: 15 }, () => MODIFYING), ...slow];
  redis.letIn = ['current', 'previous'];
  redis.states = redis.states.map((state) => state && { ...state, passwords: 2 });
  redis.busy = 15;
  redis.letsInAlways = 'previous';
  await expect(redis.strategy().retire({ current: 'current', previous: 'previous' })).rejects.toMatchObject({ code: 'OLD_LET_IN' });
  // In seconds. The waits, five for each login, and half a minute for all that ElastiCache is asked; src/secrets/secret-rotation.ts gives the function so long.
  expect(seconds(redis.waits)).toBeGreaterThan(500);
  expect(seconds(redis.waits) + 5 * redis.logins.length + 30).toBeLessThan(14 * 60);
});

test('a deployment changes nothing', async () => {
  expect(await redis.strategy().ensure('current')).toBeUndefined();
  expect([redis.sets, redis.logins]).toEqual([[], []]);
});
