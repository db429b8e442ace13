import { all, defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Resource } from '../template/resource';
import { Reference } from '../template/value';
import { DB_CLUSTER, DB_INSTANCE, isMember, isReachedByPrograms } from './databases';
import { GROUPS_OF } from './net-store-access';
import { hasPrivateAddress } from './net-subnets';

/** Where each kind of database says that it is encrypted. */
const ENCRYPTION: ReadonlyMap<string, string> = new Map([
  [DB_INSTANCE, 'StorageEncrypted'], [DB_CLUSTER, 'StorageEncrypted'],
  ['AWS::DocDB::DBCluster', 'StorageEncrypted'], ['AWS::Neptune::DBCluster', 'StorageEncrypted'], ['AWS::Redshift::Cluster', 'Encrypted'],
]);

/** A copy is encrypted as what it is made of. */
const COPIED_FROM = ['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier', 'SnapshotIdentifier', 'DBSnapshotIdentifier', 'DBClusterSnapshotIdentifier', 'GlobalClusterIdentifier'];

function isEncrypted(database: Resource): readonly Outcome[] {
  const place = database.prop(ENCRYPTION.get(database.type) ?? '');
  const flag = place.flag();
  const model = COPIED_FROM.map((key) => database.prop(key)).find((at) => at.exists);
  if (flag === undefined && model) return undecidable(model, 'decides whether the copy is encrypted');
  return expect(flag ?? false, place, 'is not true, so the data and its backups lie on disk as they are');
}

/** A key of one's own may be taken away from everybody, and its use is recorded. */
function hasOwnKey(database: Resource): readonly Outcome[] {
  const place = database.prop('KmsKeyId');
  if (!place.exists) return fail(place, 'is not set, so a key of AWS encrypts the data, whose policy nobody can narrow', 'warning');
  if (place.value instanceof Reference) return PASS;
  return /(^|:)alias\/aws\//.test(place.partialText().text) ? fail(place, 'is a key of AWS, whose policy nobody can narrow', 'warning') : PASS;
}

const encrypted = defineRule('DAT-3', 'encrypted', {
  appliesTo: [...ENCRYPTION.keys()],
  remediation: 'Set StorageEncrypted to true and KmsKeyId to a key of yours; an unencrypted database is copied into an encrypted one.',
  check: (database) => (isMember(database) ? NOT_APPLICABLE : all(() => isEncrypted(database), () => hasOwnKey(database))),
});

const notPublic = defineRule('DAT-3', 'not-public', {
  appliesTo: [DB_INSTANCE, DB_CLUSTER],
  remediation: 'Set PubliclyAccessible to false and name a subnet group of private subnets.',
  check: hasPrivateAddress,
});

const reach = defineRule('DAT-3', 'reach', {
  appliesTo: [DB_INSTANCE, DB_CLUSTER],
  remediation: 'Let the database\'s security group take traffic from the groups of the programs that use it, at its port, and from nothing else.',
  check: (database, graph) => (isMember(database) ? NOT_APPLICABLE : isReachedByPrograms(database.prop(GROUPS_OF.get(database.type) ?? ''), graph, 'database')),
});

export const DAT_DATABASE_RULES = [encrypted, notPublic, reach];
