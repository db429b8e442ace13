import { MAX_RATE, WAF_MIN_LIMIT, WAF_WINDOWS } from '../../ingress/rate';
import { defineRule, each, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import { type Property, UndecidableError } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isApplicationLoadBalancer, LOAD_BALANCER } from './load-balancing';
import { looseIn, oncePerGraph } from './pointers';

const ASSOCIATION = 'AWS::WAFv2::WebACLAssociation';
const WEB_ACL = 'AWS::WAFv2::WebACL';
const RULE_GROUP = 'AWS::WAFv2::RuleGroup';

/** The window WAF takes where the template names none, in seconds. */
const DEFAULT_WINDOW = 300;

/** Why a rate statement does not count every caller by address, if it does not. */
function weakness(rate: Property): string | undefined {
  const key = rate.get('AggregateKeyType').text();
  const window = rate.get('EvaluationWindowSec').number() ?? DEFAULT_WINDOW;
  const limit = rate.get('Limit').number();
  if (rate.get('ScopeDownStatement').exists) return 'counts only what its scope-down statement lets through';
  if (key === 'FORWARDED_IP' && rate.get('ForwardedIPConfig.FallbackBehavior').text() !== 'MATCH') return 'lets requests pass whose forwarded-address header holds no address';
  if (key !== 'IP' && key !== 'FORWARDED_IP') return `aggregates by ${key ?? 'nothing'}, and a request without that key is not counted`;
  if (!WAF_WINDOWS.includes(window)) return `counts over ${window} s, which WAF does not offer`;
  if (limit === undefined || !(limit >= WAF_MIN_LIMIT)) return `has limit ${limit ?? 'none'}, below the least that WAF accepts (${WAF_MIN_LIMIT})`;
  if (limit / window > MAX_RATE) return `lets one address send ${limit} requests in ${window} s, which stops no flood`;
  return undefined;
}

const priority = (rule: Property): number => rule.get('Priority').number() ?? 0;

/** A web ACL limits if one of its rules blocks by rate and nothing lets requests out before it. */
function limits(acl: Resource): readonly Outcome[] {
  const scope = acl.prop('Scope');
  if (scope.text() !== 'REGIONAL') return fail(scope, 'must be REGIONAL to protect a load balancer');
  const rules = acl.prop('Rules').items();
  const rateRules = rules.filter((rule) => rule.get('Statement.RateBasedStatement').exists);
  if (rateRules.length === 0) return withoutRateRule(acl.prop('Rules'), rules);
  const outcomes = rateRules.flatMap((rule) => guarded(() => blocksFloods(rule, rules)));
  // One good rule is enough, so what is said of the others counts only where no rule is, or may turn out to be, good.
  const best = BEST_FIRST.flatMap((matches) => outcomes.filter(matches)).slice(0, 1);
  return best.length > 0 ? best : PASS;
}

const BEST_FIRST: readonly ((outcome: Outcome) => boolean)[] = [
  (outcome) => outcome.kind === 'pass',
  (outcome) => outcome.kind === 'undecidable',
  (outcome) => outcome.kind === 'fail' && outcome.severity === 'warning',
  () => true,
];

function withoutRateRule(place: Property, rules: readonly Property[]): readonly Outcome[] {
  if (rules.some((rule) => rule.get('Statement.RuleGroupReferenceStatement').exists)) {
    return undecidable(place, 'has no rate-based rule of its own; whether its rule groups have one is not judged');
  }
  return fail(place, 'has no rate-based rule, so nothing slows a flood down');
}

