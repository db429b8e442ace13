import { type Claim, type Claims, ENVIRONMENTS, inContainers, LISTENER, LISTENER_RULE, POLICIES, SERVICE, TASK } from './claim';

const SECRET = 'AWS::SecretsManager::Secret';

/** Who may call a function. */
const CALLS: Claim = { type: 'AWS::Lambda::Permission', properties: ['FunctionName', 'Action', 'Principal', 'SourceArn'] };

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

/** Secrets, and who holds them. */
export const SEC_CLAIMS: Claims = {
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
    ...['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'].map((type) => ({ type, properties: ['ManageMasterUserPassword', 'MasterUserSecret'] })),
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
  'SEC-3': [{ type: SECRET, properties: ['Name'] }, { type: 'AWS::SecretsManager::RotationSchedule', properties: ['SecretId', 'RotationLambdaARN', 'RotationRules'] }, CALLS],
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
    CALLS,
  ],
};
