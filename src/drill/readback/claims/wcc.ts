import { type Claim, type Claims, inContainers, LISTENER, LISTENER_RULE, LOAD_BALANCER, POLICIES, SECURITY_GROUP, SERVICE, STANDALONE_INGRESS, TARGET_GROUP, TASK } from './claim';

const TABLE = 'AWS::DynamoDB::Table';
const SECRET_POLICY: Claim = { type: 'AWS::SecretsManager::ResourcePolicy', properties: ['SecretId', 'ResourcePolicy'] };

/** Functions, of which a broker's variable holds its whole configuration. */
const functions = (...properties: readonly string[]): readonly Claim[] => ['AWS::Lambda::Function', 'AWS::Serverless::Function'].map((type) => ({ type, properties }));
const TOLD = functions('Environment');

/** Policies, and whom they are for. */
const HELD: readonly Claim[] = [
  ...POLICIES,
  { type: 'AWS::IAM::Policy', properties: ['Roles'] },
  { type: 'AWS::IAM::RolePolicy', properties: ['RoleName'] },
  ...['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'].map((type) => ({ type, properties: ['Policies', 'ManagedPolicyArns'] })),
];
const OF_TABLES: readonly Claim[] = [
  ...HELD,
  { type: TABLE, properties: ['TableName', 'ResourcePolicy'] },
  { type: TASK, properties: ['TaskRoleArn', 'ExecutionRoleArn', ...inContainers('Environment')] },
];
const OF_SECRETS: readonly Claim[] = [
  ...HELD, SECRET_POLICY, { type: 'AWS::SecretsManager::Secret', properties: ['Name'] }, { type: 'AWS::SecretsManager::RotationSchedule', properties: ['SecretId', 'RotationLambdaARN'] },
];

/** What a broker uses up nonces by, and who may take them away (IDN-12). */
export const NONCE_CLAIMS: readonly Claim[] = [...functions('Environment', 'Role'), ...OF_TABLES, { type: TABLE, properties: ['KeySchema', 'TimeToLiveSpecification'] }];

/** Workers, the broker that lends them credentials, and the ways around it. */
export const WCC_CLAIMS: Claims = {
  'WCC-1': [...TOLD, { type: 'AWS::Lambda::Permission', properties: ['FunctionName', 'Principal', 'SourceArn', 'SourceAccount'] }, { type: TASK, properties: inContainers('Environment', 'Secrets') }],
  'WCC-2': [
    { type: LISTENER, properties: ['DefaultActions', 'Rules'] },
    { type: LISTENER_RULE, properties: ['ListenerArn', 'Conditions', 'Actions'] },
    { type: TARGET_GROUP, properties: ['TargetType', 'Targets', 'TargetGroupAttributes'] },
    { type: LOAD_BALANCER, properties: ['SecurityGroups'] },
    { type: SECURITY_GROUP, properties: ['SecurityGroupIngress'] },
    { type: STANDALONE_INGRESS, properties: ['GroupId', 'Permission'] },
    ...TOLD,
    ...OF_TABLES,
  ],
  'WCC-3': TOLD,
  'WCC-4': [
    ...functions('Environment', 'Role'),
    { type: TASK, properties: ['TaskRoleArn', ...inContainers('Environment', 'Secrets')] },
    { type: 'AWS::IAM::Role', properties: ['AssumeRolePolicyDocument'] },
    ...HELD,
  ],
  'WCC-5': [...TOLD, { type: TASK, properties: ['Volumes', 'TaskRoleArn', 'ExecutionRoleArn', ...inContainers('Environment', 'Secrets')] }, ...OF_SECRETS],
  'WCC-6': [
    ...functions('Environment', 'LoggingConfig'),
    { type: 'AWS::Logs::SubscriptionFilter', properties: ['LogGroupName', 'FilterPattern', 'DestinationArn'] },
    { type: 'AWS::KinesisFirehose::DeliveryStream', properties: ['ExtendedS3DestinationConfiguration'] },
  ],
  'WCC-7': [...TOLD, { type: TASK, properties: ['TaskRoleArn', 'ExecutionRoleArn', ...inContainers('Environment', 'Secrets')] }, ...OF_SECRETS],
  'WCC-8': TOLD,
  'WCC-10': [...TOLD, { type: TASK, properties: inContainers('Name', 'Environment') }, { type: SERVICE, properties: ['TaskDefinition', 'DeploymentConfiguration'] }],
};
