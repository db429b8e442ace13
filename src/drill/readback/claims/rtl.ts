import { type Claims, ENVIRONMENTS, inContainers, LOAD_BALANCER, SECURITY_GROUP, SERVICE, STANDALONE_INGRESS, TASK } from './claim';

/** How much callers may ask for. */
export const RTL_CLAIMS: Claims = {
  'RTL-1': [
    { type: LOAD_BALANCER, properties: ['Type', 'WebACLArn'] },
    { type: 'AWS::WAFv2::WebACL', properties: ['Scope', 'DefaultAction', 'Rules'] },
    { type: 'AWS::WAFv2::WebACLAssociation', properties: ['ResourceArn', 'WebACLArn'] },
    { type: 'AWS::WAFv2::IPSet', properties: ['Scope', 'IPAddressVersion', 'Addresses'] },
    { type: 'AWS::WAFv2::RegexPatternSet', properties: ['Scope', 'RegularExpressionList'] },
    { type: 'AWS::WAFv2::RuleGroup', properties: ['Scope', 'Rules'] },
  ],
  'RTL-2': [
    ...ENVIRONMENTS,
    { type: SERVICE, properties: ['TaskDefinition', 'NetworkConfiguration'] },
    { type: SECURITY_GROUP, properties: ['SecurityGroupIngress'] },
    { type: STANDALONE_INGRESS, properties: ['GroupId', 'Permission'] },
    ...['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache', 'AWS::MemoryDB::Cluster'].map((type) => ({ type, properties: ['SecurityGroupIds'] })),
    { type: 'AWS::ElastiCache::CacheCluster', properties: ['VpcSecurityGroupIds'] },
  ],
  'RTL-3': [...ENVIRONMENTS, { type: 'AWS::WAFv2::WebACL', properties: ['Rules'] }],
  'RTL-4': ENVIRONMENTS,
  'RTL-5': [
    { type: TASK, properties: inContainers('Environment') },
    { type: 'AWS::WAFv2::WebACL', properties: ['Rules'] },
    { type: 'AWS::WAFv2::RuleGroup', properties: ['Rules'] },
    { type: 'AWS::WAFv2::IPSet', properties: ['Addresses'] },
  ],
  'RTL-6': [
    { type: TASK, properties: inContainers('Environment') },
    // How many run is left out: the service has a count where a template leaves it to whoever scales.
    { type: SERVICE, properties: ['TaskDefinition'] },
    { type: 'AWS::ApplicationAutoScaling::ScalableTarget', properties: ['ResourceId', 'MaxCapacity'] },
    ...['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::CacheCluster'].map((type) => ({ type, properties: ['CacheParameterGroupName'] })),
    { type: 'AWS::ElastiCache::ParameterGroup', properties: ['Properties'] },
  ],
};
