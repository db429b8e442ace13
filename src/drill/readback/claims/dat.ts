import { type Claims, ENVIRONMENTS, inContainers, SECURITY_GROUP, STANDALONE_INGRESS, TASK } from './claim';

const BUCKET = 'AWS::S3::Bucket';

const DATABASES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/** Stores. */
export const DAT_CLAIMS: Claims = {
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
};
