import { CfnDeletionPolicy, CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import { CfnGlobalTable, CfnTable, Table, AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { CfnReplicationGroup } from 'aws-cdk-lib/aws-elasticache';
import { CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { BACKUP_EXEMPT_METADATA } from '../../../src/backup/contract';
import { task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type DatabaseProps = Partial<ConstructorParameters<typeof CfnDBInstance>[2]>;

const database = (stack: Stack, props: DatabaseProps = { backupRetentionPeriod: 14 }): CfnDBInstance => new CfnDBInstance(stack, 'Database', { engine: 'postgres', ...props });

const selectedBy = (stack: Stack, how: Partial<CfnBackupSelection.BackupSelectionResourceTypeProperty>): CfnBackupSelection =>
  new CfnBackupSelection(stack, 'Selection', { backupPlanId: 'plan', backupSelection: { iamRoleArn: 'arn:aws:iam::111122223333:role/backup', selectionName: 'Sources', ...how } });
const selected = (stack: Stack, ...resources: string[]): CfnBackupSelection => selectedBy(stack, { resources });

/** A database with a tag, and a selection of all databases with a condition on it. */
function tagged(stack: Stack, value: string, conditions: object): void {
  database(stack, { tags: [{ key: 'backup', value }] });
  selectedBy(stack, { resources: ['arn:aws:rds:*:*:db:*'], conditions });
}
const asking = (operator: string, conditionValue: string): object => ({ [operator]: [{ ConditionKey: 'aws:ResourceTag/backup', ConditionValue: conditionValue }] });

const exempt = <T extends CfnResource>(resource: T, reason = 'Holds test data alone'): T => {
  resource.addMetadata(BACKUP_EXEMPT_METADATA, reason);
  return resource;
};

describeRule('BDR-1.databases', {
  compliant: {
    'two weeks': (stack) => database(stack),
    'a week': (stack) => database(stack, { backupRetentionPeriod: 7 }),
    'a cluster': (stack) => new CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql', backupRetentionPeriod: 35 }),
    'one that a plan backs up': (stack) => selected(stack, database(stack, {}).attrDbInstanceArn),
    'one that a plan of all databases backs up': (stack) => {
      database(stack, {});
      selected(stack, 'arn:aws:rds:*:*:db:*');
    },
    'one that a plan backs up for its tag': (stack) => tagged(stack, 'daily', asking('StringEquals', 'daily')),
    'one that a plan backs up for the like of its tag': (stack) => tagged(stack, 'daily', asking('StringLike', 'da*')),
    'one that a plan does not leave out for its tag': (stack) => tagged(stack, 'daily', { ...asking('StringNotEquals', 'never'), ...asking('StringNotLike', 'ne*') }),
    'one that needs none, and says why': (stack) => exempt(database(stack, {})),
  },
  violating: {
    'a plan that leaves it out': {
      build: (stack) => selectedBy(stack, { notResources: [database(stack, {}).attrDbInstanceArn], resources: ['arn:aws:rds:*:*:db:*'] }), message: /is not set, so backups are gone/,
    },
    'a plan for others\' tags': { build: (stack) => tagged(stack, 'never', asking('StringEquals', 'daily')), message: /is not set/ },
    'a plan for the like of others\' tags': { build: (stack) => tagged(stack, 'never', asking('StringLike', 'da*')), message: /is not set/ },
    'a plan that leaves it out for its tag': { build: (stack) => tagged(stack, 'never', asking('StringNotLike', 'ne*')), message: /is not set/ },
    'nothing said': { build: (stack) => database(stack, {}), message: /is not set, so backups are gone after a day/, severity: 'error' },
    'none': { build: (stack) => database(stack, { backupRetentionPeriod: 0 }), message: /is 0, so there is no backup/ },
    'six days': { build: (stack) => database(stack, { backupRetentionPeriod: 6 }), message: /is 6 days; 7 are the least/ },
    'a plan that backs up another': {
      build: (stack) => {
        database(stack, {});
        selected(stack, 'arn:aws:dynamodb:*:*:table/*', 'arn:aws:rds:eu-central-1:111122223333:db:other');
      },
      message: /is not set/,
    },
    'an exemption without a reason': { build: (stack) => exempt(database(stack, {}), ' '), message: /gives no reason/ },
    'Redshift': { build: (stack) => new CfnResource(stack, 'Redshift', { type: 'AWS::Redshift::Cluster', properties: { AutomatedSnapshotRetentionPeriod: 1 } }), message: /is 1 days/ },
  },
  override: { build: (stack) => database(stack).addPropertyOverride('BackupRetentionPeriod', 0), message: /is 0/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::DocDB::DBCluster' }), message: /is not set/ },
  undecidable: (stack) => database(stack).addPropertyOverride('BackupRetentionPeriod', stack.resolve(deployTimeValue(stack))),
  notApplicable: {
    'an instance of a cluster': (stack) => database(stack, { dbClusterIdentifier: 'cluster' }),
    'a replica': (stack) => database(stack, { sourceDbInstanceIdentifier: 'source' }),
  },
});

type TableProps = Partial<ConstructorParameters<typeof CfnTable>[2]>;

const KEYS = { keySchema: [{ attributeName: 'pk', keyType: 'HASH' }], attributeDefinitions: [{ attributeName: 'pk', attributeType: 'S' }] };
const RECOVERABLE = { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } };
const table = (stack: Stack, props: TableProps = RECOVERABLE): CfnTable => new CfnTable(stack, 'Table', { ...KEYS, ...props });

describeRule('BDR-1.tables', {
  compliant: {
    'any moment': (stack) => table(stack),
    'any moment of a week': (stack) => table(stack, { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 } }),
    'the construct': (stack) => new Table(stack, 'Made', { partitionKey: { name: 'pk', type: AttributeType.STRING }, ...RECOVERABLE }),
    'one that a plan backs up': (stack) => selected(stack, table(stack, {}).attrArn),
    'one that a plan backs up by a name that is written out': (stack) => selected(stack, stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: table(stack, {}).ref })),
    'one that needs none, and says why': (stack) => exempt(table(stack, {})),
    'all replicas': (stack) => new CfnGlobalTable(stack, 'Global', { ...KEYS, replicas: [{ region: 'eu-central-1', ...RECOVERABLE }, { region: 'eu-west-1', ...RECOVERABLE }] }),
  },
  violating: {
    'nothing said': { build: (stack) => table(stack, {}), message: /is not true, so what is written by mistake/, severity: 'error' },
    'off': { build: (stack) => table(stack, { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false } }), message: /is not true/ },
    'two days': {
      build: (stack) => table(stack, { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 2 } }), message: /is 2; 7 days are the least/,
    },
    'a replica without': {
      build: (stack) => new CfnGlobalTable(stack, 'Global', { ...KEYS, replicas: [{ region: 'eu-central-1', ...RECOVERABLE }, { region: 'eu-west-1' }] }),
      message: /is not true/,
    },
  },
  override: { build: (stack) => table(stack).addPropertyOverride('PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', false), message: /is not true/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::DynamoDB::Table' }), message: /is not true/ },
  undecidable: (stack) => table(stack).addPropertyOverride('PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', stack.resolve(deployTimeValue(stack))),
});

