/** CloudFormation types that are read here. */
export const SECRET = 'AWS::SecretsManager::Secret';
export const ROTATION_SCHEDULE = 'AWS::SecretsManager::RotationSchedule';
export const ROLE = 'AWS::IAM::Role';
export const POLICY = 'AWS::IAM::Policy';
export const ACCESS_KEY = 'AWS::IAM::AccessKey';
export const EVENT_RULE = 'AWS::Events::Rule';
export const FUNCTION = 'AWS::Lambda::Function';
export const DATABASE = 'AWS::RDS::DBInstance';
export const DATABASE_PARAMETERS = 'AWS::RDS::DBParameterGroup';
export const CACHE_CLUSTER = 'AWS::ElastiCache::CacheCluster';
export const REPLICATION_GROUP = 'AWS::ElastiCache::ReplicationGroup';
export const CACHE_USER = 'AWS::ElastiCache::User';
export const BUCKET = 'AWS::S3::Bucket';
export const BUCKET_POLICY = 'AWS::S3::BucketPolicy';
export { SERVICE, TASK_DEFINITION } from '../../checks/rules/containers';
