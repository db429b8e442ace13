import { BasicCommandParser } from '@redis/client/dist/lib/client/parser';
import * as fc from 'fast-check';
import { DECIDE_SCRIPT, decideCommand, type Row, type Verdict } from '../../../src/runtime/gate/limiter/decide-script';
import type { Budget } from '../../../src/runtime/gate/limiter/plans';
import { type HeldLeases, RENEW_SCRIPT, renewCommand } from '../../../src/runtime/gate/limiter/renew-script';
import { NaiveCaller } from '../../support/naive-limits';
import { type Ask, asUser, type RedisStage, setRedis } from '../../support/redis';

/** The scripts as they are, but for the clock, which a test must be able to turn; and expiry, which goes by the server's own clock. */
const CLOCK = "redis.call('TIME')";
const EXPIRY = "redis.call('PEXPIRE', ";
const turned = (script: string): string => script.replace(CLOCK, '{ table.remove(ARGV, #ARGV - 1), table.remove(ARGV) }');
const everlasting = (script: string): string => `local function ignore() end ${turned(script).replaceAll(EXPIRY, 'ignore(')}`;

const START = 1_800_000_000_000_000;
const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const TTL = 15 * SECOND;
const LIST = 'gate:{alice}:general';
const STREAMS = 'gate:{alice}:streams';
/** 10 a second, 20 at once, 600 a minute. */
const GENERAL: Budget = { tokenMicros: 100_000, burst: 20, windowMicros: 60 * SECOND, cap: 600 };

let stage: RedisStage;

beforeAll(async () => {
  stage = await setRedis();
}, 60_000);
afterAll(() => stage.stop());

const withRedis = <T>(use: (ask: Ask) => Promise<T>): Promise<T> => asUser(stage, stage.inspector, async (ask) => {
  await ask('FLUSHALL');
  return use(ask);
});

async function run(ask: Ask, script: string, now: number, write: (parser: BasicCommandParser) => void): Promise<unknown> {
  const parser = new BasicCommandParser();
  write(parser);
  return ask('EVAL', script, ...parser.redisArgs.map(String), String(Math.floor(now / SECOND)), String(now % SECOND));
}

async function decide(ask: Ask, now: number, rows: readonly Row[], script = turned(DECIDE_SCRIPT)): Promise<readonly Verdict[]> {
  return decideCommand.transformReply(await run(ask, script, now, (parser) => decideCommand.parseCommand(parser, TTL, rows)));
}

async function renew(ask: Ask, now: number, callers: readonly HeldLeases[], script = turned(RENEW_SCRIPT)): Promise<readonly boolean[]> {
  return renewCommand.transformReply(await run(ask, script, now, (parser) => renewCommand.parseCommand(parser, TTL, callers)));
}

const requests = (count: number, figures = GENERAL, key = LIST): Row => ({ requests: count, budget: { key, figures } });
const streams = (...ids: readonly string[]): Row => ({ requests: ids.length, streams: { key: STREAMS, places: 5, ids } });
const both = (...ids: readonly string[]): Row => ({ ...requests(ids.length), ...streams(...ids) });

async function one(ask: Ask, now: number, row: Row): Promise<Verdict> {
  const [verdict] = await decide(ask, now, [row]);
  if (!verdict) throw new Error('There is no verdict.');
  return verdict;
}

test('only the clock and the expiry are other ones', () => {
  for (const script of [DECIDE_SCRIPT, RENEW_SCRIPT]) {
    expect(script.split(CLOCK)).toHaveLength(2);
    expect(script.split(EXPIRY).length).toBeGreaterThan(1);
  }
});

const budgets = fc.record({
  tokenMicros: fc.integer({ min: 1000, max: 400_000 }),
  burst: fc.integer({ min: 1, max: 12 }),
  windowMicros: fc.integer({ min: 1000, max: 3_000_000 }),
  more: fc.integer({ min: 0, max: 6 }),
}).map(({ more, ...budget }): Budget => ({ ...budget, cap: budget.burst + more }));
const wish = fc.record({ who: fc.nat({ max: 1 }), budget: fc.constantFrom('general', 'heavy', undefined), isStream: fc.boolean(), count: fc.integer({ min: 1, max: 16 }) })
  .filter(({ budget, isStream }) => budget !== undefined || isStream);
