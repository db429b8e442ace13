import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, type Rule, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { IDN_RULES } from './idn';
import { actionsOf, isApplicationLoadBalancer, listenersOf, LOAD_BALANCER, rulesOf } from './load-balancing';
import { ingressIs } from './net';
import { associationsOf, located, looseAssociations, priorityOf, WEB_ACL } from './web-acls';

const IP_SET = 'AWS::WAFv2::IPSet';

/** One set a family of addresses (AWS WAF API, IPSet), and a door that is shut in one family only is open. */
const FAMILIES = 2;

/** The sets that a statement looks a caller's own address up in; a header with addresses is the caller's to write. */
function setsOf(statement: Property): readonly Property[] {
  const options = statement.get('OrStatement.Statements').items();
  return (options.length > 0 ? options : [statement])
    .map((option) => option.get('IPSetReferenceStatement'))
    .filter((reference) => reference.exists && !reference.get('IPSetForwardedIPConfig').exists)
    .map((reference) => reference.get('Arn'));
}

/** A set of the template is filled again by the next deployment, whatever somebody put into it in an emergency. */
function isOutOfReach(set: Property): readonly Outcome[] {
  const { value } = set;
  if (!(value instanceof Reference) || value.resource.type !== IP_SET) return PASS;
  return fail(set, `${value.resource.logicalId} is filled by the template, so the next deployment opens what was shut in an emergency`);
}

function startsWithSwitch(acl: Resource): readonly Outcome[] {
  const place = acl.prop('Rules');
  const [first, ...others] = [...place.items()].sort((a, b) => priorityOf(a) - priorityOf(b));
  if (!first) return fail(place, NO_SWITCH);
  const sets = setsOf(first.get('Statement'));
  if (sets.length === 0) return fail(first.get('Statement'), NO_SWITCH);
  const families = new Set(sets.map((set) => set.partialText().text));
  return all(
    () => expect(first.get('Action.Block').exists, first.get('Action'), 'does not block what its first rule finds in the sets of addresses'),
    () => expect(families.size >= FAMILIES, first.get('Statement'), 'looks callers up in one set of addresses: IPv4 and IPv6 need one each'),
    () => expect(others.every((other) => priorityOf(other) > priorityOf(first)), first.get('Priority'), 'has another rule of the same priority'),
    () => each(sets, isOutOfReach),
  );
}

const NO_SWITCH = 'has no rule in the first place that blocks by sets of addresses, so nobody can shut the door faster than a deployment';

const killSwitch = defineRule('INC-1', 'kill-switch', {
  appliesTo: [LOAD_BALANCER],
  remediation: 'Make the first rule of the web ACL block two IP sets, IPv4 and IPv6, whose addresses no template sets; fill them to shut the door.',
  check(loadBalancer, graph) {
    if (!isApplicationLoadBalancer(loadBalancer)) return NOT_APPLICABLE;
    const associations = associationsOf(loadBalancer, graph);
    if (associations.length === 0) {
      if (looseAssociations(graph).length > 0) return undecidable(loadBalancer.whole, 'has no web ACL associated, unless by an association whose ResourceArn is known only when deployed');
      return fail(loadBalancer.whole, 'has no web ACL associated, so nobody can shut the door faster than a deployment');
    }
    return associations.flatMap((association) => located(association, 'web ACL association', () => {
      const acl = association.prop('WebACLArn').reference()?.resource;
      if (acl?.type === WEB_ACL) return located(acl, 'web ACL', () => startsWithSwitch(acl));
      return undecidable(association.prop('WebACLArn'), 'names a web ACL that is in none of the templates, so its first rule is not known');
    }));
  },
});

/** What a load balancer says of itself: whether callers are meant to be let in. */
const EXPOSURE_TAG = 'cdk-secure-core:exposure';

function exposureOf(loadBalancer: Resource): Property | undefined {
  return loadBalancer.prop('Tags').items().find((tag) => tag.get('Key').partialText().text === EXPOSURE_TAG)?.get('Value');
}

const answersOf = (loadBalancer: Resource, graph: TemplateGraph): readonly Resource[] => listenersOf(loadBalancer, graph).flatMap((listener) => [listener, ...rulesOf(listener, graph)]);

function isShut(loadBalancer: Resource, graph: TemplateGraph): readonly Outcome[] {
  return all(
    () => each(answersOf(loadBalancer, graph), (answer) => expect(
      actionsOf(answer).every((action) => action.get('Type').text() !== 'forward'), answer.whole, `${answer.logicalId} forwards, while exposure is off`,
    )),
    () => each(loadBalancer.prop('SecurityGroups').items(), (place) => ingressIs(place, graph, (_, group) => fail(place, `${group.logicalId} lets callers in, while exposure is off`))),
  );
}

const exposureOff = defineRule('INC-1', 'exposure-off', {
  extent: `load balancers tagged ${EXPOSURE_TAG}`,
  appliesTo: [LOAD_BALANCER],
  remediation: `Take away every forward action and every ingress rule, or tag the load balancer ${EXPOSURE_TAG}=on.`,
  check(loadBalancer, graph) {
    const exposure = exposureOf(loadBalancer);
    if (!exposure) return NOT_APPLICABLE;
    if (exposure.text() === 'on') return PASS;
    return exposure.text() === 'off' ? isShut(loadBalancer, graph) : fail(exposure, `is ${exposure.text() ?? 'empty'}, which is neither on nor off`);
  },
});

/** IDN-1 is what exposure depends on, so it is asked rather than repeated. */
function isAuthenticated(answer: Resource, graph: TemplateGraph): readonly Outcome[] {
  const authenticated: readonly Rule[] = IDN_RULES.filter(({ id }) => id === 'IDN-1.authenticated');
  return authenticated.flatMap((rule) => rule.check(answer, graph));
}

const exposureOn = defineRule('INC-2', 'authenticated-exposure', {
  extent: `load balancers tagged ${EXPOSURE_TAG}`,
  appliesTo: [LOAD_BALANCER],
  remediation: 'Put the authorizer in force first (IDN-1), then switch exposure on.',
  check(loadBalancer, graph) {
    const exposure = exposureOf(loadBalancer);
    if (exposure?.text() !== 'on') return NOT_APPLICABLE;
    const outcomes = each(answersOf(loadBalancer, graph), (answer) => isAuthenticated(answer, graph));
    const open = outcomes.filter(({ kind }) => kind === 'fail');
    if (open.length > 0) return fail(exposure, 'is on, while something is forwarded that nobody has authenticated');
    return outcomes.some(({ kind }) => kind === 'undecidable') ? undecidable(exposure, 'is on, and whether everything that is forwarded is authenticated is not known') : PASS;
  },
});

export const INC_RULES = [killSwitch, exposureOff, exposureOn];
