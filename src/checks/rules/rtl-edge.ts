import { IDENTITY_HEADERS } from '../../gate/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { TASK_DEFINITION } from './containers';
import { gatesOf } from './gate-configuration';
import { isSure } from './gate-targets';
import { oncePerGraph } from './pointers';
import { nameOf, rateOf, trusts } from './rate-statements';
import { RULE_GROUP } from './rtl';
import { WEB_ACL } from './web-acls';

/** Headers that say who somebody is once a gate has written them, and what anybody likes before. */
const identityHeaders = oncePerGraph((graph: TemplateGraph): ReadonlySet<string> => {
  const headers = new Set(IDENTITY_HEADERS);
  for (const { configuration } of graph.ofType(TASK_DEFINITION).flatMap(gatesSurelyOf)) {
    for (const key of ['core.identityHeader', 'core.scopesHeader']) headers.add(configuration.get(key).partialText().text.toLowerCase());
  }
  return headers;
});

function gatesSurelyOf(task: Parameters<typeof gatesOf>[0]): ReturnType<typeof gatesOf> {
  return gatesOf(task).filter((gate) => isSure(() => gate.configuration.get('core').exists));
}

/** The rules that hold requests back by how many there are; one that only counts holds nobody back. */
function limitersOf(rules: Property): Property[] {
  return rules.items().filter((rule) => rateOf(rule).exists && !rule.get('Action.Count').exists);
}

/** Whether somebody gets a budget of his own by writing something else into a header. */
function countsNoClaims(rule: Property, graph: TemplateGraph): readonly Outcome[] {
  const headers = rateOf(rule).get('CustomKeys').items().map((key) => key.get('Header.Name')).filter((name) => name.exists);
  return headers.length === 0 ? PASS : each(headers, (place) => {
    const header = (place.text() ?? '').toLowerCase();
    return expect(!identityHeaders(graph).has(header), place, `rule ${nameOf(rule)} counts by ${header}, in which callers write what they like at this point`);
  });
}

/**
 * Of a list of addresses WAF looks at the first only (CloudFormation reference, AWS::WAFv2::WebACL ForwardedIPConfiguration), which the caller
 * wrote unless somebody known put it there: a proxy may change the header, and so may an attacker (WAF guide, "Using forwarded IP addresses").
 */
function knowsForwarders(rule: Property): readonly Outcome[] {
  const rate = rateOf(rule);
  const reads = rate.get('AggregateKeyType').text() === 'FORWARDED_IP' || rate.get('CustomKeys').items().some((key) => key.get('ForwardedIP').exists);
  if (!reads || trusts(rate.get('ScopeDownStatement'))) return PASS;
  return fail(rate.get('AggregateKeyType'), `rule ${nameOf(rule)} counts by the address that a header names, whoever sent it: each forged address has a budget of its own`);
}

const edgeKey = defineRule('RTL-5', 'edge-key', {
  appliesTo: [WEB_ACL, RULE_GROUP],
  extent: 'rate-based rules',
  remediation: 'Count by IP at the edge, by a forwarded address only where ScopeDownStatement names the proxies that write it, and by identity in a gate, which has verified it.',
  check(acl, graph) {
    const limiters = limitersOf(acl.prop('Rules'));
    return limiters.length === 0 ? NOT_APPLICABLE : each(limiters, (rule) => all(() => countsNoClaims(rule, graph), () => knowsForwarders(rule)));
  },
});

export const RTL_EDGE_RULES = [edgeKey];
