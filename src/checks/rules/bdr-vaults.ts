import { SHORTEST_COOLING_OFF_DAYS, TAKING_AWAY } from '../../backup/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Reference, Unknown } from '../template/value';
import { isKept, SELECTION, VAULT } from './bdr-coverage';
import { allowedIn, isBoundToCaller, isEverybody, listOf, mayCall } from './policies';

/** It is locked by what it is (AWS Backup guide, "Logically air-gapped vault"). */
const AIR_GAPPED = 'AWS::Backup::LogicallyAirGappedBackupVault';

/** A vault without a key has one of AWS, which whoever may read backups may use. */
const key = defineRule('BDR-2', 'vault-key', {
  appliesTo: [VAULT, AIR_GAPPED],
  remediation: 'Set EncryptionKeyArn to a key of yours.',
  check(vault) {
    const place = vault.prop('EncryptionKeyArn');
    if (place.value instanceof Reference) return PASS;
    const { text, complete } = place.partialText();
    if (!complete && /^\$\{[^}]*\}$/.test(text)) place.text();
    if (text === '') return fail(place, 'is not set, so a key of AWS encrypts the backups, whose policy nobody can narrow');
    return expect(!/(^|:)alias\/aws\//.test(text), place, 'is a key of AWS, whose policy nobody can narrow');
  },
});

const DELETING = [TAKING_AWAY[0]];

/** Whether a condition leaves some callers out, by name, and is about nothing else: any other holds only sometimes, or never. */
function leavesFewOut(condition: Property): boolean {
  const [first, ...others] = condition.entries().flatMap(([operator, demanded]) => demanded.entries().map(([key, value]) => ({ operator, key, value })));
  if (!first || others.length > 0) return false;
  const isByCaller = /^(Arn|String)Not(Equals|Like)$/i.test(first.operator) && first.key.toLowerCase() === 'aws:principalarn';
  return isByCaller && listOf(first.value).every((name) => !/(^|[:/])[*?]+$/.test(name.partialText().text));
}

/** Whether a statement keeps everybody from deleting, but for those whom a condition on the caller leaves out. */
function keepsFromDeleting(statement: Property): boolean {
  // Whom `NotPrincipal` names, it keeps from nothing.
  if (statement.get('Effect').text() !== 'Deny' || statement.get('NotPrincipal').exists || !isEverybody(statement)) return false;
  const condition = statement.get('Condition');
  return mayCall(statement, DELETING) && (!condition.exists || leavesFewOut(condition));
}

function admitsNobodyElse(statement: Property): readonly Outcome[] {
  if (!isEverybody(statement)) return PASS;
  return expect(isBoundToCaller(statement), statement.get('Principal'), 'lets everybody in');
}

const policy = defineRule('BDR-2', 'vault-policy', {
  appliesTo: [VAULT],
  remediation: 'Give the vault an AccessPolicy that denies backup:DeleteRecoveryPoint to everybody, and lets in nobody whom it does not name. In CDK, Backups does.',
  check(vault) {
    const document = vault.prop('AccessPolicy');
    if (!document.exists) return fail(document, 'is not set, so whoever may do everything in the account deletes the backups with everything else');
    if (document.value instanceof Unknown) return undecidable(document, 'is known only when deployed');
    return all(
      () => expect(document.get('Statement').items().some(keepsFromDeleting), document, 'denies nobody backup:DeleteRecoveryPoint, so the backups can be deleted with everything else'),
      () => each(allowedIn(document), admitsNobodyElse),
    );
  },
});

/** BDR-1's week. */
const LEAST_DAYS = 7;

/** For so long somebody may find out that the lock was a mistake; until then it can be lifted, and is worth no more than one that always can (our figure). */
const LONGEST_COOLING_OFF_DAYS = 30;

const lock = defineRule('BDR-2', 'vault-lock', {
  extent: 'a lock that can be lifted is enough for a vault that goes with its stack',
  appliesTo: [VAULT],
  remediation: `Set LockConfiguration.MinRetentionDays to ${LEAST_DAYS} or more, and ChangeableForDays to ${SHORTEST_COOLING_OFF_DAYS} to ${LONGEST_COOLING_OFF_DAYS}` +
    ' where the vault is kept (DeletionPolicy Retain).',
  check(vault) {
    const place = vault.prop('LockConfiguration');
    if (!place.exists) return fail(place, 'is not set, so whoever may change a plan lets every backup expire');
    return all(
      () => expect((place.get('MinRetentionDays').number() ?? 0) >= LEAST_DAYS, place.get('MinRetentionDays'), `is less than ${LEAST_DAYS} days, so a changed plan lets every backup expire`),
      () => {
        const changeable = place.get('ChangeableForDays');
        if (!isKept(vault)) return PASS;
        const days = changeable.number();
        if (days === undefined) return fail(changeable, 'is not set, so the lock can be lifted for ever, by an intruder with the account\'s rights too');
        const isSoon = days >= SHORTEST_COOLING_OFF_DAYS && days <= LONGEST_COOLING_OFF_DAYS;
        return expect(isSoon, changeable, `is ${days}: for so many days the lock can be lifted, by an intruder with the account's rights too; ${SHORTEST_COOLING_OFF_DAYS} are enough`);
      },
    );
  },
});

/** Policies that let somebody do everything, or nearly. */
const BROAD = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|AWSBackupFullAccess)$/;

const BACKUP_SERVICE = 'backup.amazonaws.com';

function isForBackups(role: Resource): readonly Outcome[] {
  return all(
    () => each(role.prop('ManagedPolicyArns').items(), (arn) => expect(!BROAD.test(arn.partialText().text), arn, 'lets whoever makes backups do everything')),
    () => each(allowedIn(role.prop('AssumeRolePolicyDocument')), (statement) => each(statement.get('Principal').entries(), ([, who]) => each(listOf(who), (name) =>
      expect(name.text() === BACKUP_SERVICE, name, `is let take a role that reads everything that is backed up; ${BACKUP_SERVICE} alone needs it`)))),
  );
}

const roles = defineRule('BDR-2', 'backup-role', {
  extent: 'roles of the templates',
  appliesTo: [SELECTION],
  remediation: `Let ${BACKUP_SERVICE} alone take the role, with AWSBackupServiceRolePolicyForBackup and, for buckets, AWSBackupServiceRolePolicyForS3Backup.`,
  check(selection) {
    const { value } = selection.prop('BackupSelection').get('IamRoleArn');
    return value instanceof Reference && value.resource.type === 'AWS::IAM::Role' ? isForBackups(value.resource) : NOT_APPLICABLE;
  },
});

export const BDR_VAULT_RULES = [key, policy, lock, roles];
