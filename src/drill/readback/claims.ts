import type { ControlId } from '../../controls';

/** What a control says of resources of one type. A path through a list means each of its entries. */
export interface Claim {
  readonly type: string;
  readonly properties: readonly string[];
}

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const TASK = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';
const CLIENT = 'AWS::Cognito::UserPoolClient';
const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
const STANDALONE_INGRESS = 'AWS::EC2::SecurityGroupIngress';

const inContainers = (...properties: readonly string[]): string[] => properties.map((property) => `ContainerDefinitions.${property}`);

/** A classic load balancer speaks, shows certificates and forwards by what it has listeners for. */
const CLASSIC: Claim = { type: 'AWS::ElasticLoadBalancing::LoadBalancer', properties: ['Listeners'] };

/** Tasks that something else starts, and the network they are started in. */
const SCHEDULED: readonly Claim[] = [{ type: 'AWS::Scheduler::Schedule', properties: ['Target'] }, { type: 'AWS::Pipes::Pipe', properties: ['TargetParameters'] }];

/** The environments of programs, among them that of a gate, which holds its whole configuration. */
const ENVIRONMENTS: readonly Claim[] = [
  { type: TASK, properties: inContainers('Environment', 'Secrets') },
  ...['AWS::Lambda::Function', 'AWS::Serverless::Function'].map((type) => ({ type, properties: ['Environment'] })),
];

const SECRET = 'AWS::SecretsManager::Secret';
const BUCKET = 'AWS::S3::Bucket';
const DATABASES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/** Policies of identities that stand by themselves. */
const POLICIES: readonly Claim[] = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy']
  .map((type) => ({ type, properties: ['PolicyDocument'] }));

/** What has a password of its own. */
const SECRET_HOLDERS: readonly Claim[] = [
  ...['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::DocDB::DBCluster', 'AWS::Redshift::Cluster'].map((type) => ({ type, properties: ['MasterUserPassword'] })),
  ...['AWS::DocDBElastic::Cluster', 'AWS::RedshiftServerless::Namespace'].map((type) => ({ type, properties: ['AdminUserPassword'] })),
  { type: 'AWS::DMS::Endpoint', properties: ['Password'] },
  { type: 'AWS::AmazonMQ::Broker', properties: ['Users'] },
  ...['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'].map((type) => ({ type, properties: ['AdvancedSecurityOptions'] })),
  { type: 'AWS::IAM::User', properties: ['LoginProfile'] },
  { type: 'AWS::IAM::ServerCertificate', properties: ['PrivateKey'] },
  { type: 'AWS::ElastiCache::ReplicationGroup', properties: ['AuthToken'] },
  ...['AWS::ElastiCache::User', 'AWS::MemoryDB::User'].map((type) => ({ type, properties: ['AuthenticationMode'] })),
];

/** What carries text of somebody's own, and where. */
const FREE_TEXT: readonly Claim[] = Object.entries({
  [TASK]: inContainers('Environment'),
  'AWS::Lambda::Function': ['Code'],
  'AWS::Serverless::Function': ['InlineCode'],
  'AWS::CodeBuild::Project': ['Source'],
  [SECRET]: ['Description'],
  'AWS::EC2::Instance': ['UserData'],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateData'],
  'AWS::AutoScaling::LaunchConfiguration': ['UserData'],
  'AWS::SSM::Parameter': ['Value'],
  'AWS::SSM::Document': ['Content'],
  'AWS::StepFunctions::StateMachine': ['DefinitionString'],
  'AWS::Events::Rule': ['Targets'],
  'AWS::Events::Connection': ['AuthParameters'],
  'AWS::Scheduler::Schedule': ['Target'],
  'AWS::CloudFront::Function': ['FunctionCode'],
  'AWS::AppConfig::HostedConfigurationVersion': ['Content'],
  'AWS::ApiGateway::Method': ['Integration'],
  'AWS::ApiGateway::RestApi': ['Body'],
  'AWS::ApiGatewayV2::Api': ['Body'],
  'AWS::Batch::JobDefinition': ['ContainerProperties'],
  'AWS::AppRunner::Service': ['SourceConfiguration'],
  'AWS::Glue::Job': ['DefaultArguments'],
  'AWS::SageMaker::Model': ['PrimaryContainer'],
  'AWS::ElasticBeanstalk::Environment': ['OptionSettings'],
  'AWS::Amplify::App': ['EnvironmentVariables'],
  [SERVICE]: ['TaskDefinition'],
  [LISTENER_RULE]: ['Actions'],
  'AWS::CloudFormation::Stack': ['Parameters'],
  'AWS::CodePipeline::Pipeline': ['Stages'],
  'AWS::IoT::TopicRule': ['TopicRulePayload'],
}).map(([type, properties]) => ({ type, properties }));

