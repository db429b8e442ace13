import type { BlockModel, IpSetStatement, LiveSet, RateKey, RateStatement, WafRuleModel, WafStatement, WebAclModel } from '../model';
import { within } from '../statements';
import { answer, only } from './filter';
import { extension, typed, type Fragment } from './fragment';
import { InexpressibleError } from './inexpressible';
import { addressIn, ALWAYS, and, header, not, or, source, type Predicate } from './predicate';
import { sizePredicate, textPredicate } from './request-parts';
import { addressHeader, NO_ADDRESS, OWN_HEADER, partHeader, reading } from './waf-reading';

/** How many addresses or header values a rate rule tells apart, as AWS does: waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html. */
const KEYS_KEPT = 10_000;

/** The addresses that a live set holds at the moment. */
export type LiveAddresses = (set: LiveSet) => readonly string[];

/** One filter of a web ACL. */
export interface WafFilter {
  readonly name: string;
  /** Undefined where it would never do anything. */
  readonly filter: Fragment | undefined;
  /** Whether it hangs on addresses that change while the edge runs. */
  readonly live: boolean;
}

/**
 * What a web ACL does to a request, as filters in the order of its rules.
 * - Rules are tried by priority. Allow and block end the evaluation, count does not; the default action is for requests that no rule has ended
 *   (waf/latest/developerguide/web-acl-rule-actions.html). A rule that counts changes nothing that a caller can see, so it becomes no filter.
 * - The address of a request is the connection's, which the PROXY line sets and X-Forwarded-For does not, unless a statement names a header.
 */
export function wafFilters(acl: WebAclModel, addresses: LiveAddresses): WafFilter[] {
  const questions = new Questions(acl, addresses);
  const filters: WafFilter[] = [{ name: 'waf.read', filter: whole('waf.read', reading(acl)), live: false }];
  const allowed: Predicate[] = [];
  // Whom a rule allows is nothing to those behind it.
  let allowsLive = false;
  for (const [index, rule] of [...acl.rules].sort((a, b) => a.priority - b.priority).entries()) {
    const name = `waf.${index}.${rule.name}`;
    const open = not(or(allowed));
    if (rule.action.kind === 'count') continue;
    const isLive: boolean = allowsLive || within(rule.statement).some((statement) => statement.kind === 'ip-set' && statement.live !== undefined);
    const add = (each: string, when: Predicate, filter: Fragment): void => void filters.push({ name: each, filter: only(when, each, filter), live: isLive });
    if (rule.statement.kind === 'rate') {
      const mark = `${OWN_HEADER}limited-${index}`;
      const scope = questions.scopeOf(rule, rule.statement);
      const block = blockOf(acl, rule);
      add(name, and([open, scope]), rateLimit(name, rule.statement, mark));
      add(`${name}.block`, or([header(mark, '.*'), and([open, scope, noAddress(rule.statement.key)])]), answer(block));
    } else if (rule.action.kind === 'allow') {
      allowed.push(questions.matches(rule, rule.statement));
      allowsLive = isLive;
    } else {
      add(name, and([open, questions.matches(rule, rule.statement)]), answer(rule.action));
    }
  }
  filters.push({ name: 'waf.default', filter: byDefault(acl, not(or(allowed))), live: allowsLive && acl.defaultAction.kind === 'block' }, { name: 'waf.forget', filter: FORGET, live: false });
  const working = filters.filter(({ filter, live }) => filter !== undefined || live);
  return working.length === 1 ? [] : working;
}

/** Takes off the request what the filters have told each other. */
const FORGET = extension('waf.forget', 'envoy.extensions.filters.http.header_mutation.v3.HeaderMutation', {
  mutations: { request_mutations: [{ remove_on_match: { key_matcher: { prefix: OWN_HEADER } } }] },
});

function whole(name: string, filter: Fragment | undefined): Fragment | undefined {
  return filter && only(ALWAYS, name, filter);
}

function byDefault({ place, defaultAction }: WebAclModel, open: Predicate): Fragment | undefined {
  if (defaultAction.kind === 'count') throw new InexpressibleError(place, 'a default action that counts', 'AWS knows only Allow and Block there');
  return defaultAction.kind === 'block' ? only(open, 'waf.default', answer(defaultAction)) : undefined;
}

