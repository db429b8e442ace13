import { isBoundedByPrefix, isWorldOpen } from '../../network/cidr';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { type IngressRule, portsOf } from './addresses';
import { SERVICE } from './containers';
import { actionsOf, isApplicationLoadBalancer, LISTENER, LISTENER_RULE, listenerOf, listenersOf, LOAD_BALANCER, protocolOf, rulesOf } from './load-balancing';

const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
const STANDALONE_INGRESS = 'AWS::EC2::SecurityGroupIngress';
const SUBNET = 'AWS::EC2::Subnet';
const PREFIX_LIST = 'AWS::EC2::PrefixList';
const DB_INSTANCE = 'AWS::RDS::DBInstance';
const DB_CLUSTER = 'AWS::RDS::DBCluster';
const DB_SUBNET_GROUP = 'AWS::RDS::DBSubnetGroup';

/** Types whose own block is bounded whatever it is: AWS gives a VPC /16 at most. */
const NETWORKS = new Set(['AWS::EC2::VPC', SUBNET]);

/** Where the private tiers name their subnets. */
const SUBNET_LISTS: Readonly<Record<string, string>> = {
  [SERVICE]: 'NetworkConfiguration.AwsvpcConfiguration.Subnets',
  [DB_SUBNET_GROUP]: 'SubnetIds',
  'AWS::ElastiCache::SubnetGroup': 'SubnetIds',
};

export function ingressOf(group: Resource, graph: TemplateGraph): IngressRule[] {
  const inline = group.prop('SecurityGroupIngress').items();
  const standalone = graph.pointingAt(group, STANDALONE_INGRESS, 'GroupId').map((rule) => rule.whole);
  return [...inline, ...standalone].map((at) => ({ at }));
}

/** The routes that decide what a subnet reaches; undefined where its route table is the VPC's main one, or not at hand. */
function routesOf(subnet: Resource, graph: TemplateGraph): readonly Resource[] | undefined {
  const associations = graph.pointingAt(subnet, 'AWS::EC2::SubnetRouteTableAssociation', 'SubnetId');
  const tables = associations.map((association) => association.prop('RouteTableId').reference()?.resource);
  if (tables.length === 0 || tables.includes(undefined)) return undefined;
  return tables.flatMap((table) => (table ? graph.pointingAt(table, 'AWS::EC2::Route', 'RouteTableId') : []));
}

/** A carrier gateway is what an internet gateway is called in a Wavelength zone. */
function leadsToInternetGateway(route: Resource): boolean {
  if (route.prop('CarrierGatewayId').exists) return true;
  const gateway = route.prop('GatewayId');
  const target = gateway.reference()?.resource.type;
  return target === 'AWS::EC2::InternetGateway' || gateway.partialText().text.startsWith('igw-');
}

function isPrivate(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const subnet = place.reference()?.resource;
  if (subnet?.type !== SUBNET) return undecidable(place, `${place.partialText().text} is in none of the templates, so its routes are not known`);
  if (subnet.prop('MapPublicIpOnLaunch').flag() === true) return fail(place, `${subnet.logicalId} gives public addresses to what starts in it`);
  const routes = routesOf(subnet, graph);
  if (!routes) return undecidable(place, `${subnet.logicalId} has no route table in the templates, so the VPC's main one decides`);
  const outcomes = each(routes, (route) => expect(!leadsToInternetGateway(route), place, `${subnet.logicalId} has a route to an internet gateway`));
  return outcomes.length === 0 ? PASS : outcomes;
}

const privateSubnets = defineRule('NET-1', 'private-subnets', {
  appliesTo: Object.keys(SUBNET_LISTS),
  remediation: 'Move it to subnets whose route table has no internet gateway, and set AssignPublicIp DISABLED.',
  check(resource, graph) {
    const subnets = resource.prop(SUBNET_LISTS[resource.type] ?? '');
    if (!subnets.exists) return NOT_APPLICABLE;
    return all(
      () => each(subnets.items(), (subnet) => isPrivate(subnet, graph)),
      () => {
        if (resource.type !== SERVICE) return PASS;
        const assign = resource.prop('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp');
        return expect((assign.text() ?? 'DISABLED') === 'DISABLED', assign, 'gives every task a public address');
      },
    );
  },
});

