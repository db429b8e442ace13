import { SERVICE } from '../../checks/rules/containers';
import { LOAD_BALANCER } from '../../checks/rules/load-balancing';
import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import type { Saboteur } from '../attack';
import { changed, each, listAltered, omit, removal, resourcesOf, saboteur, together } from '../saboteurs';
import { STORES } from './translate/stores';
import { DNS_ASSOCIATION, FIREWALL_POLICY, GROUP_EGRESS, GROUP_INGRESS, INTERNET_GATEWAY, NAT_GATEWAY, ROUTE, ROUTE_TABLE, SECURITY_GROUP, SUBNET } from './translate/shapes';

const EVERYWHERE = '0.0.0.0/0';

/** Lets everybody in through every group. */
export const GROUPS_OPEN = letsIn('every security group lets 0.0.0.0/0 in', { IpProtocol: '-1', CidrIp: EVERYWHERE });
/** What a cache, a database or a monitor would be asked on. */
export const STORE_PORTS_OPEN = letsIn('every security group opens ports 5432 to 11211 to 0.0.0.0/0', { IpProtocol: 'tcp', FromPort: 5432, ToPort: 11_211, CidrIp: EVERYWHERE });
export const NEIGHBOURS_LISTED = letsIn('every security group lets private networks in', ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((CidrIp) => ({ IpProtocol: '-1', CidrIp })));

function letsIn(name: string, ...rules: readonly JsonMap[]): Saboteur {
  return saboteur(name, [SECURITY_GROUP], (properties) => ({ ...properties, SecurityGroupIngress: [...listOf(properties.SecurityGroupIngress), ...rules] }));
}

const ALL_PORTS: JsonMap = { IpProtocol: 'tcp', FromPort: 0, ToPort: 65_535 };
const ofGroups = (rule: JsonMap): JsonMap | undefined => ('SourceSecurityGroupId' in rule || 'DestinationSecurityGroupId' in rule ? { ...rule, ...ALL_PORTS } : undefined);

/** Whoever may speak to somebody on one port may on all of them: the load balancer to its targets, above all. */
export const GROUP_PORTS_OPEN = each(
  'rules between security groups open every port',
  saboteur('standalone rules', [GROUP_INGRESS, GROUP_EGRESS], ofGroups),
  ...['SecurityGroupIngress', 'SecurityGroupEgress'].map((key) => saboteur(key, [SECURITY_GROUP], (properties) => listAltered(properties, key, (rules) => changed(rules, ofGroups)))),
);

const EGRESS_OPEN = saboteur('every security group lets everything out', [SECURITY_GROUP], (properties) => (
  { ...properties, SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: EVERYWHERE }] }
));

/** Stores that may have a public address. */
const PUBLISHABLE = Object.entries(STORES).flatMap(([type, { published }]) => (published === undefined ? [] : [type]));

const PUBLISHED = each(
  'public addresses for services, stores and whatever starts in a subnet',
  saboteur('AssignPublicIp ENABLED', [SERVICE], (properties) => {
    const network = properties.NetworkConfiguration;
    const vpc = isJsonMap(network) ? network.AwsvpcConfiguration : undefined;
    return isJsonMap(vpc) ? { ...properties, NetworkConfiguration: { AwsvpcConfiguration: { ...vpc, AssignPublicIp: 'ENABLED' } } } : undefined;
  }),
  saboteur('PubliclyAccessible true', PUBLISHABLE, (properties) => ({ ...properties, PubliclyAccessible: true })),
  saboteur('MapPublicIpOnLaunch true', [SUBNET], (properties) => ({ ...properties, MapPublicIpOnLaunch: true })),
);

/** The default route of every table leads to an internet gateway. */
const WAY_TO_GATEWAY: Saboteur = {
  name: 'every subnet has a route to an internet gateway',
  sabotage: (template) => {
    const resources = resourcesOf(template);
    const gateway = idsOf(resources, INTERNET_GATEWAY)[0] ?? 'SabotagedGateway';
    return withDefaultRoutes(template, { [gateway]: { Type: INTERNET_GATEWAY } }, () => ({ GatewayId: { Ref: gateway } }));
  },
};

/** The default route of every private table leads past whatever filters. */
const WAY_TO_NAT: Saboteur = {
  name: 'every private subnet has a route to a NAT gateway',
  sabotage: (template) => {
    const [nat] = idsOf(resourcesOf(template), NAT_GATEWAY);
    return nat === undefined ? undefined : withDefaultRoutes(template, {}, (properties) => (properties?.GatewayId === undefined ? { NatGatewayId: { Ref: nat } } : undefined));
  },
};

export const ON_THE_INTERNET = together('public addresses, routes to an internet gateway, open security groups', GROUPS_OPEN, PUBLISHED, WAY_TO_GATEWAY);

export const INTERNET_FACING = together(
  'Scheme becomes internet-facing, with routes to an internet gateway and open security groups',
  saboteur('Scheme becomes internet-facing', [LOAD_BALANCER], (properties) => ({ ...properties, Scheme: 'internet-facing' })),
  GROUPS_OPEN, WAY_TO_GATEWAY,
);

export const WAYS_OUT = together('egress opened, and a route to a NAT gateway', WAY_TO_NAT, EGRESS_OPEN);
export const PUBLIC_WAYS_OUT = together('egress opened, public addresses, and a route to an internet gateway', EGRESS_OPEN, PUBLISHED, WAY_TO_GATEWAY);

/** What no rule of the firewall names passes. */
export const FIREWALL_LETS_PASS = together(
  'the firewall\'s default drop removed, and egress opened',
  saboteur('StatefulDefaultActions deleted', [FIREWALL_POLICY], (properties) => {
    const policy = properties.FirewallPolicy;
    return isJsonMap(policy) && 'StatefulDefaultActions' in policy ? { ...properties, FirewallPolicy: omit(policy, 'StatefulDefaultActions') } : undefined;
  }),
  EGRESS_OPEN,
);

export const RESOLVER_ANSWERS = removal('the DNS Firewall\'s rules no longer belong to the VPC', DNS_ASSOCIATION);

/**
 * Gives every route table another default route.
 *
 * @param way what the route becomes, from what it was; undefined leaves it
 */
function withDefaultRoutes(template: JsonMap, added: JsonMap, way: (properties: JsonMap | undefined) => JsonMap | undefined): JsonMap | undefined {
  const resources = resourcesOf(template);
  const tables = idsOf(resources, ROUTE_TABLE);
  if (tables.length === 0) return undefined;
  const defaults = new Map(Object.entries(resources).flatMap(([id, resource]) => {
    const properties = isJsonMap(resource) && resource.Type === ROUTE && isJsonMap(resource.Properties) ? resource.Properties : undefined;
    const table = properties?.DestinationCidrBlock === EVERYWHERE && isJsonMap(properties.RouteTableId) ? properties.RouteTableId.Ref : undefined;
    return typeof table === 'string' && properties !== undefined ? [[table, { id, properties }] as const] : [];
  }));
  const routes = tables.flatMap((table): [string, Json][] => {
    const before = defaults.get(table);
    const after = way(before?.properties);
    return after === undefined ? [] : [[before?.id ?? `SabotagedRoute${table}`, { Type: ROUTE, Properties: { RouteTableId: { Ref: table }, DestinationCidrBlock: EVERYWHERE, ...after } }]];
  });
  return { ...template, Resources: { ...added, ...resources, ...Object.fromEntries(routes) } };
}

function idsOf(resources: JsonMap, type: string): string[] {
  return Object.entries(resources).flatMap(([id, resource]) => (isJsonMap(resource) && resource.Type === type ? [id] : []));
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
