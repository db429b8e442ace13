import { type Attack, type AttackResult, type AttackTarget, defineAttack } from '../attack';
import type { EdgeModel, RateKey, RateStatement, WafRuleModel } from '../edge/model';
import { statementsOf } from '../requests/web-acl';
import { omit, removal } from '../saboteurs';
import type { Scene, WireAnswer, WireRequest } from '../scene';
import { flood, MAX_FLOOD } from '../services/flood';
import { byAddress, type Flooder, floodersOf, limitOf } from './flooders';
import { countFor, draftOf, floodable, floodWith, WITHOUT_LIMIT } from './floods';
import { forwardingListeners, leadsToCore, ruleOf, type RuleTarget } from './targets';
import { KEYLESS_RULE_REMOVED, RATE_RULE_REMOVED, rateResponseSaboteur, rateRuleSaboteur } from '../web-acl-saboteurs';

const COUNTS_ONLY = rateRuleSaboteur('rate-based rule counts instead of blocking', (rule) => ({ ...rule, Action: { Count: {} } }));
const RAISED = rateRuleSaboteur('Limit raised a thousandfold', (rule, rate) => ({ ...rule, Statement: { RateBasedStatement: { ...rate, Limit: Number(rate.Limit) * 1000 } } }));

const floodOne = defineAttack('RTL-1', 'flood', {
  isAlone: true,
  tries: [
    `Sends a third more requests from one address than the web ACL admits (${MAX_FLOOD} at most; ${WITHOUT_LIMIT} where it names no limit);`,
    'where it limits addresses or paths unalike, one of each kind.',
  ].join(' '),
  expects: 'The web ACL stops them at its limit, and another address is still served.',
  evidence: 'template-intent',
  needs: 'listener that forwards',
  targets: (edge) => forwardingListeners(edge, undefined, leadsToCore),
  async run(target, scene): Promise<AttackResult> {
    const legitimate = await scene.legitimate(target.listener, ruleOf(target));
    const seen: string[] = [];
    for (const flooder of floodersOf(target.listener.webAcl, draftOf(legitimate))) {
      const { verdict, saw } = await floodFrom(flooder, legitimate, target, scene);
      if (verdict === 'succeeded') return { verdict, saw };
      seen.push(saw);
    }
    return { verdict: 'withstood', saw: seen.join(' ') };
  },
  saboteurs: [removal('WebACLAssociation deleted', 'AWS::WAFv2::WebACLAssociation'), COUNTS_ONLY, RATE_RULE_REMOVED, RAISED],
});

async function floodFrom({ draft, limit }: Flooder, legitimate: WireRequest, target: AttackTarget, scene: Scene): Promise<AttackResult> {
  countFor(limit);
  const like = draftOf(legitimate);
  const isSame = draft.path === like.path && draft.method === like.method;
  const request = { ...await floodable(scene, target, legitimate, limit), from: draft.from, ...(isSame ? {} : { path: draft.path, method: draft.method }) };
  const name = `from ${draft.from}${isSame ? '' : ` to ${draft.method} ${draft.path}`}`;
  return floodWith({ name, request, limit }, legitimate, target, scene);
}

/** One for each connection of a flood, of the range that is kept for documentation (RFC 5737). */
const MANY_ADDRESSES = Array.from({ length: 32 }, (_, index) => `203.0.113.${index + 100}`);

/** Listeners whose web ACL counts by such a key and blocks. */
function counting(edge: EdgeModel, isMeant: (rate: RateStatement) => boolean): RuleTarget[] {
  const counts = ({ action, statement }: WafRuleModel): boolean => action.kind === 'block' && statement.kind === 'rate' && isMeant(statement);
  return forwardingListeners(edge, ({ webAcl }) => (webAcl?.rules ?? []).some(counts), leadsToCore);
}

const byHeader = (key: RateKey): key is Extract<RateKey, { kind: 'header' }> => key.kind === 'header';
const keyless = ({ key, scopeDown }: RateStatement): boolean => key.kind === 'constant' && scopeDown?.kind === 'not';