/** The subnet group of a database; an instance of a cluster may leave it to its cluster. */
function subnetGroupOf(database: Resource): Property {
  const own = database.prop('DBSubnetGroupName');
  const cluster = database.prop('DBClusterIdentifier');
  if (own.exists || !cluster.exists) return own;
  return cluster.reference()?.resource.prop('DBSubnetGroupName') ?? cluster;
}

/** What the service does where PubliclyAccessible is not set: it gives public addresses in any VPC that has an internet gateway. */
function isPrivateUnasked(database: Resource, open: Property, graph: TemplateGraph): readonly Outcome[] {
  const place = subnetGroupOf(database);
  if (!place.exists || place.partialText().text === 'default') return fail(open, 'is not set, and outside a subnet group the service gives the database a public address');
  const group = place.reference()?.resource;
  if (group?.type !== DB_SUBNET_GROUP) return undecidable(open, `is not set, and ${place.partialText().text}, which decides then, is in none of the templates`);
  const outcomes = each(group.prop('SubnetIds').items(), (subnet) => isPrivate(subnet, graph));
  if (outcomes.some(({ kind }) => kind === 'fail')) return fail(open, 'is not set, and in public subnets the service gives the database a public address');
  return outcomes.every(({ kind }) => kind === 'pass') ? PASS : undecidable(open, `is not set, and the routes of ${group.logicalId}'s subnets are not known`);
}

const privateDatabase = defineRule('NET-1', 'private-database', {
  appliesTo: [DB_INSTANCE, DB_CLUSTER],
  remediation: 'Set PubliclyAccessible to false and name a subnet group of private subnets.',
  check(database, graph) {
    const open = database.prop('PubliclyAccessible');
    const flag = open.flag();
    if (flag !== undefined) return expect(!flag, open, 'gives the database a public address');
    // A cluster has addresses of its own only as a Multi-AZ cluster, which is one that names an instance class.
    if (database.type === DB_CLUSTER && !database.prop('DBClusterInstanceClass').exists) return NOT_APPLICABLE;
    return isPrivateUnasked(database, open, graph);
  },
});

function cidrIsBounded(cidr: Property): readonly Outcome[] {
  const { value } = cidr;
  if (value instanceof Reference && value.attribute === 'CidrBlock' && NETWORKS.has(value.resource.type)) return PASS;
  const known = cidr.partialText();
  if (!known.complete && isBoundedByPrefix(known.text)) return PASS;
  const text = cidr.text();
  if (text === undefined) return PASS;
  const open = isWorldOpen(text);
  if (open === undefined) return undecidable(cidr, `"${text}" is no CIDR block`);
  return expect(!open, cidr, `lets in ${text}, which is (most of) the internet`);
}

/** A prefix list of the templates is as wide as its entries; one that is not at hand was at least somebody's choice. */
function listIsBounded(place: Property): readonly Outcome[] {
  const list = place.value instanceof Reference ? place.value.resource : undefined;
  if (list?.type !== PREFIX_LIST) return PASS;
  const outcomes = each(list.prop('Entries').items(), (entry) => cidrIsBounded(entry.get('Cidr')));
  return outcomes.map((outcome) => (outcome.kind === 'pass' ? outcome : { ...outcome, path: place.path, message: `prefix list ${list.logicalId} ${outcome.message}` }));
}

