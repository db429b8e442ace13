import type { Property } from '../../checks/template/property';
import type { Resource } from '../../checks/template/resource';
import type { TemplateGraph } from '../../checks/template/template-graph';
import { Reference } from '../../checks/template/value';
import { CONFIGURATION_VARIABLE } from '../../gate/contract';
import type { ActionModel, EdgeModel, ListenerModel, Place, RuleModel, TargetModel } from '../edge/model';
import { pointerNamed } from '../emulator/references';
import { placeOf } from '../place';
import { beside } from '../beside';
import { aclUsersOf, cachesIn } from '../services/redis-acl';
import { configurationOf, type GateModel, type SecretModel, type StoreUser, type TargetGroupModel } from './model';

const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';

/** Containers that are configured as a gate, and the target groups whose targets they are. */
export function gatesOf(graph: TemplateGraph): GateModel[] {
  return graph.ofType(TASK_DEFINITION).flatMap((task) => (
    task.evaluateAll().get('ContainerDefinitions').items().flatMap((container): GateModel[] => {
      const environment = environmentOf(container);
      if (environment[CONFIGURATION_VARIABLE] === undefined) return [];
      const name = textOf(container.get('Name'));
      return [{
        place: placeOf(task),
        container: name,
        image: textOf(container.get('Image')),
        command: container.get('Command').items().map(textOf),
        environment,
        secrets: secretsOf(container),
        targetGroups: targetGroupsOf(graph, task, name, configurationOf({ environment, place: placeOf(task) }).metrics.port),
        storeUsers: storeUsersOf(graph, { place: placeOf(task), environment }),
      }];
    })
  ));
}

function environmentOf(container: Property): Record<string, string> {
  return Object.fromEntries(container.get('Environment').items().map((entry) => [textOf(entry.get('Name')), textOf(entry.get('Value'))]));
}

function secretsOf(container: Property): SecretModel[] {
  return container.get('Secrets').items().map((entry) => ({ variable: textOf(entry.get('Name')), from: textOf(entry.get('ValueFrom')) }));
}

/** Whom the store lets in that the gate's configuration names. Where it names no resource, as with an address, whom any store does: two of them may have a user of one name. */
function storeUsersOf(graph: TemplateGraph, gate: Pick<GateModel, 'environment' | 'place'>): StoreUser[] {
  const { rate } = configurationOf(gate);
  const [, name] = /^\$\{([^}]+)\}$/.exec(rate?.redis.host ?? '') ?? [];
  const named = name === undefined ? [] : cachesIn(graph).filter(({ logicalId }) => logicalId === pointerNamed(name).logicalId);
  const caches = [beside(named, gate.place.stack), cachesIn(graph)].find((some) => some.length > 0);
  return aclUsersOf(graph, caches).map(({ userName, accessString, keyPrefixes }) => ({ userName, accessString, keyPrefixes }));
}

/** Services register the container and the port that they name (AWS::ECS::Service LoadBalancer). */
function targetGroupsOf(graph: TemplateGraph, task: Resource, container: string, metricsPort?: number): TargetGroupModel[] {
  const services = graph.ofType(SERVICE).filter((service) => pointsAt(service.evaluateAll().get('TaskDefinition'), task));
  return services.flatMap((service) => service.evaluateAll().get('LoadBalancers').items()).flatMap((target) => {
    const { value } = target.get('TargetGroupArn');
    if (!(value instanceof Reference) || textOf(target.get('ContainerName')) !== container) return [];
    const isMetrics = metricsPort !== undefined && textOf(target.get('ContainerPort')) === String(metricsPort);
    return [{ ...placeOf(value.resource), ...(isMetrics && { port: 'metrics' as const }) }];
  });
}

function pointsAt({ value }: Property, resource: Resource): boolean {
  return value instanceof Reference && value.resource.logicalId === resource.logicalId && value.resource.template.name === resource.template.name;
}

function textOf(property: Property): string {
  return property.partialText().text;
}

/** The listeners with what stands behind their target groups. */
export function withGates(listeners: readonly ListenerModel[], gates: readonly GateModel[]): ListenerModel[] {
  const behind = (target: TargetModel): TargetModel => {
    const gate = gates.find(({ targetGroups }) => targetGroups.some((each) => samePlace(each, target.targetGroup)));
    const port = gate?.targetGroups.find((each) => samePlace(each, target.targetGroup))?.port;
    return { ...target, ...(gate && { gate }), ...(port && { port }) };
  };
  const toGate = (action: ActionModel): ActionModel => (action.kind === 'forward' ? { ...action, targets: action.targets.map(behind) } : action);
  return listeners.map((listener) => ({ ...listener, rules: listener.rules.map((rule): RuleModel => markedAnswered({ ...rule, actions: rule.actions.map(toGate) })) }));
}

/** Rules that lead to a gate which answers by itself: preflights where it knows origins, and the health check where strangers may ask (the typed exceptions of IDN-1). */
function markedAnswered(rule: RuleModel): RuleModel {
  const gate = gateOf(rule);
  if (gate === undefined || rule.actions.length > 1) return rule;
  const { core, cors } = configurationOf(gate);
  const asks = (kind: 'method' | 'path'): readonly string[] => rule.conditions.flatMap((condition) => (condition.kind === kind ? condition.values : []));
  const [methods, paths] = [asks('method'), asks('path')];
  if (cors !== undefined && methods.length > 0 && methods.every((method) => method === 'OPTIONS')) return { ...rule, answeredByGate: 'preflight' };
  const onlyGet = methods.length > 0 && methods.every((method) => method === 'GET');
  const isHealth = core.publicHealth && onlyGet && paths.length > 0 && paths.every((path) => path === core.healthCheckPath);
  return isHealth ? { ...rule, answeredByGate: 'health' } : rule;
}

export function samePlace(one: Place, other: Place): boolean {
  return one.stack === other.stack && one.logicalId === other.logicalId;
}

/** Whether some rule may lead to a gate, beside others or alone. */
export function isReached({ listeners }: EdgeModel, { place }: GateModel): boolean {
  const targets = listeners.flatMap(({ rules }) => rules).flatMap(({ actions }) => actions).flatMap((action) => (action.kind === 'forward' ? action.targets : []));
  return targets.some(({ gate }) => gate !== undefined && samePlace(gate.place, place));
}

/** The gate that a rule leads to; undefined where it leads elsewhere, or not to one alone. */
export function gateOf({ actions }: RuleModel): GateModel | undefined {
  const targets = actions.flatMap((action) => (action.kind === 'forward' ? action.targets : []));
  const [first] = targets;
  return first?.gate !== undefined && targets.every(({ gate }) => gate !== undefined && samePlace(gate.place, first.gate?.place ?? gate.place)) ? first.gate : undefined;
}
