import { enoughFor, mostIn, planOf } from '../../../src/drill/gate/attacks/spending';
import type { PlanConfiguration, RateConfiguration } from '../../../src/gate/rate/contract';
import { GATE_CONFIGURATION } from '../../support/gate-template';

const BUDGET = { requests: 600, windowSeconds: 60, burst: 20 };

const PROMISED = [[0, 20], [0.5, 25], [0.99, 29], [1, 30], [59, 600], [60, 620], [119, 1200]] as const;

test.each(PROMISED)('in %d s no more than %i are promised: the burst, and what is filled in meanwhile, up to the window', (seconds, most) => {
  expect(mostIn(BUDGET, seconds)).toBe(most);
});

test('a budget that is smaller than its burst promises no more than the budget', () => {
  expect(mostIn({ requests: 5, windowSeconds: 60, burst: 20 }, 1)).toBe(5);
});

test('what is sent is more than two tasks would grant by themselves within a second', () => {
  expect(enoughFor(BUDGET)).toBeGreaterThan(2 * mostIn(BUDGET, 1));
});

test('a budget beyond what a drill sends is said to be one', () => {
  expect(() => enoughFor({ ...BUDGET, burst: 10_000 })).toThrow(/more than the 15000 that a drill sends/);
});

test('somebody\'s plan is the first override that names one of his roles, or else everybody\'s', () => {
  const { rate } = GATE_CONFIGURATION;
  if (rate === undefined) throw new Error('The gate of the tests counts nothing.');
  const plan = (streams: number): PlanConfiguration => ({ ...rate.plan, streams });
  const overridden: RateConfiguration = {
    ...rate, overrides: [{ by: 'key', name: 'operator', plan: plan(1) }, { by: 'role', name: 'operator', plan: plan(2) }, { by: 'role', name: 'admin', plan: plan(3) }],
  };
  expect(planOf(overridden, { scopes: [], roles: ['admin', 'operator'] }).streams).toBe(2);
  expect(planOf(overridden, { scopes: ['operator'], roles: [] })).toBe(rate.plan);
});
