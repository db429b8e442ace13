import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { portsOf } from './addresses';
import { isApplicationLoadBalancer, LOAD_BALANCER } from './load-balancing';
import { SECURITY_GROUP, STANDALONE_INGRESS } from './net';

/** What listens where nothing but the workload may call. */
const STORE_PORTS: ReadonlyMap<number, string> = new Map([
  [5432, 'PostgreSQL'], [6379, 'Redis'], [6380, 'Redis read replicas'], [9090, 'Prometheus'], [11_211, 'memcached'],
]);

/** Sources that are addresses: whoever has one of them is let in, whatever it is. */
const ADDRESSES = ['CidrIp', 'CidrIpv6', 'SourcePrefixListId'];

/** Nothing but the load balancer listens behind its group, and NET-3 judges every port of it already. */
function belongsToLoadBalancer(group: Resource | undefined, graph: TemplateGraph): boolean {
  return group !== undefined && graph.pointingAt(group, LOAD_BALANCER, 'SecurityGroups').some(isApplicationLoadBalancer);
}

/** The load balancer, let in at one port: it speaks to the Core and to nothing behind it. A range of ports is the Core's own matter. */
function loadBalancerAt(rule: Property, graph: TemplateGraph): Property | undefined {
  const group = rule.get('SourceSecurityGroupId');
  if (!(group.value instanceof Reference) || !belongsToLoadBalancer(group.value.resource, graph)) return undefined;
  const ports = portsOf({ at: rule });
  return ports?.from === ports?.to ? group : undefined;
}

function opensNoStore(at: Property, graph: TemplateGraph): readonly Outcome[] {
  const source = ADDRESSES.map((key) => at.get(key)).find((place) => place.exists) ?? loadBalancerAt(at, graph);
  if (!source) return PASS;
  const ports = portsOf({ at });
  const open = [...STORE_PORTS].filter(([port]) => ports && ports.from <= port && port <= ports.to).map(([port, service]) => `${port} (${service})`);
  if (open.length === 0) return PASS;
  const address = source.reference()?.text ?? source.text() ?? '';
  return fail(source, `lets ${address} reach ${open.length > 1 ? 'ports' : 'port'} ${open.join(', ')}: stores take traffic from the security groups of workloads only`);
}

const storePorts = defineRule('NET-4', 'store-ports', {
  appliesTo: [SECURITY_GROUP, STANDALONE_INGRESS],
  remediation: 'Name the security group of the workload that uses the store as the source, and the store\'s own port.',
  check(resource, graph) {
    if (resource.type === STANDALONE_INGRESS) {
      const { value } = resource.prop('GroupId');
      return belongsToLoadBalancer(value instanceof Reference ? value.resource : undefined, graph) ? PASS : opensNoStore(resource.whole, graph);
    }
    const inline = resource.prop('SecurityGroupIngress').items();
    return inline.length === 0 || belongsToLoadBalancer(resource, graph) ? PASS : each(inline, (rule) => opensNoStore(rule, graph));
  },
});

/** Where a store names its security groups; without any it carries the VPC's default group (RDS, ElastiCache, MemoryDB and Redshift API references). */
export const GROUPS_OF: ReadonlyMap<string, string> = new Map([
  ['AWS::RDS::DBInstance', 'VPCSecurityGroups'],
  ['AWS::RDS::DBCluster', 'VpcSecurityGroupIds'],
  ['AWS::DocDB::DBCluster', 'VpcSecurityGroupIds'],
  ['AWS::Neptune::DBCluster', 'VpcSecurityGroupIds'],
  ['AWS::ElastiCache::ReplicationGroup', 'SecurityGroupIds'],
  ['AWS::ElastiCache::CacheCluster', 'VpcSecurityGroupIds'],
  ['AWS::ElastiCache::ServerlessCache', 'SecurityGroupIds'],
  ['AWS::MemoryDB::Cluster', 'SecurityGroupIds'],
  ['AWS::Redshift::Cluster', 'VpcSecurityGroupIds'],
]);

const storeGroups = defineRule('NET-4', 'store-groups', {
  appliesTo: [...GROUPS_OF.keys()],
  remediation: 'Give the store a security group of its own, which takes traffic from the group of the workload that uses it.',
  check(store) {
    // The instances of an Aurora cluster carry the cluster's groups.
    if (store.type === 'AWS::RDS::DBInstance' && store.prop('DBClusterIdentifier').exists) return NOT_APPLICABLE;
    const groups = store.prop(GROUPS_OF.get(store.type) ?? '');
    return expect(groups.items().length > 0, groups, 'names no security group, so the VPC\'s default group decides who reaches the store');
  },
});

export const NET_STORE_RULES = [storePorts, storeGroups];
