import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorReply } from '@redis/client';
import type { RateConfiguration } from '../../../src/gate/rate/contract';
import type { Refusal } from '../../../src/runtime/gate/refusal';
import { caller, connected, grants, hardlyRefilled, isGranted, leasesOf, type Outcome, PLAN, rateOf, reasons, type TestGate, testGate, until } from '../../support/limiter';
import { type Ask, asUser, ENGINES, gateUsers, type RedisStage, setRedis } from '../../support/redis';

/** What a caller waits at most for a refusal (the issue says half a second for this part), and some for a machine that does other things too. */
const BOUND_MS = 500;
/** What the limiter gives an answer. */
const PATIENCE_MS = 300;

let stage: RedisStage;
const gates: TestGate[] = [];

function gate(rate: Partial<RateConfiguration> = {}, password = stage.gate.password): TestGate {
  const made = testGate(rateOf(stage.redis, stage.gate.userName, rate), password, stage.redis.caPem);
  gates.push(made);
  return made;
}

const inspect = <T>(use: (ask: Ask) => Promise<T>): Promise<T> => asUser(stage, stage.inspector, use);
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const codes = (outcomes: readonly Outcome[]): Set<string> => new Set(outcomes.map((outcome) => (isGranted(outcome) ? 'granted' : outcome.code)));
const events = (one: TestGate): unknown => one.told.events.map(({ event, code }) => (code === undefined ? event : `${event} ${code}`));

/** The longest time that any of some requests waited for its refusal, without what a busy machine kept a timer beside them waiting. */
async function slowest(requests: number, made: TestGate): Promise<{ readonly outcomes: Outcome[]; readonly milliseconds: number }> {
  const started = performance.now();
  const beside = sleep(PATIENCE_MS).then(() => performance.now() - started - PATIENCE_MS);
  const outcomes = await Promise.all(times(requests, () => made.take('waiting')));
  const milliseconds = performance.now() - started;
  return { outcomes, milliseconds: milliseconds < PATIENCE_MS ? milliseconds : milliseconds - await beside };
}

