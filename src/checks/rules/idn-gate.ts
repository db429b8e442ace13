import { isWorldOpen } from '../../network/cidr';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isBoundedBlock } from './blocks';
import type { GateContainer } from './gate-configuration';
import { gatesBehind, isSure } from './gate-targets';
import { LISTENER_RULE, listenerOf } from './load-balancing';
import { ingressIs, sourceIsBounded } from './net';
import { type Condition, conditionsOf, METHOD_CONDITION, named, PATH_CONDITION, SOURCE_CONDITION } from './rule-conditions';

/** The one value of the one condition about a field. */
export function onlyValue(conditions: readonly Condition[], field: string): string | undefined {
  const [condition, ...others] = named(conditions, field);
  const [value, ...more] = condition?.values ?? [];
  return condition?.isRegex === false && others.length === 0 && more.length === 0 ? value?.text() : undefined;
}

/** Stars and question marks stand for other characters (ELB guide, "Path conditions"). */
const isExact = (path: string): boolean => path.startsWith('/') && !/[*?]/.test(path);

export function pathsAreExact(conditions: readonly Condition[]): boolean {
  const paths = named(conditions, PATH_CONDITION);
  return paths.length > 0 && paths.every(({ isRegex, values }) => !isRegex && values.length > 0 && values.every((value) => isExact(value.text() ?? '')));
}

/** Browsers ask without a credential whether they may ask (C-40); the gate answers, and nobody else. */
function isPreflight(conditions: readonly Condition[], { configuration }: GateContainer): boolean {
  return onlyValue(conditions, METHOD_CONDITION) === 'OPTIONS' && configuration.get('cors').exists;
}

/** Health is the other question that strangers may ask (C-40), under one name. */
function isPublicHealth(conditions: readonly Condition[], { configuration }: GateContainer): boolean {
  const path = onlyValue(conditions, PATH_CONDITION) ?? '';
  return onlyValue(conditions, METHOD_CONDITION) === 'GET' && isExact(path)
    && path === configuration.get('core.healthCheckPath').text() && configuration.get('core.publicHealth').flag() === true;
}

/** The only algorithm whose signatures a load balancer verifies (ELB guide, "Verify JWTs"). */
const EDGE_ALGORITHM = 'RS256';

/** Whether the load balancer could ask every caller for what the gate asks: it takes tokens of one issuer, and nothing instead of them. */
function edgeCouldAsk(configuration: Property, ways: readonly (readonly string[])[]): boolean {
  const [token, ...others] = configuration.get('identity.tokens').items();
  return token !== undefined && others.length === 0 && ways.every((way) => way.includes('token'))
    && token.get('algorithms').items().every((algorithm) => algorithm.text() === EDGE_ALGORITHM);
}

/** Whether whoever the gate lets in has shown a token or a key to the gate itself: what it is told about certificates, a load balancer must have verified. */
function demandsProof(configuration: Property): boolean {
  const ways = configuration.get('identity.accept').items().map((way) => way.items().map((proof) => proof.text() ?? ''));
  const verifies: Readonly<Record<string, boolean>> = {
    token: configuration.get('identity.tokens').items().length > 0,
    key: configuration.get('identity.key').exists,
  };
  return configuration.get('profile').text() === 'remote' && ways.length > 0 && ways.every((way) => way.some((proof) => verifies[proof] === true)) && !edgeCouldAsk(configuration, ways);
}

const isBounded = (block: Property): boolean => isBoundedBlock(block) || isWorldOpen(block.text() ?? '') === false;

/** Whether those who reach the rule are less than the internet: by its own condition, or by the doors of the load balancer. */
export function isRestricted(rule: Resource, conditions: readonly Condition[], graph: TemplateGraph): boolean {
  if (named(conditions, SOURCE_CONDITION).some(({ values }) => values.length > 0 && values.every(isBounded))) return true;
  const doors = listenerOf(rule)?.prop('LoadBalancerArn').reference()?.resource.prop('SecurityGroups').items() ?? [];
  return doors.length > 0 && doors.every((door) => ingressIs(door, graph, sourceIsBounded).every(({ kind }) => kind === 'pass'));
}

function holds(rule: Resource, forward: Property, graph: TemplateGraph, exception: (conditions: readonly Condition[], gate: GateContainer) => boolean): boolean {
  return rule.type === LISTENER_RULE && isSure(() => {
    const gates = gatesBehind(forward, graph);
    const conditions = conditionsOf(rule);
    return gates !== undefined && rule.prop('Transforms').items().length === 0 && gates.every((gate) => exception(conditions, gate));
  });
}

/** Whether a rule forwards nothing but what a gate answers by itself, so that no Core sees it. */
export function isAnsweredByGate(rule: Resource, forward: Property, graph: TemplateGraph): boolean {
  return holds(rule, forward, graph, (conditions, gate) => isPreflight(conditions, gate) || isPublicHealth(conditions, gate));
}

/** Whether a gate asks for what the load balancer cannot verify: on exact paths, from callers who are less than everybody (design 5b). */
export function isGateOnly(rule: Resource, forward: Property, graph: TemplateGraph): boolean {
  return holds(rule, forward, graph, (conditions, { configuration }) => pathsAreExact(conditions) && demandsProof(configuration) && isRestricted(rule, conditions, graph));
}
