import { setTimeout as sleep } from 'node:timers/promises';
import type { RateConfiguration } from '../../../src/gate/rate/contract';
import { Refusal } from '../../../src/runtime/gate/refusal';
import { caller, connected, grants, hardlyRefilled, isGranted, leasesOf, type Outcome, PLAN, rateOf, reasons, type TestGate, testGate, until } from '../../support/limiter';
import { type Ask, asUser, ENGINES, gateUsers, type RedisStage, setRedis } from '../../support/redis';

let stage: RedisStage;
const gates: TestGate[] = [];

function gate(rate: Partial<RateConfiguration> = {}): TestGate {
  const made = testGate(rateOf(stage.redis, stage.gate.userName, rate), stage.gate.password, stage.redis.caPem);
  gates.push(made);
  return made;
}

const plan = (others: Partial<RateConfiguration['plan']>): Partial<RateConfiguration> => ({ plan: { ...PLAN, ...others } });
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const inspect = <T>(use: (ask: Ask) => Promise<T>): Promise<T> => asUser(stage, stage.inspector, use);

/** How often a script was run. */
async function calls(): Promise<number> {
  const statistics = String(await inspect((ask) => ask('INFO', 'commandstats')));
  return [...statistics.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].reduce((sum, [, figure]) => sum + Number(figure), 0);
}

/** Asks until nothing was refused because an answer came late on a busy machine, for then fewer may pass, and never more. */
async function counted(most: number, ask: (attempt: number) => Promise<Outcome[]>): Promise<Outcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    const outcomes = await ask(attempt);
    expect(grants(outcomes).length).toBeLessThanOrEqual(most);
    if (attempt === 20 || !outcomes.some((outcome) => outcome instanceof Refusal && outcome.code === 'unavailable')) return outcomes;
    await Promise.all(gates.map((made) => connected(made)));
  }
}

