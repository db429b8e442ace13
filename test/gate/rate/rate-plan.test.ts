import { Duration, Stack, Token } from 'aws-cdk-lib';
import { RateOverride, RatePlan, type RatePlanProps, RedisLoss } from '../../../src';
import type { KnownOfCallers } from '../../../src/gate/rate/rate-plan';

const EVERYTHING: KnownOfCallers = { takesTokens: true, takesKeys: true, namesRoles: true };

const told = (props: RatePlanProps = {}, known: Partial<KnownOfCallers> = {}) => RatePlan.perCaller(props)._serialize(new Stack(), { ...EVERYTHING, ...known }, 10);

describe('RatePlan', () => {
  test('is 10 requests a second, 20 at once, 600 a minute; 60 heavy ones a minute, 10 at once; 5 streams, unless it says otherwise', () => {
    expect(told()).toEqual({
      onRedisLost: { kind: 'refuse' },
      plan: { general: { requests: 600, windowSeconds: 60, burst: 20 }, heavy: { requests: 60, windowSeconds: 60, burst: 10 }, streams: 5 },
      overrides: [],
    });
  });

  test('is what it says', () => {
    const { plan } = told({ perSecond: 200, burst: 400, window: Duration.seconds(10), heavyPerMinute: 300, heavyBurst: 30, streams: 100 });
    expect(plan).toEqual({ general: { requests: 2000, windowSeconds: 10, burst: 400 }, heavy: { requests: 300, windowSeconds: 60, burst: 30 }, streams: 100 });
  });

  test('lets a caller send at once what he may send in a second, and of heavy ones no more than in a minute', () => {
    expect(told({ perSecond: 50 }).plan.general.burst).toBe(50);
    expect(told({ perSecond: 5 }).plan.general.burst).toBe(20);
    expect(told({ heavyPerMinute: 4 }).plan.heavy).toEqual({ requests: 4, windowSeconds: 60, burst: 4 });
  });

  test.each<[string, RatePlanProps, string]>([
    ['heavyBurst', { burst: 20, heavyBurst: 30 }, 'is 30. Name a whole number from 1 to 20, which is burst.'],
    ['perSecond', { perSecond: 0 }, 'is 0. Name a whole number from 1 to 1000.'],
    ['perSecond', { perSecond: 1001 }, 'is 1001. Name a whole number from 1 to 1000.'],
    ['perSecond', { perSecond: 1.5 }, 'is 1.5.'],
    ['perSecond', { perSecond: Token.asNumber({ Ref: 'Rate' }) }, 'is a token.'],
    ['burst', { perSecond: 50, burst: 20 }, 'is 20. Name a whole number from 50 to 10000, of which perSecond is the least.'],
    ['burst', { burst: 10_001 }, 'is 10001.'],
    ['window', { perSecond: 1000, window: Duration.minutes(2) }, 'is "Duration.minutes(2)". Shorten it: 120000 requests of each caller would be remembered, and 60000 are the most.'],
    ['window', { window: Duration.seconds(0) }, 'Name whole seconds from 1 to an hour.'],
    ['window', { window: Duration.millis(1500) }, 'Name whole seconds from 1 to an hour.'],
    ['window', { window: Duration.minutes(61) }, 'Name whole seconds from 1 to an hour.'],
    ['window', { window: Duration.seconds(Token.asNumber({ Ref: 'Window' })) }, 'is "a token". Name whole seconds from 1 to an hour.'],
    ['heavyPerMinute', { heavyPerMinute: 0 }, 'is 0. Name a whole number from 1 to 600.'],
    ['heavyPerMinute', { perSecond: 100, heavyPerMinute: 601 }, 'is 601. Name a whole number from 1 to 600.'],
    ['heavyPerMinute', { perSecond: 1, heavyPerMinute: 61 }, 'is 61. Name a whole number from 1 to 60, which is what perSecond grants.'],
    ['heavyBurst', { burst: 60, heavyBurst: 0 }, 'is 0. Name a whole number from 1 to 60, which is heavyPerMinute.'],
    ['heavyBurst', { burst: 60, heavyPerMinute: 30, heavyBurst: 31 }, 'is 31. Name a whole number from 1 to 30, which is heavyPerMinute.'],
    ['streams', { streams: 0 }, 'is 0. Name a whole number from 1 to 100.'],
    ['streams', { streams: 101 }, 'is 101. Name a whole number from 1 to 100.'],
  ])('refuses a wrong %s (%#) and says what to do', (prop, props, message) => {
    expect(() => told(props)).toThrow(`Default: gate.ratePlan.${prop} `);
    expect(() => told(props)).toThrow(message);
  });

  test.each<[string, RatePlanProps]>([
    ['perSecond', { perSecond: 1000 }], ['burst', { burst: 10_000 }], ['window', { perSecond: 16, window: Duration.hours(1) }],
    ['heavyPerMinute', { heavyPerMinute: 600 }], ['heavyBurst', { burst: 60, heavyBurst: 60 }], ['streams', { streams: 100 }], ['streams', { streams: 1 }],
  ])('takes the most, and the least, of %s (%#)', (_, props) => {
    expect(() => told(props)).not.toThrow();
  });
});

