import * as fc from 'fast-check';
import { LocalCounter } from '../../../../src/runtime/gate/limiter/local';
import type { Budget } from '../../../../src/runtime/gate/limiter/plans';
import { NaiveCaller } from '../../../support/naive-limits';

const START = 1_000_000_000;
const budgets = fc.record({
  tokenMicros: fc.integer({ min: 1000, max: 400_000 }), burst: fc.integer({ min: 1, max: 12 }), windowMicros: fc.integer({ min: 1000, max: 3_000_000 }),
  more: fc.nat({ max: 6 }),
}).map(({ more, ...budget }): Budget => ({ ...budget, cap: budget.burst + more }));
const steps = fc.array(fc.record({ pause: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 1_500_000 })), count: fc.integer({ min: 1, max: 16 }), isSwept: fc.boolean() }), { maxLength: 30 });

test('grants what a plain model grants, forgets nobody whom it still knows something of, and says when there is more', () => {
  fc.assert(fc.property(budgets, steps, (budget, course) => {
    let now = START;
    const counter = new LocalCounter(() => now, () => 0);
    const model = new NaiveCaller({ general: budget, heavy: budget }, 1, 1);
    for (const { pause, count, isSwept } of course) {
      now += pause;
      if (isSwept) counter.sweep();
      const { granted, remaining, placeMs } = counter.decide({ requests: count, budget: { key: 'k', figures: budget } });
      expect({ granted, remaining, lacksPlace: placeMs > 0 }).toEqual(model.decide(now, { budget: 'general', count, ids: undefined }));
    }
    const { resetMs } = counter.decide({ requests: 1000, budget: { key: 'k', figures: budget } });
    now += (resetMs - 1) * 1000;
    expect(counter.decide({ requests: 1, budget: { key: 'k', figures: budget } }).granted).toBe(0);
    now += 1000;
    expect(counter.decide({ requests: 1, budget: { key: 'k', figures: budget } }).granted).toBe(1);
  }), { numRuns: 200 });
});

test('grants the whole of a full bucket at every moment, also between two microseconds', () => {
  const hourly: Budget = { tokenMicros: 720_000_000, burst: 5, windowMicros: 3_600_000_000, cap: 5 };
  // As `performance.now()` counts over a day, in nanoseconds.
  const moments = Array.from({ length: 1000 }, (_, index) => index * 86_400_001.234567);
  const granted = moments.map((now) => new LocalCounter(() => now, () => 0).decide({ requests: 7, budget: { key: 'k', figures: hourly } }).granted);
  expect(new Set(granted)).toEqual(new Set([5]));
});

test('whoever has two plans fills the bucket of neither by asking for the other', () => {
  const counter = new LocalCounter(() => START, () => 0);
  const large: Budget = { tokenMicros: 10_000, burst: 100, windowMicros: 60_000_000, cap: 6000 };
  const ask = (figures: Budget): number => counter.decide({ requests: 100, budget: { key: 'k', figures } }).granted;
  expect([ask(large), ask({ ...large, tokenMicros: 100_000, burst: 2 }), ask(large)]).toEqual([100, 0, 0]);
});

describe('streams', () => {
  const figures: Budget = { tokenMicros: 1000, burst: 3, windowMicros: 1_000_000, cap: 3 };

  test('have the places that are not taken, and one that is refused spends nothing', () => {
    const counter = new LocalCounter(() => START, (key) => (key === 'full' ? 2 : 1));
    const streams = (key: string) => ({ key, places: 2, ids: ['a', 'b'] });
    expect(counter.decide({ requests: 2, budget: { key: 'k', figures }, streams: streams('full') })).toEqual({ granted: 0, remaining: 3, resetMs: 0, placeMs: 1 });
    expect(counter.decide({ requests: 2, budget: { key: 'k', figures }, streams: streams('half') })).toMatchObject({ granted: 1, remaining: 2, placeMs: 1 });
    expect(counter.decide({ requests: 2, streams: streams('half') })).toMatchObject({ granted: 1, placeMs: 1 });
    expect(counter.decide({ requests: 5, budget: { key: 'k', figures } })).toMatchObject({ granted: 2, placeMs: 0 });
    expect(counter.decide({ requests: 1, budget: { key: 'k', figures }, streams: streams('half') })).toMatchObject({ granted: 0, placeMs: 0 });
  });
});
