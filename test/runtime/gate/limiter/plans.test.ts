import { CallerKeyring, choosePlans, keysOf } from '../../../../src/runtime/gate/limiter/plans';
import { caller, PLAN } from '../../../support/limiter';

describe('a plan', () => {
  test('is a bucket and a window in whole microseconds', () => {
    const { budgets, policies, streams } = choosePlans({ plan: PLAN, overrides: [] })(caller('anybody'));
    expect(budgets).toEqual({
      general: { tokenMicros: 100_000, burst: 20, windowMicros: 60_000_000, cap: 600 },
      heavy: { tokenMicros: 1_000_000, burst: 10, windowMicros: 60_000_000, cap: 60 },
    });
    expect(policies).toEqual({ general: '"general";q=600;w=60', heavy: '"heavy";q=60;w=60' });
    expect(streams).toBe(5);
  });

  test('is rounded against the caller, and holds no more than its window lets pass', () => {
    const plan = { ...PLAN, general: { requests: 7, windowSeconds: 1, burst: 100 } };
    expect(choosePlans({ plan, overrides: [] })(caller('anybody')).budgets.general).toEqual({ tokenMicros: 142_858, burst: 7, windowMicros: 1_000_000, cap: 7 });
  });

  test('is divided among gates, with one of everything left at least', () => {
    const { budgets, policies, streams } = choosePlans({ plan: PLAN, overrides: [] }, 3)(caller('anybody'));
    expect([budgets.general.cap, budgets.general.burst, budgets.heavy.cap, streams]).toEqual([200, 6, 20, 1]);
    expect(policies.general).toBe('"general";q=200;w=60');
    const least = choosePlans({ plan: PLAN, overrides: [] }, 10_000)(caller('anybody'));
    expect([least.budgets.general.cap, least.budgets.general.burst, least.budgets.heavy.cap, least.streams]).toEqual([1, 1, 1, 1]);
  });
});

describe('a caller\'s keys', () => {
  const key = (subject: string, endUser?: string): string => keysOf('gate', { subject, ...(endUser !== undefined && { endUser }) }).general;

  test('have one tag and do not say who it is', () => {
    const { general, heavy, streams } = keysOf('gate', { subject: 'alice' });
    const tag = /^gate:(\{[\w-]{43}\}):general$/.exec(general)?.[1];
    expect(tag).toBeDefined();
    expect([heavy, streams]).toEqual([`gate:${tag}:heavy`, `gate:${tag}:streams`]);
    expect(general).not.toContain('alice');
  });

  test('are other ones for each pair of a caller and an end user, however they are cut', () => {
    const pairs = [key('ab'), key('ab', ''), key('a', 'b'), key('', 'ab'), key('a1:b'), key('b', 'a'), key('2:ab'), key('a', 'b1:c'), key('a1:b', 'c')];
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(key('a', 'b')).toBe(key('a', 'b'));
  });

  test('are the same however often he calls, and however many others do', () => {
    const keyring = new CallerKeyring('gate');
    const first = keyring.of({ subject: 'alice', endUser: 'bob' });
    expect(first).toEqual(keysOf('gate', { subject: 'alice', endUser: 'bob' }));
    expect(keyring.of({ subject: 'alice', endUser: 'bob' })).toBe(first);
    expect(keyring.of({ subject: 'alice' })).toEqual(keysOf('gate', { subject: 'alice' }));
    for (let other = 0; other < 10_000; other += 1) keyring.of({ subject: `other-${other}` });
    const again = keyring.of({ subject: 'alice', endUser: 'bob' });
    expect(again).toEqual(first);
    // Nobody is kept for good.
    expect(again).not.toBe(first);
  });
});