describe('overrides', () => {
  const BASE: RatePlanProps = { perSecond: 20, burst: 40, heavyPerMinute: 120, streams: 8 };

  test('say of whom, and stand in their order; what one does not say is as in the plan', () => {
    const { plan, overrides } = told({ ...BASE, overrides: [RateOverride.forRole('premium', { streams: 20 }), RateOverride.forKeyOwner('batch', { perSecond: 30, heavyPerMinute: undefined })] });
    expect(overrides).toEqual([
      { by: 'role', name: 'premium', plan: { ...plan, streams: 20 } },
      { by: 'key', name: 'batch', plan: { ...plan, general: { requests: 1800, windowSeconds: 60, burst: 40 } } },
    ]);
  });

  test('keep what follows from what they say', () => {
    expect(told({ overrides: [RateOverride.forRole('premium', { perSecond: 50 })] }).overrides[0]?.plan.general).toEqual({ requests: 3000, windowSeconds: 60, burst: 50 });
  });

  test('are held to the same bounds, together with what they take from the plan', () => {
    expect(() => told({ ...BASE, overrides: [RateOverride.forKeyOwner('batch', { perSecond: 50 })] }))
      .toThrow('Default: gate.ratePlan.overrides (key owner batch).burst is 40. Name a whole number from 50 to 10000');
    expect(() => told({ overrides: [RateOverride.forRole('premium', { streams: 101 })] })).toThrow('Default: gate.ratePlan.overrides (role premium).streams is 101.');
  });

  test('name each caller once; an owner and a role may be called alike', () => {
    const twice = [RateOverride.forRole('a', { streams: 1 }), RateOverride.forKeyOwner('a', {}), RateOverride.forRole('a', { streams: 2 })];
    expect(() => told({ overrides: twice })).toThrow('Default: gate.ratePlan.overrides is "role a". It is there twice, and only the first would hold');
    expect(told({ overrides: twice.slice(0, 2) }).overrides).toHaveLength(2);
  });

  test('name nobody whom the gate could not know', () => {
    const key = [RateOverride.forKeyOwner('batch', {})];
    const role = [RateOverride.forRole('premium', {})];
    expect(() => told({ overrides: key }, { takesKeys: false })).toThrow('Default: gate.ratePlan.overrides is "key owner batch". Nobody shows a key: add GateProof.apiKeys()');
    expect(() => told({ overrides: role }, { namesRoles: false })).toThrow('Default: gate.ratePlan.overrides is "role premium". No token names roles: say in the authorizer\'s rolesClaim');
    expect(() => told({ overrides: key }, { namesRoles: false, takesTokens: false })).not.toThrow();
    expect(() => told({ overrides: role }, { takesKeys: false })).not.toThrow();
  });

  test.each<[string, RateOverride]>([
    ['keyOwner is ""', RateOverride.forKeyOwner('', {})],
    ['keyOwner is ', RateOverride.forKeyOwner('x'.repeat(256), {})],
    ['keyOwner is "bücher"', RateOverride.forKeyOwner('bücher', {})],
    ['keyOwner is a token', RateOverride.forKeyOwner(Token.asString({ Ref: 'Owner' }), {})],
    ['role is ""', RateOverride.forRole('', {})],
    ['role is "*"', RateOverride.forRole('*', {})],
    ['role is a token', RateOverride.forRole(Token.asString({ Ref: 'Role' }), {})],
  ])('refuse a name by which nobody could be known: %s', (message, override) => {
    expect(() => told({ overrides: [override] })).toThrow(`Default: gate.ratePlan.overrides.${message}`);
  });
});

