import type { Resource } from '../../../checks/template/resource';
import { Spot } from '../../edge/translate/spot';

/** Where a store says what matters to the network. */
export interface StoreType {
  /** The property that names its subnet group, and the type of that; without a type it holds the subnets itself. */
  readonly subnets: readonly [property: string, group?: string];
  readonly groups: string;
  /** Where the port is not written. */
  readonly port: number;
  /** Of engines with another port, by the beginning of the name. */
  readonly ports?: Readonly<Record<string, number>>;
  /** The property that gives it a public address. */
  readonly published?: string;
}

const CACHE_GROUP = 'AWS::ElastiCache::SubnetGroup';
const DATABASE_PORTS = { mysql: 3306, mariadb: 3306, 'aurora-mysql': 3306, oracle: 1521, sqlserver: 1433 };

/** CloudFormation template reference, by type; the default ports are those of the services' user guides. */
export const STORES: Readonly<Record<string, StoreType>> = {
  'AWS::RDS::DBInstance': { subnets: ['DBSubnetGroupName', 'AWS::RDS::DBSubnetGroup'], groups: 'VPCSecurityGroups', port: 5432, ports: DATABASE_PORTS, published: 'PubliclyAccessible' },
  'AWS::RDS::DBCluster': { subnets: ['DBSubnetGroupName', 'AWS::RDS::DBSubnetGroup'], groups: 'VpcSecurityGroupIds', port: 5432, ports: DATABASE_PORTS, published: 'PubliclyAccessible' },
  'AWS::DocDB::DBCluster': { subnets: ['DBSubnetGroupName', 'AWS::DocDB::DBSubnetGroup'], groups: 'VpcSecurityGroupIds', port: 27_017 },
  'AWS::Neptune::DBCluster': { subnets: ['DBSubnetGroupName', 'AWS::Neptune::DBSubnetGroup'], groups: 'VpcSecurityGroupIds', port: 8182 },
  'AWS::ElastiCache::ReplicationGroup': { subnets: ['CacheSubnetGroupName', CACHE_GROUP], groups: 'SecurityGroupIds', port: 6379 },
  'AWS::ElastiCache::CacheCluster': { subnets: ['CacheSubnetGroupName', CACHE_GROUP], groups: 'VpcSecurityGroupIds', port: 6379, ports: { memcached: 11_211 } },
  'AWS::ElastiCache::ServerlessCache': { subnets: ['SubnetIds'], groups: 'SecurityGroupIds', port: 6379, ports: { memcached: 11_211 } },
  'AWS::MemoryDB::Cluster': { subnets: ['SubnetGroupName', 'AWS::MemoryDB::SubnetGroup'], groups: 'SecurityGroupIds', port: 6379 },
  'AWS::Redshift::Cluster': { subnets: ['ClusterSubnetGroupName', 'AWS::Redshift::ClusterSubnetGroup'], groups: 'VpcSecurityGroupIds', port: 5439, published: 'PubliclyAccessible' },
};

/** The port on which a store answers; undefined for anything that is none. */
export function storePort(store: Resource): number | undefined {
  const type = STORES[store.type];
  if (type === undefined) return undefined;
  const engine = Spot.of(store).get('Engine').text() ?? '';
  const byEngine = Object.entries(type.ports ?? {}).find(([name]) => engine.startsWith(name))?.[1];
  return Spot.of(store).get('Port').whole(1, 65_535) ?? byEngine ?? type.port;
}

/** The subnets that a store may stand in; nothing where they are in none of the templates. */
export function storeSubnets(store: Resource): Spot[] {
  const [property, group] = STORES[store.type]?.subnets ?? [''];
  const spot = Spot.of(store).get(property);
  if (group === undefined) return spot.items();
  const found = spot.target(group);
  return found ? Spot.of(found).get('SubnetIds').items() : [];
}
