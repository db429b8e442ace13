import { isWorldOpen } from '../../network/cidr';
import { defineRule, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isBoundedBlock } from './blocks';
import { logsPeopleIn } from './idn';
import { ADMIN_PARTS, type AdminPart, covers, reaches } from './idn-admin-paths';
import { actionsOf, inOrder, LISTENER, LISTENER_RULE, listenerOf, protocolOf } from './load-balancing';

interface Condition {
  readonly field: string;
  readonly values: readonly Property[];
  /** Whether it is written as a regular expression, which nothing here reads. */
  readonly isRegex: boolean;
}

/** Where conditions keep their values: there, or beside the field. */
const CONFIGS = ['PathPatternConfig', 'HostHeaderConfig', 'HttpRequestMethodConfig', 'SourceIpConfig'];

/** The fields by which one rule is compared with another; any further one makes a rule match less. */
const PATH = 'path-pattern';
const COMPARED = ['host-header', 'http-request-method'];

/** A default action has none. */
function conditionsOf(resource: Resource): Condition[] {
  if (resource.type === LISTENER) return [];
  return resource.prop('Conditions').items().map((condition) => {
    const field = condition.get('Field').text() ?? '';
    const places = [condition, ...CONFIGS.map((config) => condition.get(config))];
    return { field, values: places.flatMap((place) => place.get('Values').items()), isRegex: places.some((place) => place.get('RegexValues').exists) };
  });
}

const named = (conditions: readonly Condition[], field: string): Condition[] => conditions.filter((condition) => condition.field === field);
const textsOf = (condition: Condition): string[] => condition.values.map((value) => value.partialText().text.toLowerCase());

/** All conditions of a rule have to hold, and of each one value. */
function reachedParts(conditions: readonly Condition[]): AdminPart[] {
  const paths = named(conditions, PATH).filter(({ isRegex }) => !isRegex);
  return ADMIN_PARTS.filter((part) => paths.every(({ values }) => values.some((value) => reaches(value.text() ?? '', part))));
}

function coversPart(conditions: readonly Condition[], part: AdminPart): boolean {
  return named(conditions, PATH).every(({ values, isRegex }) => !isRegex && values.some((value) => covers(value.text() ?? '', part)));
}

/** Whether hosts and methods are at least as many as another rule's, as far as their spelling tells. */
function asWide(conditions: readonly Condition[], than: readonly Condition[]): boolean {
  if (conditions.some(({ field }) => field !== PATH && !COMPARED.includes(field))) return false;
  return COMPARED.every((field) => named(conditions, field).every((condition) => {
    if (condition.isRegex) return false;
    const taken = textsOf(condition);
    return taken.includes('*') || named(than, field).some((other) => !other.isRegex && textsOf(other).every((value) => taken.includes(value)));
  }));
}

/** The first forward, unless people log in before it. */
function openForward(resource: Resource): Property | undefined {
  const actions = actionsOf(resource);
  const index = actions.findIndex((action) => action.get('Type').text() === 'forward');
  const forward = actions[index];
  if (!forward) return undefined;
  return actions.slice(0, index).some((action) => logsPeopleIn(action) && inOrder(action, forward)) ? undefined : forward;
}

/** What a listener is known by: its resource, or its ARN where that is all there is. */
function listenerAt(rule: Resource): Resource | string {
  return listenerOf(rule) ?? rule.prop('ListenerArn').partialText().text;
}

/** Default actions come last. */
function priorityOf(resource: Resource): number {
  return resource.type === LISTENER ? Infinity : resource.prop('Priority').number() ?? NaN;
}

/** The other rules of a listener. */
function rulesBeside(resource: Resource, graph: TemplateGraph): Resource[] {
  const listener = resource.type === LISTENER ? resource : listenerAt(resource);
  return graph.ofType(LISTENER_RULE).filter((rule) => rule !== resource && listenerAt(rule) === listener);
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
  const sources = named(conditions, 'source-ip');
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
  if (named(conditions, PATH).some(({ isRegex }) => isRegex)) return undecidable(forward, 'forwards by a regular expression, so whether it takes requests for /admin is not known');
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
    return judge(resource, forward, graph);
  },
});

export const IDN_ADMIN_RULES = [adminPlane];
