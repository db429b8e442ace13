import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { isKept, isThrownAway, PLAN, VAULT, vaultAt } from './bdr-coverage';
import { SERVICE } from './containers';
import { DB_CLUSTER, DB_INSTANCE, isMember } from './databases';
import { isSure } from './gate-targets';

const REPLICATION_GROUP = 'AWS::ElastiCache::ReplicationGroup';

/** A zone fails as a whole: two are the least. */
const ZONES = 2;

/** Whether a cluster has somebody who takes over, in another zone: Amazon RDS spreads instances by itself. */
function hasStandby(cluster: Resource, graph: TemplateGraph): boolean {
  return cluster.prop('DBClusterInstanceClass').exists || graph.pointingAt(cluster, DB_INSTANCE, 'DBClusterIdentifier').length >= ZONES;
}

const multiAz = defineRule('BDR-3', 'multi-az', {
  extent: 'databases that are not thrown away with their stack',
  appliesTo: [DB_INSTANCE, DB_CLUSTER],
  remediation: 'Set MultiAZ to true, or give the cluster two instances.',
  check(database, graph) {
    if (isMember(database) || isThrownAway(database) || database.prop('SourceDBInstanceIdentifier').exists) return NOT_APPLICABLE;
    if (database.type === DB_CLUSTER) return expect(hasStandby(database, graph), database.whole, 'has one instance, so that a zone that fails takes the database with it until it is restored');
    const place = database.prop('MultiAZ');
    return expect(place.flag() === true, place, 'is not true, so that a zone that fails takes the database with it until it is restored');
  },
});

const failover = defineRule('BDR-3', 'failover', {
  extent: 'replication groups that are not thrown away with their stack',
  appliesTo: [REPLICATION_GROUP],
  remediation: 'Set AutomaticFailoverEnabled and MultiAZEnabled to true, with two nodes or more.',
  check: (group) => (isThrownAway(group) ? NOT_APPLICABLE : each(['AutomaticFailoverEnabled', 'MultiAZEnabled'], (key) => {
    const place = group.prop(key);
    return expect(place.flag() === true, place, 'is not true, so that a zone that fails takes every limit and every session with it');
  })),
});

/** In which zone a subnet of the templates lies; one whose zone only a deployment knows, and any other, may lie in one of its own. */
function zoneOf(subnet: Property): string {
  const own = subnet.partialText().text;
  if (!(subnet.value instanceof Reference)) return own;
  const { text, complete } = subnet.value.resource.prop('AvailabilityZone').partialText();
  return complete && text !== '' ? text : own;
}

const zones = defineRule('BDR-3', 'zones', {
  extent: 'services with a network interface of their own',
  appliesTo: [SERVICE],
  remediation: 'Name subnets in two zones or more.',
  check(service) {
    const subnets = service.prop('NetworkConfiguration').get('AwsvpcConfiguration').get('Subnets');
    if (!subnets.exists) return NOT_APPLICABLE;
    if (!Array.isArray(subnets.value)) return undecidable(subnets, 'are known only when deployed');
    const named = subnets.items();
    const lying = new Set(named.map(zoneOf));
    return expect(lying.size >= ZONES, subnets, 'lie in one zone, so that one that fails takes every copy with it');
  },
});

/** What stands in a group of subnets, and by which property it says so. */
const STANDING: readonly (readonly [group: string, store: string, property: string])[] = [
  ['AWS::ElastiCache::SubnetGroup', REPLICATION_GROUP, 'CacheSubnetGroupName'],
  ['AWS::ElastiCache::SubnetGroup', 'AWS::ElastiCache::CacheCluster', 'CacheSubnetGroupName'],
  ['AWS::RDS::DBSubnetGroup', DB_INSTANCE, 'DBSubnetGroupName'],
  ['AWS::RDS::DBSubnetGroup', DB_CLUSTER, 'DBSubnetGroupName'],
];

