import { BACKUP_EXEMPT_METADATA } from '../../backup/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { isSelected, isThrownAway } from './bdr-coverage';
import { assetBuckets, BUCKET, logBuckets } from './buckets';
import { DB_CLUSTER, DB_INSTANCE, isMember } from './databases';
import { metadataText } from './secrets';

/** NT-44: a week is the least. */
const LEAST_DAYS = 7;

/** Where each kind of database says how long its own backups are kept. Without a word, all of them keep one day (APIs of the services). */
const RETENTION: ReadonlyMap<string, string> = new Map([
  [DB_INSTANCE, 'BackupRetentionPeriod'], [DB_CLUSTER, 'BackupRetentionPeriod'], ['AWS::DocDB::DBCluster', 'BackupRetentionPeriod'],
  ['AWS::Neptune::DBCluster', 'BackupRetentionPeriod'], ['AWS::Redshift::Cluster', 'AutomatedSnapshotRetentionPeriod'],
]);

/** What a template says itself of why something is in no backup. */
function exemption(resource: Resource): readonly Outcome[] | undefined {
  const reason = metadataText(resource, BACKUP_EXEMPT_METADATA);
  if (reason === undefined) return undefined;
  return expect(reason !== '', resource.whole, `is in no backup by its metadata (${BACKUP_EXEMPT_METADATA}), which gives no reason`);
}

/** A replica is made of what its source has. */
const isReplica = (database: Resource): boolean => ['SourceDBInstanceIdentifier', 'ReplicationSourceIdentifier', 'SourceDBClusterIdentifier'].some((key) => database.prop(key).exists);

function keepsLongEnough(place: Property): readonly Outcome[] {
  const days = place.number();
  if (days === undefined) return fail(place, 'is not set, so backups are gone after a day');
  return expect(days >= LEAST_DAYS, place, days === 0 ? 'is 0, so there is no backup' : `is ${days} days; ${LEAST_DAYS} are the least in which somebody notices what went wrong`);
}

const databases = defineRule('BDR-1', 'databases', {
  appliesTo: [...RETENTION.keys()],
  remediation: `Set BackupRetentionPeriod to ${LEAST_DAYS} or more, or name the database in an AWS::Backup::BackupSelection; say why where neither is needed (Metadata ${BACKUP_EXEMPT_METADATA}).`,
  check(database, graph) {
    if (isMember(database) || isReplica(database)) return NOT_APPLICABLE;
    if (isSelected(database, graph)) return PASS;
    return exemption(database) ?? keepsLongEnough(database.prop(RETENTION.get(database.type) ?? ''));
  },
});

const TABLE = 'AWS::DynamoDB::Table';
const GLOBAL_TABLE = 'AWS::DynamoDB::GlobalTable';

/** Of a table, or of each of its replicas. */
const recoveriesOf = (table: Resource): readonly Property[] => (table.type === TABLE
  ? [table.prop('PointInTimeRecoverySpecification')]
  : table.prop('Replicas').items().map((replica) => replica.get('PointInTimeRecoverySpecification')));

const tables = defineRule('BDR-1', 'tables', {
  appliesTo: [TABLE, GLOBAL_TABLE],
  remediation: 'Set PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled to true, or name the table in an AWS::Backup::BackupSelection; say why'
    + ` where neither is needed (Metadata ${BACKUP_EXEMPT_METADATA}).`,
  check(table, graph) {
    if (isSelected(table, graph)) return PASS;
    return exemption(table) ?? each(recoveriesOf(table), (specification) => {
      const place = specification.get('PointInTimeRecoveryEnabled');
      if (place.flag() !== true) return fail(place, 'is not true, so what is written by mistake cannot be taken back');
      // 35 where nothing is said (DynamoDB API, PointInTimeRecoverySpecification).
      const days = specification.get('RecoveryPeriodInDays');
      return expect((days.number() ?? LEAST_DAYS) >= LEAST_DAYS, days, `is ${days.text() ?? ''}; ${LEAST_DAYS} days are the least in which somebody notices what went wrong`);
    });
  },
});

const buckets = defineRule('BDR-1', 'buckets', {
  extent: 'buckets that a task or a function is told of, neither those that AWS writes records into nor those under a lock; none that goes with its stack',
  appliesTo: [BUCKET],
  remediation: `Name the bucket in an AWS::Backup::BackupSelection, or say why it needs no backup (Metadata ${BACKUP_EXEMPT_METADATA}). In CDK, Backups does.`,
  check(bucket, graph) {
    if (!assetBuckets(graph).has(bucket) || logBuckets(graph).has(bucket) || bucket.prop('ObjectLockEnabled').flag() === true) return NOT_APPLICABLE;
    if (isSelected(bucket, graph)) return PASS;
    const exempt = exemption(bucket);
    if (exempt) return exempt;
    const versioning = bucket.prop('VersioningConfiguration').get('Status');
    if (versioning.text() !== 'Enabled') return fail(versioning, 'is not Enabled and no backup plan names the bucket, so what is overwritten or deleted is gone');
    // Autodeleted with its stack, and nobody minds.
    if (isThrownAway(bucket)) return PASS;
    return fail(bucket.whole, 'is in no backup plan: whoever may delete versions deletes all there is', 'warning');
  },
});

/** ElastiCache keeps data in replication groups, and in clusters of Redis alone; a node without a word makes no snapshot. */
const REDIS: ReadonlyMap<string, string> = new Map([['AWS::ElastiCache::ReplicationGroup', 'SnapshotRetentionLimit'], ['AWS::MemoryDB::Cluster', 'SnapshotRetentionLimit']]);

const caches = defineRule('BDR-1', 'caches', {
  extent: 'Redis that is kept when its stack goes, or of which a last snapshot is made',
  appliesTo: [...REDIS.keys()],
  remediation: `Set SnapshotRetentionLimit to 1 or more, or say why nothing in it needs to be kept (Metadata ${BACKUP_EXEMPT_METADATA}).`,
  check(cache) {
    const policy = cache.attribute('DeletionPolicy').text();
    if (policy === undefined || policy === 'Delete') return NOT_APPLICABLE;
    return exemption(cache) ?? all(() => {
      const place = cache.prop(REDIS.get(cache.type) ?? '');
      return (place.number() ?? 0) >= 1 ? PASS : fail(place, `is ${place.exists ? '0' : 'not set'}: it is kept as if it held something, and there is no snapshot of it`, 'warning');
    });
  },
});

export const BDR_RULES = [databases, tables, buckets, caches];
