import { MAX_RATE, WAF_MIN_LIMIT, WAF_WINDOWS } from '../../ingress/rate';
import { defineRule, each, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import { type Property, UndecidableError } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isApplicationLoadBalancer, LOAD_BALANCER } from './load-balancing';
import { nameOf, rateOf, trusts } from './rate-statements';
import { associationsOf, located, looseAssociations, priorityOf, WEB_ACL } from './web-acls';

export const RULE_GROUP = 'AWS::WAFv2::RuleGroup';

/** The window WAF takes where the template names none, in seconds. */
export const DEFAULT_WINDOW = 300;

/** A statement as text, to compare it with another one. */
const spelled = (statement: Property): string => statement.partialText().text;

/** Whether another rule counts, by the address that known senders name, exactly what this one leaves out. */
function isCompletedBy(other: Property, rate: Property): boolean {
  const [rest, trusted] = [rate.get('ScopeDownStatement.NotStatement.Statement'), rateOf(other).get('ScopeDownStatement')];
  return rest.exists && spelled(rest) === spelled(trusted) && trusts(trusted) && other.get('Action.Block').exists && weakness(rateOf(other)) === undefined;
}

/** The rules that count every request between them: this one, or this one and the one that looks at the rest. Nothing where some request is not counted. */
function wholeOf(rule: Property, rules: readonly Property[]): readonly Property[] {
  const rate = rateOf(rule);
  if (!rate.get('ScopeDownStatement').exists) return [rule];
  if (rate.get('AggregateKeyType').text() !== 'IP') return [];
  const [other] = rules.filter((candidate) => rateOf(candidate).exists && isCompletedBy(candidate, rate)).sort((a, b) => priorityOf(a) - priorityOf(b));
  return other ? [rule, other] : [];
}

/** Whether a rule is the other half of one, which then speaks for both. */
function completesAnother(rule: Property, rules: readonly Property[]): boolean {
  return rules.some((other) => other !== rule && rateOf(other).exists && wholeOf(other, rules).includes(rule));
}

/** Why a rate statement does not count every caller by address, if it does not. */
function weakness(rate: Property): string | undefined {
  const key = rate.get('AggregateKeyType').text();
  const window = rate.get('EvaluationWindowSec').number() ?? DEFAULT_WINDOW;
  const limit = rate.get('Limit').number();
  if (key === 'FORWARDED_IP' && rate.get('ForwardedIPConfig.FallbackBehavior').text() !== 'MATCH') return 'lets requests pass whose forwarded-address header holds no address';
  if (key !== 'IP' && key !== 'FORWARDED_IP') return `aggregates by ${key ?? 'nothing'}, and a request without that key is not counted`;
  if (!WAF_WINDOWS.includes(window)) return `counts over ${window} s, which WAF does not offer`;
  if (limit === undefined || !(limit >= WAF_MIN_LIMIT)) return `has limit ${limit ?? 'none'}, below the least that WAF accepts (${WAF_MIN_LIMIT})`;
  if (limit / window > MAX_RATE) return `lets one address send ${limit} requests in ${window} s, which stops no flood`;
  return undefined;
}

/** A web ACL limits if one of its rules blocks by rate and nothing lets requests out before it. */
function limits(acl: Resource): readonly Outcome[] {
  const scope = acl.prop('Scope');
  if (scope.text() !== 'REGIONAL') return fail(scope, 'must be REGIONAL to protect a load balancer');
  const rules = acl.prop('Rules').items();
  const rateRules = rules.filter((rule) => rateOf(rule).exists);
  if (rateRules.length === 0) return withoutRateRule(acl.prop('Rules'), rules);
  const outcomes = rateRules.flatMap((rule) => guarded(() => (completesAnother(rule, rules) ? NOT_APPLICABLE : blocksFloods(rule, rules))));
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
  const name = nameOf(rule);
  if (!rule.get('Action.Block').exists) return fail(rule.get('Action'), `rate rule ${name} does not block`);
  const whole = wholeOf(rule, rules);
  const weak = whole.length === 0 ? 'counts only what its scope-down statement lets through' : weakness(rateOf(rule));
  if (weak !== undefined) return fail(rateOf(rule), `rate rule ${name} ${weak}`);
  // Not "lower than": a tie, or a priority that is no number, does not put the rate rule first.
  const comesBefore = (other: Property, counting: Property): boolean => !(priorityOf(other) > priorityOf(counting));
  const exits = each(rules.filter((other) => !whole.includes(other)), (other) => {
    const late = whole.find((counting) => comesBefore(other, counting));
    if (!late || !allows(other)) return [];
    return fail(other.get('Priority'), `rule ${nameOf(other)} allows requests before rate rule ${nameOf(late)} has counted them`);
  });
  const certain = exits.filter((outcome) => outcome.kind === 'fail');
  if (exits.length > 0) return certain.length > 0 ? certain : exits;
  const key = rateOf(rule).get('AggregateKeyType');
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
    const associations = associationsOf(loadBalancer, graph);
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

/** Without an association of its own, unless one that cannot be followed turns out to be it. */
function unassociated(loadBalancer: Resource, graph: TemplateGraph): readonly Outcome[] {
  if (looseAssociations(graph).length > 0) return undecidable(loadBalancer.whole, 'has no web ACL associated, unless by an association whose ResourceArn is known only when deployed');
  return fail(loadBalancer.whole, 'has no web ACL associated, so nothing slows a flood down');
}

export const RTL_RULES = [protectedByRate];