describe.each(ENGINES)('with %s', (_name, options) => {
  beforeAll(async () => {
    stage = await setRedis(gateUsers(), options);
  }, 60_000);
  afterEach(() => Promise.all(gates.splice(0).map((made) => made.stop())));
  afterAll(() => stage.stop());

  test('says which Redis it is', () => {
    expect(stage.redis.engine).toMatch(options.env === undefined ? /^(Redis|Valkey) [\d.]+ with its own TLS$/ : /^Valkey 9\.1\.2 behind the TLS of Envoy 1\.40\.0$/);
  });

  describe('two gates', () => {
    test('share one budget to the last request, however their requests arrive', async () => {
      const both = [gate(plan({ general: hardlyRefilled(100) })), gate(plan({ general: hardlyRefilled(100) }))];
      await Promise.all(both.map((one) => connected(one)));
      const outcomes = await counted(100, async (attempt) => {
        const requests: Promise<Outcome>[] = [];
        for (let round = 0; round < 60; round += 1) {
          for (const one of both) requests.push(...times(5, () => one.take(`shared-${attempt}`)));
          if (round % 3 === 0) await sleep(1);
        }
        return Promise.all(requests);
      });
      expect(outcomes).toHaveLength(600);
      expect(grants(outcomes)).toHaveLength(100);
      expect(reasons(outcomes).filter((reason) => reason === 'rate-general')).toHaveLength(500);
    });

    test('let five of forty streams open at once, and one more for each that ends', async () => {
      const both = [gate(plan({ general: hardlyRefilled(1000) })), gate(plan({ general: hardlyRefilled(1000) }))];
      await Promise.all(both.map((one) => connected(one)));
      let subject = '';
      const outcomes = await counted(5, (attempt) => {
        subject = `streams-${attempt}`;
        return Promise.all(times(20, () => both).flat().map((one) => one.take(subject, { isStream: true })));
      });
      const open = leasesOf(outcomes);
      expect(open).toHaveLength(5);
      expect(reasons(outcomes).filter((reason) => reason === 'streams')).toHaveLength(35);
      open[0]?.release();
      open[0]?.release();
      const again = await until(async () => {
        const more = await Promise.all(both.flatMap((one) => [one.take(subject, { isStream: true }), one.take(subject, { isStream: true })]));
        return grants(more).length > 0 ? more : undefined;
      });
      expect(grants(again)).toHaveLength(1);
    });
  });

  describe('a caller', () => {
    test('who has spent the heavy budget is served light requests, and the other way', async () => {
      const one = gate(plan({ general: hardlyRefilled(3), heavy: hardlyRefilled(2) }));
      const heavy = (): Promise<Outcome> => one.take('both', { tier: 'heavy' });
      expect(reasons(await Promise.all(times(3, heavy)))).toEqual(['granted', 'granted', 'rate-heavy']);
      expect(reasons(await Promise.all(times(3, () => one.take('both'))))).toEqual(['granted', 'granted', 'granted']);
      expect(reasons([await one.take('both'), await heavy()])).toEqual(['rate-general', 'rate-heavy']);
      expect(reasons(await Promise.all([...times(4, () => one.take('other')), one.take('other', { tier: 'heavy' })]))).toEqual(['granted', 'granted', 'granted', 'rate-general', 'granted']);
      expect(one.told.limited.sort()).toEqual(['general', 'general', 'heavy', 'heavy']);
    });

    test('is counted apart from others, and from himself for each end user', async () => {
      const one = gate(plan({ general: hardlyRefilled(1) }));
      const who = [caller('a'), caller('b'), caller('a', { endUser: 'x' }), caller('a', { endUser: 'y' }), caller('a', { endUser: '' }), caller('a1:x'), caller('b', { endUser: 'x' })];
      const outcomes = await Promise.all([...who, ...who].map((identity) => one.take(identity)));
      expect(reasons(outcomes)).toEqual([...who.map(() => 'granted'), ...who.map(() => 'rate-general')]);
    });

    test('has the first plan that names him, by the owner of his key or by a role', async () => {
      const override = (by: 'key' | 'role', name: string, requests: number): RateConfiguration['overrides'][number] => ({ by, name, plan: { ...PLAN, general: hardlyRefilled(requests) } });
      const one = gate({ ...plan({ general: hardlyRefilled(1) }), overrides: [override('key', 'partner', 2), override('role', 'operator', 3), override('role', 'partner', 4)] });
      const passed = async (identity: Parameters<TestGate['take']>[0]): Promise<number> => grants(await Promise.all(times(8, () => one.take(identity)))).length;
      expect(await passed('usual')).toBe(1);
      expect(await passed(caller('by key', { keyOwner: 'partner', roles: new Set(['operator']) }))).toBe(2);
      expect(await passed(caller('by role', { keyOwner: 'somebody', roles: new Set(['partner', 'operator']) }))).toBe(3);
      expect(await passed(caller('by another role', { roles: new Set(['partner']) }))).toBe(4);
      expect(await passed(caller('partner', { keyOwner: 'operator' }))).toBe(1);
    });

    test('is served in the order in which he came, whatever he wants', async () => {
      const one = gate(plan({ general: hardlyRefilled(4), streams: 1 }));
      const outcomes = await Promise.all([one.take('mixed'), one.take('mixed', { isStream: true }), one.take('mixed', { isStream: true }), one.take('mixed'), one.take('mixed'), one.take('mixed')]);
      expect(reasons(outcomes)).toEqual(['granted', 'granted', 'streams', 'granted', 'granted', 'rate-general']);
    });

    test('who is refused has spent nothing: no token where a place lacks, no place where a token lacks', async () => {
      const one = gate(plan({ general: hardlyRefilled(3), streams: 1 }));
      const stream = (): Promise<Outcome> => one.take('nothing', { isStream: true });
      const [lease] = leasesOf([await stream()]);
      expect(reasons(await Promise.all(times(5, stream)))).toEqual(times(5, () => 'streams'));
      expect(reasons(await Promise.all(times(3, () => one.take('nothing'))))).toEqual(['granted', 'granted', 'rate-general']);
      lease?.release();
      expect(reasons(await Promise.all(times(5, stream)))).toEqual(times(5, () => 'rate-general'));
      await expect(one.limiter.lease(caller('nothing'))).resolves.toMatchObject({ lost: { aborted: false } });
    });
  });

  describe('an answer that turns out to be a stream', () => {
    test('takes a place and spends nothing', async () => {
      const one = gate(plan({ general: hardlyRefilled(2), streams: 2 }));
      const identity = caller('late stream');
      await Promise.all([one.limiter.lease(identity), one.limiter.lease(identity)]);
      const refusal: unknown = await one.limiter.lease(identity).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'rate_limited', reason: 'streams' });
      expect((refusal as Refusal).headers).toEqual({ 'retry-after': expect.stringMatching(/^1[45]$/) as string });
      expect(grants(await Promise.all(times(3, () => one.take(identity))))).toHaveLength(2);
      expect(one.told.leases.at(-1)).toBe(2);
    });
  });

  describe('what is answered', () => {
    test('tells of the budget with every grant and refusal', async () => {
      const one = gate();
      const outcomes = await Promise.all(times(21, () => one.take('headers')));
      expect(grants(outcomes).map(({ headers }) => headers)).toEqual(times(20, (index) => ({ 'ratelimit-policy': '"general";q=600;w=60', 'ratelimit': `"general";r=${19 - index};t=1` })));
      expect(outcomes.at(-1)).toMatchObject({ code: 'rate_limited', reason: 'rate-general' });
      expect(outcomes.at(-1)).toMatchObject({ headers: { 'ratelimit-policy': '"general";q=600;w=60', 'ratelimit': '"general";r=0;t=1', 'retry-after': '1' } });
      const heavy = await one.take('headers', { tier: 'heavy' });
      expect(heavy.headers).toEqual({ 'ratelimit-policy': '"heavy";q=60;w=60', 'ratelimit': '"heavy";r=9;t=1' });
    });

    test('tells when a place is free at the latest, which no token hastens', async () => {
      const one = gate(plan({ streams: 1 }));
      const outcomes = await Promise.all(times(2, () => one.take('places', { isStream: true })));
      expect(outcomes[1]?.headers).toEqual({ 'ratelimit-policy': '"general";q=600;w=60', 'ratelimit': '"general";r=19;t=1', 'retry-after': expect.stringMatching(/^1[45]$/) as string });
    });

    test('holds: who comes back when told to may go on', async () => {
      const one = gate();
      const [refusal] = (await Promise.all(times(21, () => one.take('back')))).filter((outcome) => outcome instanceof Refusal);
      await sleep(Number(refusal?.headers['retry-after']) * 1000);
      expect(isGranted(await one.take('back'))).toBe(true);
    });
  });

  describe('in Redis', () => {
    test('nothing says who called, all of a caller is in one slot, and everything is forgotten', async () => {
      const one = gate();
      await connected(one);
      await inspect((ask) => ask('FLUSHALL'));
      await one.take(caller('alice@example.test', { endUser: 'bob@example.test' }), { isStream: true });
      await one.take(caller('alice@example.test', { endUser: 'bob@example.test' }), { tier: 'heavy' });
      const keys = await inspect(async (ask) => [await ask('KEYS', '*')].flat().map(String).sort());
      expect(keys.map((key) => key.replace(/\{[\w-]{43}\}/, '{hash}'))).toEqual(['gate:{hash}:general', 'gate:{hash}:heavy', 'gate:{hash}:streams']);
      expect(new Set(keys.map((key) => /\{(.+)\}/.exec(key)?.[1])).size).toBe(1);
      for (const key of keys) expect(await inspect((ask) => ask('PTTL', key))).toBeGreaterThan(0);
    });

    test('a server that has forgotten the script is sent it again', async () => {
      const one = gate();
      await connected(one);
      await inspect((ask) => ask('SCRIPT', 'FLUSH'));
      expect(isGranted(await one.take('after'))).toBe(true);
    });

    test('many callers at once are decided in few calls', async () => {
      const one = gate();
      await connected(one);
      const before = await calls();
      const outcomes = await Promise.all(times(450, (index) => one.take(`many-${index}`)));
      expect(grants(outcomes)).toHaveLength(450);
      expect(await calls() - before).toBe(3);
    });

    test('many streams that end at once are given back together, and nothing is left', async () => {
      const one = gate(plan({ general: hardlyRefilled(100), streams: 50 }));
      await connected(one);
      const leases = leasesOf(await Promise.all(times(50, () => one.take('ended', { isStream: true }))));
      expect(leases).toHaveLength(50);
      expect(one.told.leases.at(-1)).toBe(50);
      const before = String(await inspect((ask) => ask('INFO', 'commandstats')));
      leases.forEach((lease) => lease.release());
      expect(one.told.leases.at(-1)).toBe(0);
      await until(async () => [await inspect((ask) => ask('KEYS', '*:streams'))].flat().length === 0 || undefined);
      const removals = (text: string): number => Number(/^cmdstat_zrem:calls=(\d+)/m.exec(text)?.[1] ?? 0);
      expect(removals(String(await inspect((ask) => ask('INFO', 'commandstats')))) - removals(before)).toBe(1);
    });
  });

  describe('a limiter that is stopped', () => {
    test('gives every lease back, opens no other, and leaves the connection alone', async () => {
      const one = gate();
      await connected(one);
      const leases = leasesOf(await Promise.all(times(3, () => one.take('stopped', { isStream: true }))));
      expect(leases).toHaveLength(3);
      await one.limiter.stop();
      expect(await inspect((ask) => ask('KEYS', '*:streams'))).toEqual([]);
      expect(await one.take('stopped', { isStream: true })).toMatchObject({ code: 'unavailable', reason: 'stopping' });
      await expect(one.redis.ask((client) => client.renew(1, [{ key: 'gate:{x}:streams', places: 1, ids: ['x'] }]))).resolves.toEqual([true]);
      leases[0]?.release();
      expect(leases[0]?.lost.aborted).toBe(false);
    });
  });
});