describe.each(ENGINES)('%s that does not answer', (_name, options) => {
  beforeAll(async () => {
    stage = await setRedis(gateUsers(), options);
  }, 60_000);
  afterEach(() => Promise.all(gates.splice(0).map((made) => made.stop())));
  afterAll(() => stage.stop());

  test('is not what a gate takes its own slowness for', async () => {
    const one = gate();
    await connected(one);
    one.told.events.length = 0;
    const asked = one.take('held-up');
    // The question is on its way; the answer arrives while nobody looks.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const end = performance.now() + 2 * BOUND_MS;
    while (performance.now() < end);
    expect(isGranted(await asked)).toBe(true);
    expect(one.told.events).toEqual([]);
  });

  test('is a refusal in time while it is frozen, and none when it goes on', async () => {
    const one = gate();
    await connected(one);
    stage.redis.freeze();
    try {
      const first = await slowest(50, one);
      expect(codes(first.outcomes)).toEqual(new Set(['unavailable']));
      expect(first.milliseconds).toBeLessThan(BOUND_MS);
      // Known to be gone, it keeps nobody waiting.
      const second = await slowest(50, one);
      expect(codes(second.outcomes)).toEqual(new Set(['unavailable']));
      expect(second.milliseconds).toBeLessThan(first.milliseconds);
      expect(one.told.uncounted).toEqual(times(100, () => false));
      expect(one.told.limited).toEqual([]);
    } finally {
      stage.redis.thaw();
    }
    await connected(one);
    expect(events(one)).toEqual(['redis-ready', 'redis-lost redis-slow', 'redis-ready']);
  });

  test('is a refusal in time for a gate that starts meanwhile', async () => {
    stage.redis.freeze();
    try {
      const { outcomes, milliseconds } = await slowest(20, gate());
      expect(codes(outcomes)).toEqual(new Set(['unavailable']));
      expect(milliseconds).toBeLessThan(BOUND_MS);
    } finally {
      stage.redis.thaw();
    }
  });

  test('is a refusal in time when it is killed, and none when another takes its place', async () => {
    const one = gate();
    await connected(one);
    await stage.redis.kill();
    const { outcomes, milliseconds } = await slowest(50, one);
    expect(codes(outcomes)).toEqual(new Set(['unavailable']));
    expect(milliseconds).toBeLessThan(BOUND_MS);
    await stage.redis.restart();
    await connected(one);
  });

  test('a full one refuses who is new, serves who is known on the same connection, and forgets nobody', async () => {
    const one = gate();
    await connected(one);
    expect(isGranted(await one.take('known'))).toBe(true);
    one.told.events.length = 0;
    await inspect(async (ask) => {
      await ask('CONFIG', 'SET', 'maxmemory', '1');
      expect(await one.take('newcomer')).toMatchObject({ code: 'unavailable', reason: 'redis-full' });
      expect(isGranted(await one.take('known'))).toBe(true);
      await ask('CONFIG', 'SET', 'maxmemory', '64mb');
    });
    expect(isGranted(await one.take('newcomer'))).toBe(true);
    expect(events(one)).toEqual([]);
    expect(await inspect((ask) => ask('KEYS', '*'))).not.toEqual([]);
  });

  test('that moves the keys of one question to another server refuses that one, and the connection stays', async () => {
    const one = gate();
    await connected(one);
    one.told.events.length = 0;
    await expect(one.redis.ask(() => Promise.reject(new ErrorReply('TRYAGAIN Multiple keys request during rehashing of slot')))).rejects.toMatchObject({ code: 'unavailable', reason: 'redis-moving' });
    expect(isGranted(await one.take('anybody'))).toBe(true);
    expect(events(one)).toEqual([]);
    await expect(one.redis.ask(() => Promise.reject(new ErrorReply('LOADING Redis is loading the dataset in memory')))).rejects.toMatchObject({ reason: 'redis-refuses' });
    expect(events(one)).toEqual(['redis-lost redis-refuses']);
  });

  test('lets nobody in with a wrong password, and nobody waits for it', async () => {
    const one = gate({}, 'not-the-password');
    const { outcomes, milliseconds } = await slowest(10, one);
    expect(codes(outcomes)).toEqual(new Set(['unavailable']));
    expect(milliseconds).toBeLessThan(BOUND_MS);
    expect(JSON.stringify(one.told)).not.toContain('not-the-password');
    expect(events(one)).toEqual(['redis-lost redis-refuses']);
  });

  test('that has a certificate of somebody else is asked nothing', async () => {
    const stranger = testGate(rateOf(stage.redis, stage.gate.userName), stage.gate.password, undefined);
    gates.push(stranger);
    expect(await stranger.take('anybody')).toMatchObject({ code: 'unavailable', reason: 'redis-gone' });
  });

  describe('where each gate counts by itself meanwhile', () => {
    const counting: Partial<RateConfiguration> = {
      plan: { general: hardlyRefilled(10), heavy: hardlyRefilled(1000), streams: 4 },
      onRedisLost: { kind: 'count', gates: 2 },
    };

    test('grants its part of the budget, refuses what is heavy, says so once, and shares again when it is back', async () => {
      const one = gate(counting);
      await connected(one);
      expect(grants(await Promise.all(times(12, () => one.take('alice'))))).toHaveLength(10);
      one.told.limited.length = 0;
      one.told.uncounted.length = 0;
      await stage.redis.kill();
      const outcomes = await Promise.all(times(7, () => one.take('alice')));
      expect(reasons(outcomes)).toEqual([...times(5, () => 'granted'), 'rate-general', 'rate-general']);
      expect(outcomes[0]?.headers).toEqual({ 'ratelimit-policy': '"general";q=5;w=3600', 'ratelimit': expect.stringMatching(/^"general";r=4;t=\d+$/) as string });
      expect(Number((outcomes[6] as Refusal).headers['retry-after'])).toBeGreaterThan(0);
      expect(one.told.limited).toEqual(['general', 'general']);
      expect(one.told.uncounted).toEqual([...times(5, () => true), false, false]);
      expect(await one.take('alice', { tier: 'heavy' })).toMatchObject({ code: 'unavailable' });
      expect(isGranted(await one.take('bob'))).toBe(true);
      expect(one.told.events.filter(({ event }) => event === 'limits-local')).toHaveLength(1);
      await stage.redis.restart();
      await connected(one);
      await Promise.all(times(3, () => one.take('carol')));
      expect(one.told.events.map(({ event }) => event).filter((event) => event.startsWith('limits-'))).toEqual(['limits-local', 'limits-shared']);
    });

    test('grants it once, however often Redis comes and goes', async () => {
      const one = gate(counting);
      await connected(one);
      await stage.redis.kill();
      expect(grants(await Promise.all(times(7, () => one.take('flapping'))))).toHaveLength(5);
      await stage.redis.restart();
      await connected(one);
      await stage.redis.kill();
      expect(reasons(await Promise.all(times(7, () => one.take('flapping'))))).toEqual(times(7, () => 'rate-general'));
      await stage.redis.restart();
      await connected(one);
    });

    test('keeps what is open, opens its part of the places, and takes them in Redis when it is back', async () => {
      const one = gate(counting);
      await connected(one);
      const [first] = leasesOf([await one.take('dora', { isStream: true })]);
      await stage.redis.kill();
      const local = await Promise.all(times(3, () => one.take('dora', { isStream: true })));
      expect(reasons(local)).toEqual(['granted', 'streams', 'streams']);
      expect(local[1]?.headers['retry-after']).toBe('1');
      const [other] = await Promise.all([one.limiter.lease(caller('erna')), one.limiter.lease(caller('erna'))]);
      await expect(one.limiter.lease(caller('erna'))).rejects.toMatchObject({ reason: 'streams' });
      other.release();
      await expect(one.limiter.lease(caller('erna'))).resolves.toBeDefined();
      expect(first?.lost.aborted).toBe(false);
      await stage.redis.restart();
      const counts = await until(async () => {
        const found = await inspect(async (ask) => Promise.all([await ask('KEYS', '*:streams')].flat().map((key) => ask('ZCARD', String(key)))));
        return found.length === 2 ? found : undefined;
      });
      expect(counts).toEqual([2, 2]);
      expect(one.told.lost).toBe(0);
    });

    test('a part is never less than one', async () => {
      const one = gate({ plan: { ...PLAN, general: hardlyRefilled(3), streams: 2 }, onRedisLost: { kind: 'count', gates: 100 } });
      await connected(one);
      await stage.redis.kill();
      expect(reasons(await Promise.all(times(2, () => one.take('part', { isStream: true }))))).toEqual(['granted', 'rate-general']);
      await stage.redis.restart();
    });
  });
});