/** Everything that answers browsers of other origins. */
const ORIGINS: readonly Claim[] = [
  ...ENVIRONMENTS,
  { type: LISTENER, properties: ['ListenerAttributes'] },
  { type: 'AWS::ApiGatewayV2::Api', properties: ['CorsConfiguration'] },
  { type: 'AWS::Lambda::Url', properties: ['Cors'] },
  { type: 'AWS::Serverless::Function', properties: ['FunctionUrlConfig'] },
];

/** What the load balancer answers with by itself. */
const HEADERS: readonly Claim[] = [{ type: LISTENER, properties: ['ListenerAttributes'] }];

/**
 * What each control that has a rule reads from the templates, so that the same is read back from a deployment. Some properties are none
 * of the template's: `Listeners`, `Rules`, `Routes` and `WebACLArn` are all that the emulator has of a kind, so that one more is seen too.
 */
export const CLAIMS: Readonly<Partial<Record<ControlId, readonly Claim[]>>> = {
  'TLS-1': [
    { type: LISTENER, properties: ['Protocol', 'Port', 'DefaultActions', 'Certificates'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Actions'] },
    { type: LOAD_BALANCER, properties: ['Listeners', 'Type'] },
    { type: TARGET_GROUP, properties: ['TargetType', 'Protocol', 'Port'] },
    CLASSIC,
  ],
  'TLS-2': [{ type: LISTENER, properties: ['Protocol', 'SslPolicy'] }, CLASSIC],
  'TLS-3': [
    { type: LISTENER, properties: ['Certificates'] },
    CLASSIC,
    { type: 'AWS::ElasticLoadBalancingV2::ListenerCertificate', properties: ['ListenerArn', 'Certificates'] },
    { type: 'AWS::CertificateManager::Certificate', properties: ['ValidationMethod', 'CertificateExport', 'CertificateAuthorityArn'] },
  ],
  'TLS-4': [
    { type: LISTENER, properties: ['Protocol', 'DefaultActions', 'Rules'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Actions'] },
  ],
  'TLS-5': [
    { type: TARGET_GROUP, properties: ['Protocol', 'TargetType'] },
    { type: 'AWS::SNS::Topic', properties: [] },
    { type: 'AWS::SNS::TopicPolicy', properties: ['Topics', 'PolicyDocument'] },
    ...ENVIRONMENTS,
  ],
  'TLS-6': [{ type: SERVICE, properties: ['ServiceConnectConfiguration'] }],
  'TLS-7': [{ type: LOAD_BALANCER, properties: ['LoadBalancerAttributes'] }],
  'IDN-1': [
    { type: LISTENER, properties: ['Protocol', 'DefaultActions', 'MutualAuthentication', 'Rules'] },
    CLASSIC,
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Priority', 'Conditions', 'Actions'] },
    { type: 'AWS::ElasticLoadBalancingV2::TrustStore', properties: ['CaCertificatesBundleS3Bucket', 'CaCertificatesBundleS3Key'] },
    { type: TARGET_GROUP, properties: ['Protocol', 'TargetType'] },
    { type: SERVICE, properties: ['LoadBalancers', 'TaskDefinition'] },
    { type: TASK, properties: inContainers('Name', 'Environment') },
  ],
  'IDN-2': [
    { type: LISTENER, properties: ['DefaultActions'] },
    { type: LISTENER_RULE, properties: ['Actions'] },
    { type: TASK, properties: inContainers('Environment', 'Secrets') },
  ],
  'IDN-3': [
    { type: LISTENER, properties: ['DefaultActions'] },
    { type: LISTENER_RULE, properties: ['Actions'] },
    { type: TASK, properties: inContainers('Environment') },
  ],
  'IDN-4': [{ type: CLIENT, properties: ['AccessTokenValidity', 'TokenValidityUnits', 'EnableTokenRevocation'] }],
  'IDN-5': ENVIRONMENTS,
  'IDN-6': [
    { type: LISTENER, properties: ['MutualAuthentication'] },
    { type: 'AWS::ElasticLoadBalancingV2::TrustStoreRevocation', properties: ['TrustStoreArn', 'RevocationContents'] },
  ],
  'IDN-7': [
    { type: TASK, properties: inContainers('Environment', 'Secrets') },
    { type: SERVICE, properties: ['LoadBalancers', 'TaskDefinition'] },
    { type: LISTENER, properties: ['MutualAuthentication', 'ListenerAttributes', 'Rules'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Priority', 'Conditions', 'Actions'] },
  ],
  'IDN-8': [
    ...ENVIRONMENTS,
    ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'].map((type) => ({ type, properties: ['PolicyDocument'] })),
    ...['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'].map((type) => ({ type, properties: ['Policies'] })),
    { type: 'AWS::DynamoDB::Table', properties: ['ResourcePolicy'] },
  ],
  'IDN-9': ENVIRONMENTS,
  'IDN-10': [
    { type: LISTENER, properties: ['DefaultActions', 'Rules'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Priority', 'Conditions', 'Actions'] },
    { type: 'AWS::Cognito::UserPool', properties: ['AdminCreateUserConfig', 'MfaConfiguration', 'Policies'] },
  ],
  'IDN-11': ENVIRONMENTS,
  'IDN-13': [{ type: CLIENT, properties: ['CallbackURLs', 'DefaultRedirectURI', 'LogoutURLs', 'AllowedOAuthFlows', 'AllowedOAuthFlowsUserPoolClient'] }],
  'AZN-1': [{ type: TASK, properties: inContainers('Environment') }],
  'AZN-2': ENVIRONMENTS,
  'AZN-3': ENVIRONMENTS,
  'AZN-4': [...ENVIRONMENTS, { type: CLIENT, properties: ['AllowedOAuthScopes'] }],
  'AZN-5': ENVIRONMENTS,
  'AZN-6': [{ type: CLIENT, properties: ['AllowedOAuthScopes'] }, { type: 'AWS::Cognito::UserPoolResourceServer', properties: ['Identifier', 'Scopes'] }],
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
  'SEC-1': [
    { type: TASK, properties: inContainers('Environment', 'Secrets', 'Command', 'EntryPoint', 'HealthCheck', 'DockerLabels', 'LogConfiguration') },
    { type: LISTENER, properties: ['DefaultActions'] },
    { type: LISTENER_RULE, properties: ['Actions'] },
    { type: 'AWS::IAM::Role', properties: ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'] },
    { type: 'AWS::IAM::Policy', properties: ['PolicyDocument', 'Roles'] },
    ...['AWS::Lambda::Function', 'AWS::Serverless::Function', 'AWS::CodeBuild::Project'].map((type) => ({ type, properties: ['Environment'] })),
    { type: 'AWS::SecretsManager::Secret', properties: ['SecretString'] },
    ...SECRET_HOLDERS,
  ],
  'SEC-2': [
    { type: SECRET, properties: ['KmsKeyId', 'ReplicaRegions', 'Name'] },
    { type: 'AWS::KMS::Key', properties: ['KeyPolicy', 'EnableKeyRotation', 'KeySpec', 'Origin'] },
    { type: 'AWS::KMS::ReplicaKey', properties: ['KeyPolicy'] },
    { type: 'AWS::SecretsManager::ResourcePolicy', properties: ['SecretId', 'ResourcePolicy'] },
    ...POLICIES,
    { type: 'AWS::IAM::Policy', properties: ['Roles'] },
    { type: 'AWS::IAM::RolePolicy', properties: ['RoleName'] },
    ...ENVIRONMENTS,
    { type: TASK, properties: ['TaskRoleArn', 'ExecutionRoleArn'] },
    ...['AWS::Lambda::Function', 'AWS::Serverless::Function'].map((type) => ({ type, properties: ['Role'] })),
    { type: 'AWS::IAM::Role', properties: ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'] },
    ...['AWS::IAM::User', 'AWS::IAM::Group'].map((type) => ({ type, properties: ['ManagedPolicyArns', 'Policies'] })),
    { type: 'AWS::Lambda::Permission', properties: ['Principal', 'SourceArn', 'SourceAccount'] },
  ],
  'SEC-3': [{ type: SECRET, properties: ['Name'] }, { type: 'AWS::SecretsManager::RotationSchedule', properties: ['SecretId', 'RotationLambdaARN', 'RotationRules'] }],
  'SEC-4': [{ type: SECRET, properties: ['GenerateSecretString', 'SecretString'] }, ...SECRET_HOLDERS],
  'SEC-5': [
    { type: SECRET, properties: ['Name', 'ReplicaRegions'] },
    { type: 'AWS::SecretsManager::RotationSchedule', properties: ['SecretId'] },
    { type: TASK, properties: inContainers('Environment', 'Secrets') },
  ],
  'SEC-6': [{ type: TASK, properties: inContainers('Environment', 'Secrets') }, { type: SECRET, properties: ['Name'] }],
  'SEC-7': [
    ...ENVIRONMENTS,
    { type: 'AWS::CodeBuild::Project', properties: ['Environment'] },
    { type: 'AWS::IAM::AccessKey', properties: ['Status'] },
    { type: 'AWS::IAM::User', properties: ['LoginProfile'] },
  ],
  'SEC-8': [
    { type: SECRET, properties: ['Name'] },
    { type: 'AWS::Events::Rule', properties: ['State', 'EventPattern', 'Targets'] },
    { type: 'AWS::CloudTrail::Trail', properties: ['IsLogging', 'EventSelectors', 'AdvancedEventSelectors'] },
    { type: 'AWS::CloudWatch::Alarm', properties: ['Namespace', 'Dimensions'] },
  ],
  'SEC-9': [{ type: TASK, properties: inContainers('EnvironmentFiles') }, ...FREE_TEXT],
  'SEC-11': [
    { type: SECRET, properties: ['Name'] },
    { type: 'AWS::SecretsManager::RotationSchedule', properties: ['SecretId'] },
    { type: 'AWS::Events::Rule', properties: ['State', 'EventPattern', 'Targets'] },
    { type: TASK, properties: inContainers('Secrets') },
  ],
  'DAT-1': [{ type: TASK, properties: inContainers('Environment', 'Command', 'EntryPoint') }, ...ENVIRONMENTS, ...DATABASES.map((type) => ({ type, properties: ['Engine'] }))],
  'DAT-2': [
    ...ENVIRONMENTS,
    { type: 'AWS::RDS::DBInstance', properties: ['Engine', 'EngineVersion', 'DBParameterGroupName'] },
    { type: 'AWS::RDS::DBCluster', properties: ['Engine', 'EngineVersion', 'DBClusterParameterGroupName'] },
    ...['AWS::RDS::DBParameterGroup', 'AWS::RDS::DBClusterParameterGroup'].map((type) => ({ type, properties: ['Family', 'Parameters'] })),
  ],
  'DAT-3': [
    { type: 'AWS::RDS::DBInstance', properties: ['StorageEncrypted', 'KmsKeyId', 'PubliclyAccessible', 'VPCSecurityGroups'] },
    { type: 'AWS::RDS::DBCluster', properties: ['StorageEncrypted', 'KmsKeyId', 'PubliclyAccessible', 'VpcSecurityGroupIds'] },
    ...['AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'].map((type) => ({ type, properties: ['StorageEncrypted', 'KmsKeyId'] })),
    { type: 'AWS::Redshift::Cluster', properties: ['Encrypted', 'KmsKeyId'] },
    { type: SECURITY_GROUP, properties: ['SecurityGroupIngress'] },
    { type: STANDALONE_INGRESS, properties: ['GroupId', 'Permission'] },
  ],
  'DAT-5': [
    { type: 'AWS::ElastiCache::CacheCluster', properties: ['Engine', 'TransitEncryptionEnabled', 'VpcSecurityGroupIds'] },
    { type: 'AWS::ElastiCache::ServerlessCache', properties: ['Engine', 'SecurityGroupIds'] },
    { type: SECURITY_GROUP, properties: ['SecurityGroupIngress'] },
    { type: STANDALONE_INGRESS, properties: ['GroupId', 'Permission'] },
  ],
  'DAT-6': [
    { type: BUCKET, properties: ['PublicAccessBlockConfiguration', 'VersioningConfiguration', 'BucketEncryption', 'OwnershipControls', 'AccessControl'] },
    { type: 'AWS::S3::BucketPolicy', properties: ['Bucket', 'PolicyDocument'] },
  ],
  'DAT-7': [...ENVIRONMENTS, { type: TASK, properties: ['TaskRoleArn', ...inContainers('Environment', 'Secrets')] }, { type: BUCKET, properties: ['BucketName'] }],
  'AUD-1': [{ type: TASK, properties: inContainers('Environment', 'Secrets', 'LogConfiguration') }],
  'AUD-2': [
    { type: 'AWS::Logs::LogGroup', properties: ['RetentionInDays'] },
    { type: 'Custom::LogRetention', properties: ['RetentionInDays'] },
    { type: TASK, properties: inContainers('LogConfiguration', 'FirelensConfiguration') },
  ],
  'DAT-4': [
    {
      type: 'AWS::ElastiCache::ReplicationGroup',
      properties: ['TransitEncryptionEnabled', 'TransitEncryptionMode', 'AtRestEncryptionEnabled', 'UserGroupIds', 'AuthToken', 'GlobalReplicationGroupId'],
    },
    { type: 'AWS::ElastiCache::CacheCluster', properties: ['Engine', 'TransitEncryptionEnabled', 'TransitEncryptionMode'] },
    { type: 'AWS::ElastiCache::ServerlessCache', properties: ['Engine', 'UserGroupId'] },
    { type: 'AWS::ElastiCache::User', properties: ['AccessString', 'NoPasswordRequired', 'AuthenticationMode'] },
    { type: 'AWS::ElastiCache::UserGroup', properties: ['UserIds'] },
    { type: 'AWS::MemoryDB::Cluster', properties: ['TLSEnabled', 'ACLName'] },
  ],
  'CTR-1': [
    { type: TASK, properties: inContainers('Image') },
    { type: SERVICE, properties: ['TaskDefinition'] },
  ],
  'CTR-2': [{ type: TASK, properties: inContainers('User') }],
  'CTR-3': [{ type: TASK, properties: ['Cpu', 'Memory', ...inContainers('Cpu', 'Memory')] }],
  'CTR-4': [{ type: TASK, properties: ['Volumes', 'RuntimePlatform', ...inContainers('ReadonlyRootFilesystem', 'MountPoints', 'LinuxParameters.Devices')] }],
  'CTR-5': [{ type: TASK, properties: ['NetworkMode', 'PidMode', 'IpcMode', ...inContainers('Privileged', 'LinuxParameters.Capabilities', 'DockerSecurityOptions')] }],
  'RED-1': [
    { type: TASK, properties: inContainers('LogConfiguration', 'Environment') },
    { type: 'AWS::Logs::LogGroup', properties: ['DataProtectionPolicy'] },
  ],
  'RED-3': HEADERS,
  'RED-5': [
    { type: 'AWS::WAFv2::LoggingConfiguration', properties: ['ResourceArn', 'RedactedFields'] },
    { type: 'AWS::WAFv2::WebACL', properties: ['VisibilityConfig', 'Rules', 'DataProtectionConfig'] },
  ],
  'MON-3': [
    { type: TASK, properties: inContainers('Name', 'PortMappings', 'Environment') },
    { type: SERVICE, properties: ['LoadBalancers', 'TaskDefinition', 'NetworkConfiguration'] },
    { type: SECURITY_GROUP, properties: ['SecurityGroupIngress'] },
    { type: STANDALONE_INGRESS, properties: ['GroupId', 'Permission'] },
  ],
  'INC-1': [
    { type: LOAD_BALANCER, properties: ['WebACLArn', 'SecurityGroups', 'Listeners'] },
    { type: LISTENER, properties: ['DefaultActions', 'Rules'] },
    { type: 'AWS::WAFv2::WebACL', properties: ['Rules'] },
  ],
  'INC-2': [
    { type: LOAD_BALANCER, properties: ['Listeners'] },
    { type: LISTENER, properties: ['DefaultActions', 'Rules', 'MutualAuthentication'] },
    { type: LISTENER_RULE, properties: ['Actions'] },
  ],
  'HDR-1': ORIGINS,
  'HDR-2': ORIGINS,
  'HDR-3': HEADERS,
  'HDR-4': HEADERS,
  'HDR-5': HEADERS,
  'HDR-6': ORIGINS,
  'HDR-7': [{ type: TASK, properties: inContainers('Environment', 'Command', 'EntryPoint') }, ...ENVIRONMENTS],
};
