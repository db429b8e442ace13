import type { RedisLogin, RedisUsers } from '../../src/runtime/rotation/redis-users';

class Died extends Error {}

interface RedisPorts {
  readonly users: RedisUsers;
  readonly login: RedisLogin;
}

/** Whoever uses these dies around its call number `at`, counted over all of them; what was asked for has been done where it dies after it. */
export function mortalPorts({ users, login }: RedisPorts, at: number, isDone: boolean): { readonly ports: RedisPorts; readonly calls: () => number } {
  let calls = 0;
  const around = <A extends unknown[], T>(ask: (...asked: A) => Promise<T>) => async (...asked: A): Promise<T> => {
    calls += 1;
    const isLast = calls === at;
    if (isLast && !isDone) throw new Died();
    const answered = await ask(...asked);
    if (isLast) throw new Died();
    return answered;
  };
  return {
    ports: {
      users: { find: around((id: string) => users.find(id)), setPasswords: around((id: string, passwords: readonly string[]) => users.setPasswords(id, passwords)) },
      login: around((password: string) => login(password)),
    },
    calls: () => calls,
  };
}

/** Any other failure is one. */
export function hasDied(step: Promise<unknown>): Promise<boolean> {
  return step.then(() => false, (error: unknown) => {
    if (error instanceof Died) return true;
    throw error;
  });
}
