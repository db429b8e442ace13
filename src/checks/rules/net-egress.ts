import { all, defineRule, each, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { portsOf } from './addresses';
import { entriesOf, isBoundedBlock, isWideDestination } from './blocks';
import { actionsOf, isApplicationLoadBalancer, listenersOf, LOAD_BALANCER, rulesOf } from './load-balancing';
import { RESTRICTION } from './net-endpoints';
import { wayOutOf, workloadRoute } from './net-routes';
import { TASK_NETWORKS, eachTaskNetwork } from './net-subnets';
import { looseIn, oncePerGraph } from './pointers';

const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
const STANDALONE_EGRESS = 'AWS::EC2::SecurityGroupEgress';

const HTTPS = 443;

/** Actions for which the load balancer itself fetches keys, or trades a code for a token (Elastic Load Balancing guide, "Verify JWTs", "Authenticate users"). */
const FETCHING_ACTIONS = ['jwt-validation', 'authenticate-oidc', 'authenticate-cognito'];

/** Judges what a group lets out to (most of) the internet. */
type JudgeWide = (ports: { readonly from: number; readonly to: number } | undefined, what: Property, group: Resource) => readonly Outcome[];

/** A destination that is a group decides by its own rules who gets in, and a prefix list is somebody's choice unless it names (most of) the internet. */
function letsOut(rule: Property, group: Resource, wide: JudgeWide): readonly Outcome[] {
  const listed = entriesOf(rule.get('DestinationPrefixListId')).filter((cidr) => !isBounded(cidr));
  const cidrs = [...['CidrIp', 'CidrIpv6'].map((key) => rule.get(key)).filter((cidr) => cidr.exists), ...listed];
  return each(cidrs, (cidr) => {
    const ports = portsOf({ at: rule });
    if (isBounded(cidr)) {
      if (!ports || ports.from === ports.to || isNobody(cidr)) return PASS;
      return fail(rule, `${group.logicalId} lets out ports ${ports.from} to ${ports.to}: name the one that is used`, 'warning');
    }
    return wide(ports, cidr, group);
  });
}

/** The address that the CDK writes into a group from which nothing may leave. */
const isNobody = (cidr: Property): boolean => cidr.partialText().text === '255.255.255.255/32';

function isBounded(cidr: Property): boolean {
  return isBoundedBlock(cidr) || isWideDestination(cidr.text() ?? '') === false;
}

const looseEgress = oncePerGraph((graph) => looseIn(graph, STANDALONE_EGRESS, 'GroupId'));

/** What a security group lets out; written nowhere, it is everything (AWS CloudFormation reference, AWS::EC2::SecurityGroup). */
function egressIs(place: Property, graph: TemplateGraph, wide: JudgeWide): readonly Outcome[] {
  const group = place.reference()?.resource;
  if (group?.type !== SECURITY_GROUP) return undecidable(place, 'is a security group that is in none of the templates, so what it lets out is not known');
  const rules = [...group.prop('SecurityGroupEgress').items(), ...graph.pointingAt(group, STANDALONE_EGRESS, 'GroupId').map((rule) => rule.whole)];
  if (rules.length === 0) return fail(place, `${group.logicalId} names no egress rule, and then everything may leave`);
  const outcomes = each(rules, (rule) => letsOut(rule, group, wide));
  if (outcomes.some(({ kind }) => kind !== 'pass')) return outcomes;
  const loose = looseEgress(graph).find((rule) => guarded(() => letsOut(rule.whole, group, wide)).some(({ kind }) => kind !== 'pass'));
  return loose ? undecidable(place, `${loose.logicalId}, whose GroupId is known only when deployed, may let more out of ${group.logicalId}`) : PASS;
}

/** Whether the default group, which tasks carry where none is named, was emptied in the networks of all their subnets. */
function carriesEmptiedGroup(network: Property, graph: TemplateGraph): boolean {
  const subnets = network.get('Subnets').items().map((place) => place.reference()?.resource);
  return subnets.length > 0 && subnets.every((subnet) => {
    const vpc = subnet?.prop('VpcId').reference()?.resource;
    return vpc !== undefined && graph.pointingAt(vpc, RESTRICTION, 'DefaultSecurityGroupId').length > 0;
  });
}

/** What tasks may send: anywhere only behind a firewall, and to gateway endpoints, whose addresses are public ones, where nothing else is to be reached. */
function tasksSend(network: Property, graph: TemplateGraph): readonly Outcome[] {
  const groups = network.get('SecurityGroups');
  if (groups.items().length === 0 && carriesEmptiedGroup(network, graph)) return PASS;
  if (groups.items().length === 0) return fail(groups, 'names no security group, so the VPC\'s default group decides what leaves, and as it is made that is everything');
  return each(groups.items(), (place) => egressIs(place, graph, (ports, cidr, group) => {
    const way = wayOutOf(network.get('Subnets').items(), graph);
    if (way === 'firewall') return PASS;
    if (way === 'none' && ports?.from === HTTPS && ports.to === HTTPS) return PASS;
    const says = `${group.logicalId} lets out to ${cidr.partialText().text}, which is (most of) the internet`;
    return way === 'unknown' && ports?.from === HTTPS && ports.to === HTTPS
      ? undecidable(place, `${says}, and whether the subnets have a way there is not known`)
      : fail(place, says);
  }));
}

function fetches(loadBalancer: Resource, graph: TemplateGraph): boolean {
  const answers = listenersOf(loadBalancer, graph).flatMap((listener) => [listener, ...rulesOf(listener, graph)]);
  return answers.flatMap(actionsOf).some((action) => FETCHING_ACTIONS.includes(action.get('Type').text() ?? ''));
}

function loadBalancerSends(loadBalancer: Resource, graph: TemplateGraph): readonly Outcome[] {
  return each(loadBalancer.prop('SecurityGroups').items(), (place) => egressIs(place, graph, (ports, cidr, group) => {
    if (ports?.from === HTTPS && ports.to === HTTPS && fetches(loadBalancer, graph)) return PASS;
    return fail(place, `${group.logicalId} lets out to ${cidr.partialText().text}, and the load balancer has no such thing to do`);
  }));
}

const workloadEgress = defineRule('NET-5', 'workload-egress', {
  extent: 'tasks of ECS and application load balancers',
  appliesTo: [...TASK_NETWORKS.keys(), LOAD_BALANCER],
  remediation: 'Name in SecurityGroupEgress the groups, prefix lists and ports that are used; in CDK, allowAllOutbound: false. Let names of the internet out through a Network Firewall.',
  check(resource, graph) {
    if (resource.type !== LOAD_BALANCER) return eachTaskNetwork(resource, (network) => tasksSend(network, graph));
    return isApplicationLoadBalancer(resource) ? all(() => loadBalancerSends(resource, graph)) : NOT_APPLICABLE;
  },
});

export const NET_EGRESS_RULES = [workloadEgress, workloadRoute];