const oneKey = defineAttack('RTL-1', 'one-key', {
  isAlone: true,
  tries: `Sends a third more requests with one key than the web ACL admits, from ${MANY_ADDRESSES.length} addresses.`,
  expects: 'The web ACL stops them at its limit for a key, and another key is still served.',
  evidence: 'template-intent',
  needs: 'web ACL that counts by a header',
  targets: (edge) => counting(edge, ({ key }) => byHeader(key)),
  async run(target, scene) {
    const { webAcl } = target.listener;
    const legitimate = await scene.legitimate(target.listener, ruleOf(target));
    const key = statementsOf(webAcl).flatMap((statement) => (statement.kind === 'rate' && byHeader(statement.key) ? [statement.key] : []))[0];
    if (webAcl === undefined || key === undefined) throw new Error('The web ACL counts by no header.');
    const showing = { ...legitimate, headers: { ...legitimate.headers, [key.name]: 'drill-flood' } };
    const limit = limitOf(webAcl, draftOf(showing), byHeader);
    const bare = await floodable(scene, target, showing, limit);
    const request = { ...bare, headers: { ...bare.headers, [key.name]: 'drill-flood' } };
    return floodWith({ name: `with one ${key.name} from many addresses`, request, limit, addresses: MANY_ADDRESSES }, legitimate, target, scene);
  },
  saboteurs: [RATE_RULE_REMOVED, COUNTS_ONLY, RAISED],
});

const noKey = defineAttack('RTL-1', 'no-key', {
  isAlone: true,
  tries: `Leaves the key away by which the web ACL counts, and sends a third more requests than it admits, from ${MANY_ADDRESSES.length} addresses.`,
  expects: 'The web ACL stops them at the limit that requests without a key share; who shows a key is still served.',
  evidence: 'template-intent',
  needs: 'web ACL with a limit for requests without a key',
  targets: (edge) => counting(edge, keyless),
  async run(target, scene) {
    const { webAcl } = target.listener;
    const legitimate = await scene.legitimate(target.listener, ruleOf(target));
    if (webAcl === undefined) throw new Error('The listener has no web ACL.');
    const limit = limitOf(webAcl, draftOf(legitimate), (key) => key.kind === 'constant');
    return floodWith({ name: 'without a key from many addresses', request: await floodable(scene, target, legitimate, limit), limit, addresses: MANY_ADDRESSES }, legitimate, target, scene);
  },
  saboteurs: [KEYLESS_RULE_REMOVED, RATE_RULE_REMOVED, COUNTS_ONLY],
});

/** Headers in which proxies name their clients, beside those that the web ACL itself knows. */
const FORWARDING_HEADERS = ['x-forwarded-for'];

const forgedAddress = defineAttack('RTL-1', 'forged-address', {
  isAlone: true,
  tries: 'Floods from one address that is no known proxy\'s, and names another client in every request.',
  expects: 'The web ACL counts the connection and not what it says: it stops the flood at its limit.',
  evidence: 'template-intent',
  needs: 'web ACL that counts by a forwarded address',
  targets: (edge) => counting(edge, ({ key }) => key.kind === 'forwarded'),
  async run(target, scene) {
    const { webAcl } = target.listener;
    const legitimate = await scene.legitimate(target.listener, ruleOf(target));
    if (webAcl === undefined) throw new Error('The listener has no web ACL.');
    const names = statementsOf(webAcl).flatMap((statement) => (statement.kind === 'rate' && statement.key.kind === 'forwarded' ? [statement.key.from.header] : []));
    const [name = FORWARDING_HEADERS[0] ?? ''] = names;
    const draft = { ...draftOf(legitimate), from: '203.0.113.99', headers: { ...legitimate.headers, [name]: '192.0.2.1' } };
    const limit = limitOf(webAcl, draft, byAddress);
    const request = { ...await floodable(scene, target, legitimate, limit), from: draft.from };
    const value = (index: number): string => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
    return floodWith({ name: `from ${draft.from}, each with another ${name}`, request, limit, varied: (index) => ({ [name]: value(index) }) }, legitimate, target, scene);
  },
  saboteurs: [
    rateRuleSaboteur('everybody may name his own address', (rule, rate) => {
      if (rate.AggregateKeyType === 'IP') return { ...rule, Action: { Count: {} } };
      return rate.AggregateKeyType === 'FORWARDED_IP' ? { ...rule, Statement: { RateBasedStatement: omit(rate, 'ScopeDownStatement') } } : undefined;
    }),
  ],
});

