import { IDENTITY_HEADERS } from '../../../gate/contract';
import type { BudgetConfiguration } from '../../../gate/rate/contract';
import type { Attack, AttackResult } from '../../attack';
import type { OpenAnswer, WireRequest } from '../../scene';
import { ALL_LIGHT, BUDGETS_RAISED, COUNTED_APART, RATE_REMOVED } from '../rate-saboteurs';
import { GATE_BYPASSED } from '../saboteurs';
import { together } from '../wants';
import { type AtGate, defineGateAttack } from './define';
import { counts, decisionOn, enoughFor, mostIn, nameOf, planOf, rateOf, refusalTo, somebodyElse, type Spending, spend, type Spot, spotOf } from './spending';

/** What is wrong with how somebody is told that he has sent too much (RFC 6585 and 9110; the IETF's RateLimit headers). */
function flawsOf({ status, headers }: OpenAnswer): string[] {
  return [
    ...(status === 429 ? [] : [`the status ${status}`]),
    ...(/^[1-9]\d*$/.test(headers['retry-after'] ?? '') ? [] : ['no Retry-After in whole seconds']),
    ...['ratelimit', 'ratelimit-policy'].filter((name) => (headers[name] ?? '') === '').map((name) => `no ${name}`),
  ];
}

const isTooMuch = ({ served, seconds }: Spending, budget: BudgetConfiguration): boolean => served > mostIn(budget, seconds);

function promised({ requests, windowSeconds, burst }: BudgetConfiguration): string {
  return `${burst} at once and ${requests} in ${windowSeconds} s are granted`;
}

/** Where the general budget is spent, or the heavy one where nothing is light. */
function anySpot(at: AtGate): Spot {
  const spot = spotOf(at, 'light') ?? spotOf(at, 'heavy');
  if (spot === undefined) throw new Error('every route of the policy overlaps with one of another budget');
  return spot;
}

function budgetAt(at: AtGate, { route, wants }: Spot): BudgetConfiguration {
  return planOf(rateOf(at), wants)[route.tier === 'heavy' ? 'heavy' : 'general'];
}

const perIdentity = defineGateAttack('RTL-2', 'gate-per-identity', {
  isAlone: true,
  tries: 'Sends more requests as one caller than his budget has, as fast as they go, to all tasks of the gate.',
  expects: [
    'All tasks together grant no more than the burst and what is filled in meanwhile; he is told so with 429, Retry-After and the RateLimit headers; somebody else is still served.',
    'A whole window is not waited for: that it is kept is proven in the gate\'s own tests.',
  ].join(' '),
  needs: 'gate that counts requests',
  matches: counts,
  async run(at): Promise<AttackResult> {
    const spot = anySpot(at);
    const budget = budgetAt(at, spot);
    const request = await at.gate.request(spot);
    const other = await somebodyElse(at, await nameOf(at, request), spot);
    const spending = await spend(at, request, budget);
    if (isTooMuch(spending, budget)) return { verdict: 'succeeded', saw: `${spending.told}, though ${promised(budget)}.` };
    const flaws = flawsOf(await refusalTo(at, request, enoughFor(budget)));
    if (flaws.length > 0) return { verdict: 'succeeded', saw: `The answer to too many requests has ${flaws.join(' and ')}.` };
    if (other === undefined) return { verdict: 'withstood', saw: `${spending.told}; ${promised(budget)}. All callers there are one to the gate, so nobody else could be asked for.` };
    if (await decisionOn(at, other) !== 200) return { verdict: 'succeeded', saw: `${spending.told}, and then somebody else was not served either.` };
    return { verdict: 'withstood', saw: `${spending.told}; ${promised(budget)}. Somebody else was still served.` };
  },
  saboteurs: [RATE_REMOVED, BUDGETS_RAISED, COUNTED_APART, GATE_BYPASSED],
});