const pause = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 1_500_000 }), fc.constant(TTL - 1), fc.constant(TTL));

test('grants what a plain model grants, in whatever groups requests come, and says what is left and when there is more', async () => {
  const step = fc.record({
    pause,
    rows: fc.array(wish, { maxLength: 4 }),
    released: fc.array(fc.nat(), { maxLength: 3 }),
    renewed: fc.option(fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), { nil: undefined }),
  });
  const plans = fc.record({ general: budgets, heavy: budgets, places: fc.integer({ min: 1, max: 6 }) });
  await withRedis((ask) => fc.assert(fc.asyncProperty(plans, fc.array(step, { maxLength: 20 }), async ({ general, heavy, places }, course) => {
    await ask('FLUSHALL');
    const callers = [new NaiveCaller({ general, heavy }, places, TTL), new NaiveCaller({ general, heavy }, places, TTL)];
    const keyOf = (who: number, what: string): string => `gate:{${who}}:${what}`;
    const named: { readonly who: number; readonly id: string }[] = [];
    let now = START;
    for (const { pause: passed, rows, released, renewed } of course) {
      now += passed;
      const wanted = rows.map((row) => ({ ...row, ids: row.isStream ? Array.from({ length: row.count }, () => `id-${named.push({ who: row.who, id: `id-${named.length}` }) - 1}`) : [] }));
      const asked = wanted.map(({ who, budget, isStream, count, ids }): Row => ({
        requests: count,
        ...(budget && { budget: { key: keyOf(who, budget), figures: budget === 'general' ? general : heavy } }),
        ...(isStream && { streams: { key: keyOf(who, 'streams'), places, ids: ids.slice(0, places) } }),
      }));
      const verdicts = await decide(ask, now, asked, everlasting(DECIDE_SCRIPT));
      wanted.forEach(({ who, budget, isStream, count, ids }, index) => {
        const expected = callers[who]?.decide(now, { budget, count, ids: isStream ? ids : undefined });
        const { granted, remaining, placeMs } = verdicts[index] ?? {};
        expect({ granted, remaining, lacksPlace: (placeMs ?? 0) > 0 }).toEqual(expected);
      });
      for (const index of released) {
        const lease = named[index % Math.max(1, named.length)];
        if (!lease) continue;
        await ask('ZREM', keyOf(lease.who, 'streams'), lease.id);
        callers[lease.who]?.release(lease.id);
      }
      for (const who of [0, 1]) {
        const ids = [...new Set((renewed ?? []).flatMap((index) => named[index % Math.max(1, named.length)] ?? []).filter((lease) => lease.who === who).map(({ id }) => id))];
        if (ids.length === 0) continue;
        const held = await renew(ask, now, [{ key: keyOf(who, 'streams'), places, ids }], everlasting(RENEW_SCRIPT));
        expect(held).toEqual(ids.map((id) => callers[who]?.renew(now, id)));
      }
    }
    // Nobody asks for more than there can be: of so many some are refused.
    const key = keyOf(0, 'general');
    const script = everlasting(DECIDE_SCRIPT);
    const resetMs = (await decide(ask, now, [requests(1000, general, key)], script))[0]?.resetMs ?? 0;
    const granted = async (at: number): Promise<number | undefined> => (await decide(ask, at, [requests(1, general, key)], script))[0]?.granted;
    expect(await granted(now + (resetMs - 1) * 1000)).toBe(0);
    expect(await granted(now + resetMs * 1000)).toBe(1);
  }), { numRuns: 250 }));
}, 60_000);

