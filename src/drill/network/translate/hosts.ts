import { SERVICE, TASK_DEFINITION } from '../../../checks/rules/containers';
import {
  actionsOf, isApplicationLoadBalancer, LISTENER, LISTENER_RULE, listenerOf, listenersOf, LOAD_BALANCER, protocolOf, rulesOf, TARGET_GROUP,
} from '../../../checks/rules/load-balancing';
import type { Resource } from '../../../checks/template/resource';
import { Spot } from '../../edge/translate/spot';
import { configurationOf, type GateModel } from '../../gate/model';
import { gatesOf, samePlace } from '../../gate/translate';
import { placeOf } from '../../place';
import type { HostModel, HostRole } from '../model';
import { groupKey } from './groups';
import { keyOf, type Reading } from './reading';
import { ENDPOINT, FIREWALL, NAT_GATEWAY } from './shapes';
import { storePort, STORES, storeSubnets } from './stores';

/** A host before it has an address. */
export interface Tenant extends Pick<HostModel, 'ports' | 'front' | 'corePort' | 'clients'> {
  readonly resource: Resource;
  readonly role: HostRole;
  /** Where it may stand. */
  readonly subnets: readonly Spot[];
  /** Absent where security groups do not apply; empty where it names none. */
  readonly groups?: readonly string[];
  /** Undefined where its subnet decides. */
  readonly isPublic?: boolean;
}

/** Whatever has an address in some VPC of the templates. */
export function tenantsOf(reading: Reading): Tenant[] {
  const gates = gatesOf(reading.graph);
  return [
    ...reading.graph.ofType(LOAD_BALANCER).map((resource) => loadBalancer(resource, reading)),
    ...reading.graph.ofType(SERVICE).map((resource) => service(resource, gates)),
    ...Object.entries(STORES).flatMap(([type, { groups, published }]) => reading.graph.ofType(type).flatMap((resource) => {
      // The instances of a cluster stand where the cluster does, and carry its groups.
      if (Spot.of(resource).get('DBClusterIdentifier').exists && resource.type === 'AWS::RDS::DBInstance') return [];
      const port = storePort(resource);
      const isPublic = published !== undefined && Spot.of(resource).get(published).flag(false);
      const ports = port === undefined ? [] : [port];
      return [tenant(resource, 'store', storeSubnets(resource), { groups: keys(Spot.of(resource).get(groups)), ports, isPublic, clients: clientsOf(resource, reading) })];
    })),
    ...reading.all(ENDPOINT).flatMap((resource) => {
      const spot = Spot.of(resource);
      if ((spot.get('VpcEndpointType').text() ?? 'Gateway') !== 'Interface') {
        reading.omit(resource, 'the services behind it are no part of the drill\'s network');
        return [];
      }
      return [tenant(resource, 'endpoint', spot.get('SubnetIds').items(), { groups: keys(spot.get('SecurityGroupIds')), ports: [443], isPublic: false })];
    }),
    ...reading.graph.ofType('AWS::Lambda::Function').flatMap((resource) => {
      const network = Spot.of(resource).get('VpcConfig');
      return network.exists ? [tenant(resource, 'workload', network.get('SubnetIds').items(), { groups: keys(network.get('SecurityGroupIds')), ports: [], isPublic: false })] : [];
    }),
    ...reading.all(NAT_GATEWAY).map((resource) => tenant(resource, 'nat', [Spot.of(resource).get('SubnetId')], {
      ports: [], isPublic: (Spot.of(resource).get('ConnectivityType').oneOf(['public', 'private']) ?? 'public') === 'public',
    })),
    ...reading.all(FIREWALL).map((resource) => tenant(resource, 'firewall', Spot.of(resource).get('SubnetMappings').items().map((mapping) => mapping.get('SubnetId')), { ports: [], isPublic: false })),
  ];
}

function tenant(resource: Resource, role: HostRole, subnets: readonly Spot[], rest: Omit<Tenant, 'resource' | 'role' | 'subnets'>): Tenant {
  return { resource, role, subnets, ...rest };
}

