import { isWorldOpen } from '../../network/cidr';
import { all, defineRule, each, expect, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { type IngressRule, portsOf } from './addresses';
import { entriesOf, isBoundedBlock } from './blocks';
import { SERVICE } from './containers';
import { isForMetrics } from './gate-targets';
import { actionsOf, CLASSIC_LOAD_BALANCER, isApplicationLoadBalancer, LISTENER, LISTENER_RULE, listenerOf, listenersOf, LOAD_BALANCER, protocolOf, rulesOf, verifiesClients } from './load-balancing';
import { storeSubnets } from './net-stores';
import { SUBNET_RULES } from './net-subnets';
import { looseIn, oncePerGraph } from './pointers';

export const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
export const STANDALONE_INGRESS = 'AWS::EC2::SecurityGroupIngress';

export function ingressOf(group: Resource, graph: TemplateGraph): IngressRule[] {
  const inline = group.prop('SecurityGroupIngress').items();
  const standalone = graph.pointingAt(group, STANDALONE_INGRESS, 'GroupId').map((rule) => rule.whole);
  return [...inline, ...standalone].map((at) => ({ at }));
}

const looseIngress = oncePerGraph((graph) => looseIn(graph, STANDALONE_INGRESS, 'GroupId'));

type JudgeIngress = (rule: IngressRule, group: Resource) => readonly Outcome[];

/** What a security group lets in. Rules that may turn out to be the group's count where they are wrong and the group's own are not. */
export function ingressIs(place: Property, graph: TemplateGraph, check: JudgeIngress): readonly Outcome[] {
  const group = place.reference()?.resource;
  if (group?.type !== SECURITY_GROUP) return undecidable(place, 'is a security group that is in none of the templates');
  const outcomes = each(ingressOf(group, graph), (rule) => check(rule, group));
  if (outcomes.some(({ kind }) => kind !== 'pass')) return outcomes;
  const loose = looseIngress(graph).find((rule) => guarded(() => check({ at: rule.whole }, group)).some(({ kind }) => kind !== 'pass'));
  if (loose) return undecidable(place, `${loose.logicalId}, whose GroupId is known only when deployed, may let more into ${group.logicalId}`);
  return PASS;
}

function cidrIsBounded(cidr: Property): readonly Outcome[] {
  if (isBoundedBlock(cidr)) return PASS;
  const text = cidr.text();
  if (text === undefined) return PASS;
  const open = isWorldOpen(text);
  if (open === undefined) return undecidable(cidr, `"${text}" is no CIDR block`);
  return expect(!open, cidr, `lets in ${text}, which is (most of) the internet`);
}

/** A prefix list of the templates is as wide as its entries. */
function listIsBounded(place: Property): readonly Outcome[] {
  const outcomes = each(entriesOf(place), cidrIsBounded);
  const list = place.value instanceof Reference ? place.value.resource.logicalId : '';
  return outcomes.map((outcome) => (outcome.kind === 'pass' ? outcome : { ...outcome, path: place.path, message: `prefix list ${list} ${outcome.message}` }));
}

/** Whether a rule keeps (most of) the internet out. */
export function sourceIsBounded({ at }: IngressRule): readonly Outcome[] {
  return all(
    ...['CidrIp', 'CidrIpv6'].map((key) => () => cidrIsBounded(at.get(key))),
    () => listIsBounded(at.get('SourcePrefixListId')),
  );
}

const boundedSources = defineRule('NET-2', 'bounded-sources', {
  appliesTo: [SECURITY_GROUP, STANDALONE_INGRESS],
  remediation: 'Name the callers: a source security group, a prefix list, or the CIDR block of their network. In CDK, addListener({ open: false }).',
  check(resource) {
    if (resource.type === STANDALONE_INGRESS) return sourceIsBounded({ at: resource.whole });
    const inline = resource.prop('SecurityGroupIngress').items();
    return inline.length === 0 ? PASS : each(inline, (at) => sourceIsBounded({ at }));
  },
});

/** What a security group is known by: its resource, or its id where that is written out. */
export function groupAt(place: Property): Resource | string {
  return place.reference()?.resource ?? place.text() ?? '';
}

export const OTHER_SOURCES = ['CidrIp', 'CidrIpv6', 'SourcePrefixListId', 'SourceSecurityGroupName'];

/** The load balancers whose listeners or rules forward to a target group; undefined for one that is in none of the templates. */
function loadBalancersOf(targetGroup: Resource, graph: TemplateGraph): (Resource | undefined)[] {
  const listeners = [
    ...graph.pointingAt(targetGroup, LISTENER, 'DefaultActions'),
    ...graph.pointingAt(targetGroup, LISTENER_RULE, 'Actions').map(listenerOf),
  ];
  return listeners.map((listener) => listener?.prop('LoadBalancerArn').reference()?.resource);
}

/** The security groups of all load balancers in front of a service; undefined for those of one that is in none of the templates. */
function callersOf(service: Resource, graph: TemplateGraph): readonly (Resource | string | undefined)[] {
  const targetGroups = service.prop('LoadBalancers').items().map((entry) => entry.get('TargetGroupArn').reference()?.resource);
  const balancers = targetGroups.flatMap((group) => {
    const found = group ? loadBalancersOf(group, graph) : [];
    return found.length > 0 ? found : [undefined];
  });
  return balancers.flatMap((balancer) => (balancer ? balancer.prop('SecurityGroups').items().map(groupAt) : [undefined]));
}

/** Traffic that names no group cannot come from the load balancer's, so it is judged before anybody asks which one that is. */
function comesThroughLoadBalancer(rule: IngressRule, group: Resource, service: Resource, place: Property, graph: TemplateGraph): readonly Outcome[] {
  const source = rule.at.get('SourceSecurityGroupId');
  const other = OTHER_SOURCES.map((key) => rule.at.get(key)).find((at) => at.exists);
  if (other || !source.exists) {
    return fail(place, `${group.logicalId} takes traffic that does not come through the load balancer: from ${other?.partialText().text ?? 'an unnamed source'}`);
  }
  const classic = service.prop('LoadBalancers').items().map((entry) => entry.get('LoadBalancerName')).find((at) => at.exists);
  if (classic) return undecidable(classic, 'names a classic load balancer, whose security groups are not followed, so who may call is not known');
  const allowed = callersOf(service, graph);
  // Whoever may see what a gate measures comes past the load balancer, and another rule says who that is (MON-3).
  if (allowed.includes(groupAt(source)) || isForMetrics(rule, service)) return PASS;
  if (allowed.includes(undefined)) return undecidable(service.prop('LoadBalancers'), 'names a target group whose load balancer is in none of the templates, so who may call is not known');
  return fail(place, `${group.logicalId} takes traffic from ${source.partialText().text}, which is not the load balancer's security group`);
}

const onlyFromLoadBalancer = defineRule('NET-2', 'service-behind-load-balancer', {
  appliesTo: [SERVICE],
  remediation: 'Let the service\'s security group take traffic from the load balancer\'s security group and from nothing else.',
  check(service, graph) {
    if (service.prop('LoadBalancers').items().length === 0) return NOT_APPLICABLE;
    const groups = service.prop('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups');
    if (groups.items().length === 0) return fail(groups, 'names no security group, so a group that the service does not own decides who reaches it');
    return each(groups.items(), (place) => ingressIs(place, graph, (rule, group) => comesThroughLoadBalancer(rule, group, service, place, graph)));
  },
});

/** Whether each listener of a port asks every connection for a client certificate: a door of its own beside one that asks for tokens. */
function verifiesClientsAt(port: number, loadBalancer: Resource, graph: TemplateGraph): boolean {
  const listeners = listenersOf(loadBalancer, graph).filter((listener) => listener.prop('Port').number() === port);
  return listeners.length > 0 && listeners.every((listener) => protocolOf(listener) === 'HTTPS' && verifiesClients(listener));
}

/** Whether everything the load balancer does on port 80 is to send callers to HTTPS. */
function redirectsPort80(loadBalancer: Resource, graph: TemplateGraph): boolean {
  const plain = listenersOf(loadBalancer, graph).filter((listener) => protocolOf(listener) === 'HTTP');
  const answers = plain.flatMap((listener) => [listener, ...rulesOf(listener, graph)]).flatMap(actionsOf);
  return plain.length > 0 && answers.every((action) => action.get('Type').text() === 'redirect');
}

const onlyHttpsPort = defineRule('NET-3', 'only-443', {
  appliesTo: [LOAD_BALANCER],
  remediation: 'Open port 443 only; port 80 only where its listener does nothing but redirect; another one only where its listener verifies client certificates.',
  check(loadBalancer, graph) {
    if (!isApplicationLoadBalancer(loadBalancer)) return NOT_APPLICABLE;
    const places = loadBalancer.prop('SecurityGroups');
    if (places.items().length === 0) return fail(places, 'names no security group, so the VPC\'s default group decides which ports are open');
    return each(places.items(), (place) => ingressIs(place, graph, (rule, group) => {
      const ports = portsOf(rule);
      if (!ports) return PASS;
      const { from, to } = ports;
      if (from === 443 && to === 443) return PASS;
      if (from === to && verifiesClientsAt(from, loadBalancer, graph)) return PASS;
      if (from === 80 && to === 80 && redirectsPort80(loadBalancer, graph)) return PASS;
      return fail(place, `${group.logicalId} opens ${from === to ? `port ${from}` : `ports ${from} to ${to}`}`);
    }));
  },
});

const internal = defineRule('NET-7', 'internal', {
  appliesTo: [LOAD_BALANCER, CLASSIC_LOAD_BALANCER],
  remediation: 'Set Scheme to internal. Where callers come over the internet, acknowledge it with who they are.',
  check(loadBalancer) {
    if (loadBalancer.prop('Type').text() === 'gateway') return NOT_APPLICABLE;
    const scheme = loadBalancer.prop('Scheme');
    return expect(scheme.text() === 'internal', scheme, `is ${scheme.text() ?? 'not set, and internet-facing by default'}, so the load balancer has public addresses`);
  },
});

export const NET_RULES = [...SUBNET_RULES, storeSubnets, boundedSources, onlyFromLoadBalancer, onlyHttpsPort, internal];