test('wherever the clock jumps, nobody waits for longer than a token and a window, and no lease lasts for longer than its time', async () => {
  const jump = fc.oneof(pause, fc.integer({ min: -5 * HOUR, max: 5 * HOUR }), fc.integer({ min: -2_000_000, max: 0 }));
  const course = fc.array(fc.record({ jump, count: fc.integer({ min: 1, max: 16 }) }), { minLength: 1, maxLength: 12 });
  await withRedis((ask) => fc.assert(fc.asyncProperty(budgets, course, async (budget, steps) => {
    await ask('FLUSHALL');
    const script = everlasting(DECIDE_SCRIPT);
    let now = START;
    let count = 0;
    for (const step of steps) {
      now += step.jump;
      count += 1;
      await decide(ask, now, [requests(step.count, budget), streams(`id-${count}`)], script);
    }
    const resetMs = (await decide(ask, now, [requests(1000, budget)], script))[0]?.resetMs ?? 0;
    expect(resetMs).toBeLessThanOrEqual(Math.ceil(Math.max(budget.tokenMicros, budget.windowMicros) / 1000));
    expect((await decide(ask, now + resetMs * 1000, [requests(1, budget)], script))[0]?.granted).toBe(1);
    expect((await decide(ask, now + TTL, [streams('a', 'b', 'c', 'd', 'e')], script))[0]?.granted).toBe(5);
  }), { numRuns: 60 }));
}, 60_000);

describe('the defaults: 10 a second, 20 at once, 600 a minute', () => {
  /** How many of a steady stream are granted. */
  async function steady(ask: Ask, perSecond: number, seconds: number): Promise<number> {
    let granted = 0;
    for (let request = 0; request < perSecond * seconds; request += 1) {
      granted += (await one(ask, START + Math.floor((request * SECOND) / perSecond), requests(1))).granted;
    }
    return granted;
  }

  test('ten a second pass for as long as anybody likes', () => withRedis(async (ask) => {
    expect(await steady(ask, 10, 90)).toBe(900);
  }), 60_000);

  test('of eleven a second 600 pass in a minute, though the bucket would let 620', () => withRedis(async (ask) => {
    expect(await steady(ask, 11, 60)).toBe(600);
  }), 60_000);

  test('twice the burst at the edge of a minute is refused as at any other time', () => withRedis(async (ask) => {
    const edge = START - (START % (60 * SECOND));
    const before = await one(ask, edge - 1000, requests(20));
    const after = await one(ask, edge + 1000, requests(20));
    expect([before.granted, after.granted]).toEqual([20, 0]);
  }));

  test('what is refused spends nothing', () => withRedis(async (ask) => {
    await one(ask, START, requests(20));
    for (let refused = 0; refused < 50; refused += 1) expect((await one(ask, START + refused, requests(100))).granted).toBe(0);
    expect(await one(ask, START + 100_000, requests(1))).toEqual({ granted: 1, remaining: 0, resetMs: 100, placeMs: 0 });
  }));

  test('keeps no more than the window of anybody, and nothing for longer', () => withRedis(async (ask) => {
    await steady(ask, 10, 70);
    expect(await ask('LLEN', LIST)).toBeLessThanOrEqual(602);
    const left = Number(await ask('PTTL', LIST));
    expect(left).toBeLessThanOrEqual(60_001);
    expect(left).toBeGreaterThan(50_000);
  }), 60_000);

  test('says what is left where more of the log is old than a request needs to see', () => withRedis(async (ask) => {
    const late = { ...GENERAL, cap: 25 };
    await one(ask, START, requests(20, late));
    expect(await one(ask, START + 60 * SECOND, requests(1, late))).toEqual({ granted: 1, remaining: 19, resetMs: 100, placeMs: 0 });
  }));

  test('serves the rows of a caller in the order in which they came', () => withRedis(async (ask) => {
    const verdicts = await decide(ask, START, [requests(15), both('a', 'b', 'c'), requests(5)]);
    expect(verdicts.map(({ granted }) => granted)).toEqual([15, 3, 2]);
  }));

  test('takes a plan that has become smaller for what it is now', () => withRedis(async (ask) => {
    await one(ask, START, requests(20));
    const small = { ...GENERAL, burst: 2, cap: 5 };
    const { granted, resetMs } = await one(ask, START, requests(1, small));
    expect(granted).toBe(0);
    expect(resetMs).toBeLessThanOrEqual(60_000);
    expect((await one(ask, START + 60 * SECOND, requests(5, small))).granted).toBe(2);
  }));
});