type BucketProps = ConstructorParameters<typeof CfnBucket>[2];

const VERSIONED: BucketProps = { versioningConfiguration: { status: 'Enabled' } };

/** A bucket that a program is told of. */
function bucket(stack: Stack, props: BucketProps = VERSIONED, told = true): CfnBucket {
  const made = new CfnBucket(stack, 'Bucket', props);
  if (told) task(stack, { environment: [{ name: 'ASSET_BUCKET', value: made.ref }] });
  return made;
}

function thrownAway(resource: CfnResource): void {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
}

describeRule('BDR-1.buckets', {
  compliant: {
    'one that a plan backs up': (stack) => selected(stack, bucket(stack).attrArn),
    'one that a plan of all buckets backs up': (stack) => {
      bucket(stack);
      selected(stack, 'arn:aws:s3:::*');
    },
    'one with versions that goes with its stack': (stack) => thrownAway(bucket(stack)),
    'one that needs none, and says why': (stack) => exempt(bucket(stack)),
  },
  violating: {
    'versions alone': { build: (stack) => bucket(stack), message: /is in no backup plan: whoever may delete versions/, severity: 'warning' },
    'not even versions': { build: (stack) => bucket(stack, {}), message: /is not Enabled and no backup plan names the bucket/, severity: 'error' },
  },
  override: { build: (stack) => bucket(stack).addPropertyOverride('VersioningConfiguration.Status', 'Suspended'), message: /is not Enabled/ },
  raw: {
    build: (stack) => {
      const made = new CfnResource(stack, 'Raw', { type: 'AWS::S3::Bucket' });
      task(stack, { environment: [{ name: 'BUCKET', value: made.ref }] });
    },
    message: /is not Enabled/,
  },
  undecidable: (stack) => bucket(stack, { versioningConfiguration: { status: deployTimeValue(stack) } }),
  notApplicable: {
    'one that no program is told of': (stack) => bucket(stack, {}, false),
    'one under a lock': (stack) => bucket(stack, { objectLockEnabled: true }),
    'one that takes the records of another': (stack) => {
      const logs = bucket(stack, {});
      new CfnBucket(stack, 'Other', { loggingConfiguration: { destinationBucketName: logs.ref } });
    },
  },
});

function group(stack: Stack, snapshotRetentionLimit?: number, policy?: CfnDeletionPolicy): CfnReplicationGroup {
  const made = new CfnReplicationGroup(stack, 'Cache', { replicationGroupDescription: 'cache', snapshotRetentionLimit });
  made.cfnOptions.deletionPolicy = policy;
  return made;
}

describeRule('BDR-1.caches', {
  compliant: {
    'a snapshot a day': (stack) => group(stack, 1, CfnDeletionPolicy.RETAIN),
    'one that needs none, and says why': (stack) => exempt(group(stack, 0, CfnDeletionPolicy.RETAIN)),
  },
  violating: {
    'one that is kept without a snapshot': { build: (stack) => group(stack, undefined, CfnDeletionPolicy.RETAIN), message: /is not set: it is kept as if it held something/, severity: 'warning' },
    'one whose last state is kept': { build: (stack) => group(stack, 0, CfnDeletionPolicy.SNAPSHOT), message: /is 0: it is kept/ },
  },
  override: { build: (stack) => group(stack, 1, CfnDeletionPolicy.RETAIN).addPropertyOverride('SnapshotRetentionLimit', 0), message: /is 0/ },
  raw: {
    build: (stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::MemoryDB::Cluster' }).cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    },
    message: /is not set/,
  },
  undecidable: (stack) => group(stack, 1, CfnDeletionPolicy.RETAIN).addPropertyOverride('SnapshotRetentionLimit', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'one that goes with its stack': (stack) => group(stack, 0, CfnDeletionPolicy.DELETE), 'one of which nothing is said': (stack) => group(stack) },
});
