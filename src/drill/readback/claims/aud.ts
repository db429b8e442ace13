import { type Claims, inContainers, LOAD_BALANCER, TASK } from './claim';

const BUCKET = 'AWS::S3::Bucket';
const STREAM = 'AWS::KinesisFirehose::DeliveryStream';
const GROUP = 'AWS::Logs::LogGroup';

/** What a gate records, and where that is kept. */
export const AUD_CLAIMS: Claims = {
  'AUD-1': [
    { type: TASK, properties: inContainers('Environment', 'Secrets', 'LogConfiguration') },
    { type: LOAD_BALANCER, properties: ['Type', 'LoadBalancerAttributes', 'Listeners'] },
  ],
  'AUD-2': [
    { type: 'Custom::LogRetention', properties: ['RetentionInDays'] },
    { type: TASK, properties: inContainers('LogConfiguration', 'FirelensConfiguration') },
    { type: GROUP, properties: ['RetentionInDays'] },
    { type: BUCKET, properties: ['LifecycleConfiguration'] },
    { type: STREAM, properties: ['ExtendedS3DestinationConfiguration', 'S3DestinationConfiguration'] },
  ],
  'AUD-3': [{ type: BUCKET, properties: ['ObjectLockEnabled', 'ObjectLockConfiguration', 'ReplicationConfiguration'] }],
  'AUD-4': [
    { type: 'AWS::S3::BucketPolicy', properties: ['Bucket', 'PolicyDocument'] },
    { type: BUCKET, properties: ['ReplicationConfiguration', 'BucketName'] },
    { type: 'AWS::IAM::RolePolicy', properties: ['RoleName'] },
    { type: 'AWS::IAM::Policy', properties: ['Roles'] },
    ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'].map((type) => ({ type, properties: ['PolicyDocument'] })),
    ...['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'].map((type) => ({ type, properties: ['Policies'] })),
    { type: STREAM, properties: ['ExtendedS3DestinationConfiguration', 'S3DestinationConfiguration'] },
  ],
  'AUD-5': [{ type: GROUP, properties: ['DataProtectionPolicy'] }],
  'AUD-6': [{ type: 'AWS::CloudTrail::Trail', properties: ['IsLogging', 'EventSelectors', 'AdvancedEventSelectors', 'EnableLogFileValidation'] }],
  'AUD-7': [
    { type: TASK, properties: inContainers('LogConfiguration') },
    { type: 'AWS::Logs::SubscriptionFilter', properties: ['LogGroupName', 'FilterPattern', 'DestinationArn'] },
    { type: STREAM, properties: ['ExtendedS3DestinationConfiguration'] },
  ],
};
