import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { type IngressRule, isWorldOpen, portsOf } from './addresses';
import { SERVICE } from './containers';
import { actionsOf, isApplicationLoadBalancer, LISTENER, LISTENER_RULE, listenerOf, listenersOf, LOAD_BALANCER, protocolOf, rulesOf } from './load-balancing';

const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
const STANDALONE_INGRESS = 'AWS::EC2::SecurityGroupIngress';
const SUBNET = 'AWS::EC2::Subnet';
const DB_INSTANCE = 'AWS::RDS::DBInstance';

/** Where the private tiers name their subnets. */
const SUBNET_LISTS: Readonly<Record<string, string>> = {
  [SERVICE]: 'NetworkConfiguration.AwsvpcConfiguration.Subnets',
  'AWS::RDS::DBSubnetGroup': 'SubnetIds',
  'AWS::ElastiCache::SubnetGroup': 'SubnetIds',
};

function ingressOf(group: Resource, graph: TemplateGraph): IngressRule[] {
  const inline = group.prop('SecurityGroupIngress').items();
  const standalone = graph.pointingAt(group, STANDALONE_INGRESS, 'GroupId').map((rule) => rule.whole);
  return [...inline, ...standalone].map((at) => ({ at }));
}

/** The routes that decide what a subnet reaches; undefined where its route table is the VPC's main one. */
function routesOf(subnet: Resource, graph: TemplateGraph): readonly Resource[] | undefined {
  const [association] = graph.pointingAt(subnet, 'AWS::EC2::SubnetRouteTableAssociation', 'SubnetId');
  const table = association?.prop('RouteTableId').reference()?.resource;
  return table && graph.pointingAt(table, 'AWS::EC2::Route', 'RouteTableId');
}

function leadsToInternetGateway(route: Resource): boolean {
  const gateway = route.prop('GatewayId');
  const target = gateway.reference()?.resource.type;
  return target === 'AWS::EC2::InternetGateway' || (gateway.partialText().text.startsWith('igw-'));
}

function isPrivate(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const subnet = place.reference()?.resource;
  if (subnet?.type !== SUBNET) return undecidable(place, `${place.partialText().text} is in none of the templates, so its routes are not known`);
  if (subnet.prop('MapPublicIpOnLaunch').flag() === true) return fail(place, `${subnet.logicalId} gives public addresses to what starts in it`);
  const routes = routesOf(subnet, graph);
  if (!routes) return undecidable(place, `${subnet.logicalId} has no route table in the templates, so the VPC's main one decides`);
  return expect(!routes.some(leadsToInternetGateway), place, `${subnet.logicalId} has a route to an internet gateway`);
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

const privateDatabase = defineRule('NET-1', 'private-database', {
  appliesTo: [DB_INSTANCE],
  remediation: 'Set PubliclyAccessible to false and name a subnet group of private subnets.',
  check(database) {
    const open = database.prop('PubliclyAccessible');
    const flag = open.flag();
    if (flag === undefined && !database.prop('DBSubnetGroupName').exists) return fail(open, 'is not set, and outside a subnet group the service gives the database a public address');
    return expect(flag !== true, open, 'gives the database a public address');
  },
});

function sourceIsBounded({ at }: IngressRule): readonly Outcome[] {
  return each(['CidrIp', 'CidrIpv6'], (key) => {
    const cidr = at.get(key);
    const text = cidr.text();
    if (text === undefined) return PASS;
    const open = isWorldOpen(text);
    if (open === undefined) return undecidable(cidr, `"${text}" is no CIDR block`);
    return expect(!open, cidr, `lets in ${text}, which is (most of) the internet`);
  });
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

function groupsOf(place: Property): Resource[] {
  return place.items().map((group) => group.reference()?.resource).filter((group): group is Resource => group?.type === SECURITY_GROUP);
}

/** The load balancers whose listeners or rules forward to a target group. */
function loadBalancersOf(targetGroup: Resource, graph: TemplateGraph): Resource[] {
  const listeners = [
    ...graph.pointingAt(targetGroup, LISTENER, 'DefaultActions'),
    ...graph.pointingAt(targetGroup, LISTENER_RULE, 'Actions').map(listenerOf),
  ];
  return listeners.map((listener) => listener?.prop('LoadBalancerArn').reference()?.resource).filter((found): found is Resource => found !== undefined);
}

const onlyFromLoadBalancer = defineRule('NET-2', 'service-behind-load-balancer', {
  appliesTo: [SERVICE],
  remediation: 'Let the service\'s security group take traffic from the load balancer\'s security group and from nothing else.',
  check(service, graph) {
    const targetGroups = service.prop('LoadBalancers').items().map((entry) => entry.get('TargetGroupArn').reference()?.resource);
    if (targetGroups.length === 0) return NOT_APPLICABLE;
    const allowed = targetGroups.flatMap((group) => (group ? loadBalancersOf(group, graph) : [])).flatMap((balancer) => groupsOf(balancer.prop('SecurityGroups')));
    const groups = service.prop('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups');
    return each(groups.items(), (place) => {
      const group = place.reference()?.resource;
      if (group?.type !== SECURITY_GROUP) return undecidable(place, 'is a security group that is in none of the templates');
      const outcomes = each(ingressOf(group, graph), (rule) => {
        const source = rule.at.get('SourceSecurityGroupId');
        if (!source.exists) return fail(place, `${group.logicalId} takes traffic that does not come through the load balancer: from ${sourceText(rule)}`);
        const from = source.reference()?.resource;
        return expect(from !== undefined && allowed.includes(from), place, `${group.logicalId} takes traffic from ${source.partialText().text}, which is not the load balancer's security group`);
      });
      return outcomes.length === 0 ? PASS : outcomes;
    });
  },
});

function sourceText({ at }: IngressRule): string {
  const source = ['CidrIp', 'CidrIpv6', 'SourcePrefixListId', 'SourceSecurityGroupName'].map((key) => at.get(key)).find((place) => place.exists);
  return source?.partialText().text ?? 'an unnamed source';
}

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
    if (!places.exists) return fail(places, 'names no security group, so the VPC\'s default group decides which ports are open');
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
