import { defineRule, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Reference } from '../template/value';
import { subnetGroupOf } from './net-subnets';

/** Where a store names its subnets; without it the service takes the default VPC, whose subnets are public (RDS, ElastiCache and Redshift guides). */
const SUBNETS_OF: ReadonlyMap<string, string> = new Map([
  ['AWS::RDS::DBInstance', 'DBSubnetGroupName'],
  ['AWS::RDS::DBCluster', 'DBSubnetGroupName'],
  ['AWS::DocDB::DBCluster', 'DBSubnetGroupName'],
  ['AWS::Neptune::DBCluster', 'DBSubnetGroupName'],
  ['AWS::ElastiCache::ReplicationGroup', 'CacheSubnetGroupName'],
  ['AWS::ElastiCache::CacheCluster', 'CacheSubnetGroupName'],
  ['AWS::ElastiCache::ServerlessCache', 'SubnetIds'],
  ['AWS::MemoryDB::Cluster', 'SubnetGroupName'],
  ['AWS::Redshift::Cluster', 'ClusterSubnetGroupName'],
  ['AWS::DMS::ReplicationInstance', 'ReplicationSubnetGroupIdentifier'],
]);

/** A database may leave it to what it belongs to, or is a copy of: that one is judged where it is declared. */
function subnetsOf(store: Resource): Property | undefined {
  const key = SUBNETS_OF.get(store.type) ?? '';
  if (!store.type.startsWith('AWS::RDS::')) return store.prop(key);
  const place = subnetGroupOf(store);
  return place.path.endsWith(`.${key}`) ? place : undefined;
}

function isNamed(place: Property): readonly Outcome[] {
  if (place.exists && Array.isArray(place.value)) return place.items().length > 0 ? PASS : fail(place, DEFAULT);
  if (place.value instanceof Reference) return PASS;
  const { text } = place.partialText();
  if (!place.exists || text === 'default') return fail(place, DEFAULT);
  return undecidable(place, `${text} is in none of the templates, so its subnets are not known`);
}

const DEFAULT = 'names no subnet group of its own, so the store stands in the default VPC, whose subnets are public';

export const storeSubnets = defineRule('NET-1', 'store-subnets', {
  appliesTo: [...SUBNETS_OF.keys()],
  remediation: 'Name a subnet group of private subnets.',
  check(store) {
    const place = subnetsOf(store);
    return place ? isNamed(place) : NOT_APPLICABLE;
  },
});
