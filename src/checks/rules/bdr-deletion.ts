import { defineRule, fail, NOT_APPLICABLE, PASS } from '../rule';
import { isKept } from './bdr-coverage';
import { DB_CLUSTER, DB_INSTANCE, isMember } from './databases';

/** Where each kind of store says that no call deletes it. */
const PROTECTION: ReadonlyMap<string, string> = new Map([
  [DB_INSTANCE, 'DeletionProtection'], [DB_CLUSTER, 'DeletionProtection'], ['AWS::DocDB::DBCluster', 'DeletionProtection'], ['AWS::Neptune::DBCluster', 'DeletionProtection'],
  ['AWS::DynamoDB::Table', 'DeletionProtectionEnabled'],
]);

const kept = defineRule('BDR-1', 'deletion-protection', {
  appliesTo: [...PROTECTION.keys()],
  extent: 'databases and tables that outlive their stack (DeletionPolicy Retain)',
  remediation: 'Set DeletionProtection (of a table DeletionProtectionEnabled) to true.',
  check(store) {
    if (!isKept(store) || isMember(store)) return NOT_APPLICABLE;
    const place = store.prop(PROTECTION.get(store.type) ?? '');
    return place.flag() === true ? PASS : fail(place, 'is not true: one call deletes what its stack was told to keep, and the automatic backups with it', 'warning');
  },
});

export const BDR_DELETION_RULES = [kept];
