import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { deprived, mapAltered } from '../altered';
import type { Saboteur } from '../attack';
import { changed, each, listAltered, omit, removal, saboteur, together } from '../saboteurs';
import { containersAltered, gone, statementsAltered, UNVERSIONED } from './saboteurs';
import {
  BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULT, CACHE_SUBNETS, DATABASE, DATABASE_CLUSTER, DATABASE_SUBNETS, DYNAMO_TABLE, REPLICATION_GROUP, ROLE, SCALABLE_TARGET, SERVICE, TASK_DEFINITION,
  TESTING_PLAN, TESTING_SELECTION,
} from './types';

/** Sets or leaves out properties of some types. */
function set(name: string, types: readonly string[], properties: JsonMap, ...gone: readonly string[]): Saboteur {
  return saboteur(name, types, (before) => ({ ...omit(before, ...gone), ...properties }));
}

/** Alters every rule of every plan. */
function rulesAltered(name: string, alter: (rule: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [BACKUP_PLAN], (properties) => mapAltered(properties, 'BackupPlan', (plan) => listAltered(plan, 'BackupPlanRule', (rules) => changed(rules, alter))));
}

const keptFor = (days: number) => (rule: JsonMap): JsonMap => ({ ...rule, Lifecycle: { DeleteAfterDays: days } });

/** Nothing comes back by itself for longer than a day, as a database does of which nobody says anything. */
const A_DAY_BY_ITSELF: readonly Saboteur[] = [
  set('databases', [DATABASE, DATABASE_CLUSTER], { BackupRetentionPeriod: 1 }),
  gone('tables', DYNAMO_TABLE, 'PointInTimeRecoverySpecification'),
  UNVERSIONED,
];

/** All at once, since whatever is left would bring something back. */
export const NEVER_BACKED_UP = each(
  'no plan names anything, and stores keep a day by themselves',
  removal('selections', BACKUP_SELECTION), ...A_DAY_BY_ITSELF,
);
export const KEPT_TWO_DAYS = each('what is backed up is kept for two days, and stores keep one by themselves', rulesAltered('plans', keptFor(2)), ...A_DAY_BY_ITSELF);

const BACKUP_SERVICE = '"backup.amazonaws.com"';

/** Alters roles that AWS Backup may take. */
function handsAltered(name: string, alter: (role: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [ROLE], (properties) => (JSON.stringify(properties.AssumeRolePolicyDocument ?? null).includes(BACKUP_SERVICE) ? alter(properties) : undefined));
}

export const BACKUPS_BY_OTHERS = handsAltered('AWS Lambda may take what AWS Backup needs', (role) => (
  JSON.parse(JSON.stringify(role).replaceAll(BACKUP_SERVICE, '"lambda.amazonaws.com"')) as JsonMap
));
export const BACKUP_RIGHTS_GONE = handsAltered('AWS\'s policies are taken off what AWS Backup takes', (role) => deprived(role, 'ManagedPolicyArns'));
/** As a denial that leaves out what is backed up becomes one that leaves nothing out. */
export const SOURCES_DENIED = statementsAltered('denials that leave something out leave nothing out', (statements) => changed(statements, (statement) => (
  statement.Effect === 'Deny' && 'NotResource' in statement && JSON.stringify(statement.Action).includes('"s3:GetObject"') ? { ...omit(statement, 'NotResource'), Resource: '*' } : undefined
)));

export const VAULT_OPEN = gone('AccessPolicy deleted', BACKUP_VAULT, 'AccessPolicy');
export const VAULT_KEY_GONE = gone('EncryptionKeyArn deleted', BACKUP_VAULT, 'EncryptionKeyArn');
export const VAULT_FOR_EVERYBODY = set('AccessPolicy lets everybody in', [BACKUP_VAULT], {
  AccessPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: ['backup:StartRestoreJob', 'backup:CopyFromBackupVault'], Resource: '*' }] },
});
export const VAULT_READ_BY_ALL = together('every policy lets its role do all to backups, and no vault denies it', statementsAltered('all', (statements) => [
  ...statements, { Effect: 'Allow', Action: 'backup:*', Resource: '*' },
]), VAULT_OPEN);

export const LOCK_NEVER_PUT_ON = gone('LockConfiguration deleted', BACKUP_VAULT, 'LockConfiguration');
function lockAltered(name: string, alter: (lock: JsonMap) => JsonMap): Saboteur {
  return saboteur(name, [BACKUP_VAULT], (properties) => mapAltered(properties, 'LockConfiguration', alter));
}
export const LOCK_ALWAYS_LIFTED = lockAltered('ChangeableForDays deleted', (lock) => omit(lock, 'ChangeableForDays'));
export const LOCKED_FOR_A_DAY = lockAltered('MinRetentionDays becomes 1', (lock) => ({ ...lock, MinRetentionDays: 1 }));
/** What is refused is never made. */
export const KEPT_PAST_LOCK = together(
  'locks take ten years at most, and backups are to be kept for a hundred', lockAltered('locks', (lock) => ({ ...lock, MaxRetentionDays: 3650 })), rulesAltered('plans', keptFor(36_500)),
);

