import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { type IngressRule, portsOf } from './addresses';
import { containersOf, nameOf, SERVICE, TASK_DEFINITION } from './containers';
import { type GateContainer, gatesOf } from './gate-configuration';
import { metricsPortsOf, taskOf } from './gate-targets';
import { ingressIs, OTHER_SOURCES, SECURITY_GROUP, STANDALONE_INGRESS } from './net';

const isGate = (container: Property, gates: readonly GateContainer[]): boolean => gates.some((gate) => gate.container.path === container.path);

const onLoopback = defineRule('NET-6', 'core-on-loopback', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks with a gate',
  remediation: 'Set NetworkMode awsvpc and leave PortMappings to the gate: containers of a task reach each other on loopback without.',
  check(task) {
    const gates = gatesOf(task);
    if (gates.length === 0) return NOT_APPLICABLE;
    return [
      ...each([task.prop('NetworkMode')], (place) => expect(place.text() === 'awsvpc', place, 'shares no loopback between the gate and what it protects, which is then reached over the network')),
      ...each(containersOf(task).filter((container) => !isGate(container, gates)), (container) => {
        const place = container.get('PortMappings');
        return expect(place.items().length === 0, place, `${nameOf(container)} has a port of its own beside the gate`);
      }),
    ];
  },
});

/** The service's own words for a door, each with what names the container or the port behind it. */
function doorsOf(service: Resource, gates: readonly GateContainer[]): readonly Outcome[] {
  const names = gates.map(({ container }) => container.get('Name').text());
  const portNames = gates.flatMap(({ container }) => container.get('PortMappings').items().map((mapping) => mapping.get('Name').text()));
  const leadsToGate = (place: Property, known: readonly (string | undefined)[], what: string): readonly Outcome[] =>
    expect(known.includes(place.text()), place, `${what} leads past the gate, to ${place.text() ?? 'something without a name'}`);
  return [
    ...each(service.prop('LoadBalancers').items(), (entry) => leadsToGate(entry.get('ContainerName'), names, 'a load balancer')),
    // A registry without a container names the task's address, behind which nothing but the gate listens.
    ...each(service.prop('ServiceRegistries').items(), (entry) => (entry.get('ContainerName').exists ? leadsToGate(entry.get('ContainerName'), names, 'a name') : PASS)),
    ...each(service.prop('ServiceConnectConfiguration').get('Services').items(), (entry) => leadsToGate(entry.get('PortName'), portNames, 'Service Connect')),
    ...each(service.prop('VpcLatticeConfigurations').items(), (entry) => leadsToGate(entry.get('PortName'), portNames, 'VPC Lattice')),
  ];
}

const gateIsTheDoor = defineRule('NET-6', 'gate-is-the-door', {
  appliesTo: [SERVICE],
  extent: 'services with a gate',
  remediation: 'Let every load balancer, registry and Service Connect name of the service lead to the gate\'s container.',
  check(service) {
    const task = taskOf(service);
    const gates = task ? gatesOf(task) : [];
    return gates.length === 0 ? NOT_APPLICABLE : doorsOf(service, gates);
  },
});

interface Ports {
  readonly from: number;
  readonly to: number;
}

/** A service's security groups, none of which opens anything but these ports. */
function opensOnly(service: Resource, graph: TemplateGraph, ports: readonly Ports[], what: string): readonly Outcome[] {
  return each(service.prop('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups').items(), (place) => ingressIs(place, graph, (rule, group) => {
    const opened = portsOf(rule);
    if (!opened || ports.some(({ from, to }) => opened.from >= from && opened.to <= to)) return PASS;
    return fail(place, `${group.logicalId} opens ${opened.from === opened.to ? `port ${opened.from}` : `ports ${opened.from} to ${opened.to}`}, ${what}`);
  }));
}

const onlyGatePort = defineRule('NET-6', 'only-gate-port', {
  appliesTo: [SERVICE],
  extent: 'services with a gate',
  remediation: 'Let the service\'s security group take traffic at the gate\'s port alone, and at the one for its metrics.',
  check(service, graph) {
    const task = taskOf(service);
    const gates = task ? gatesOf(task) : [];
    if (gates.length === 0) return NOT_APPLICABLE;
    const ports = [...gates.map(({ configuration }) => configuration.get('port').number() ?? NaN), ...metricsPortsOf(service)];
    return opensOnly(service, graph, ports.map((port) => ({ from: port, to: port })), 'past the gate');
  },
});

/** One port, or a range such as 8000-8010. */
function mappedPorts(mapping: Property): Ports {
  const [from = NaN, to = from] = (mapping.get('ContainerPort').text() ?? mapping.get('ContainerPortRange').text() ?? '').split('-').map(Number);
  return { from, to };
}

const mappedPort = defineRule('NET-6', 'only-mapped-ports', {
  appliesTo: [SERVICE],
  extent: 'services without a gate whose containers map ports',
  remediation: 'Let the service\'s security group take traffic at the ports that PortMappings names, one by one: the rest of what a container listens at is its own.',
  check(service, graph) {
    const task = taskOf(service);
    if (!task || gatesOf(task).length > 0) return NOT_APPLICABLE;
    const ports = containersOf(task).flatMap((container) => container.get('PortMappings').items()).map(mappedPorts);
    return ports.length === 0 ? NOT_APPLICABLE : opensOnly(service, graph, ports, 'where no container says that it listens');
  },
});

/** Where apps of the checklist, and servers of models, listen without asking who calls: Cortex's UI and gateway (CX-52, CX-53), Ollama. */
const INTERNAL_PORTS = [3001, 8084, 11_434];

function reachesInternal(rule: IngressRule): readonly Outcome[] {
  const opened = portsOf(rule);
  const source = OTHER_SOURCES.map((key) => rule.at.get(key)).find((place) => place.exists);
  const port = INTERNAL_PORTS.find((internal) => opened !== undefined && internal >= opened.from && internal <= opened.to);
  return port === undefined || !source ? PASS : fail(rule.at, `opens port ${port} to ${source.partialText().text}: what listens there asks nobody who he is, and is for a gate's security group alone`);
}

const internalPorts = defineRule('NET-6', 'internal-ports', {
  appliesTo: [SECURITY_GROUP, STANDALONE_INGRESS],
  extent: `ports ${INTERNAL_PORTS.join(', ')}`,
  remediation: 'Name the security group that the port is for as the source, instead of addresses.',
  check(resource) {
    if (resource.type === STANDALONE_INGRESS) return reachesInternal({ at: resource.whole });
    const inline = resource.prop('SecurityGroupIngress').items();
    return inline.length === 0 ? PASS : each(inline, (at) => reachesInternal({ at }));
  },
});

export const NET_GATE_RULES = [onLoopback, gateIsTheDoor, onlyGatePort, mappedPort, internalPorts];