const heavyBudget = defineGateAttack('RTL-3', 'gate-heavy-budget', {
  isAlone: true,
  tries: 'Sends more heavy requests as one caller than his heavy budget has, and then a light one.',
  expects: 'No more heavy ones are served than that budget has, and the light one is served all the same.',
  needs: 'gate that counts requests, with heavy and light routes',
  matches: (configuration) => counts(configuration) && (['heavy', 'light'] as const).every((tier) => configuration.policy.routes.some((route) => route.tier === tier)),
  async run(at): Promise<AttackResult> {
    const [heavy, light] = [spotOf(at, 'heavy'), spotOf(at, 'light')];
    if (heavy === undefined || light === undefined) throw new Error('the heavy and the light routes of the policy overlap');
    const wants = together([heavy.wants, light.wants]);
    const budget = planOf(rateOf(at), wants).heavy;
    const request = await at.gate.request({ draft: heavy.draft, wants });
    const lightRequest: WireRequest = { ...request, method: light.draft.method, path: light.draft.path };
    await nameOf(at, request);
    const spending = await spend(at, request, budget);
    if (isTooMuch(spending, budget)) return { verdict: 'succeeded', saw: `${spending.told}, though ${promised(budget)} to heavy ones.` };
    if (await decisionOn(at, lightRequest) !== 200) return { verdict: 'succeeded', saw: `${spending.told}, and then a light one of the same caller was refused too.` };
    return { verdict: 'withstood', saw: `${spending.told}; ${promised(budget)} to heavy ones. A light one of the same caller was served then.` };
  },
  saboteurs: [ALL_LIGHT, RATE_REMOVED, BUDGETS_RAISED, GATE_BYPASSED],
});

/** In which a caller may say where he comes from, or who he is, to servers that believe him. */
const ADDRESSES = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'true-client-ip', 'cf-connecting-ip', 'x-client-ip', 'x-cluster-client-ip', 'fastly-client-ip', 'x-original-forwarded-for'];
const NAMES = ['x-client-id', 'x-user-id', 'x-tenant-id', 'x-end-user', 'x-account-id', 'x-session-id', 'user-agent', 'cookie', 'x-request-id', 'idempotency-key'];

/** All of them at once, others in every request. */
function rotation(at: AtGate): (request: number) => Readonly<Record<string, string>> {
  const { core, identity } = at.gate.configuration;
  // What the load balancer writes, or what the caller is known by, would be another attack.
  const spared = new Set(['authorization', identity.key?.header, identity.certificate?.subjectHeader]);
  const names = [...new Set([...NAMES, ...IDENTITY_HEADERS, core.identityHeader])].filter((name) => !spared.has(name));
  return (index) => {
    const address = `198.51.${(index >> 8) & 255}.${index & 255}`;
    return {
      ...Object.fromEntries(ADDRESSES.map((name) => [name, name === 'forwarded' ? `for=${address}` : address])),
      ...Object.fromEntries(names.map((name) => [name, name === 'cookie' ? `session=drill-${index}` : `drill-${index}`])),
    };
  };
}

const rotated = defineGateAttack('RTL-5', 'gate-rotated-callers', {
  isAlone: true,
  tries: 'Sends more requests as one caller than his budget has, each with another client address, user, tenant, session and request id in every header that some server believes.',
  expects: 'All of them spend the one budget of the caller who was verified.',
  needs: 'gate that counts requests',
  matches: counts,
  async run(at): Promise<AttackResult> {
    const spot = anySpot(at);
    const budget = budgetAt(at, spot);
    const request = await at.gate.request(spot);
    const varied = rotation(at);
    await nameOf(at, { ...request, headers: { ...varied(0), ...request.headers } });
    const spending = await spend(at, request, budget, { varied });
    const names = `${Object.keys(varied(0)).length} headers were others in every one`;
    return isTooMuch(spending, budget)
      ? { verdict: 'succeeded', saw: `${spending.told}, where ${names}, though ${promised(budget)}.` }
      : { verdict: 'withstood', saw: `${spending.told}, where ${names}; ${promised(budget)}.` };
  },
  saboteurs: [RATE_REMOVED, BUDGETS_RAISED, GATE_BYPASSED],
});

export const BUDGET_ATTACKS: readonly Attack[] = [perIdentity, heavyBudget, rotated];
