import { isWhole } from '../../whole-number';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import { TASK_DEFINITION } from './containers';
import { eachGate, tokensOf } from './gate-configuration';
import { isLimit, MAX_STREAMS, plansOf, rateOf } from './gate-plans';

const EXTENT = 'the configuration of a gate';

const budget = defineRule('RTL-2', 'gate-budget', {
  appliesTo: [TASK_DEFINITION],
  extent: EXTENT,
  remediation: 'Give the gate a rate whose plans grant 1 to 1000 requests a second, counted over 1 to 3600 seconds, and at least a second\'s requests at once.',
  check: (task) => eachGate(task, (configuration) => {
    const rate = configuration.get('rate');
    if (!rate.exists) return fail(rate, 'the gate counts nothing: one caller may take what is there for all');
    return each(plansOf(configuration), (plan) => isLimit(plan.get('general'), 'general'));
  }),
});

/** Whether somebody may do less of what is dear than of what is not. */
function isStricter(plan: Property): readonly Outcome[] {
  const [general, heavy] = [plan.get('general'), plan.get('heavy')];
  return all(
    () => expect(!(rateOf(heavy) > rateOf(general)), heavy.get('requests'), 'the gate grants more heavy requests a second than general ones'),
    () => {
      const [most, burst] = [general.get('burst').number() ?? NaN, heavy.get('burst')];
      return expect(!((burst.number() ?? NaN) > most), burst, `the gate takes more heavy requests at once than general ones: ${burst.text() ?? ''} and ${most}`);
    },
  );
}

const heavyBudget = defineRule('RTL-3', 'gate-heavy-budget', {
  appliesTo: [TASK_DEFINITION],
  extent: 'gates with heavy routes',
  remediation: 'Grant fewer requests, in all and at once, under heavy than under general, in the plan and in every override.',
  check: (task) => eachGate(task, (configuration) => {
    const plans = plansOf(configuration);
    const tiers = configuration.get('policy.routes').items().map((route) => route.get('tier'));
    // Without a rate nothing is counted at all, which is another rule's to say.
    if (plans.length === 0) return NOT_APPLICABLE;
    if (!tiers.some((tier) => tier.partialText().text === 'heavy')) return each(tiers, (tier) => (tier.text() === 'light' ? NOT_APPLICABLE : fail(tier, 'is no tier that a gate knows')));
    return each(plans, (plan) => {
      if (!plan.get('heavy').exists) return fail(plan, 'the gate has heavy routes, and no budget for them');
      return [...isLimit(plan.get('heavy'), 'heavy'), ...isStricter(plan)];
    });
  }),
});

const streams = defineRule('RTL-4', 'gate-streams', {
  appliesTo: [TASK_DEFINITION],
  extent: EXTENT,
  remediation: `Let one caller have 1 to ${MAX_STREAMS} streams open at once, in the plan and in every override.`,
  check: (task) => eachGate(task, (configuration) => each(plansOf(configuration), (plan) => {
    const place = plan.get('streams');
    return expect(isWhole(place.number(), 1, MAX_STREAMS), place, `the gate lets one caller have ${place.text() ?? 'any number of'} streams open at once`);
  })),
});

/** Claims that are others in every token: whoever asks for a new token would have a new budget (RFC 7519, section 4.1; OpenID Connect Core, section 2). */
const OF_ONE_TOKEN = ['jti', 'iat', 'exp', 'nbf', 'nonce', 'auth_time', 'at_hash', 'c_hash', 'sid', 'event_id', 'origin_jti'];

const endUser = defineRule('RTL-5', 'gate-end-user', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the claim by which a gate tells end users apart',
  remediation: 'Name a claim that stays the same for as long as the person does, or leave endUserClaim out.',
  check: (task) => eachGate(task, (configuration) => each(tokensOf(configuration), (token) => {
    const place = token.get('endUserClaim');
    if (!place.exists) return PASS;
    const claim = place.text() ?? '';
    const isPerson = claim.trim() !== '' && !OF_ONE_TOKEN.includes(claim);
    return expect(isPerson, place, `the gate counts by ${claim || 'no claim'}, which tells tokens apart and not people: each token has a budget of its own`);
  })),
});

const redisLost = defineRule('RTL-6', 'gate-without-redis', {
  appliesTo: [TASK_DEFINITION],
  extent: EXTENT,
  remediation: 'Set onRedisLost to { kind: "refuse" }, or to { kind: "count", gates } with the most gates that ever run.',
  check: (task) => eachGate(task, (configuration) => {
    const place = configuration.get('rate.onRedisLost');
    if (!configuration.get('rate').exists) return NOT_APPLICABLE;
    const [kind, gates] = [place.get('kind').text(), place.get('gates')];
    if (kind === 'refuse') return PASS;
    if (kind !== 'count') return fail(place, `the gate does ${kind ?? 'nothing'} when Redis is gone, and there is no safe answer but refuse and count`);
    return expect(isWhole(gates.number(), 1, Infinity), gates, 'the gate does not know among how many a budget is divided when Redis is gone');
  }),
});

export const RTL_GATE_RULES = [budget, heavyBudget, streams, endUser, redisLost];
