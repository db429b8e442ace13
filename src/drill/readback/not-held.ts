/** A property that cannot be read back, and why. Where the emulator turns out to have it, the entry is reported as wrong. */
export interface NotHeld {
  readonly type: string;
  /** Dots descend; entries of lists are passed through. */
  readonly property: string;
  readonly reason: string;
}

const JWT = 'ministack 1.5.33 drops the configuration of jwt-validation; the edge attacks it instead';
const LOGIN = 'ministack 1.5.33 drops the configuration of a login from CloudFormation';
const PREFIX_LISTS = 'ministack 1.5.33 drops the prefix list of a rule';
const WEIGHTS = 'ministack 1.5.33 keeps the first target group of a forward and no weights';

/** What the engine does not keep of types that it has. */
export const NOT_HELD: readonly NotHeld[] = [
  { type: 'AWS::ElasticLoadBalancingV2::ListenerRule', property: 'Actions.JwtValidationConfig', reason: JWT },
  { type: 'AWS::ElasticLoadBalancingV2::Listener', property: 'DefaultActions.JwtValidationConfig', reason: JWT },
  ...['AuthenticateOidcConfig', 'AuthenticateCognitoConfig'].flatMap((config) => [
    { type: 'AWS::ElasticLoadBalancingV2::ListenerRule', property: `Actions.${config}`, reason: LOGIN },
    { type: 'AWS::ElasticLoadBalancingV2::Listener', property: `DefaultActions.${config}`, reason: LOGIN },
  ]),
  { type: 'AWS::ElasticLoadBalancingV2::ListenerRule', property: 'Actions.ForwardConfig', reason: WEIGHTS },
  { type: 'AWS::ElasticLoadBalancingV2::Listener', property: 'DefaultActions.ForwardConfig', reason: WEIGHTS },
  { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', property: 'Targets', reason: 'ministack 1.5.33 puts nothing into a target group of a template' },
  { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', property: 'TargetGroupAttributes', reason: 'the drill does not ask for the attributes of a target group' },
  { type: 'AWS::ElasticLoadBalancingV2::ListenerRule', property: 'Conditions.QueryStringConfig', reason: 'ministack 1.5.33 does not answer with the query conditions of a rule' },
  { type: 'AWS::ElasticLoadBalancingV2::Listener', property: 'MutualAuthentication', reason: 'ministack 1.5.33 has no mutual authentication; the edge attacks it instead' },
  { type: 'AWS::EC2::NatGateway', property: 'AllocationId', reason: 'ministack 1.5.33 does not answer with the addresses of a NAT gateway' },
  ...['Ingress', 'Egress'].flatMap((direction) => [
    { type: 'AWS::EC2::SecurityGroup', property: `SecurityGroup${direction}.PrefixListId`, reason: PREFIX_LISTS },
    { type: `AWS::EC2::SecurityGroup${direction}`, property: 'Permission.PrefixListId', reason: PREFIX_LISTS },
  ]),
  { type: 'AWS::Logs::LogGroup', property: 'DataProtectionPolicy', reason: 'the drill does not ask for what a log group masks' },
  ...['PrivateDnsEnabled', 'SecurityGroupIds', 'PolicyDocument'].map((property) => ({
    type: 'AWS::EC2::VPCEndpoint', property, reason: `ministack 1.5.33 does not answer with the ${property} of an endpoint`,
  })),
];

const NOT_ASKED = 'the drill has no reader for this type yet';

/** Types that are not read back at all. */
export const NOT_READ: ReadonlyMap<string, string> = new Map([
  ['AWS::ElasticLoadBalancing::LoadBalancer', 'the engine has no classic load balancers'],
  ['AWS::ElasticLoadBalancingV2::TrustStore', 'the engine has no trust stores; the edge attacks what this one admits'],
  ['AWS::ElasticLoadBalancingV2::TrustStoreRevocation', 'the engine has no trust stores; the edge attacks what this one admits'],
  ['AWS::SecretsManager::Secret', 'the drill asks for no secret value'],
  ['AWS::CloudFormation::Output', 'what a stack tells is looked through for secrets, and not compared'],
  ['Custom::VpcRestrictDefaultSG', 'its provider is code of the CDK, and a drill does not run it'],
  ['Custom::LogRetention', 'its provider is code of the app, and a drill does not run it'],
  ...[
    'AWS::ECS::TaskSet', 'AWS::Events::Rule', 'AWS::RDS::DBSubnetGroup', 'AWS::DocDB::DBSubnetGroup', 'AWS::Neptune::DBSubnetGroup', 'AWS::DMS::ReplicationSubnetGroup',
    'AWS::Redshift::ClusterSubnetGroup', 'AWS::ElastiCache::SubnetGroup', 'AWS::ElastiCache::ServerlessCache', 'AWS::MemoryDB::SubnetGroup', 'AWS::RDS::DBInstance',
    'AWS::RDS::DBCluster', 'AWS::Redshift::Cluster', 'AWS::DMS::ReplicationInstance', 'AWS::EC2::PrefixList', 'AWS::Lambda::Function', 'AWS::Serverless::Function',
    'AWS::CodeBuild::Project', 'AWS::DocDB::DBCluster', 'AWS::DocDBElastic::Cluster', 'AWS::Neptune::DBCluster', 'AWS::RedshiftServerless::Namespace', 'AWS::DMS::Endpoint',
    'AWS::AmazonMQ::Broker', 'AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain', 'AWS::IAM::User', 'AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::CacheCluster',
    'AWS::Cognito::UserPool', 'AWS::Cognito::UserPoolClient', 'AWS::Scheduler::Schedule', 'AWS::Pipes::Pipe',
    'AWS::IAM::ServerCertificate', 'AWS::CertificateManager::Certificate', 'AWS::ElasticLoadBalancingV2::ListenerCertificate', 'AWS::EC2::VPCEndpointServicePermissions',
    'AWS::WAFv2::LoggingConfiguration', 'AWS::NetworkFirewall::Firewall', 'AWS::NetworkFirewall::FirewallPolicy', 'AWS::NetworkFirewall::RuleGroup',
    'AWS::Route53Resolver::FirewallRuleGroup', 'AWS::Route53Resolver::FirewallDomainList', 'AWS::Route53Resolver::FirewallRuleGroupAssociation',
    'AWS::ElastiCache::User', 'AWS::ElastiCache::UserGroup', 'AWS::MemoryDB::Cluster', 'AWS::MemoryDB::User', 'AWS::ApiGatewayV2::Api', 'AWS::Lambda::Url', 'AWS::Cognito::UserPoolResourceServer',
    'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::ElastiCache::ParameterGroup', 'AWS::ApplicationAutoScaling::ScalableTarget',
    'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy', 'AWS::IAM::Group', 'AWS::DynamoDB::Table',
    'AWS::KMS::Key', 'AWS::KMS::ReplicaKey', 'AWS::SecretsManager::ResourcePolicy', 'AWS::Lambda::Permission', 'AWS::SecretsManager::RotationSchedule', 'AWS::IAM::AccessKey',
    'AWS::CloudTrail::Trail', 'AWS::CloudWatch::Alarm', 'AWS::EC2::Instance', 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration', 'AWS::SSM::Parameter',
    'AWS::SSM::Document', 'AWS::StepFunctions::StateMachine', 'AWS::Events::Connection', 'AWS::CloudFront::Function', 'AWS::AppConfig::HostedConfigurationVersion',
    'AWS::ApiGateway::Method', 'AWS::ApiGateway::RestApi', 'AWS::Batch::JobDefinition', 'AWS::AppRunner::Service', 'AWS::Glue::Job', 'AWS::SageMaker::Model',
    'AWS::ElasticBeanstalk::Environment', 'AWS::Amplify::App', 'AWS::CloudFormation::Stack', 'AWS::CodePipeline::Pipeline', 'AWS::IoT::TopicRule',
    'AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault', 'AWS::Backup::BackupPlan', 'AWS::Backup::BackupSelection', 'AWS::Backup::RestoreTestingPlan',
    'AWS::ECR::Repository', 'AWS::ECR::RegistryScanningConfiguration', 'AWS::DynamoDB::GlobalTable',
    'AWS::RDS::DBParameterGroup', 'AWS::RDS::DBClusterParameterGroup', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy',
    'AWS::CloudWatch::CompositeAlarm', 'AWS::SNS::Subscription', 'AWS::KMS::Alias', 'AWS::Logs::MetricFilter', 'AWS::Logs::QueryDefinition',
    'AWS::KinesisFirehose::DeliveryStream', 'AWS::Logs::SubscriptionFilter',
  ].map((type) => [type, NOT_ASKED] as const),
]);
