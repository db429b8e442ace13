import { isWorldOpen } from '../../network/cidr';
import { defineRule, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isBoundedBlock } from './blocks';
import { logsPeopleIn } from './idn';
import { ADMIN_PARTS, type AdminPart, covers, reaches } from './idn-admin-paths';
import { isAnsweredByGate } from './idn-gate';
import { actionsOf, inOrder, LISTENER, LISTENER_RULE, listenerOf, protocolOf } from './load-balancing';
import { asWide, type Condition, conditionsOf, named, PATH_CONDITION, priorityOf, rulesBeside, SOURCE_CONDITION } from './rule-conditions';

/** All conditions of a rule have to hold, and of each one value. */
function reachedParts(conditions: readonly Condition[]): AdminPart[] {
  const paths = named(conditions, PATH_CONDITION).filter(({ isRegex }) => !isRegex);
  return ADMIN_PARTS.filter((part) => paths.every(({ values }) => values.some((value) => reaches(value.text() ?? '', part))));
}

function coversPart(conditions: readonly Condition[], part: AdminPart): boolean {
  return named(conditions, PATH_CONDITION).every(({ values, isRegex }) => !isRegex && values.some((value) => covers(value.text() ?? '', part)));
}

/** The first forward, unless people log in before it. */
function openForward(resource: Resource): Property | undefined {
  const actions = actionsOf(resource);
  const index = actions.findIndex((action) => action.get('Type').text() === 'forward');
  const forward = actions[index];
  if (!forward) return undefined;
  return actions.slice(0, index).some((action) => logsPeopleIn(action) && inOrder(action, forward)) ? undefined : forward;
}

/** Whether a rule keeps a part of the admin plane from one that comes after it. */
function cutsOut(rule: Resource, part: AdminPart, from: Resource): boolean {
  const conditions = conditionsOf(rule);
  return coversPart(conditions, part) && asWide(conditions, conditionsOf(from)) && openForward(rule) === undefined && priorityOf(rule) < priorityOf(from);
}

/** Told apart from false, so that a rule which cannot be read does not hide one that can. */
function anyCutsOut(rules: readonly Resource[], part: AdminPart, from: Resource): readonly Outcome[] {
  const outcomes = rules.flatMap((rule) => guarded(() => (cutsOut(rule, part, from) ? PASS : NOT_APPLICABLE)));
  return outcomes.some(({ kind }) => kind === 'pass') ? PASS : outcomes;
}

/** Whether an address that a rule asks for is (most of) the internet's. */
function isEverybody(address: Property): boolean {
  return !isBoundedBlock(address) && isWorldOpen(address.text() ?? '') !== false;
}

function judge(resource: Resource, forward: Property, graph: TemplateGraph): readonly Outcome[] {
  const conditions = conditionsOf(resource);
  const sources = named(conditions, SOURCE_CONDITION);
  if (sources.some(({ values }) => values.every((value) => !isEverybody(value)))) return PASS;
  const parts = reachedParts(conditions);
  if (parts.length === 0) return PASS;
  const beside = rulesBeside(resource, graph);
  const open = parts.map((part) => anyCutsOut(beside, part, resource)).filter((outcomes) => !outcomes.some(({ kind }) => kind === 'pass'));
  const [first] = open;
  if (!first) return PASS;
  if (first.length > 0) return first;
  if (resource.type === LISTENER_RULE && !listenerOf(resource)) {
    return undecidable(resource.prop('ListenerArn'), 'takes requests for /admin too, on a listener that is in none of the templates: whether a rule there cuts them out first is not known');
  }
  if (named(conditions, PATH_CONDITION).some(({ isRegex }) => isRegex)) return undecidable(forward, 'forwards by a regular expression, so whether it takes requests for /admin is not known');
  return fail(forward, 'forwards requests for /admin too, where people have to log in: what lets a caller in does not make it an administrator');
}

const adminPlane = defineRule('IDN-10', 'admin-plane', {
  appliesTo: [LISTENER, LISTENER_RULE],
  extent: 'the paths /admin and /admin/*',
  remediation: 'Answer /admin and /admin/* with 404 by an earlier rule for all hosts and methods, or put authenticate-cognito, authenticate-oidc or a source-ip condition before the forward.',
  check(resource, graph) {
    const forward = openForward(resource);
    if (!forward) return actionsOf(resource).some((action) => action.get('Type').text() === 'forward') ? PASS : NOT_APPLICABLE;
    const listener = resource.type === LISTENER ? resource : listenerOf(resource);
    if (listener && !['HTTP', 'HTTPS'].includes(protocolOf(listener))) return NOT_APPLICABLE;
    const rewrites = resource.type === LISTENER_RULE && resource.prop('Transforms').items().some((transform) => transform.get('Type').text() === 'url-rewrite');
    if (rewrites) return undecidable(resource.prop('Transforms'), 'rewrites paths before it forwards, so whether one becomes /admin is not known');
    return isAnsweredByGate(resource, forward, graph) ? PASS : judge(resource, forward, graph);
  },
});

export const IDN_ADMIN_RULES = [adminPlane];
