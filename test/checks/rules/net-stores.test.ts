import type { Stack } from 'aws-cdk-lib';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { deployTimeValue } from '../../support/load-balancing';
import { privateSubnet, raw, subnetGroup } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

function redis(stack: Stack, cacheSubnetGroupName?: string): CfnReplicationGroup {
  return new CfnReplicationGroup(stack, 'Redis', { replicationGroupDescription: 'limits', cacheSubnetGroupName });
}

function redisInSubnets(stack: Stack): CfnReplicationGroup {
  return redis(stack, new CfnSubnetGroup(stack, 'Group', { description: 'private', subnetIds: [privateSubnet(stack).ref] }).ref);
}

function database(stack: Stack, props: Partial<ConstructorParameters<typeof CfnDBInstance>[2]>): CfnDBInstance {
  return new CfnDBInstance(stack, 'Database', { engine: 'postgres', publiclyAccessible: false, ...props });
}

function inGroup(stack: Stack, type: string, property: string): void {
  raw(stack, type, {}).addPropertyOverride(property, subnetGroup(stack, privateSubnet(stack).ref).ref);
}

const MESSAGE = /^names no subnet group of its own/;

/** Every other store, and what names its subnets. */
const OTHERS: readonly (readonly [type: string, property: string])[] = [
  ['AWS::DocDB::DBCluster', 'DBSubnetGroupName'], ['AWS::Neptune::DBCluster', 'DBSubnetGroupName'], ['AWS::ElastiCache::CacheCluster', 'CacheSubnetGroupName'],
  ['AWS::MemoryDB::Cluster', 'SubnetGroupName'], ['AWS::Redshift::Cluster', 'ClusterSubnetGroupName'], ['AWS::DMS::ReplicationInstance', 'ReplicationSubnetGroupIdentifier'],
];

describeRule('NET-1.store-subnets', {
  compliant: {
    'a cache in a subnet group': redisInSubnets,
    'a database in a subnet group': (stack) => database(stack, { dbSubnetGroupName: subnetGroup(stack, privateSubnet(stack).ref).ref }),
    'an instance whose cluster is in one': (stack) => database(stack, {
      dbClusterIdentifier: new CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql', dbSubnetGroupName: subnetGroup(stack, privateSubnet(stack).ref).ref }).ref,
    }),
    'a serverless cache in subnets': (stack) => raw(stack, 'AWS::ElastiCache::ServerlessCache', { SubnetIds: [stack.resolve(privateSubnet(stack).ref)] }),
    ...Object.fromEntries(OTHERS.map(([type, property]) => [`${type} in a subnet group`, (stack: Stack) => inGroup(stack, type, property)])),
  },
  violating: {
    'a cache without a subnet group': { build: (stack) => redis(stack), message: MESSAGE, severity: 'error' },
    'a cache in the default subnet group': { build: (stack) => redis(stack, 'default'), message: MESSAGE },
    'a database without a subnet group': { build: (stack) => database(stack, {}), message: MESSAGE },
    'an Aurora cluster without one': { build: (stack) => new CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql' }), message: MESSAGE },
    'a serverless cache without subnets': { build: (stack) => raw(stack, 'AWS::ElastiCache::ServerlessCache', {}), message: MESSAGE },
    'a serverless cache with an empty list of subnets': { build: (stack) => raw(stack, 'AWS::ElastiCache::ServerlessCache', { SubnetIds: [] }), message: MESSAGE },
    ...Object.fromEntries(OTHERS.map(([type]) => [`${type} without one`, { build: (stack: Stack) => raw(stack, type, {}), message: MESSAGE }])),
  },
  override: { build: (stack) => redisInSubnets(stack).addPropertyDeletionOverride('CacheSubnetGroupName'), message: MESSAGE },
  raw: { build: (stack) => raw(stack, 'AWS::ElastiCache::ReplicationGroup', { CacheSubnetGroupName: 'default' }), message: MESSAGE },
  undecidable: {
    'a subnet group by its name': (stack) => redis(stack, 'private'),
    'a subnet group that a parameter names': (stack) => redis(stack, deployTimeValue(stack)),
    'subnets that a parameter lists': (stack) => raw(stack, 'AWS::ElastiCache::ServerlessCache', {}).addPropertyOverride('SubnetIds', deployTimeValue(stack)),
  },
  notApplicable: { 'a replica of a database that is declared elsewhere': (stack) => database(stack, { sourceDbInstanceIdentifier: 'core' }) },
});