describe('a caller who has two plans, by two roles', () => {
  const large: Budget = { tokenMicros: 10_000, burst: 100, windowMicros: 60 * SECOND, cap: 6000 };
  const small: Budget = { ...GENERAL, burst: 2 };

  test('fills the bucket of neither by asking for the other', () => withRedis(async (ask) => {
    expect((await one(ask, START, requests(101, large))).granted).toBe(100);
    expect((await one(ask, START, requests(1, small))).granted).toBe(0);
    expect((await one(ask, START, requests(100, large))).granted).toBe(0);
    expect((await one(ask, START + 10_000, requests(100, large))).granted).toBe(1);
  }));

  test('waits for what he has spent, and is told for how long', () => withRedis(async (ask) => {
    await one(ask, START, requests(100, large));
    const { resetMs } = await one(ask, START, requests(1, small));
    expect(resetMs).toBe(1000 - 2 * 100 + 100);
    expect((await one(ask, START + resetMs * 1000 - 1000, requests(1, small))).granted).toBe(0);
    expect((await one(ask, START + resetMs * 1000, requests(1, small))).granted).toBe(1);
  }));
});

describe('streams', () => {
  test('one that is refused for want of a place spends no token', () => withRedis(async (ask) => {
    await one(ask, START, streams('1', '2', '3', '4', '5'));
    expect(await one(ask, START + SECOND, both('6'))).toEqual({ granted: 0, remaining: 20, resetMs: 0, placeMs: 14_000 });
    expect(await ask('EXISTS', LIST)).toBe(0);
  }));

  test('one that is refused for its rate takes no place', () => withRedis(async (ask) => {
    await one(ask, START, requests(20));
    expect(await one(ask, START, both('1'))).toEqual({ granted: 0, remaining: 0, resetMs: 100, placeMs: 0 });
    expect(await ask('EXISTS', STREAMS)).toBe(0);
  }));

  test('one whose gate says nothing any more makes room when its time has passed, and not before', () => withRedis(async (ask) => {
    await one(ask, START, streams('1', '2', '3', '4', '5'));
    expect((await one(ask, START + TTL - 1, streams('6'))).granted).toBe(0);
    expect((await one(ask, START + TTL, streams('6'))).granted).toBe(1);
    expect(Number(await ask('PTTL', STREAMS))).toBeLessThanOrEqual(15_001);
  }));

  test('one that is renewed keeps its place', () => withRedis(async (ask) => {
    await one(ask, START, streams('1', '2', '3', '4', '5'));
    expect(await renew(ask, START + TTL - 1, [{ key: STREAMS, places: 5, ids: ['1', '2'] }])).toEqual([true, true]);
    expect((await one(ask, START + TTL, streams('6', '7', '8', '9'))).granted).toBe(3);
  }));

  test('one that was forgotten is taken again, as long as there is a place', () => withRedis(async (ask) => {
    await one(ask, START, streams('new-1', 'new-2', 'new-3'));
    expect(await renew(ask, START, [{ key: STREAMS, places: 5, ids: ['old-1', 'new-1', 'old-2', 'old-3'] }])).toEqual([true, true, true, false]);
    expect(await ask('ZCARD', STREAMS)).toBe(5);
  }));
});

describe('a clock that jumped', () => {
  test('back: a caller waits for one token, and the log for one window', () => withRedis(async (ask) => {
    for (let moment = 0; moment < 60; moment += 1) await one(ask, START + HOUR + moment * SECOND, requests(10));
    const jumped = await one(ask, START, requests(1));
    expect(jumped).toMatchObject({ granted: 0, resetMs: 60_000 });
    expect(Number(await ask('PTTL', LIST))).toBeLessThanOrEqual(60_001);
    expect((await one(ask, START + 60 * SECOND, requests(20))).granted).toBe(20);
  }), 60_000);

  test('forward: everything is as after a long pause', () => withRedis(async (ask) => {
    await decide(ask, START, [requests(20), streams('1', '2', '3', '4', '5')]);
    expect((await decide(ask, START + HOUR, [requests(20), streams('6')])).map(({ granted }) => granted)).toEqual([20, 1]);
  }));

  test('back: a lease lasts no longer than one that begins now', () => withRedis(async (ask) => {
    await one(ask, START + HOUR, streams('1', '2', '3', '4', '5'));
    expect(await one(ask, START, streams('6'))).toMatchObject({ granted: 0, placeMs: 15_000 });
    expect((await one(ask, START + TTL, streams('6'))).granted).toBe(1);
  }));
});
