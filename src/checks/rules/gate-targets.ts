import { guarded, NOT_APPLICABLE, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { type IngressRule, portsOf } from './addresses';
import { SERVICE, TASK_DEFINITION } from './containers';
import { type GateContainer, gatesOf } from './gate-configuration';
import { TARGET_GROUP, targetGroupsOf } from './load-balancing';
import { looseIn } from './pointers';

/** What else can put targets into a target group, and where it names the group. */
const OTHER_REGISTRARS: readonly (readonly [type: string, property: string])[] = [['AWS::ECS::TaskSet', 'LoadBalancers'], ['AWS::AutoScaling::AutoScalingGroup', 'TargetGroupARNs']];

/** Whether something is known to hold: what only a deployment knows does not count. */
export function isSure(holds: () => boolean): boolean {
  return guarded(() => (holds() ? PASS : NOT_APPLICABLE)).some(({ kind }) => kind === 'pass');
}

/** The task definition of a service, if it is in one of the templates. */
export function taskOf(service: Resource): Resource | undefined {
  const { value } = service.prop('TaskDefinition');
  return value instanceof Reference && value.resource.type === TASK_DEFINITION ? value.resource : undefined;
}

/** The ports at which the gates of a service show what they measure; none in most. */
export function metricsPortsOf(service: Resource): readonly number[] {
  const task = taskOf(service);
  return (task ? gatesOf(task) : []).flatMap(({ configuration }) => configuration.get('metrics.port').number() ?? []);
}

/** Whether a rule of a service's security group opens such a port and nothing besides. */
export function isForMetrics(rule: IngressRule, service: Resource): boolean {
  return isSure(() => {
    const opened = portsOf(rule);
    return metricsPortsOf(service).some((port) => opened?.from === port && opened.to === port);
  });
}

/** The entries by which a service registers itself in a target group. */
function registrations(service: Resource, group: Resource): Property[] {
  return service.prop('LoadBalancers').items().filter((entry) => {
    const { value } = entry.get('TargetGroupArn');
    return value instanceof Reference && value.resource === group;
  });
}

/** The gate that a registration names, at the port on which it listens. */
function gateAt(registration: Property, service: Resource): GateContainer | undefined {
  const task = taskOf(service);
  return (task ? gatesOf(task) : []).find(({ container, configuration }) =>
    container.get('Name').text() === registration.get('ContainerName').text() && configuration.get('port').number() === registration.get('ContainerPort').number());
}

/** The gates in a target group; undefined where anything else is in it, or may be. */
function gatesIn(group: Resource, graph: TemplateGraph): readonly GateContainer[] | undefined {
  const others = OTHER_REGISTRARS.flatMap(([type, property]) => [...graph.pointingAt(group, type, property), ...looseIn(graph, type, property)]);
  if (others.length > 0 || looseIn(graph, SERVICE, 'LoadBalancers').length > 0 || group.prop('Targets').items().length > 0) return undefined;
  const found = graph.pointingAt(group, SERVICE, 'LoadBalancers').flatMap((service) => registrations(service, group).map((entry) => gateAt(entry, service)));
  const gates = found.filter((gate) => gate !== undefined);
  return gates.length > 0 && gates.length === found.length ? gates : undefined;
}

/** The gates that a forward leads to by TLS, if it leads nowhere else. */
export function gatesBehind(forward: Property, graph: TemplateGraph): readonly GateContainer[] | undefined {
  const found = targetGroupsOf(forward).map(({ value }) => {
    const group = value instanceof Reference ? value.resource : undefined;
    if (group?.type !== TARGET_GROUP || group.prop('Protocol').text() !== 'HTTPS' || group.prop('TargetType').text() !== 'ip') return undefined;
    return gatesIn(group, graph);
  });
  const gates = found.flatMap((some) => some ?? []);
  return gates.length > 0 && !found.includes(undefined) ? gates : undefined;
}
