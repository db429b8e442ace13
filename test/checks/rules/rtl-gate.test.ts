import type { GateConfiguration } from '../../../src/gate/contract';
import type { BudgetConfiguration, RedisLossConfiguration } from '../../../src/gate/rate/contract';
import { configurationCases } from '../../support/configured-cases';
import { GATE, PLAN, withIdentity, withOverride, withPlan, withRate, withToken } from '../../support/gated';
import { describeRule } from '../../support/rule-cases';

const UNCOUNTED: Partial<GateConfiguration> = { rate: undefined };
const general = (budget: Partial<BudgetConfiguration>): Partial<GateConfiguration> => withPlan({ general: { ...PLAN.general, ...budget } });
const heavy = (budget: Partial<BudgetConfiguration>): Partial<GateConfiguration> => withPlan({ heavy: { ...PLAN.heavy, ...budget } });
const LIGHT: Partial<GateConfiguration> = { policy: { ...GATE.policy, routes: GATE.policy.routes.map((route) => ({ ...route, tier: 'light' })) } };

describeRule('RTL-2.gate-budget', configurationCases({
  compliant: {
    'the highest rate over the longest window': general({ requests: 3_600_000, windowSeconds: 3600, burst: 1000 }),
    'the largest burst': general({ requests: 60_000, burst: 10_000 }),
    'less than one a second': general({ requests: 10, windowSeconds: 60, burst: 1 }),
  },
  violating: {
    'a burst of a million': [general({ burst: 1_000_000 }), /takes 1000000 general requests of one caller at once: from those of a second \(10\) to 10000/, 'error'],
    'one more than the largest burst': [general({ requests: 60_000, burst: 10_001 }), /takes 10001 general requests/],
    'a burst that is less than a second': [general({ burst: 9 }), /takes 9 general requests of one caller at once/],
    'nothing at once': [general({ requests: 1, burst: 0 }), /takes 0 general requests/],
    'more than a thousand a second': [general({ requests: 60_001, burst: 1001 }), /grants one caller 60001 general requests in 60 s/],
    'nothing at all': [general({ requests: 0 }), /grants one caller 0 general requests/],
    'a part of a request': [general({ requests: 600.5 }), /grants one caller 600\.5/],
    'a day for a window': [general({ windowSeconds: 86_400 }), /counts general requests over 86400 s/],
    'no window': [general({ windowSeconds: 0 }), /counts general requests over 0 s/],
    'one caller without a limit': [withOverride({ general: { requests: 1_000_000, windowSeconds: 60, burst: 20 } }), /grants one caller 1000000/],
    'nothing is counted': [UNCOUNTED, /the gate counts nothing/],
    'an older configuration': [{ rate: { ...GATE.rate, plan: undefined, overrides: [] } as unknown as GateConfiguration['rate'] }, /grants one caller nothing general requests/],
  },
  open: { after: '"requests":', value: '600' },
}));

describeRule('RTL-3.gate-heavy-budget', configurationCases({
  compliant: { 'as much as what is light': heavy(PLAN.general), 'over a longer window': heavy({ requests: 600, windowSeconds: 3600 }) },
  violating: {
    'more than what is light': [heavy({ requests: 601 }), /more heavy requests a second than general ones/, 'error'],
    'more of it by a shorter window': [heavy({ requests: 60, windowSeconds: 1, burst: 60 }), /more heavy requests a second than general ones/],
    'more at once': [heavy({ burst: 21 }), /takes more heavy requests at once than general ones: 21 and 20/],
    'no end in one override': [withOverride({ heavy: { requests: 1_000_000, windowSeconds: 60, burst: 10 } }), /grants one caller 1000000 heavy requests/],
    'no budget for it': [withRate({ plan: { general: PLAN.general, streams: 5 } as typeof PLAN }), /has heavy routes, and no budget for them/],
    'a tier that nobody knows': [{ policy: { ...GATE.policy, routes: GATE.policy.routes.map((route) => ({ ...route, tier: 'free' as 'light' })) } }, /is no tier that a gate knows/],
  },
  open: { after: '"heavy":{"requests":', value: '60' },
  notApplicable: { 'a gate without heavy routes': { ...LIGHT, ...heavy({ requests: 1_000_000 }) }, 'a gate that counts nothing, of which another rule speaks': UNCOUNTED },
}));

describeRule('RTL-4.gate-streams', configurationCases({
  compliant: { 'one stream': withPlan({ streams: 1 }), 'a hundred': withPlan({ streams: 100 }) },
  violating: {
    'a thousand': [withPlan({ streams: 1000 }), /lets one caller have 1000 streams open at once/, 'error'],
    'one more than a hundred': [withPlan({ streams: 101 }), /101 streams/],
    'none, which is no number of theirs': [withPlan({ streams: 0 }), /0 streams/],
    'half of one': [withPlan({ streams: 0.5 }), /0\.5 streams/],
    'any number': [withPlan({ streams: undefined }), /any number of streams/],
    'a thousand for one caller': [withOverride({ streams: 1000 }), /1000 streams/],
  },
  open: { after: '"streams":', value: '5' },
  notApplicable: { 'a gate that counts nothing, of which another rule speaks': UNCOUNTED },
}));

describeRule('RTL-5.gate-end-user', configurationCases({
  compliant: { 'a person': withToken({ endUserClaim: 'end_user' }), 'the subject': withToken({ endUserClaim: 'sub' }) },
  violating: {
    'the number of a token': [withToken({ endUserClaim: 'jti' }), /counts by jti, which tells tokens apart and not people/, 'error'],
    'when it was made': [withToken({ endUserClaim: 'iat' }), /counts by iat/],
    'a claim without a name': [withToken({ endUserClaim: '' }), /counts by no claim/],
  },
  open: { after: '"endUserClaim":"', value: 'end_user', changes: withToken({ endUserClaim: 'end_user' }) },
  notApplicable: { 'a gate that takes no tokens': withIdentity({ tokens: [] }) },
}));

const lost = (onRedisLost: object): Partial<GateConfiguration> => withRate({ onRedisLost: onRedisLost as RedisLossConfiguration });

describeRule('RTL-6.gate-without-redis', configurationCases({
  compliant: { 'each gate counts its part': lost({ kind: 'count', gates: 4 }) },
  violating: {
    'everybody is let through': [lost({ kind: 'open' }), /does open when Redis is gone, and there is no safe answer but refuse and count/, 'error'],
    'parts of nobody knows what': [lost({ kind: 'count' }), /does not know among how many a budget is divided/],
    'no parts': [lost({ kind: 'count', gates: 0 }), /does not know among how many/],
    'nothing': [lost({}), /does nothing when Redis is gone/],
  },
  open: 'refuse',
  notApplicable: { 'a gate that counts nothing, of which another rule speaks': UNCOUNTED },
}));