/** What statements ask of a request. */
class Questions {
  public constructor(private readonly acl: WebAclModel, private readonly addresses: LiveAddresses) {}

  public matches(rule: WafRuleModel, statement: WafStatement): Predicate {
    switch (statement.kind) {
      case 'ip-set': return this.ipSet(statement);
      case 'text': return textPredicate(statement);
      case 'size': return and(sizePredicate(statement));
      case 'not': return not(this.matches(rule, statement.statement));
      case 'and': return and(statement.statements.map((each) => this.matches(rule, each)));
      case 'or': return or(statement.statements.map((each) => this.matches(rule, each)));
      // waf/latest/developerguide/waf-rule-statement-type-rate-based.html
      case 'rate': throw new InexpressibleError(this.acl.place, `a rate-based statement within another one (rule ${rule.name})`, 'AWS takes it only as the whole statement of a rule');
    }
  }

  public scopeOf(rule: WafRuleModel, { scopeDown }: RateStatement): Predicate {
    return scopeDown === undefined ? ALWAYS : this.matches(rule, scopeDown);
  }

  private ipSet({ cidrs, live, forwarded }: IpSetStatement): Predicate {
    const blocks = live ? this.addresses(live) : cidrs;
    if (!forwarded) return source(blocks);
    const found = addressHeader(forwarded, forwarded.position);
    return or([addressIn(found, blocks), ...(forwarded.otherwise ? [header(found, NO_ADDRESS)] : [])]);
  }
}

/** A caller whose header names no address is refused at once where the rule says so. */
function noAddress(key: RateKey): Predicate {
  const keys = key.kind === 'several' ? key.keys : [key];
  return or(keys.flatMap((each) => (each.kind === 'forwarded' && each.from.otherwise ? [header(addressHeader(each.from, 'first'), NO_ADDRESS)] : [])));
}

function blockOf(acl: WebAclModel, { name, action }: WafRuleModel): BlockModel {
  // waf/latest/developerguide/waf-rule-statement-type-rate-based.html: any action but Allow.
  if (action.kind !== 'block') throw new InexpressibleError(acl.place, `a rate-based rule that allows (rule ${name})`, 'AWS takes any action but Allow there');
  return action;
}

/**
 * One bucket of `limit` tokens for each key, filled again evenly over a window. AWS counts over the last window instead and acts some
 * seconds late (waf-rule-statement-type-rate-based-caveats.html), so a flood meets a limit here at the first request too many, and the
 * only thing to be learned is that there is one. A request without the header that is counted by belongs to no bucket
 * (waf-rule-statement-type-rate-based-aggregation-options.html). What is too much is marked, and refused by the next filter.
 */
function rateLimit(name: string, { limit, windowSeconds, key }: RateStatement, mark: string): Fragment {
  const bucket = { max_tokens: limit, tokens_per_fill: limit, fill_interval: `${windowSeconds}s` };
  const keys = (key.kind === 'several' ? key.keys : [key]).map(descriptor);
  return typed('envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: name,
    filter_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
    filter_enforced: { default_value: { numerator: 0, denominator: 'HUNDRED' } },
    request_headers_to_add_when_not_enforced: [{ header: { key: mark, value: 'yes' } }],
    rate_limits: [{ actions: keys.map(({ action }) => action) }],
    descriptors: [{ entries: keys.map(({ entry }) => entry), token_bucket: bucket }],
    max_dynamic_descriptors: KEYS_KEPT,
  });
}

interface Descriptor {
  readonly action: Fragment;
  readonly entry: Fragment;
}

function descriptor(key: RateKey, index: number): Descriptor {
  const byHeader = (name: string): Descriptor => ({ action: { request_headers: { header_name: name.toLowerCase(), descriptor_key: `key${index}` } }, entry: { key: `key${index}` } });
  switch (key.kind) {
    case 'constant': return { action: { generic_key: { descriptor_key: 'key', descriptor_value: 'everybody' } }, entry: { key: 'key', value: 'everybody' } };
    case 'address': return { action: { remote_address: {} }, entry: { key: 'remote_address' } };
    case 'forwarded': return byHeader(addressHeader(key.from, 'first'));
    case 'header': return byHeader(key.name);
    case 'method': return byHeader(':method');
    case 'path': return byHeader(partHeader(key, []));
    case 'several': throw new Error('Keys do not nest.');
  }
}