function clientsOf(store: Resource, { graph }: Reading): string[] {
  const told = graph.pointingAt(store, TASK_DEFINITION, 'ContainerDefinitions');
  return graph.ofType(SERVICE).filter((one) => told.some((task) => Spot.of(one).get('TaskDefinition').target(TASK_DEFINITION) === task)).map(keyOf);
}

function keys(groups: Spot): string[] {
  return groups.items().map(groupKey);
}

function loadBalancer(resource: Resource, reading: Reading): Tenant {
  const spot = Spot.of(resource);
  const listeners = listenersOf(resource, reading.graph);
  const portsOf = (some: readonly Resource[]): number[] => some.map((listener) => Spot.of(listener).get('Port').requiredWhole(1, 65_535));
  const internetFacing = (spot.get('Scheme').oneOf(['internal', 'internet-facing']) ?? 'internet-facing') === 'internet-facing';
  const groups = keys(spot.get('SecurityGroups'));
  const targets = reading.graph.ofType(SERVICE).filter((one) => isTargetOf(one, resource, reading)).map(keyOf);
  return tenant(resource, 'load-balancer', [...spot.get('Subnets').items(), ...spot.get('SubnetMappings').items().map((mapping) => mapping.get('SubnetId'))], {
    ports: portsOf(listeners),
    isPublic: internetFacing,
    // A network load balancer that names no groups has none (Elastic Load Balancing guide, "Update the security groups for your Network Load Balancer").
    ...(groups.length > 0 || isApplicationLoadBalancer(resource) ? { groups } : {}),
    front: { ports: portsOf(listeners.filter((listener) => isMeant(listener, reading))), internetFacing, targets },
  });
}

/** Plain HTTP is for sending callers to HTTPS, and nothing else. */
function isMeant(listener: Resource, { graph }: Reading): boolean {
  return protocolOf(listener) !== 'HTTP' || [listener, ...rulesOf(listener, graph)].flatMap(actionsOf).every((action) => action.get('Type').text() === 'redirect');
}

function isTargetOf(candidate: Resource, balancer: Resource, { graph }: Reading): boolean {
  return Spot.of(candidate).get('LoadBalancers').items().some((entry) => {
    const group = entry.get('TargetGroupArn').target(TARGET_GROUP);
    if (!group) return false;
    const rules = graph.pointingAt(group, LISTENER_RULE, 'Actions').map(listenerOf);
    return [...graph.pointingAt(group, LISTENER, 'DefaultActions'), ...rules].some((listener) => listener !== undefined && Spot.of(listener).get('LoadBalancerArn').target(LOAD_BALANCER) === balancer);
  });
}

function service(resource: Resource, gates: readonly GateModel[]): Tenant {
  const network = Spot.of(resource).get('NetworkConfiguration').get('AwsvpcConfiguration');
  const task = Spot.of(resource).get('TaskDefinition').target(TASK_DEFINITION);
  const mapped = (task ? Spot.of(task).get('ContainerDefinitions').items() : []).flatMap((container) => container.get('PortMappings').items())
    .filter((mapping) => (mapping.get('Protocol').text() ?? 'tcp') === 'tcp')
    .map((mapping) => mapping.get('ContainerPort').requiredWhole(1, 65_535));
  const balanced = Spot.of(resource).get('LoadBalancers').items().flatMap((entry) => entry.get('ContainerPort').whole(1, 65_535) ?? []);
  const gate = task && gates.find(({ place }) => samePlace(place, placeOf(task)));
  return tenant(resource, 'service', network.get('Subnets').items(), {
    groups: keys(network.get('SecurityGroups')),
    // What the load balancer connects to comes first: it is what has to be reached.
    ports: [...new Set([...balanced, ...mapped])],
    ...(gate && { corePort: configurationOf(gate).core.port }),
    isPublic: network.get('AssignPublicIp').oneOf(['ENABLED', 'DISABLED']) === 'ENABLED',
  });
}