describe('endUserClaim', () => {
  test.each(['act_sub', 'sub', 'oid', 'https://acme.com/user'])('may be %s', (endUserClaim) => {
    const plan = RatePlan.perCaller({ endUserClaim });
    expect(() => plan._serialize(new Stack(), EVERYTHING, 10)).not.toThrow();
    expect(plan._endUserClaim).toBe(endUserClaim);
  });

  test('needs tokens, since nothing else has claims', () => {
    expect(() => told({ endUserClaim: 'act_sub' }, { takesTokens: false })).toThrow('Default: gate.ratePlan.endUserClaim is "act_sub". Only tokens have claims');
  });

  test.each([
    ['', 'Write out one claim'],
    ['a b', 'Write out one claim'],
    ['jti', 'this one is about the token'],
    ['iat', 'this one is about the token'],
    ['scope', 'this one is about the token'],
    ['email', 'people can write this one about themselves'],
    ['custom:user', 'people can write this one about themselves'],
  ])('is not %j, which names no person or whom its bearer likes', (endUserClaim, message) => {
    expect(() => told({ endUserClaim })).toThrow(`Default: gate.ratePlan.endUserClaim is ${JSON.stringify(endUserClaim)}. `);
    expect(() => told({ endUserClaim })).toThrow(message);
  });
});

describe('What a Core is told that counts as well', () => {
  const figures = (props: RatePlanProps): unknown => RatePlan.perCaller(props)._figures(new Stack());

  test('is the plan of everybody', () => {
    expect(figures({ perSecond: 5, streams: 3 })).toMatchObject({ general: { requests: 300, windowSeconds: 60, burst: 20 }, heavy: { requests: 60, burst: 10 }, streams: 3 });
  });

  test('is more where somebody may use more, figure by figure', () => {
    const overrides = [RateOverride.forRole('batch', { perSecond: 50, burst: 60, heavyPerMinute: 300 }), RateOverride.forKeyOwner('watcher', { streams: 40, perSecond: 1, burst: 1 })];
    expect(figures({ overrides })).toEqual({
      general: { requests: 3000, windowSeconds: 60, burst: 60 }, heavy: { requests: 300, windowSeconds: 60, burst: 10 }, streams: 40,
    });
  });
});

describe('RedisLoss', () => {
  test('refuses everybody, or counts in each of as many gates as there are', () => {
    expect(told({ onRedisLost: RedisLoss.refuse() }).onRedisLost).toEqual({ kind: 'refuse' });
    expect(told({ onRedisLost: RedisLoss.countLocally() }).onRedisLost).toEqual({ kind: 'count', gates: 10 });
    expect(told({ onRedisLost: RedisLoss.countLocally({ gates: 20 }) }).onRedisLost).toEqual({ kind: 'count', gates: 20 });
  });

  test.each([0, 9, 5001, 10.5])('does not count in %d gates, of which 10 run', (gates) => {
    expect(() => told({ onRedisLost: RedisLoss.countLocally({ gates }) })).toThrow(`Default: gate.ratePlan.onRedisLost.gates is ${gates}. Name a whole number from 10, which run at most, to 5000.`);
  });
});
