import { BACKUP_EXEMPT_METADATA, LONGEST_REWIND_DAYS } from '../../../backup/contract';
import { isThrownAway } from '../../../checks/rules/bdr-coverage';
import { assetBuckets, logBuckets } from '../../../checks/rules/buckets';
import { isMember } from '../../../checks/rules/databases';
import type { Resource } from '../../../checks/template/resource';
import type { JsonMap } from '../../../checks/template/template';
import { keepingOf } from '../../delivery/lifecycle';
import { type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import type { KeepingScene } from '../scene';
import { BACKUP_SELECTION, BUCKET, DATABASE, DATABASE_CLUSTER, DYNAMO_TABLE } from '../types';
import { type BackupRule, plansOf, vaultOf } from './plans';
import { snapshots, type WayBack } from './points';
import { isTrue, mapOf, numberOf } from './reading';
import { VaultLock } from './vault-lock';

/** A replica is made of what its source has. */
const COPIED_FROM = ['SourceDBInstanceIdentifier', 'ReplicationSourceIdentifier', 'SourceDBClusterIdentifier'];

/** Databases that keep what nobody else has. */
export function isDatabaseOfItsOwn(database: Resource): boolean {
  return !isMember(database) && !COPIED_FROM.some((property) => database.prop(property).exists);
}

/** Stores that keep what nobody else has, but for those of which the templates say why they need no backup. A bucket that goes with its stack is one where a plan names it. */
export function statefulStores(model: KeepingModel): KeepingTarget[] {
  const isKept = (store: Resource): boolean => !(BACKUP_EXEMPT_METADATA in store.metadata);
  return [
    ...resourcesIn(model, [DATABASE, DATABASE_CLUSTER], (database) => isKept(database) && isDatabaseOfItsOwn(database)),
    ...resourcesIn(model, [DYNAMO_TABLE], isKept),
    ...resourcesIn(model, [BUCKET], (bucket) => isKept(bucket) && isPrograms(model, bucket)),
  ];
}

/** Whether a program keeps something there; what AWS writes records into, and what is locked, has other attacks. */
function isPrograms({ graph }: KeepingModel, bucket: Resource): boolean {
  if (graph.pointingAt(bucket, BACKUP_SELECTION, 'BackupSelection').length > 0) return true;
  return assetBuckets(graph).has(bucket) && !logBuckets(graph).has(bucket) && !isThrownAway(bucket) && !bucket.prop('ObjectLockEnabled').exists;
}

/** How AWS calls each kind; what it is called here follows. */
const ARNS: Readonly<Record<string, (region: string, account: string) => string>> = {
  [DATABASE]: (region, account) => `arn:aws:rds:${region}:${account}:db:`,
  [DATABASE_CLUSTER]: (region, account) => `arn:aws:rds:${region}:${account}:cluster:`,
  [DYNAMO_TABLE]: (region, account) => `arn:aws:dynamodb:${region}:${account}:table/`,
  [BUCKET]: () => 'arn:aws:s3:::',
};

export function arnOf({ id, region, account }: Pick<KeepingScene, 'id' | 'region' | 'account'>, store: Resource): string {
  const [name, before] = [id(store), ARNS[store.type]];
  if (name === undefined || before === undefined) throw new Error(`the emulator has no ${store.logicalId}.`);
  return `${before(region, account)}${name}`;
}

/** For how many days back each kind comes back by itself to any moment. Without a word a database keeps a day (Amazon RDS API, CreateDBInstance). */
const BY_ITSELF: Readonly<Record<string, (properties: JsonMap) => number>> = {
  [DATABASE]: ({ BackupRetentionPeriod }) => numberOf(BackupRetentionPeriod) ?? 1,
  [DATABASE_CLUSTER]: ({ BackupRetentionPeriod }) => numberOf(BackupRetentionPeriod) ?? 1,
  [DYNAMO_TABLE]: ({ PointInTimeRecoverySpecification }) => {
    const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = mapOf(PointInTimeRecoverySpecification);
    return isTrue(PointInTimeRecoveryEnabled) ? numberOf(RecoveryPeriodInDays) ?? LONGEST_REWIND_DAYS : 0;
  },
  [BUCKET]: (properties) => {
    const { isVersioned, rules } = keepingOf(properties);
    return isVersioned ? Math.min(Infinity, ...rules.flatMap(({ noncurrentDays }) => noncurrentDays ?? [])) : 0;
  },
};

/**
 * Every way in which what was in a store before it was overwritten comes back.
 *
 * @param from when the first snapshot may be taken that matters, in milliseconds since 1970
 * @param until when the last one may be
 */
export function waysBack(scene: Pick<KeepingScene, 'graph' | 'id' | 'propertiesOf' | 'region' | 'account' | 'note'>, store: Resource, from: number, until: number): WayBack[] {
  const [arn, properties] = [arnOf(scene, store), scene.propertiesOf(store)];
  const own = BY_ITSELF[store.type]?.(properties) ?? 0;
  const planned = plansOf(scene).filter(({ selections }) => selections.some((selection) => selection.takes(arn))).flatMap(({ resource, rules }) => rules.map((rule) => ({ resource, rule })));
  return [
    ...(own > 0 ? [{ name: 'the store\'s own backups or versions', rewindDays: own }] : []),
    ...planned.filter(({ rule }) => isMade(scene, store, rule)).map(({ resource, rule }): WayBack => {
      const name = `${resource.logicalId} ${rule.name}`.trim();
      // A table has continuous backups of its own alone (AWS Backup guide, "Feature availability").
      if (rule.isContinuous && store.type !== DYNAMO_TABLE) return { name, rewindDays: Math.min(rule.keptDays, LONGEST_REWIND_DAYS) };
      return { name, points: snapshots(rule.schedule, rule.keptDays, from, until) };
    }),
  ];
}

/** Whether a rule's jobs come to an end: a vault's lock takes what they make, and a bucket has versions. */
function isMade(scene: Pick<KeepingScene, 'graph' | 'id' | 'propertiesOf' | 'note'>, store: Resource, rule: BackupRule): boolean {
  const refusal = refusalOf(scene, store, rule);
  if (refusal !== undefined) scene.note(refusal);
  return refusal === undefined;
}

/** Why every job of a rule fails; undefined where none does. */
export function refusalOf(scene: Pick<KeepingScene, 'graph' | 'id' | 'propertiesOf'>, store: Resource, rule: BackupRule): string | undefined {
  const vault = vaultOf(scene, rule);
  const lock = vault && VaultLock.of(scene.propertiesOf(vault));
  if (lock && !lock.takes(rule.keptDays)) return `The lock of ${rule.vault} refuses what is to be kept for ${Number.isFinite(rule.keptDays) ? `${rule.keptDays} days` : 'ever'}.`;
  if (store.type === BUCKET && !keepingOf(scene.propertiesOf(store)).isVersioned) return `AWS Backup takes no bucket without versions, and ${store.logicalId} has none.`;
  return undefined;
}
