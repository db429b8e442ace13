import type { CacheCluster, ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { DBInstance } from '@aws-sdk/client-rds';
import type { Attributes, DoctorAws } from '../aws';
import { type Check, examine, forEach, okIf, type Result, unknown, wrong } from '../examine';
import { ofType, type Ward } from '../ward';

export const DATABASES: readonly Check<DBInstance>[] = [
  { item: 'postgres.encrypted', judge: ({ StorageEncrypted }) => okIf(StorageEncrypted === true, 'is not encrypted on disk') },
  { item: 'postgres.private', judge: ({ PubliclyAccessible }) => okIf(PubliclyAccessible === false, 'has a public address') },
  { item: 'postgres.backups', judge: ({ BackupRetentionPeriod: days = 0 }) => okIf(days > 0, 'keeps no backups of its own') },
];

/** What a database is told, and whether it goes by it. */
export interface Told {
  readonly parameters: Attributes;
  readonly isApplied: boolean;
}

export const PARAMETERS: readonly Check<Told>[] = [
  {
    item: 'postgres.tls',
    judge: ({ parameters, isApplied }) => {
      const forced = parameters.get('rds.force_ssl');
      // From PostgreSQL 15 on it is the default (RDS guide, "Requiring an SSL connection to a PostgreSQL DB instance"), which somebody may have set elsewhere.
      if (forced === undefined) return unknown('its parameter groups do not say whether connections have to be encrypted');
      if (forced !== '1') return wrong('takes connections that are not encrypted');
      return okIf(isApplied, 'has parameters that it does not go by yet');
    },
  },
];

type Cache = Pick<ReplicationGroup & CacheCluster, 'TransitEncryptionEnabled' | 'TransitEncryptionMode' | 'AtRestEncryptionEnabled'>;

const TRANSIT: Check<Cache> = {
  item: 'caches.tls',
  judge: ({ TransitEncryptionEnabled: isOn, TransitEncryptionMode: mode = 'required' }) => okIf(isOn === true && mode === 'required', 'takes connections that are not encrypted'),
};

/** Memcached keeps nothing on disk. */
export const CACHE_CLUSTERS: readonly Check<Cache>[] = [TRANSIT];
export const REPLICATION_GROUPS: readonly Check<Cache>[] = [
  TRANSIT, { item: 'caches.encrypted', judge: ({ AtRestEncryptionEnabled }) => okIf(AtRestEncryptionEnabled === true, 'is not encrypted on disk') },
];

export async function examineStores(ward: Ward): Promise<readonly Result[]> {
  const { aws } = ward;
  return [
    ...await forEach(ofType(ward, 'AWS::RDS::DBInstance'), async ({ path, physicalId }) => [
      ...await examine(path, () => aws.databaseOf(physicalId), DATABASES),
      ...await examine(path, () => parametersOf(aws, physicalId), PARAMETERS),
    ]),
    ...await forEach(ofType(ward, 'AWS::ElastiCache::ReplicationGroup'), ({ path, physicalId }) => examine(path, () => aws.replicationGroupOf(physicalId), REPLICATION_GROUPS)),
    ...await forEach(ofType(ward, 'AWS::ElastiCache::CacheCluster'), ({ path, physicalId }) => examine(path, () => aws.cacheClusterOf(physicalId), CACHE_CLUSTERS)),
  ];
}

async function parametersOf(aws: DoctorAws, id: string): Promise<Told | undefined> {
  const database = await aws.databaseOf(id);
  if (database === undefined) return undefined;
  const groups = database.DBParameterGroups ?? [];
  const told = await Promise.all(groups.flatMap(({ DBParameterGroupName: name }) => name ?? []).map((name) => aws.parametersOf(name)));
  return { parameters: new Map(told.flatMap((one) => [...one])), isApplied: groups.every(({ ParameterApplyStatus }) => ParameterApplyStatus === 'in-sync') };
}
