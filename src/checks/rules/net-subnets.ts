import { all, defineRule, each, expect, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { SERVICE } from './containers';
import { looseIn, oncePerGraph } from './pointers';

export const SUBNET = 'AWS::EC2::Subnet';
export const ROUTE = 'AWS::EC2::Route';
const DB_INSTANCE = 'AWS::RDS::DBInstance';
const DB_CLUSTER = 'AWS::RDS::DBCluster';
const DB_SUBNET_GROUP = 'AWS::RDS::DBSubnetGroup';

/** What names the subnets of a store, in every case as SubnetIds. */
const STORES = [
  DB_SUBNET_GROUP, 'AWS::DocDB::DBSubnetGroup', 'AWS::Neptune::DBSubnetGroup', 'AWS::DMS::ReplicationSubnetGroup', 'AWS::Redshift::ClusterSubnetGroup',
  'AWS::ElastiCache::SubnetGroup', 'AWS::ElastiCache::ServerlessCache', 'AWS::MemoryDB::SubnetGroup',
];

interface TaskNetwork {
  /** The list whose entries each start a task. @default - the resource itself does */
  readonly list?: string;
  /** Where the network of the task stands. */
  readonly network: string;
}

/** What starts tasks, and where it names their network. */
export const TASK_NETWORKS: ReadonlyMap<string, TaskNetwork> = new Map<string, TaskNetwork>([
  [SERVICE, { network: 'NetworkConfiguration.AwsvpcConfiguration' }],
  ['AWS::ECS::TaskSet', { network: 'NetworkConfiguration.AwsVpcConfiguration' }],
  ['AWS::Events::Rule', { list: 'Targets', network: 'EcsParameters.NetworkConfiguration.AwsVpcConfiguration' }],
  ['AWS::Scheduler::Schedule', { network: 'Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration' }],
  ['AWS::Pipes::Pipe', { network: 'TargetParameters.EcsTaskParameters.NetworkConfiguration.AwsvpcConfiguration' }],
]);

/** Checks the network of each thing that a resource starts: a service starts one kind of task, a schedule one for each of its targets. */
export function eachTaskNetwork(resource: Resource, check: (network: Property) => readonly Outcome[]): readonly Outcome[] {
  const tasks = TASK_NETWORKS.get(resource.type);
  if (!tasks) return NOT_APPLICABLE;
  const starters = tasks.list === undefined ? [resource.whole] : resource.prop(tasks.list).items();
  return each(starters, (starter) => {
    const network = starter.get(tasks.network);
    return network.exists ? check(network) : NOT_APPLICABLE;
  });
}

/** Services that do not look at the subnets where PubliclyAccessible is not set. */
const PUBLIC_BY_DEFAULT: ReadonlyMap<string, { readonly noun: string; readonly isPublic: boolean }> = new Map([
  ['AWS::Redshift::Cluster', { noun: 'database', isPublic: false }],
  ['AWS::DMS::ReplicationInstance', { noun: 'replication instance', isPublic: true }],
]);

/** The routes that decide what a subnet reaches; undefined where its route table is the VPC's main one, or not at hand. */
export function routesOf(subnet: Resource, graph: TemplateGraph): readonly Resource[] | undefined {
  const associations = graph.pointingAt(subnet, 'AWS::EC2::SubnetRouteTableAssociation', 'SubnetId');
  const tables = associations.map((association) => association.prop('RouteTableId').reference()?.resource);
  if (tables.length === 0 || tables.includes(undefined)) return undefined;
  return tables.flatMap((table) => (table ? graph.pointingAt(table, ROUTE, 'RouteTableId') : []));
}

/** A carrier gateway is what an internet gateway is called in a Wavelength zone. */
function leadsToInternetGateway(route: Resource): boolean {
  if (route.prop('CarrierGatewayId').exists) return true;
  const gateway = route.prop('GatewayId');
  const target = gateway.reference()?.resource.type;
  return target === 'AWS::EC2::InternetGateway' || gateway.partialText().text.startsWith('igw-');
}

/** A route that may lead any subnet to the internet, since nobody knows before the deployment whose route it is. */
const looseWayOut = oncePerGraph((graph) => looseIn(graph, ROUTE, 'RouteTableId')
  .find((route) => guarded(() => expect(!leadsToInternetGateway(route), route.whole, '')).some(({ kind }) => kind !== 'pass')));

function isPrivate(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const subnet = place.reference()?.resource;
  if (subnet?.type !== SUBNET) return undecidable(place, `${place.partialText().text} is in none of the templates, so its routes are not known`);
  if (subnet.prop('MapPublicIpOnLaunch').flag() === true) return fail(place, `${subnet.logicalId} gives public addresses to what starts in it`);
  const routes = routesOf(subnet, graph);
  if (!routes) return undecidable(place, `${subnet.logicalId} has no route table in the templates, so the VPC's main one decides`);
  const outcomes = each(routes, (route) => expect(!leadsToInternetGateway(route), place, `${subnet.logicalId} has a route to an internet gateway`));
  if (outcomes.some(({ kind }) => kind !== 'pass')) return outcomes;
  const loose = looseWayOut(graph);
  if (loose) return undecidable(place, `${subnet.logicalId} has no route to an internet gateway, unless ${loose.logicalId}, whose route table is known only when deployed, is one`);
  return PASS;
}

function isPrivateNetwork(network: Property, graph: TemplateGraph): readonly Outcome[] {
  return all(
    () => each(network.get('Subnets').items(), (subnet) => isPrivate(subnet, graph)),
    () => {
      const assign = network.get('AssignPublicIp');
      return expect((assign.text() ?? 'DISABLED') === 'DISABLED', assign, 'gives every task a public address');
    },
  );
}

const privateSubnets = defineRule('NET-1', 'private-subnets', {
  appliesTo: [...TASK_NETWORKS.keys(), ...STORES],
  remediation: 'Move it to subnets whose route table has no internet gateway, and set AssignPublicIp DISABLED.',
  check(resource, graph) {
    if (!TASK_NETWORKS.has(resource.type)) return each(resource.prop('SubnetIds').items(), (subnet) => isPrivate(subnet, graph));
    return eachTaskNetwork(resource, (network) => isPrivateNetwork(network, graph));
  },
});

/** Whose subnet group a database takes where it names none: that of its cluster, or of the database that it copies. */
const TAKES_AFTER = ['DBClusterIdentifier', 'SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'];

/** The subnet group of a database, or the pointer at which the search for it ends. */
export function subnetGroupOf(database: Resource, seen: readonly Resource[] = []): Property {
  const own = database.prop('DBSubnetGroupName');
  const pointer = TAKES_AFTER.map((key) => database.prop(key)).find((at) => at.exists);
  if (own.exists || !pointer) return own;
  const model = pointer.reference()?.resource;
  const followed = model && [DB_INSTANCE, DB_CLUSTER].includes(model.type) && !seen.includes(model);
  return followed ? subnetGroupOf(model, [...seen, model]) : pointer;
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

/** Whether a database has no address that everybody can reach. */
export function hasPrivateAddress(database: Resource, graph: TemplateGraph): readonly Outcome[] {
  const open = database.prop('PubliclyAccessible');
  const flag = open.flag();
  const preset = PUBLIC_BY_DEFAULT.get(database.type);
  if (flag !== undefined) return expect(!flag, open, `gives the ${preset?.noun ?? 'database'} a public address`);
  if (preset) return expect(!preset.isPublic, open, `is not set, and the service then gives the ${preset.noun} a public address`);
  // A cluster has addresses of its own only as a Multi-AZ cluster, which is one that names an instance class.
  if (database.type === DB_CLUSTER && !database.prop('DBClusterInstanceClass').exists) return NOT_APPLICABLE;
  return isPrivateUnasked(database, open, graph);
}

const privateDatabase = defineRule('NET-1', 'private-database', {
  appliesTo: [DB_INSTANCE, DB_CLUSTER, ...PUBLIC_BY_DEFAULT.keys()],
  remediation: 'Set PubliclyAccessible to false and name a subnet group of private subnets.',
  check: hasPrivateAddress,
});

export const SUBNET_RULES = [privateSubnets, privateDatabase];
