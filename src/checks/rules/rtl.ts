import { defineRule, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { isApplicationLoadBalancer, LOAD_BALANCER } from './load-balancing';

const ASSOCIATION = 'AWS::WAFv2::WebACLAssociation';
const WEB_ACL = 'AWS::WAFv2::WebACL';

/** Seconds over which WAF can count (AWS WAF guide). */
const WINDOWS = [60, 120, 300, 600];
/** The window WAF takes where the template names none, in seconds. */
const DEFAULT_WINDOW = 300;
/** The lowest limit WAF accepts. */
const MIN_LIMIT = 10;

/** Why a rate statement does not count every caller by address, if it does not. */
function weakness(rate: Property): string | undefined {
  const key = rate.get('AggregateKeyType').text();
  const fallback = rate.get('ForwardedIPConfig.FallbackBehavior').text();
  const window = rate.get('EvaluationWindowSec').number() ?? DEFAULT_WINDOW;
  const limit = rate.get('Limit').number();
  if (rate.get('ScopeDownStatement').exists) return 'counts only what its scope-down statement lets through';
  if (key === 'FORWARDED_IP' && fallback !== 'MATCH') return 'is not applied to requests without the forwarded-address header';
  if (key !== 'IP' && key !== 'FORWARDED_IP') return `aggregates by ${key ?? 'nothing'}, and a request without that key is not counted`;
  if (!WINDOWS.includes(window)) return `counts over ${window} s, which WAF does not offer`;
  if (limit === undefined || !(limit >= MIN_LIMIT)) return `has limit ${limit ?? 'none'}, below the least that WAF accepts (${MIN_LIMIT})`;
  return undefined;
}

const priority = (rule: Property): number => rule.get('Priority').number() ?? 0;

/** A web ACL limits if one of its rules blocks by rate and nothing lets requests out before it. */
function limits(acl: Resource): readonly Outcome[] {
  const scope = acl.prop('Scope');
  if (scope.text() !== 'REGIONAL') return fail(scope, 'must be REGIONAL to protect a load balancer');
  const rules = acl.prop('Rules').items();
  const rateRules = rules.filter((rule) => rule.get('Statement.RateBasedStatement').exists);
  if (rateRules.length === 0) return fail(acl.prop('Rules'), 'has no rate-based rule, so nothing slows a flood down');
  const outcomes = rateRules.map((rule) => guarded(() => blocksFloods(rule, rules)));
  const passed = outcomes.find((list) => list.every((outcome) => outcome.kind === 'pass'));
  return passed ?? outcomes[0] ?? PASS;
}

function blocksFloods(rule: Property, rules: readonly Property[]): readonly Outcome[] {
  const name = rule.get('Name').partialText().text;
  if (!rule.get('Action.Block').exists) return fail(rule.get('Action'), `rate rule ${name} does not block`);
  const weak = weakness(rule.get('Statement.RateBasedStatement'));
  if (weak !== undefined) return fail(rule.get('Statement.RateBasedStatement'), `rate rule ${name} ${weak}`);
  const exit = rules.find((other) => other.get('Action.Allow').exists && priority(other) < priority(rule));
  return exit ? fail(exit.get('Priority'), `rule ${exit.get('Name').partialText().text} allows requests before rate rule ${name} has counted them`) : PASS;
}

const protectedByRate = defineRule('RTL-1', 'rate-limited', {
  appliesTo: [LOAD_BALANCER],
  remediation: 'Associate a REGIONAL web ACL whose rate-based rule blocks by IP; put rules that allow after it.',
  check(loadBalancer, graph) {
    if (!isApplicationLoadBalancer(loadBalancer)) return NOT_APPLICABLE;
    const associations = graph.pointingAt(loadBalancer, ASSOCIATION, 'ResourceArn');
    const [association] = associations;
    if (!association) return fail(loadBalancer.whole, 'has no web ACL associated, so nothing slows a flood down');
    const acl = association.prop('WebACLArn');
    const target = acl.reference()?.resource;
    if (target?.type === WEB_ACL) return limits(target).map((outcome) => (outcome.kind === 'pass' ? outcome : located(outcome, target)));
    return undecidable(loadBalancer.whole, 'is protected by a web ACL that is in none of the templates, so its rate rule is not known');
  },
});

/** The finding is the load balancer's; the place is the web ACL's. */
function located<T extends { readonly path: string; readonly message: string }>(outcome: T, acl: Resource): T {
  return { ...outcome, path: `${acl.logicalId}.${outcome.path}`, message: `web ACL ${acl.logicalId} ${outcome.message}` };
}

export const RTL_RULES = [protectedByRate];
