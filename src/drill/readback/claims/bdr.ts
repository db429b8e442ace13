import { type Claims, ENVIRONMENTS, inContainers, LOAD_BALANCER, SERVICE, TARGET_GROUP, TASK } from './claim';

const VAULT = 'AWS::Backup::BackupVault';
const PLAN = { type: 'AWS::Backup::BackupPlan', properties: ['BackupPlan'] };
const SELECTION = { type: 'AWS::Backup::BackupSelection', properties: ['BackupSelection'] };
const BUCKET = 'AWS::S3::Bucket';
const REPLICATION_GROUP = 'AWS::ElastiCache::ReplicationGroup';

/** What is backed up, how it comes back, and what starts again by itself. */
export const BDR_CLAIMS: Claims = {
  'BDR-1': [
    ...['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'].map((type) => ({ type, properties: ['BackupRetentionPeriod'] })),
    { type: 'AWS::Redshift::Cluster', properties: ['AutomatedSnapshotRetentionPeriod'] },
    { type: 'AWS::DynamoDB::Table', properties: ['PointInTimeRecoverySpecification'] },
    { type: 'AWS::DynamoDB::GlobalTable', properties: ['Replicas.PointInTimeRecoverySpecification'] },
    { type: BUCKET, properties: ['VersioningConfiguration'] },
    { type: REPLICATION_GROUP, properties: ['SnapshotRetentionLimit'] },
    { type: 'AWS::MemoryDB::Cluster', properties: ['SnapshotRetentionLimit'] },
    PLAN,
    SELECTION,
    ...ENVIRONMENTS,
  ],
  'BDR-2': [
    { type: VAULT, properties: ['EncryptionKeyArn', 'AccessPolicy', 'LockConfiguration'] },
    { type: 'AWS::Backup::LogicallyAirGappedBackupVault', properties: ['EncryptionKeyArn'] },
    SELECTION,
  ],
  'BDR-3': [
    { type: 'AWS::RDS::DBInstance', properties: ['MultiAZ'] },
    { type: 'AWS::RDS::DBCluster', properties: ['DBClusterInstanceClass'] },
    { type: REPLICATION_GROUP, properties: ['AutomaticFailoverEnabled', 'MultiAZEnabled'] },
    { type: SERVICE, properties: ['NetworkConfiguration'] },
    ...['AWS::RDS::DBSubnetGroup', 'AWS::ElastiCache::SubnetGroup'].map((type) => ({ type, properties: ['SubnetIds'] })),
    { type: VAULT, properties: ['BackupVaultName'] },
    { type: 'AWS::Backup::RestoreTestingPlan', properties: ['RecoveryPointSelection', 'ScheduleExpression'] },
    PLAN,
  ],
  'CTR-6': [
    { type: SERVICE, properties: ['DesiredCount', 'DeploymentConfiguration', 'LoadBalancers', 'TaskDefinition'] },
    { type: 'AWS::ApplicationAutoScaling::ScalableTarget', properties: ['MinCapacity'] },
    { type: TASK, properties: inContainers('HealthCheck', 'Essential', 'DependsOn', 'RestartPolicy', 'Environment') },
    { type: TARGET_GROUP, properties: ['HealthCheckEnabled'] },
    { type: LOAD_BALANCER, properties: ['LoadBalancerAttributes'] },
  ],
  'INC-3': [
    { type: TASK, properties: ['TaskRoleArn', ...inContainers('Environment')] },
    { type: 'AWS::IAM::Role', properties: ['Policies'] },
    ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'].map((type) => ({ type, properties: ['PolicyDocument'] })),
  ],
  'SUP-1': [
    { type: 'AWS::ECR::Repository', properties: ['ImageScanningConfiguration', 'ImageTagMutability'] },
    { type: 'AWS::ECR::RegistryScanningConfiguration', properties: ['Rules'] },
  ],
};
