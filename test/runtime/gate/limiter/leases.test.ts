import { Leases } from '../../../../src/runtime/gate/limiter/leases';
import type { RedisConnection } from '../../../../src/runtime/gate/limiter/connection';
import type { HeldLeases } from '../../../../src/runtime/gate/limiter/renew-script';

/** What the connection does for leases, with a server that a test lets answer when it likes. */
class FakeRedis {
  public readonly places = new Set<string>();
  public readonly renewals: (() => void)[] = [];
  public mayRemove: Promise<void> = Promise.resolve();
  private ready: () => void = () => undefined;

  private readonly client = {
    renew: (_ttl: number, callers: readonly HeldLeases[]): Promise<readonly boolean[]> => new Promise((resolve) => {
      this.renewals.push(() => {
        const ids = callers.flatMap((one) => one.ids);
        ids.forEach((id) => this.places.add(id));
        resolve(ids.map(() => true));
      });
    }),
    zRem: async (_key: string, ids: readonly string[]): Promise<number> => {
      await this.mayRemove;
      ids.forEach((id) => this.places.delete(id));
      return ids.length;
    },
  };

  public ask<T>(question: (client: FakeRedis['client']) => Promise<T>): Promise<T> {
    return question(this.client);
  }

  public grouped<T>(things: readonly T[]): T[][] {
    return [[...things]];
  }

  public onReady(listener: () => void): void {
    this.ready = listener;
  }

  public connectAgain(): void {
    this.ready();
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const none = { leases: () => undefined, leaseLost: () => undefined };

test('a stream that ends while it is renewed by a server that has to be sent the script first is given back all the same', async () => {
  const redis = new FakeRedis();
  const leases = new Leases(redis as unknown as RedisConnection, none, () => undefined);
  const [ended, kept] = ['a', 'b'].map((name) => ({ name, lease: leases.hold(name, { key: 'gate:{x}:streams', places: 5 }) }));
  redis.connectAgain();
  await settled();
  expect(redis.renewals).toHaveLength(1);
  ended?.lease.release();
  await settled();
  redis.renewals[0]?.();
  await settled();
  expect([...redis.places]).toEqual(['b']);
  expect(kept?.lease.lost.aborted).toBe(false);
  expect(ended?.lease.lost.aborted).toBe(false);
  await leases.stop();
  expect([...redis.places]).toEqual([]);
});

test('whoever stops waits for what was being given back already', async () => {
  const redis = new FakeRedis();
  const leases = new Leases(redis as unknown as RedisConnection, none, () => undefined);
  let remove: () => void = () => undefined;
  redis.mayRemove = new Promise((resolve) => {
    remove = resolve;
  });
  redis.places.add('a');
  leases.hold('a', { key: 'gate:{x}:streams', places: 5 }).release();
  await settled();
  let isStopped = false;
  const stopped = leases.stop().then(() => {
    isStopped = true;
  });
  await settled();
  expect(isStopped).toBe(false);
  remove();
  await stopped;
  expect([...redis.places]).toEqual([]);
});
