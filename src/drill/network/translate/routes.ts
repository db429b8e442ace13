import type { Resource } from '../../../checks/template/resource';
import { Reference } from '../../../checks/template/value';
import { Spot } from '../../edge/translate/spot';
import { contains, isIpv4Block } from '../addresses';
import type { RouteModel, TableModel } from '../model';
import { keyOf, type Reading } from './reading';
import { ASSOCIATION, FIREWALL, INTERNET_GATEWAY, NAT_GATEWAY, ROUTE, ROUTE_TABLE } from './shapes';

/** What a subnet without a table of its own uses; nothing in a template can add a route to it. */
export const MAIN: TableModel = { key: 'main', routes: [] };

/** Every route table of the templates. */
export function tablesOf(reading: Reading, vpcCidr: string): TableModel[] {
  const routes = reading.all(ROUTE);
  routes.filter((route) => !Spot.of(route).get('RouteTableId').target(ROUTE_TABLE)).forEach((route) => (
    reading.omit(route, 'its route table is in none of the templates, so the drill does not know whose way it is')
  ));
  const declared = reading.all(ROUTE_TABLE).map((table) => ({
    key: keyOf(table),
    routes: routes.filter((route) => Spot.of(route).get('RouteTableId').target(ROUTE_TABLE) === table).flatMap((route) => routeOf(route, reading, vpcCidr)),
  }));
  return [...declared, MAIN];
}

/** The table that decides for a subnet. */
export function tableOf(subnet: Resource, reading: Reading): string {
  const association = reading.all(ASSOCIATION).find((one) => Spot.of(one).get('SubnetId').property.value instanceof Reference && Spot.of(one).get('SubnetId').target(subnet.type) === subnet);
  const table = association && Spot.of(association).get('RouteTableId').target(ROUTE_TABLE);
  if (association && !table) reading.omit(association, 'its route table is in none of the templates, so the drill does not know the ways of the subnet');
  return table ? keyOf(table) : MAIN.key;
}

/** Undefined routes lead nowhere that the drill has; the reading says so where it is not plain from the property. */
function routeOf(route: Resource, reading: Reading, vpcCidr: string): RouteModel[] {
  const spot = Spot.of(route);
  const destination = spot.get('DestinationCidrBlock');
  if (!destination.exists) return [];
  const cidr = destination.requiredText();
  if (!isIpv4Block(cidr)) destination.refuse('it is no IPv4 block');
  if (contains(vpcCidr, cidr)) {
    reading.omit(route, 'a way within the VPC that is not the direct one, as back through a firewall: in the drill, answers go back the way they came');
    return [];
  }
  const to = wayOf(spot, reading);
  return to === undefined ? [] : [{ cidr, to }];
}

function wayOf(route: Spot, reading: Reading): RouteModel['to'] | undefined {
  if (route.get('CarrierGatewayId').exists) return 'internet';
  const nat = route.get('NatGatewayId');
  if (nat.exists) {
    const gateway = nat.target(NAT_GATEWAY);
    if (gateway) return { host: keyOf(gateway) };
    // One that the templates do not have leads to the internet as far as anybody knows, but nothing comes in through it.
    return nat.refuse('the NAT gateway is in none of the templates; synthesize its stack in the same app and refer to the NAT gateway by object');
  }
  const gateway = route.get('GatewayId');
  if (gateway.exists) {
    if (gateway.target(INTERNET_GATEWAY) || gateway.textWithHoles().startsWith('igw-')) return 'internet';
    reading.omit(route.resource, 'the drill does not know what is behind this gateway', 'GatewayId');
    return undefined;
  }
  const endpoint = route.get('VpcEndpointId');
  if (!endpoint.exists) return undefined;
  const firewall = firewallAt(endpoint, reading);
  if (firewall) return { host: keyOf(firewall) };
  return endpoint.refuse('the drill knows endpoints of Network Firewall only, written as its EndpointIds');
}

/** `EndpointIds` is a list of `<zone>:<id>`, so what stands here was cut out of it; which zone's does not matter. */
function firewallAt(spot: Spot, reading: Reading): Resource | undefined {
  const { value } = spot.property;
  const holes = [...spot.textWithHoles().matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)].map(([, name]) => name);
  return reading.all(FIREWALL).find((firewall) => (value instanceof Reference ? value.resource === firewall : firewall.template === spot.resource.template && holes.includes(firewall.logicalId)));
}
