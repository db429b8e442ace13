import { defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { entriesOf, isBoundedBlock, isWideDestination } from './blocks';
import { FIREWALL_POLICY } from './net-firewall';
import { ROUTE, routesOf, SUBNET, TASK_NETWORKS, eachTaskNetwork } from './net-subnets';
import { looseIn, oncePerGraph } from './pointers';

const FIREWALL = 'AWS::NetworkFirewall::Firewall';

/** What a route leads to that asks nobody where the traffic goes. */
const UNFILTERED: Readonly<Record<string, string>> = {
  NatGatewayId: 'a NAT gateway', EgressOnlyInternetGatewayId: 'an egress-only internet gateway',
};

/** What a route leads to that may filter, and is judged nowhere here. */
const ELSEWHERE = ['VpcEndpointId', 'TransitGatewayId', 'NetworkInterfaceId', 'InstanceId', 'VpcPeeringConnectionId', 'LocalGatewayId', 'CoreNetworkArn'];

/** Whether a route is taken for (most of) the internet; a prefix list that is not at hand is somebody's choice of addresses. */
function isWide(route: Resource): boolean {
  const blocks = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock'].map((key) => route.prop(key)).filter((block) => block.exists);
  return [...blocks, ...entriesOf(route.prop('DestinationPrefixListId'))].some((block) => !isBoundedBlock(block) && isWideDestination(block.text() ?? '') !== false);
}

/** A firewall lists its endpoints zone by zone, so a template takes one out of the list with functions that only a deployment carries out. */
function firewallBehind(endpoint: Property, graph: TemplateGraph): Resource | undefined {
  const { text } = endpoint.partialText();
  return graph.ofType(FIREWALL).find(({ logicalId }) => text.startsWith(`\${${logicalId}.`));
}

/** Rules about the policy tell what it lets out, if it is at hand. */
function hasKnownPolicy(firewall: Resource): boolean {
  const { value } = firewall.prop('FirewallPolicyArn');
  return value instanceof Reference && value.resource.type === FIREWALL_POLICY;
}

/** How far traffic gets that a subnet's routes carry: nowhere, through a firewall that lets out what a list names, or anywhere. */
export type WayOut = 'none' | 'firewall' | 'open' | 'unknown';

function wayOfRoute(route: Resource, graph: TemplateGraph): WayOut {
  if (!isWide(route)) return 'none';
  const open = [...Object.keys(UNFILTERED), 'CarrierGatewayId'].some((key) => route.prop(key).exists);
  if (open) return 'open';
  const gateway = route.prop('GatewayId');
  if (gateway.exists) return gateway.partialText().text.startsWith('vgw-') || gateway.reference()?.resource.type === 'AWS::EC2::VPNGateway' ? 'unknown' : 'open';
  const firewall = firewallBehind(route.prop('VpcEndpointId'), graph);
  return firewall && hasKnownPolicy(firewall) ? 'firewall' : 'unknown';
}

const WORST_FIRST: readonly WayOut[] = ['open', 'unknown', 'firewall'];

/** The widest way out of some subnets. */
export function wayOutOf(subnets: readonly Property[], graph: TemplateGraph): WayOut {
  const ways = subnets.flatMap((place): readonly WayOut[] => {
    const subnet = place.reference()?.resource;
    const routes = subnet?.type === SUBNET ? routesOf(subnet, graph) : undefined;
    return routes ? routes.map((route) => wayOfRoute(route, graph)) : ['unknown'];
  });
  return WORST_FIRST.find((way) => ways.includes(way)) ?? 'none';
}

function leadsThroughFirewall(route: Resource, place: Property, graph: TemplateGraph): readonly Outcome[] {
  if (!isWide(route)) return PASS;
  const unfiltered = Object.entries(UNFILTERED).find(([key]) => route.prop(key).exists);
  const subnet = place.partialText().text;
  if (unfiltered) return fail(place, `${subnet} has a route to ${unfiltered[1]}, so what runs in it reaches every address of the internet`);
  const firewall = firewallBehind(route.prop('VpcEndpointId'), graph);
  if (firewall) return hasKnownPolicy(firewall) ? PASS : undecidable(place, `${subnet} has a default route through ${firewall.logicalId}, whose policy is in none of the templates`);
  const elsewhere = ELSEWHERE.find((key) => route.prop(key).exists);
  return elsewhere === undefined ? PASS : undecidable(place, `${subnet} has a default route through ${route.prop(elsewhere).partialText().text}, and what that lets out is in none of the templates`);
}

/** A default route that may be any subnet's, since nobody knows before the deployment whose table it is in. */
const looseWayOut = oncePerGraph((graph) => looseIn(graph, ROUTE, 'RouteTableId').find((route) => Object.keys(UNFILTERED).some((key) => route.prop(key).exists)));

/** A subnet that is not at hand, or has no table of its own, is NET-1's to tell: its routes are not known to either. */
function isClosed(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const subnet = place.reference()?.resource;
  const routes = subnet?.type === SUBNET ? routesOf(subnet, graph) : undefined;
  if (!routes) return NOT_APPLICABLE;
  const outcomes = each(routes, (route) => leadsThroughFirewall(route, place, graph));
  if (outcomes.some(({ kind }) => kind !== 'pass')) return outcomes;
  const loose = looseWayOut(graph);
  return loose ? undecidable(place, `${place.partialText().text} has no unfiltered way out, unless ${loose.logicalId}, whose route table is known only when deployed, is one`) : PASS;
}

/** Gateways that lead to the internet directly are NET-1's. */
export const workloadRoute = defineRule('NET-5', 'workload-route', {
  appliesTo: [...TASK_NETWORKS.keys()],
  remediation: 'Move the tasks to subnets without a default route, or lead it through an AWS::NetworkFirewall::Firewall whose policy drops what no list names.',
  check: (resource, graph) => eachTaskNetwork(resource, (network) => each(network.get('Subnets').items(), (subnet) => isClosed(subnet, graph))),
});
