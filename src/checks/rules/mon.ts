import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { portsOf } from './addresses';
import { containersOf, SERVICE, TASK_DEFINITION } from './containers';
import { eachGate } from './gate-configuration';
import { metricsPortsOf, taskOf } from './gate-targets';
import { LOAD_BALANCER } from './load-balancing';
import { ingressIs, OTHER_SOURCES } from './net';

const namespace = defineRule('MON-3', 'gate-metrics', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: 'Name a CloudWatch namespace in metrics.namespace; those that begin with AWS/ are the services\' own.',
  check: (task) => eachGate(task, (configuration) => {
    const place = configuration.get('metrics.namespace');
    const { text } = place.partialText();
    return expect(text.trim() !== '' && !text.startsWith('AWS/'), place, `the gate's figures go to ${text.trim() === '' ? 'no namespace' : text}, where no alarm finds them`);
  }),
});

/** Where Prometheus listens, and shows to whoever asks what it has gathered (CX-56). */
const PROMETHEUS = 9090;

/** The service's own words for what the load balancers reach: a port, or the name of one. */
function doorsAt(service: Resource, ports: readonly number[]): readonly Outcome[] {
  const task = taskOf(service);
  const mappings = (task ? containersOf(task) : []).flatMap((container) => container.get('PortMappings').items());
  const numbered = (name: Property): number | undefined => mappings.find((mapping) => mapping.get('Name').exists && mapping.get('Name').text() === name.text())?.get('ContainerPort').number();
  const isNone = (port: number | undefined, place: Property, what: string): readonly Outcome[] =>
    expect(port === undefined || !ports.includes(port), place, `${what} leads to port ${port ?? '?'}, where metrics are shown to whoever asks`);
  return [
    ...each(service.prop('LoadBalancers').items(), (entry) => isNone(entry.get('ContainerPort').number(), entry.get('ContainerPort'), 'a load balancer')),
    ...each(service.prop('VpcLatticeConfigurations').items(), (entry) => isNone(numbered(entry.get('PortName')), entry.get('PortName'), 'VPC Lattice')),
  ];
}

/** Somebody's addresses, or the load balancer, which passes on what callers send. */
function strangerIn(rule: Property, graph: TemplateGraph): string | undefined {
  const addresses = OTHER_SOURCES.map((key) => rule.get(key)).find((place) => place.exists);
  if (addresses) return addresses.partialText().text;
  const source = rule.get('SourceSecurityGroupId');
  if (!source.exists) return 'an unnamed source';
  const group = source.value instanceof Reference ? source.value.resource : undefined;
  return group && graph.pointingAt(group, LOAD_BALANCER, 'SecurityGroups').length > 0 ? 'the load balancer' : undefined;
}

function opensTo(service: Resource, port: number, graph: TemplateGraph): readonly Outcome[] {
  return each(service.prop('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups').items(), (place) => ingressIs(place, graph, (rule, group) => {
    const opened = portsOf(rule);
    if (!opened || port < opened.from || port > opened.to) return PASS;
    const stranger = strangerIn(rule.at, graph);
    return stranger === undefined ? PASS : fail(place, `${group.logicalId} opens port ${port}, where a gate shows what it measures, to ${stranger}`);
  }));
}

const privateMetrics = defineRule('MON-3', 'private-metrics', {
  appliesTo: [SERVICE],
  extent: `the port of a gate's metrics, and port ${PROMETHEUS} behind load balancers`,
  remediation: 'Keep the port out of every target group, and let the security group of whoever gathers metrics reach it, and nobody else.',
  check(service, graph) {
    const ports = metricsPortsOf(service);
    const outcomes = [...doorsAt(service, [...ports, PROMETHEUS]), ...each(ports, (port) => opensTo(service, port, graph))];
    return outcomes.length === 0 ? NOT_APPLICABLE : outcomes;
  },
});

export const MON_RULES = [namespace, privateMetrics];
