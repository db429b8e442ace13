import type { WafRuleModel, WafStatement, WafVerdict, WebAclModel } from '../model';
import { only, refusal } from './filter';
import { typed, type Fragment } from './fragment';
import { InexpressibleError } from './inexpressible';
import { ALWAYS, and, not, or, source, type Predicate } from './predicate';

type RateStatement = Extract<WafStatement, { kind: 'rate' }>;

/** How many addresses or header values a rate rule tells apart, as AWS does: waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html. */
const KEYS_KEPT = 10_000;
const EVERYBODY = { numerator: 100, denominator: 'HUNDRED' };

/**
 * What a web ACL does to a request, as filters in the order of its rules.
 * - Rules are tried by priority. Allow and block end the evaluation, count does not; the default action is for requests that no rule has ended
 *   (waf/latest/developerguide/web-acl-rule-actions.html). A rule that counts changes nothing that a caller can see, so it becomes no filter.
 * - Nothing of a request but its source address is looked at, which the PROXY line sets and X-Forwarded-For does not.
 */
export function wafFilters(acl: WebAclModel): Fragment[] {
  const filters: (Fragment | undefined)[] = [];
  const allowed: Predicate[] = [];
  for (const [index, rule] of [...acl.rules].sort((a, b) => a.priority - b.priority).entries()) {
    const name = `waf.${index}.${rule.name}`;
    const open = not(or(allowed));
    if (rule.action.kind === 'count') continue;
    if (rule.statement.kind === 'rate') {
      filters.push(only(and([open, scopeOf(acl, rule, rule.statement)]), name, rateLimit(name, rule.statement, blockStatus(acl, rule))));
    } else if (rule.action.kind === 'allow') {
      allowed.push(matches(acl, rule, rule.statement));
    } else {
      filters.push(only(and([open, matches(acl, rule, rule.statement)]), name, refusal(rule.action.status)));
    }
  }
  filters.push(byDefault(acl, not(or(allowed))));
  return filters.filter((filter) => filter !== undefined);
}

function byDefault({ place, defaultAction }: WebAclModel, open: Predicate): Fragment | undefined {
  if (defaultAction.kind === 'count') throw new InexpressibleError(place, 'a default action that counts', 'AWS knows only Allow and Block there');
  return defaultAction.kind === 'block' ? only(open, 'waf.default', refusal(defaultAction.status)) : undefined;
}

function matches(acl: WebAclModel, rule: WafRuleModel, statement: WafStatement): Predicate {
  switch (statement.kind) {
    case 'ip-set': return source(statement.cidrs);
    case 'not': return not(matches(acl, rule, statement.statement));
    case 'and': return and(statement.statements.map((each) => matches(acl, rule, each)));
    case 'or': return or(statement.statements.map((each) => matches(acl, rule, each)));
    // waf/latest/developerguide/waf-rule-statement-type-rate-based.html
    case 'rate': throw new InexpressibleError(acl.place, `a rate-based statement within another one (rule ${rule.name})`, 'AWS takes it only as the whole statement of a rule');
  }
}

function scopeOf(acl: WebAclModel, rule: WafRuleModel, { scopeDown }: RateStatement): Predicate {
  return scopeDown === undefined ? ALWAYS : matches(acl, rule, scopeDown);
}

function blockStatus(acl: WebAclModel, { name, action }: { readonly name: string; readonly action: WafVerdict }): number {
  // waf/latest/developerguide/waf-rule-statement-type-rate-based.html: any action but Allow.
  if (action.kind !== 'block') throw new InexpressibleError(acl.place, `a rate-based rule that allows (rule ${name})`, 'AWS takes any action but Allow there');
  if (action.status < 400) throw new InexpressibleError(acl.place, `a rate-based rule that answers with ${action.status} (rule ${name})`, 'Envoy limits with 400 and above');
  return action.status;
}

/**
 * One bucket of `limit` tokens for each key, filled again evenly over a window. AWS counts over the last window instead and acts some
 * seconds late (waf-rule-statement-type-rate-based-caveats.html), so a flood meets a limit here at the first request too many, and the
 * only thing to be learned is that there is one. A request without the header that is counted by belongs to no bucket
 * (waf-rule-statement-type-rate-based-aggregation-options.html).
 */
function rateLimit(name: string, { limit, windowSeconds, key }: RateStatement, status: number): Fragment {
  const bucket = { max_tokens: limit, tokens_per_fill: limit, fill_interval: `${windowSeconds}s` };
  const actions = key.kind === 'header'
    ? [{ request_headers: { header_name: key.name.toLowerCase(), descriptor_key: 'key' } }]
    : [key.kind === 'address' ? { remote_address: {} } : { generic_key: { descriptor_key: 'key', descriptor_value: 'everybody' } }];
  const entry = { address: { key: 'remote_address' }, header: { key: 'key' }, constant: { key: 'key', value: 'everybody' } }[key.kind];
  return typed('envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: name,
    status: { code: status },
    filter_enabled: { default_value: EVERYBODY },
    filter_enforced: { default_value: EVERYBODY },
    rate_limits: [{ actions }],
    descriptors: [{ entries: [entry], token_bucket: bucket }],
    max_dynamic_descriptors: KEYS_KEPT,
  });
}
