import { type Claim, type Claims, inContainers, LOAD_BALANCER, SECURITY_GROUP, SERVICE, STANDALONE_INGRESS, TASK } from './claim';

/** Tasks that something else starts, and the network they are started in. */
const SCHEDULED: readonly Claim[] = [{ type: 'AWS::Scheduler::Schedule', properties: ['Target'] }, { type: 'AWS::Pipes::Pipe', properties: ['TargetParameters'] }];

/** What reaches what. */
export const NET_CLAIMS: Claims = {
  'NET-1': [
    { type: SERVICE, properties: ['Cluster', 'NetworkConfiguration'] },
    { type: 'AWS::ECS::Cluster', properties: ['ClusterName'] },
    { type: 'AWS::EC2::VPC', properties: ['CidrBlock', 'InstanceTenancy', 'EnableDnsSupport', 'EnableDnsHostnames'] },
    { type: 'AWS::EC2::Subnet', properties: ['VpcId', 'CidrBlock', 'AvailabilityZone', 'MapPublicIpOnLaunch'] },
    { type: 'AWS::EC2::RouteTable', properties: ['VpcId', 'Routes'] },
    { type: 'AWS::EC2::Route', properties: ['RouteTableId', 'Destination', 'Target'] },
    { type: 'AWS::EC2::SubnetRouteTableAssociation', properties: ['SubnetId', 'RouteTableId'] },
    { type: 'AWS::EC2::NatGateway', properties: ['SubnetId', 'AllocationId', 'ConnectivityType'] },
    { type: 'AWS::EC2::EIP', properties: ['Domain'] },
    { type: 'AWS::EC2::VPCEndpoint', properties: ['VpcId', 'ServiceName', 'VpcEndpointType', 'PrivateDnsEnabled', 'SubnetIds', 'RouteTableIds', 'SecurityGroupIds', 'PolicyDocument'] },
    ...[
      'AWS::ECS::TaskSet', 'AWS::Events::Rule', 'AWS::RDS::DBSubnetGroup', 'AWS::DocDB::DBSubnetGroup', 'AWS::Neptune::DBSubnetGroup', 'AWS::DMS::ReplicationSubnetGroup',
      'AWS::Redshift::ClusterSubnetGroup', 'AWS::ElastiCache::SubnetGroup', 'AWS::ElastiCache::ServerlessCache', 'AWS::MemoryDB::SubnetGroup',
    ].map((type) => ({ type, properties: ['SubnetIds'] })),
    ...SCHEDULED,
    ...['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'].map((type) => ({ type, properties: ['PubliclyAccessible', 'DBSubnetGroupName'] })),
    { type: 'AWS::Redshift::Cluster', properties: ['PubliclyAccessible', 'ClusterSubnetGroupName'] },
    { type: 'AWS::DMS::ReplicationInstance', properties: ['PubliclyAccessible', 'ReplicationSubnetGroupIdentifier'] },
    ...['AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'].map((type) => ({ type, properties: ['DBSubnetGroupName'] })),
    ...['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::CacheCluster'].map((type) => ({ type, properties: ['CacheSubnetGroupName'] })),
    { type: 'AWS::MemoryDB::Cluster', properties: ['SubnetGroupName'] },
  ],
  'NET-2': [
    { type: 'AWS::EC2::SecurityGroup', properties: ['VpcId', 'SecurityGroupIngress'] },
    { type: 'AWS::EC2::SecurityGroupIngress', properties: ['GroupId', 'Permission'] },
    { type: LOAD_BALANCER, properties: ['SecurityGroups', 'Subnets', 'Scheme'] },
    { type: SERVICE, properties: ['LoadBalancers', 'NetworkConfiguration'] },
    { type: 'AWS::EC2::PrefixList', properties: ['Entries'] },
    { type: 'AWS::EC2::VPC', properties: ['CidrBlock'] },
    { type: 'Custom::VpcRestrictDefaultSG', properties: ['DefaultSecurityGroupId'] },
    { type: 'AWS::EC2::VPCEndpointServicePermissions', properties: ['ServiceId', 'AllowedPrincipals'] },
  ],
  'NET-3': [
    { type: LOAD_BALANCER, properties: ['SecurityGroups', 'Listeners'] },
    { type: 'AWS::EC2::SecurityGroup', properties: ['SecurityGroupIngress', 'SecurityGroupEgress'] },
    { type: 'AWS::EC2::SecurityGroupIngress', properties: ['GroupId', 'Permission'] },
    { type: 'AWS::EC2::SecurityGroupEgress', properties: ['GroupId', 'Permission'] },
  ],
  'NET-4': [
    { type: 'AWS::EC2::SecurityGroup', properties: ['SecurityGroupIngress'] },
    { type: 'AWS::EC2::SecurityGroupIngress', properties: ['GroupId', 'Permission'] },
    { type: 'AWS::RDS::DBInstance', properties: ['VPCSecurityGroups'] },
    ...['AWS::RDS::DBCluster', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster', 'AWS::ElastiCache::CacheCluster', 'AWS::Redshift::Cluster']
      .map((type) => ({ type, properties: ['VpcSecurityGroupIds'] })),
    ...['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache', 'AWS::MemoryDB::Cluster'].map((type) => ({ type, properties: ['SecurityGroupIds'] })),
  ],
  'NET-5': [
    { type: SERVICE, properties: ['NetworkConfiguration'] },
    ...['AWS::ECS::TaskSet', 'AWS::Events::Rule'].map((type) => ({ type, properties: ['NetworkConfiguration', 'Targets'] })),
    ...SCHEDULED,
    { type: LOAD_BALANCER, properties: ['SecurityGroups'] },
    { type: 'AWS::EC2::SecurityGroup', properties: ['SecurityGroupEgress'] },
    { type: 'AWS::EC2::SecurityGroupEgress', properties: ['GroupId', 'Permission'] },
    { type: 'AWS::EC2::VPC', properties: ['CidrBlock'] },
    { type: 'AWS::EC2::RouteTable', properties: ['Routes'] },
    { type: 'AWS::EC2::Route', properties: ['RouteTableId', 'Destination', 'Target'] },
    { type: 'AWS::EC2::SubnetRouteTableAssociation', properties: ['SubnetId', 'RouteTableId'] },
    { type: 'AWS::EC2::VPCEndpoint', properties: ['ServiceName', 'PolicyDocument'] },
    { type: 'AWS::NetworkFirewall::Firewall', properties: ['FirewallPolicyArn', 'SubnetMappings'] },
    { type: 'AWS::NetworkFirewall::FirewallPolicy', properties: ['FirewallPolicy'] },
    { type: 'AWS::NetworkFirewall::RuleGroup', properties: ['RuleGroup'] },
    { type: 'AWS::Route53Resolver::FirewallRuleGroup', properties: ['FirewallRules'] },
    { type: 'AWS::Route53Resolver::FirewallDomainList', properties: ['Domains'] },
    { type: 'AWS::Route53Resolver::FirewallRuleGroupAssociation', properties: ['FirewallRuleGroupId', 'VpcId'] },
  ],
  'NET-6': [
    { type: TASK, properties: ['NetworkMode', ...inContainers('Name', 'PortMappings', 'Environment')] },
    { type: SERVICE, properties: ['LoadBalancers', 'ServiceRegistries', 'ServiceConnectConfiguration', 'NetworkConfiguration', 'TaskDefinition'] },
    { type: SECURITY_GROUP, properties: ['SecurityGroupIngress'] },
    { type: STANDALONE_INGRESS, properties: ['GroupId', 'Permission'] },
  ],
  'NET-7': [
    { type: LOAD_BALANCER, properties: ['Scheme', 'Type'] },
    { type: 'AWS::ElasticLoadBalancing::LoadBalancer', properties: ['Scheme'] },
  ],
};