export const NEVER_COPIED = rulesAltered('CopyActions deleted', (rule) => deprived(rule, 'CopyActions'));
const BESIDE: JsonMap = { 'Fn::Sub': 'arn:${AWS::Partition}:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:beside' };
export const COPIED_BESIDE = rulesAltered('copies go to a vault of the same region', (rule) => (
  listAltered(rule, 'CopyActions', (copies) => copies.map((copy) => ({ ...copy, DestinationBackupVaultArn: BESIDE })))
));

export const NEVER_REHEARSED = removal('every restore testing selection is deleted', TESTING_SELECTION);
export const REHEARSED_YEARLY = set('restores are tried once a year', [TESTING_PLAN], { ScheduleExpression: 'cron(0 9 1 1 ? *)' });
export const OTHERS_REHEARSED = saboteur('restores are tried from another vault', [TESTING_PLAN], (properties) => (
  mapAltered(properties, 'RecoveryPointSelection', (selection) => ({ ...selection, IncludeVaults: ['arn:aws:backup:eu-central-1:111122223333:backup-vault:another'] }))
));

export const NO_STANDBY = each(
  'no store has a standby in another zone',
  set('databases', [DATABASE], { MultiAZ: false }),
  set('caches', [REPLICATION_GROUP], { AutomaticFailoverEnabled: false, MultiAZEnabled: false }),
);

/** What stands for the subnet of a zone that is left. */
const firstOf = (subnets: Json | undefined): Json[] | undefined => (Array.isArray(subnets) && subnets.length > 1 ? [(subnets as readonly Json[])[0] ?? null] : undefined);
export const STORES_IN_ONE_ZONE = saboteur('groups of subnets have the first one alone', [DATABASE_SUBNETS, CACHE_SUBNETS], (properties) => {
  const SubnetIds = firstOf(properties.SubnetIds);
  return SubnetIds && { ...properties, SubnetIds };
});
export const TASKS_IN_ONE_ZONE = saboteur('services have the first subnet alone', [SERVICE], (properties) => {
  const network = isJsonMap(properties.NetworkConfiguration) ? properties.NetworkConfiguration.AwsvpcConfiguration : undefined;
  const Subnets = isJsonMap(network) ? firstOf(network.Subnets) : undefined;
  return Subnets && isJsonMap(network) ? { ...properties, NetworkConfiguration: { AwsvpcConfiguration: { ...network, Subnets } } } : undefined;
});

/** Where it stands: with what scales the service, too. */
export const NO_COPIES = each('no copy is to run', set('services', [SERVICE], { DesiredCount: 0 }), set('scaling', [SCALABLE_TARGET], { MinCapacity: 0 }));

/** Beside the others, as an eager colleague would add it. */
export const NEVER_RESTARTED = containersBeside('a container that nothing starts again', { Name: 'drill', Image: 'drill.example/drill:1', Essential: false });

function containersBeside(name: string, container: JsonMap): Saboteur {
  return saboteur(name, [TASK_DEFINITION], (properties) => listAltered(properties, 'ContainerDefinitions', (containers) => [...containers, container]));
}

/** Without checks of containers, and without the load balancer that would ask. */
export const NOBODY_LOOKS = each(
  'nobody asks how a container is',
  containersAltered('containers', (container) => ('HealthCheck' in container ? omit(container, 'HealthCheck') : undefined)),
  gone('services', SERVICE, 'LoadBalancers'),
);

/** Alters how services are deployed; what is not said there is as Amazon ECS takes it. */
function deploymentsAltered(name: string, alter: (configuration: JsonMap) => JsonMap): Saboteur {
  return saboteur(name, [SERVICE], (properties) => ({ ...properties, DeploymentConfiguration: alter(isJsonMap(properties.DeploymentConfiguration) ? properties.DeploymentConfiguration : {}) }));
}
export const NO_WAY_BACK = deploymentsAltered('no deployment turns back', (configuration) => omit(configuration, 'DeploymentCircuitBreaker', 'Alarms'));
export const ALL_AT_ONCE = deploymentsAltered('all copies may be stopped at once', (configuration) => ({ ...configuration, MinimumHealthyPercent: 0, MaximumPercent: 100 }));
