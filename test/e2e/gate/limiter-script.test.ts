import * as fc from 'fast-check';
import { SCRIPT } from '../../../src/runtime/gate/limiter/script';
import { type Ask, asUser, type RedisStage, setRedis } from '../../support/redis';

/** The script as it is, but for the clock, which a test must be able to turn. */
const CLOCK = "redis.call('TIME')";
const TURNED = SCRIPT.replace(CLOCK, '{ARGV[#ARGV - 1], ARGV[#ARGV]}');
/** Expiry goes by the server's own clock, which stands still beside the test's. */
const EXPIRY = "redis.call('PEXPIRE', key, ttl)";
const EVERLASTING = TURNED.replace(EXPIRY, '');

interface Budget {
  readonly tokenMicros: number;
  readonly burst: number;
  readonly windowMicros: number;
  readonly cap: number;
}

/** What the limits say, in the plainest way: everything is remembered, and each request is asked for alone. */
class Model {
  private readonly granted: number[] = [];
  private tokens: number;
  private at = 0;

  public constructor(private readonly budget: Budget) {
    this.tokens = budget.burst * budget.tokenMicros;
  }

  /** In tokens of so many microseconds each, so that everything is a whole number. */
  public take(now: number): boolean {
    const { tokenMicros, burst, windowMicros, cap } = this.budget;
    this.tokens = Math.min(burst * tokenMicros, this.tokens + (now - this.at));
    this.at = now;
    const inWindow = this.granted.filter((moment) => moment > now - windowMicros).length;
    if (this.tokens < tokenMicros || inWindow >= cap) return false;
    this.tokens -= tokenMicros;
    this.granted.push(now);
    return true;
  }
}

const START = 1_800_000_000_000_000;
const ALICE = 'gate:rate:alice';
const BOB = 'gate:rate:bob';

let stage: RedisStage;

beforeAll(async () => {
  stage = await setRedis();
}, 60_000);
afterAll(() => stage.stop());

async function decide(ask: Ask, { tokenMicros, burst, windowMicros, cap }: Budget, now: number, demands: Readonly<Record<string, number>>, script = TURNED): Promise<number[]> {
  const keys = Object.keys(demands);
  const figures = [tokenMicros, burst, windowMicros, cap, ...Object.values(demands), Math.floor(now / 1_000_000), now % 1_000_000];
  const reply = await ask('EVAL', script, String(keys.length), ...keys, ...figures.map(String));
  return (reply as unknown[]).map(Number);
}

const forget = (ask: Ask): Promise<unknown> => ask('DEL', ALICE, BOB);
const withRedis = <T>(use: (ask: Ask) => Promise<T>): Promise<T> => asUser(stage, stage.inspector, use);

test('only the clock and the expiry are other ones', () => {
  expect(SCRIPT.split(CLOCK)).toHaveLength(2);
  expect(SCRIPT.split(EXPIRY)).toHaveLength(2);
});

test('grants what the plain model grants, in whatever groups requests come, and says when the next one may', async () => {
  const budgets = fc.record({
    tokenMicros: fc.integer({ min: 1000, max: 400_000 }),
    burst: fc.integer({ min: 1, max: 12 }),
    windowMicros: fc.integer({ min: 1000, max: 3_000_000 }),
    cap: fc.integer({ min: 1, max: 15 }),
  });
  const pause = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1_500_000 }));
  const steps = fc.array(fc.record({ pause, alice: fc.integer({ min: 0, max: 16 }), bob: fc.integer({ min: 1, max: 3 }) }), { maxLength: 25 });
  await withRedis((ask) => fc.assert(fc.asyncProperty(budgets, steps, async (budget, course) => {
    await forget(ask);
    const models = [new Model(budget), new Model(budget)];
    let now = START;
    for (const step of course) {
      now += step.pause;
      const wanted = [step.alice, step.bob];
      const verdicts = await decide(ask, budget, now, { [ALICE]: step.alice, [BOB]: step.bob }, EVERLASTING);
      models.forEach((model, index) => {
        const granted = Array.from({ length: wanted[index] ?? 0 }, () => model.take(now)).filter(Boolean).length;
        expect(verdicts[2 * index]).toBe(granted);
        expect((verdicts[2 * index + 1] ?? 0) > 0).toBe(granted < (wanted[index] ?? 0));
      });
    }
    // Nobody asks for more than there can be: of so many some are refused.
    const [, wait = 0] = await decide(ask, budget, now, { [ALICE]: 1000 }, EVERLASTING);
    expect(await decide(ask, budget, now + (wait - 1) * 1000, { [ALICE]: 1 }, EVERLASTING)).toEqual([0, 1]);
    expect(await decide(ask, budget, now + wait * 1000, { [ALICE]: 1 }, EVERLASTING)).toEqual([1, 0]);
  }), { numRuns: 150 }));
}, 60_000);

describe('the defaults: 10 a second, 20 at once, 600 a minute', () => {
  const budget: Budget = { tokenMicros: 100_000, burst: 20, windowMicros: 60_000_000, cap: 600 };
  const second = 1_000_000;

  /** How many of a steady stream are granted. */
  async function steady(ask: Ask, perSecond: number, seconds: number, from = START): Promise<number> {
    let granted = 0;
    for (let request = 0; request < perSecond * seconds; request += 1) {
      granted += (await decide(ask, budget, from + Math.floor((request * second) / perSecond), { [ALICE]: 1 }))[0] ?? 0;
    }
    return granted;
  }

  test('ten a second pass for as long as anybody likes', () => withRedis(async (ask) => {
    await forget(ask);
    expect(await steady(ask, 10, 90)).toBe(900);
  }), 60_000);

  test('of eleven a second 600 pass in a minute, though the bucket would let 620', () => withRedis(async (ask) => {
    await forget(ask);
    expect(await steady(ask, 11, 60)).toBe(600);
  }), 60_000);

  test('twice the burst at the edge of a minute is refused as at any other time', () => withRedis(async (ask) => {
    await forget(ask);
    const edge = START - (START % (60 * second));
    const before = await decide(ask, budget, edge - 1000, { [ALICE]: 20 });
    const after = await decide(ask, budget, edge + 1000, { [ALICE]: 20 });
    expect([before[0], after[0]]).toEqual([20, 0]);
  }));

  test('what is refused spends nothing', () => withRedis(async (ask) => {
    await forget(ask);
    await decide(ask, budget, START, { [ALICE]: 20 });
    for (let refused = 0; refused < 50; refused += 1) expect((await decide(ask, budget, START + refused, { [ALICE]: 100 }))[0]).toBe(0);
    expect(await decide(ask, budget, START + 100_000, { [ALICE]: 1 })).toEqual([1, 0]);
  }));

  test('keeps no more than the window of anybody, and nothing for longer', () => withRedis(async (ask) => {
    await forget(ask);
    await steady(ask, 10, 70);
    expect(await ask('LLEN', ALICE)).toBeLessThanOrEqual(601);
    const left = Number(await ask('PTTL', ALICE));
    expect(left).toBeLessThanOrEqual(60_001);
    expect(left).toBeGreaterThan(50_000);
  }), 60_000);

  test('a clock that jumped back refuses until the counter is forgotten, a window later', () => withRedis(async (ask) => {
    await forget(ask);
    await decide(ask, budget, START + 3600 * second, { [ALICE]: 1 });
    expect((await decide(ask, budget, START, { [ALICE]: 1 }))[0]).toBe(0);
    expect(await ask('PTTL', ALICE)).toBeLessThanOrEqual(60_001);
  }));
});
