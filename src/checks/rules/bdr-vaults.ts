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

/** Whether a statement keeps everybody from deleting, but for those whom a condition on the caller leaves out. */
function keepsFromDeleting(statement: Property): boolean {
  return statement.get('Effect').text() === 'Deny' && isEverybody(statement) && mayCall(statement, DELETING);
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

const lock = defineRule('BDR-2', 'vault-lock', {
  extent: 'a lock that can be lifted is enough for a vault that goes with its stack',
  appliesTo: [VAULT],
  remediation: `Set LockConfiguration.MinRetentionDays to ${LEAST_DAYS} or more, and ChangeableForDays to ${SHORTEST_COOLING_OFF_DAYS} or more where the vault is kept (DeletionPolicy Retain).`,
  check(vault) {
    const place = vault.prop('LockConfiguration');
    if (!place.exists) return fail(place, 'is not set, so whoever may change a plan lets every backup expire');
    return all(
      () => expect((place.get('MinRetentionDays').number() ?? 0) >= LEAST_DAYS, place.get('MinRetentionDays'), `is less than ${LEAST_DAYS} days, so a changed plan lets every backup expire`),
      () => {
        const changeable = place.get('ChangeableForDays');
        if (!isKept(vault)) return PASS;
        return expect((changeable.number() ?? 0) >= SHORTEST_COOLING_OFF_DAYS, changeable, 'is not set, so the lock can be lifted for ever, by an intruder with the account\'s rights too');
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
