import { Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Access, type IIngress, RateOverride, RatePlan, type RatePlanProps, Route } from '../../../src';
import { checkOuterRing } from '../../../src/gate/gate-checks';
import { remoteCore } from '../../support/remote-core';

const LIGHT = [Route.get('/v1/models', { access: Access.authenticated() })];
const HEAVY = [...LIGHT, Route.post('/v1/evaluate', { access: Access.authenticated(), heavy: true })];

function checked(props: RatePlanProps, addressBudget: IIngress['addressBudget'], routes: Route[] = LIGHT): void {
  const stack = new Stack();
  checkOuterRing(stack, { addressBudget, routes }, RatePlan.perCaller(props)._serialize(stack, { takesTokens: true, takesKeys: true, namesRoles: true }, 1));
}

describe('a budget of one caller', () => {
  test('fits in what the web ACL lets his address send', () => {
    expect(() => checked({ perSecond: 100 }, { perMinute: 6000, heavyPerMinute: 600 })).not.toThrow();
    expect(() => checked({ perSecond: 101 }, { perMinute: 6000, heavyPerMinute: 600 }))
      .toThrow('Default: gate.ratePlan.perSecond is "6060 requests a minute". The web ACL lets one address send 6000, so that nobody could: name at least as many in the ingress\'s webAcl.rateLimit');
  });

  test('fits in it for every override, too', () => {
    expect(() => checked({ overrides: [RateOverride.forKeyOwner('batch', { perSecond: 101 })] }, { perMinute: 6000, heavyPerMinute: 600 }))
      .toThrow('Default: gate.ratePlan.overrides (key owner batch).perSecond is "6060 requests a minute"');
  });

  test('fits for heavy routes, where there are any', () => {
    const budget = { perMinute: 6000, heavyPerMinute: 59 };
    expect(() => checked({}, budget, LIGHT)).not.toThrow();
    expect(() => checked({}, budget, HEAVY)).toThrow('Default: gate.ratePlan.heavyPerMinute is "60 requests a minute". The web ACL lets one address send 59');
    expect(() => checked({}, budget, HEAVY)).toThrow('webAcl.heavyRateLimit');
    expect(() => checked({}, { ...budget, heavyPerMinute: 60 }, HEAVY)).not.toThrow();
  });

  test('is not judged by a web ACL that was not built here, or a limit that only a deployment knows', () => {
    expect(() => checked({ perSecond: 1000 }, undefined)).not.toThrow();
    expect(() => checked({ perSecond: 1000 }, { perMinute: Token.asNumber({ Ref: 'Limit' }), heavyPerMinute: 600 })).not.toThrow();
  });

  test('is judged by the web ACL of the Core, whatever its window', () => {
    const gate = { ratePlan: RatePlan.perCaller({ perSecond: 200 }) };
    expect(() => remoteCore(new Stack(), { gate })).toThrow('Default/Core/Service/Gate: gate.ratePlan.perSecond is "12000 requests a minute". The web ACL lets one address send 6000');
    const stack = new Stack();
    remoteCore(stack, { gate, ingress: { webAcl: { rateLimit: 12_000 } } });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});