const storeZones = defineRule('BDR-3', 'store-zones', {
  extent: 'groups of subnets in which a store stands that is not thrown away with its stack',
  appliesTo: [...new Set(STANDING.map(([group]) => group))],
  remediation: 'Name subnets in two zones or more.',
  check(group, graph) {
    const stores = STANDING.filter(([type]) => type === group.type).flatMap(([, store, property]) => graph.pointingAt(group, store, property));
    if (!stores.some((store) => !isThrownAway(store))) return NOT_APPLICABLE;
    const subnets = group.prop('SubnetIds');
    if (!Array.isArray(subnets.value)) return undecidable(subnets, 'are known only when deployed');
    return expect(new Set(subnets.items().map(zoneOf)).size >= ZONES, subnets, 'lie in one zone, so that one that fails takes the store with it');
  },
});

/** Where a copy goes to: another vault than any that it was made in. */
function goesElsewhere(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const { value } = place;
  if (!(value instanceof Reference)) return PASS;
  const own = graph.ofType(PLAN).some((plan) => isSure(() => rulesOf(plan).some((rule) => vaultAt(rule.get('TargetBackupVault'), graph) === value.resource)));
  return own ? fail(place, `is ${value.resource.logicalId}, where the backups are already`) : PASS;
}

const rulesOf = (plan: Resource): Property[] => plan.prop('BackupPlan').get('BackupPlanRule').items();

/** A rule that follows changes has no copies of its own: what it copies are snapshots (AWS Backup guide, "Copying continuous backups"). */
const takesSnapshots = (rule: Property): boolean => rule.get('EnableContinuousBackup').flag() !== true;

const copies = defineRule('BDR-3', 'copy', {
  extent: 'plans whose vault is kept',
  appliesTo: [PLAN],
  remediation: 'Give a rule CopyActions to a vault of another region. In CDK, Backups.copy does.',
  check(plan, graph) {
    const rules = rulesOf(plan).filter(takesSnapshots);
    if (rules.length === 0) return NOT_APPLICABLE;
    const vaults = rules.map((rule) => vaultAt(rule.get('TargetBackupVault'), graph));
    if (vaults.every((vault) => vault !== undefined && !isKept(vault))) return NOT_APPLICABLE;
    const actions = rules.flatMap((rule) => rule.get('CopyActions').items());
    if (actions.length === 0) return fail(plan.prop('BackupPlan').get('BackupPlanRule'), 'has no CopyActions, so the backups are lost with their region');
    return each(actions, (action) => goesElsewhere(action.get('DestinationBackupVaultArn'), graph));
  },
});

const TESTING_PLAN = 'AWS::Backup::RestoreTestingPlan';
const TESTING_SELECTION = 'AWS::Backup::RestoreTestingSelection';

/** Whether a plan of tests takes recovery points from a vault; one that only a deployment names may. */
function takesFrom(plan: Resource, vault: Resource): boolean {
  return plan.prop('RecoveryPointSelection').get('IncludeVaults').items().some((place) =>
    (place.value instanceof Reference ? place.value.resource === vault : place.partialText().text.includes('*') || place.partialText().text.includes(`\${${vault.logicalId}`)));
}

const rehearsed = defineRule('BDR-3', 'rehearsed', {
  extent: 'vaults that are kept and that a plan fills',
  appliesTo: [VAULT],
  remediation: 'Add an AWS::Backup::RestoreTestingPlan that takes recovery points from the vault, with an AWS::Backup::RestoreTestingSelection. In CDK, Backups does.',
  check(vault, graph) {
    const isFilled = graph.ofType(PLAN).some((plan) => rulesOf(plan).some((rule) => vaultAt(rule.get('TargetBackupVault'), graph) === vault));
    if (!isKept(vault) || !isFilled) return NOT_APPLICABLE;
    const plan = graph.ofType(TESTING_PLAN).find((candidate) => takesFrom(candidate, vault));
    if (!plan) return fail(vault.whole, 'has no restore testing plan: whether a backup can be restored is learned when it must be');
    return expect(graph.ofType(TESTING_SELECTION).length > 0, plan.whole, 'has no selection in any template, so it restores nothing');
  },
});

export const BDR_RECOVERY_RULES = [multiAz, failover, zones, storeZones, copies, rehearsed];