const answerInWords = defineAttack('RTL-1', 'answer', {
  isAlone: true,
  tries: 'Looks at what those are told who have sent too much.',
  expects: '429 with a body in JSON and a Retry-After of whole seconds (M-12: the security headers too).',
  evidence: 'template-intent',
  needs: 'web ACL that answers 429 in JSON to a limit that a drill may exceed',
  targets: (edge) => counting(edge, () => true).filter(({ listener: { webAcl } }) => webAcl?.rules.some(({ action, statement }) => (
    statement.kind === 'rate' && byAddress(statement.key) && statement.limit <= MAX_FLOOD && action.kind === 'block' && action.body !== undefined
  ))),
  async run(target, scene) {
    const legitimate = await scene.legitimate(target.listener, ruleOf(target));
    const flooders = floodersOf(target.listener.webAcl, draftOf(legitimate)).filter(({ limit }) => limit !== undefined).sort((a, b) => (a.limit?.rate.limit ?? 0) - (b.limit?.rate.limit ?? 0));
    const [flooder] = flooders;
    if (flooder === undefined) throw new Error('No limit by address counts a request that the web ACL lets in.');
    const from = '203.0.113.12';
    const request = { ...legitimate, method: flooder.draft.method, path: flooder.draft.path };
    const { status: usual } = await scene.send(target.listener, request);
    const { verdict, saw } = await floodFrom({ ...flooder, draft: { ...flooder.draft, from } }, legitimate, target, scene);
    if (verdict === 'succeeded') return { verdict, saw };
    const pressed = { ...await floodable(scene, target, legitimate, flooder.limit), from, method: request.method, path: request.path };
    const { status, headers, body } = await refusalOf({ ...request, from }, usual, pressed, target, scene);
    const flaws = [
      ...(status === 429 ? [] : [`the status ${status}`]),
      ...(/^\d+$/.test(headers['retry-after'] ?? '') ? [] : ['no Retry-After']),
      ...(headers['content-type']?.startsWith('application/json') && isJson(body) ? [] : ['no JSON']),
    ];
    return flaws.length === 0
      ? { verdict: 'withstood', saw: `Whoever sent too much was told so in JSON, to be back in ${headers['retry-after'] ?? ''} s.` }
      : { verdict: 'succeeded', saw: `The answer to too many requests has ${flaws.join(' and ')}.` };
  },
  saboteurs: [
    rateResponseSaboteur('CustomResponse of rate-based rules deleted', () => undefined),
    rateResponseSaboteur('ResponseHeaders of rate-based rules deleted', (response) => omit(response, 'ResponseHeaders')),
  ],
});

/** A limit forgets, and faster than a busy machine asks: the flood goes on while somebody looks. */
const KEPT_UP = 4000;

/** What the limit answers; asked at least once, and as often as the flood lasts. */
async function refusalOf(request: WireRequest, usual: number, pressed: WireRequest, { listener }: AttackTarget, scene: Scene): Promise<WireAnswer> {
  const flooding = { isOver: false };
  const going = flood({ ...scene.address(listener), tls: listener.tls !== undefined }, pressed, KEPT_UP).finally(() => {
    flooding.isOver = true;
  });
  let asked = 0;
  let refused: WireAnswer | undefined;
  do {
    const answer = await scene.send(listener, request);
    asked += 1;
    if (answer.status !== usual) refused = answer;
  } while (refused === undefined && !flooding.isOver);
  await going;
  if (refused === undefined) throw new Error(`Who had sent too much was no longer refused, in ${asked} requests among ${KEPT_UP} others.`);
  return refused;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The answer comes first: it floods an address of its own. */
export const RTL_ATTACKS: readonly Attack[] = [answerInWords, floodOne, forgedAddress, oneKey, noKey];
