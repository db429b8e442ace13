import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { isKept, isSelected, isThrownAway, PLAN, VAULT, vaultAt } from './bdr-coverage';
import { SERVICE } from './containers';
import { DB_CLUSTER, DB_INSTANCE, isMember } from './databases';
import { isSure } from './gate-targets';
import { allowedIn, covers, listOf } from './policies';

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

const IN_THIS_REGION = 'in the region of the backups, with which it is lost';

/** Where a copy goes to: another region than the one that it was made in. What a template points at is of its own: references end there (CloudFormation guide, "Exporting stack output values"). */
function goesElsewhere(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const { value } = place;
  if (!(value instanceof Reference)) return expect(!place.partialText().text.includes('${AWS::Region}'), place, `is ${IN_THIS_REGION}`);
  if (value.resource.type !== VAULT) return PASS;
  const own = graph.ofType(PLAN).some((plan) => isSure(() => rulesOf(plan).some((rule) => vaultAt(rule.get('TargetBackupVault'), graph) === value.resource)));
  return fail(place, `is ${value.resource.logicalId}, ${own ? 'where the backups are already' : IN_THIS_REGION}`);
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
const BACKUP_SERVICE = 'backup.amazonaws.com';

/** What takes the place of a vault's name that CloudFormation makes: patterns that take any name take it. */
const ANY_NAME = 'generated-name';

/** Whether a place names a vault: by reference, in a text, or by a pattern of ARNs. */
function namesVault(place: Property, vault: Resource): boolean {
  if (place.value instanceof Reference) return place.value.resource === vault;
  const { text } = place.partialText();
  const { text: name, complete } = vault.prop('BackupVaultName').partialText();
  const arn = `arn:aws:backup:region:account:backup-vault:${complete && name !== '' ? name : ANY_NAME}`;
  return new RegExp(`\\$\\{${vault.logicalId}[.}]`).test(text) || (text.includes('*') && covers(text.replace(/\$\{[^}]*\}/g, '*'), arn));
}

/** Whether a plan of tests takes recovery points from a vault. */
function takesFrom(plan: Resource, vault: Resource): boolean {
  const [included, excluded] = ['IncludeVaults', 'ExcludeVaults'].map((list) => plan.prop('RecoveryPointSelection').get(list).items().some((place) => namesVault(place, vault)));
  return included === true && excluded !== true;
}

/** Whether a selection is one of a plan of tests, which it names by reference or by name. */
function isOf(selection: Resource, plan: Resource): boolean {
  const place = selection.prop('RestoreTestingPlanName');
  if (place.value instanceof Reference) return place.value.resource === plan;
  const { text, complete } = place.partialText();
  return !complete || text === plan.prop('RestoreTestingPlanName').partialText().text;
}

/** Whether AWS Backup may take the role of a selection; one of another place may let it. */
function hasRole(selection: Resource): boolean {
  const { value } = selection.prop('IamRoleArn');
  if (!(value instanceof Reference) || value.resource.type !== 'AWS::IAM::Role') return true;
  return allowedIn(value.resource.prop('AssumeRolePolicyDocument')).some((statement) => listOf(statement.get('Principal').get('Service')).some((name) => name.partialText().text === BACKUP_SERVICE));
}

/** Whether a selection finds anything to restore: everything of a kind, what carries tags, or what a plan backs up; what is in no template may be that. */
function findsSomething(selection: Resource, graph: TemplateGraph): boolean {
  if (selection.prop('ProtectedResourceConditions').exists) return true;
  return selection.prop('ProtectedResourceArns').items().some(({ value }) => !(value instanceof Reference) || isSelected(value.resource, graph));
}

/** What AWS Backup calls what a rule makes (AWS Backup API, RestoreTestingRecoveryPointSelection). */
const kindMadeBy = (rule: Property): string => (takesSnapshots(rule) ? 'SNAPSHOT' : 'CONTINUOUS');

/** Whether a plan of tests looks for a kind of recovery point that there is. */
function looksForWhatIsThere(plan: Resource, vault: Resource, graph: TemplateGraph): readonly Outcome[] {
  const made = graph.ofType(PLAN).flatMap(rulesOf).filter((rule) => vaultAt(rule.get('TargetBackupVault'), graph) === vault).map(kindMadeBy);
  const kinds = plan.prop('RecoveryPointSelection').get('RecoveryPointTypes');
  const missing = `names no ${[...new Set(made)].join(' and no ')}, and nothing else is in ${vault.logicalId}: nothing is restored`;
  return expect(kinds.items().some((kind) => made.includes(kind.text() ?? '')), kinds, missing);
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
    const selections = graph.ofType(TESTING_SELECTION).filter((selection) => isOf(selection, plan));
    if (selections.length === 0) return fail(plan.whole, 'has no selection in any template, so it restores nothing');
    return all(
      () => expect(selections.some((selection) => findsSomething(selection, graph)), plan.whole, 'has no selection of anything that is backed up, so it restores nothing'),
      () => expect(selections.some(hasRole), plan.whole, `has no selection with a role that ${BACKUP_SERVICE} may take, so it restores nothing`),
      () => looksForWhatIsThere(plan, vault, graph),
    );
  },
});

export const BDR_RECOVERY_RULES = [multiAz, failover, zones, storeZones, copies, rehearsed];