function blocksFloods(rule: Property, rules: readonly Property[]): readonly Outcome[] {
  const name = rule.get('Name').partialText().text;
  if (!rule.get('Action.Block').exists) return fail(rule.get('Action'), `rate rule ${name} does not block`);
  const weak = weakness(rule.get('Statement.RateBasedStatement'));
  if (weak !== undefined) return fail(rule.get('Statement.RateBasedStatement'), `rate rule ${name} ${weak}`);
  // Not "lower than": a tie, or a priority that is no number, does not put the rate rule first.
  const earlier = rules.filter((other) => other !== rule && !(priority(other) > priority(rule)));
  const exits = each(earlier, (other) => {
    if (!allows(other)) return [];
    return fail(other.get('Priority'), `rule ${other.get('Name').partialText().text} allows requests before rate rule ${name} has counted them`);
  });
  const certain = exits.filter((outcome) => outcome.kind === 'fail');
  if (exits.length > 0) return certain.length > 0 ? certain : exits;
  const key = rule.get('Statement.RateBasedStatement.AggregateKeyType');
  if (key.text() === 'IP') return PASS;
  return fail(key, `rate rule ${name} counts by a header that callers can write or leave out: acknowledge it with the proxy that always sets it`, 'warning');
}

/** Whether a rule can end the evaluation in the caller's favour, itself or through the rules of a group. */
function allows(rule: Property): boolean {
  if (rule.get('Action.Allow').exists) return true;
  const managed = rule.get('Statement.ManagedRuleGroupStatement');
  const own = rule.get('Statement.RuleGroupReferenceStatement');
  // With this override the group's verdict is counted, not taken.
  if (rule.get('OverrideAction.Count').exists) return false;
  const overrides = [managed, own].flatMap((group) => group.get('RuleActionOverrides').items());
  if (overrides.some((override) => override.get('ActionToUse.Allow').exists)) return true;
  return own.exists && groupAllows(own.get('Arn'));
}

function groupAllows(arn: Property): boolean {
  const group = arn.reference()?.resource;
  if (group?.type !== RULE_GROUP) throw new UndecidableError(arn.path, 'its rule group is in none of the templates, and may allow requests before they are counted');
  return group.prop('Rules').items().some((rule) => rule.get('Action.Allow').exists);
}

const protectedByRate = defineRule('RTL-1', 'rate-limited', {
  appliesTo: [LOAD_BALANCER],
  remediation: 'Associate a REGIONAL web ACL whose rate-based rule blocks by IP; put rules that allow after it.',
  check(loadBalancer, graph) {
    if (!isApplicationLoadBalancer(loadBalancer)) return NOT_APPLICABLE;
    const associations = graph.pointingAt(loadBalancer, ASSOCIATION, 'ResourceArn');
    if (associations.length === 0) return unassociated(loadBalancer, graph);
    // A load balancer takes one web ACL; where several are given, any of them may win.
    return associations.flatMap((association) => located(association, 'web ACL association', () => {
      const acl = association.prop('WebACLArn');
      const target = acl.reference()?.resource;
      if (target?.type === WEB_ACL) return located(target, 'web ACL', () => limits(target));
      return undecidable(acl, 'names a web ACL that is in none of the templates, so its rate rule is not known');
    }));
  },
});

const looseAssociations = oncePerGraph((graph) => looseIn(graph, ASSOCIATION, 'ResourceArn'));

/** Without an association of its own, unless one that cannot be followed turns out to be it. */
function unassociated(loadBalancer: Resource, graph: TemplateGraph): readonly Outcome[] {
  if (looseAssociations(graph).length > 0) return undecidable(loadBalancer.whole, 'has no web ACL associated, unless by an association whose ResourceArn is known only when deployed');
  return fail(loadBalancer.whole, 'has no web ACL associated, so nothing slows a flood down');
}

/** The finding is the load balancer's; the place is in what protects it, and the message names the resource that the place is in. */
function located(resource: Resource, kind: string, check: () => readonly Outcome[]): readonly Outcome[] {
  const outside = (outcome: Outcome): Outcome => {
    if (outcome.kind === 'pass' || !outcome.path.startsWith(`${resource.logicalId}.`)) return outcome;
    return { ...outcome, message: `${kind} ${resource.logicalId} ${outcome.message}` };
  };
  return guarded(check).map(outside);
}

export const RTL_RULES = [protectedByRate];
