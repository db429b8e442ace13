import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { CONFIGURATION_VARIABLE, type AccessCondition, type GateConfiguration } from '../../gate/contract';
import { textAltered } from '../altered';
import type { Saboteur } from '../attack';
import { changed, listAltered, resourcesOf, saboteur } from '../saboteurs';

const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';

/** Alters the configuration of every gate; undefined leaves it as it is. */
export function gateSaboteur(name: string, alter: (configuration: GateConfiguration) => GateConfiguration | undefined): Saboteur {
  return environmentSaboteur(name, (environment) => changed(environment, (entry) => {
    const after = entry.Name === CONFIGURATION_VARIABLE ? textAltered(entry.Value ?? '', alter) : undefined;
    return after === undefined ? undefined : { ...entry, Value: after };
  }));
}

/** Gives every gate's container a variable that it has not. */
export function variableSaboteur(variable: string, value: string): Saboteur {
  return environmentSaboteur(`${variable}=${value} in the gate's environment`, (environment) => [...environment, { Name: variable, Value: value }]);
}

function environmentSaboteur(name: string, alter: ListAlteration): Saboteur {
  return listSaboteur(name, 'Environment', alter);
}

/** Alters the secrets of every gate's container. */
export function secretsSaboteur(name: string, alter: ListAlteration): Saboteur {
  return listSaboteur(name, 'Secrets', alter);
}

type ListAlteration = (items: readonly JsonMap[]) => readonly JsonMap[] | undefined;

function listSaboteur(name: string, key: 'Environment' | 'Secrets', alter: ListAlteration): Saboteur {
  return saboteur(name, [TASK_DEFINITION], (properties) => listAltered(properties, 'ContainerDefinitions', (containers) => (
    changed(containers, (container) => (isGate(container) ? listAltered(container, key, alter) : undefined))
  )));
}

function isGate({ Environment }: JsonMap): boolean {
  return Array.isArray(Environment) && (Environment as readonly Json[]).some((entry) => isJsonMap(entry) && entry.Name === CONFIGURATION_VARIABLE);
}

/**
 * Has services register the Core in the place of its gate: what is left is the load balancer and a Core that listens to everybody. What a gate does
 * whatever its configuration says, no template can take away but with the gate itself.
 */
export const GATE_BYPASSED = saboteur('target group points past the gate, at the Core', [SERVICE], (properties, template) => {
  const containers = containersIn(template);
  const gates = new Set(containers.filter(isGate).map(({ Name }) => Name));
  const core = containers.find((container) => !gates.has(container.Name))?.Name ?? 'Core';
  return listAltered(properties, 'LoadBalancers', (targets) => changed(targets, (target) => (gates.has(target.ContainerName) ? { ...target, ContainerName: core } : undefined)));
});

function containersIn(template: JsonMap): JsonMap[] {
  const definitions = Object.values(resourcesOf(template)).filter(isJsonMap).filter(({ Type }) => Type === TASK_DEFINITION);
  const tasks = definitions.map(({ Properties }) => (isJsonMap(Properties) ? Properties.ContainerDefinitions : []));
  return tasks.flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]).filter(isJsonMap) : []));
}

/** Has services register the port on which gates tell of themselves, in the place of the one for callers. */
export const METRICS_TARGETED = saboteur('target group points at the metrics port', [SERVICE], (properties, template) => {
  const ports = new Map(containersIn(template).filter(isGate).map((container) => [container.Name, metricsPortOf(container)]));
  return listAltered(properties, 'LoadBalancers', (targets) => changed(targets, (target) => {
    const port = ports.get(target.ContainerName);
    return port === undefined || port === target.ContainerPort ? undefined : { ...target, ContainerPort: port };
  }));
});

function metricsPortOf({ Environment }: JsonMap): number | undefined {
  const found: number[] = [];
  for (const entry of Array.isArray(Environment) ? (Environment as readonly Json[]).filter(isJsonMap) : []) {
    if (entry.Name === CONFIGURATION_VARIABLE) {
      textAltered<GateConfiguration>(entry.Value ?? '', ({ metrics }) => {
        if (metrics.port !== undefined) found.push(metrics.port);
        return undefined;
      });
    }
  }
  return found[0];
}

/** Every route, for whoever has proven anything. */
export const SCOPES_DROPPED = gateSaboteur('every route is content with anybody who is authenticated', (configuration) => {
  const { routes } = configuration.policy;
  if (routes.every(({ access }) => access.kind === 'authenticated')) return undefined;
  return { ...configuration, policy: { ...configuration.policy, routes: routes.map((route) => ({ ...route, access: { kind: 'authenticated' } })) } };
});

export const POLICY_TAKES_ALL = gateSaboteur('policy takes every path and method', (configuration) => (
  configuration.policy.routes.some(({ path, subtree, method }) => path === '/' && subtree && method === 'ANY') ? undefined
    : { ...configuration, policy: { ...configuration.policy, routes: [{ method: 'ANY', path: '/', subtree: true, access: { kind: 'authenticated' }, tier: 'light', streams: false }] } }
));

/** Every role, every scope. */
export const ROLES_WIDENED = gateSaboteur('every role stands for every scope', (configuration) => {
  const { routes, roles } = configuration.policy;
  const scopes = [...new Set(routes.flatMap(({ access }) => scopesIn(access)))];
  if (Object.keys(roles).length === 0 || Object.values(roles).every((granted) => scopes.every((scope) => granted.includes(scope)))) return undefined;
  return { ...configuration, policy: { routes, roles: Object.fromEntries(Object.keys(roles).map((role) => [role, scopes])) } };
});

function scopesIn(condition: AccessCondition): string[] {
  if (condition.kind === 'scope') return [condition.scope];
  return condition.kind === 'all' || condition.kind === 'any' ? condition.of.flatMap(scopesIn) : [];
}