function sourceIsBounded({ at }: IngressRule): readonly Outcome[] {
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
function groupAt(place: Property): Resource | string {
  return place.reference()?.resource ?? place.text() ?? '';
}

const OTHER_SOURCES = ['CidrIp', 'CidrIpv6', 'SourcePrefixListId', 'SourceSecurityGroupName'];

/** The load balancers whose listeners or rules forward to a target group. */
function loadBalancersOf(targetGroup: Resource, graph: TemplateGraph): Resource[] {
  const listeners = [
    ...graph.pointingAt(targetGroup, LISTENER, 'DefaultActions'),
    ...graph.pointingAt(targetGroup, LISTENER_RULE, 'Actions').map(listenerOf),
  ];
  return listeners.map((listener) => listener?.prop('LoadBalancerArn').reference()?.resource).filter((found): found is Resource => found !== undefined);
}

/** The security groups of all load balancers in front of a service; undefined where one of them is in none of the templates. */
function callersOf(service: Resource, graph: TemplateGraph): readonly (Resource | string)[] | undefined {
  const targetGroups = service.prop('LoadBalancers').items().map((entry) => entry.get('TargetGroupArn').reference()?.resource);
  const balancers = targetGroups.map((group) => (group ? loadBalancersOf(group, graph) : []));
  if (balancers.some((found) => found.length === 0)) return undefined;
  return balancers.flat().flatMap((balancer) => balancer.prop('SecurityGroups').items()).map(groupAt);
}

/** Traffic that names no group cannot come from the load balancer's, so it is judged before anybody asks which one that is. */
function comesThroughLoadBalancer(rule: IngressRule, group: Resource, service: Resource, place: Property, graph: TemplateGraph): readonly Outcome[] {
  const source = rule.at.get('SourceSecurityGroupId');
  const other = OTHER_SOURCES.map((key) => rule.at.get(key)).find((at) => at.exists);
  if (other || !source.exists) {
    return fail(place, `${group.logicalId} takes traffic that does not come through the load balancer: from ${other?.partialText().text ?? 'an unnamed source'}`);
  }
  const allowed = callersOf(service, graph);
  if (!allowed) return undecidable(service.prop('LoadBalancers'), 'names a target group whose load balancer is in none of the templates, so who may call is not known');
  return expect(allowed.includes(groupAt(source)), place, `${group.logicalId} takes traffic from ${source.partialText().text}, which is not the load balancer's security group`);
}

const onlyFromLoadBalancer = defineRule('NET-2', 'service-behind-load-balancer', {
  appliesTo: [SERVICE],
  remediation: 'Let the service\'s security group take traffic from the load balancer\'s security group and from nothing else.',
  check(service, graph) {
    if (service.prop('LoadBalancers').items().length === 0) return NOT_APPLICABLE;
    const groups = service.prop('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups');
    if (groups.items().length === 0) return fail(groups, 'names no security group, so a group that the service does not own decides who reaches it');
    return each(groups.items(), (place) => {
      const group = place.reference()?.resource;
      if (group?.type !== SECURITY_GROUP) return undecidable(place, 'is a security group that is in none of the templates');
      const outcomes = each(ingressOf(group, graph), (rule) => comesThroughLoadBalancer(rule, group, service, place, graph));
      return outcomes.length === 0 ? PASS : outcomes;
    });
  },
});

/** Whether everything the load balancer does on port 80 is to send callers to HTTPS. */
function redirectsPort80(loadBalancer: Resource, graph: TemplateGraph): boolean {
  const plain = listenersOf(loadBalancer, graph).filter((listener) => protocolOf(listener) === 'HTTP');
  const answers = plain.flatMap((listener) => [listener, ...rulesOf(listener, graph)]).flatMap(actionsOf);
  return plain.length > 0 && answers.every((action) => action.get('Type').text() === 'redirect');
}

const onlyHttpsPort = defineRule('NET-3', 'only-443', {
  appliesTo: [LOAD_BALANCER],
  remediation: 'Open port 443 only; port 80 only where its listener does nothing but redirect.',
  check(loadBalancer, graph) {
    if (!isApplicationLoadBalancer(loadBalancer)) return NOT_APPLICABLE;
    const places = loadBalancer.prop('SecurityGroups');
    if (places.items().length === 0) return fail(places, 'names no security group, so the VPC\'s default group decides which ports are open');
    return each(places.items(), (place) => {
      const group = place.reference()?.resource;
      if (group?.type !== SECURITY_GROUP) return undecidable(place, 'is a security group that is in none of the templates');
      const outcomes = each(ingressOf(group, graph), (rule) => {
        const { from, to } = portsOf(rule);
        if (from === 443 && to === 443) return PASS;
        if (from === 80 && to === 80 && redirectsPort80(loadBalancer, graph)) return PASS;
        return fail(place, `${group.logicalId} opens ${from === to ? `port ${from}` : `ports ${from} to ${to}`}`);
      });
      return outcomes.length === 0 ? PASS : outcomes;
    });
  },
});

export const NET_RULES = [privateSubnets, privateDatabase, boundedSources, onlyFromLoadBalancer, onlyHttpsPort];
