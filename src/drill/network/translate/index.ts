import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import { Spot } from '../../edge/translate/spot';
import { placeOf } from '../../place';
import { addressIn, contains, sizeOf } from '../addresses';
import { PUBLIC_BLOCK } from '../cast';
import type { GroupModel, HostModel, NetworkModel, TableModel, VpcModel } from '../model';
import { firewallsOf, nameRulesOf } from './filters';
import { defaultGroupOf, groupsOf } from './groups';
import { type Tenant, tenantsOf } from './hosts';
import { keyOf, Reading } from './reading';
import { tableOf, tablesOf } from './routes';
import { INERT, SHAPES, SUBNET, VPC } from './shapes';

/** The first addresses of a subnet are AWS's own (VPC guide, "Subnet sizing"). */
const RESERVED = 4;
/** More than that would be no drill of a moment; a stack has 500 resources at most. */
const MAX_HOSTS = 120;

/** The networks of one world. Throws UntranslatableError at anything that it does not know. */
export function translateNetwork(graph: TemplateGraph): NetworkModel {
  const reading = new Reading(graph);
  for (const type of graph.types) {
    if (!/^AWS::(EC2|NetworkFirewall|Route53Resolver)::/.test(type) || INERT.has(type) || type in SHAPES) continue;
    graph.ofType(type).forEach((resource) => reading.omit(resource, 'the drill\'s network does not have it'));
  }
  const groups = groupsOf(reading);
  const tenants = tenantsOf(reading);
  const placed = new Set<Tenant>();
  const vpcs = reading.all(VPC).map((vpc) => {
    const here = tenants.filter(({ subnets }) => subnets.some((subnet) => vpcOf(subnet) === vpc));
    here.forEach((tenant) => placed.add(tenant));
    return vpcModel(vpc, here, groups, reading);
  });
  tenants.filter((tenant) => !placed.has(tenant)).forEach(({ resource }) => (
    reading.omit(resource, 'the network that it stands in is in none of the templates, so nobody attacks it here')
  ));
  return { vpcs, notEmulated: reading.notEmulated };
}

function vpcOf(subnet: Spot): Resource | undefined {
  const found = subnet.target(SUBNET);
  return found && Spot.of(found).get('VpcId').target(VPC);
}

function vpcModel(vpc: Resource, tenants: readonly Tenant[], allGroups: readonly GroupModel[], reading: Reading): VpcModel {
  const cidr = Spot.of(vpc).get('CidrBlock').requiredText();
  if (tenants.length > MAX_HOSTS) Spot.of(vpc).refuse(`it holds more than ${MAX_HOSTS} hosts, which is more than a drill builds`);
  const tables = tablesOf(reading, cidr);
  const taken = new Map<Resource, number>();
  const hosts = tenants.map(({ resource, role, subnets, groups, isPublic, ports, front, corePort, clients }, index): HostModel => {
    const subnet = mostExposed(subnets, vpc, tables, reading);
    const block = Spot.of(subnet).get('CidrBlock').requiredText();
    const position = RESERVED + (taken.get(subnet) ?? 0);
    taken.set(subnet, position - RESERVED + 1);
    if (position >= sizeOf(block) - 1) Spot.of(subnet).get('CidrBlock').refuse('it has fewer addresses than hosts');
    const published = isPublic ?? Spot.of(subnet).get('MapPublicIpOnLaunch').flag(false);
    return {
      key: keyOf(resource),
      place: placeOf(resource),
      role,
      address: addressIn(block, position),
      ...(published ? { publicAddress: addressIn(PUBLIC_BLOCK, index + 1) } : {}),
      table: tableOf(subnet, reading),
      // Whoever names no group carries the default one.
      ...(groups === undefined ? {} : { groups: groups.length > 0 ? groups : [defaultGroupOf(vpc)] }),
      ports,
      ...(clients === undefined ? {} : { clients }),
      ...(front === undefined ? {} : { front }),
      ...(corePort === undefined ? {} : { corePort }),
    };
  });
  const carried = new Set(hosts.flatMap(({ groups }) => groups ?? []));
  const known = new Set(allGroups.map(({ key }) => key));
  tenants.filter((_, index) => hosts[index]?.groups?.some((key) => !known.has(key))).forEach(({ resource }) => (
    reading.omit(resource, 'it carries a security group that is in none of the templates: what that one lets in is not known, and nothing passes by it here')
  ));
  const local = new Set(hosts.map(({ key }) => key));
  return {
    place: placeOf(vpc),
    cidr,
    // Routes of another VPC lead to hosts of it.
    tables: tables.map(({ key, routes }) => ({ key, routes: routes.filter(({ to }) => to === 'internet' || local.has(to.host)) })),
    groups: [...allGroups, ...[...carried].filter((key) => !known.has(key)).map((key) => ({ key, ingress: [], egress: [] }))],
    hosts,
    firewalls: firewallsOf(reading, cidr).filter(({ host }) => local.has(host)),
    names: nameRulesOf(vpc, reading),
  };
}

/** Where a host is most exposed: in a subnet with a way to the internet rather than one behind a gateway, and there rather than in one without a way. */
function mostExposed(subnets: readonly Spot[], vpc: Resource, tables: readonly TableModel[], reading: Reading): Resource {
  const rank = (subnet: Resource): number => {
    const routes = tables.find(({ key }) => key === tableOf(subnet, reading))?.routes ?? [];
    return routes.some(({ to }) => to === 'internet') ? 2 : routes.length > 0 ? 1 : 0;
  };
  const here = subnets.flatMap((spot) => (vpcOf(spot) === vpc ? spot.target(SUBNET) ?? [] : []));
  const [best] = here.sort((a, b) => rank(b) - rank(a));
  if (best === undefined) throw new Error(`A host of ${vpc.logicalId} has no subnet.`);
  const block = Spot.of(best).get('CidrBlock');
  if (!contains(Spot.of(vpc).get('CidrBlock').requiredText(), block.requiredText())) reading.omit(best, 'it lies outside the first block of its VPC', 'CidrBlock');
  return best;
}
