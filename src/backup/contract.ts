/** Why something that keeps data is in no backup, where the template says so (BDR-1). */
export const BACKUP_EXEMPT_METADATA = 'cdk-secure-core:backup-exempt';

/** How long AWS Backup and Amazon RDS let somebody go back to any moment (AWS Backup guide, "Continuous backups and point-in-time recovery"), in days. */
export const LONGEST_REWIND_DAYS = 35;

/** The cooling-off of a lock that nobody can lift afterwards, in days (AWS Backup guide, "AWS Backup Vault Lock"). */
export const SHORTEST_COOLING_OFF_DAYS = 3;

/** How many times the retention a lock admits at most (our figure): it can be raised once more, and nobody fills the vault with what stays for a century. */
export const ROOM = 2;

/** What takes a recovery point away, or shortens how long it is kept (service authorization reference, "AWS Backup"). */
export const TAKING_AWAY = ['backup:DeleteRecoveryPoint', 'backup:DisassociateRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'] as const;

/** What changes who may do what with a vault, or takes its lock off. */
export const CHANGING_VAULT = [
  'backup:DeleteBackupVault', 'backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy', 'backup:PutBackupVaultLockConfiguration', 'backup:DeleteBackupVaultLockConfiguration',
] as const;

/** How AWS Backup calls what it keeps, in metrics and restore tests. */
export type BackedUpKind = 'RDS' | 'S3' | 'DynamoDB';

/** The custom resource that empties a vault when it goes. */
export const EMPTYING_VAULT_TYPE = 'Custom::SecureCoreVaultEmptying';

/** On vaults that may be emptied: those that go with their stack. */
export const EMPTIED_VAULT_TAG = 'cdk-secure-core:emptied-with-stack';
