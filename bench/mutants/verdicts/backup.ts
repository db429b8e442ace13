import { equivalent } from './write';

const PLAN = /Backup::BackupPlan/;
const VAULT = /Backup::BackupVault/;
const TESTS = /Backup::RestoreTestingPlan/;
const TEST = /Backup::RestoreTestingSelection/;
const ofRule = (path: string): RegExp => new RegExp(`BackupPlan\\.BackupPlanRule\\[\\d\\]\\.${path}`);
/** Whose vault goes with its stack. */
const DISPOSABLE = /Stores\/.*/;

/** What is backed up, and whether it comes back. */
export const BACKUP_VERDICTS = [
  ...equivalent('the service refuses a plan without a rule', [PLAN, /BackupPlan\.BackupPlanRule\[\d\]/, /remove/]),
  ...equivalent('when a job begins and how long it may take; one that does not begin or end is told', [PLAN, ofRule('(StartWindowMinutes|CompletionWindowMinutes)'), /delete|over 10|times 1000/]),
  ...equivalent('every day is the default (AWS Backup API Reference, BackupRule)', [PLAN, ofRule('ScheduleExpression'), /delete/]),
  ...equivalent('kept for longer', [PLAN, ofRule('CopyActions\\[\\d\\]\\.Lifecycle(\\.DeleteAfterDays)?'), /delete|times 1000/]),
  ...equivalent('a copy that is kept for more than a week', [PLAN, ofRule('CopyActions\\[\\d\\]\\.Lifecycle\\.DeleteAfterDays'), /over 10/]),
  ...equivalent('the other plan backs the same up every night', [PLAN, ofRule('EnableContinuousBackup'), /delete|flip/]),
  ...equivalent('the store that is no longer named keeps backups of its own, or versions', [/Backup::BackupSelection/, /BackupSelection\.Resources\[0\]/, /detach/, /.*Snapshots.*/], [/Backup::BackupSelection/, /BackupSelection\.Resources\[0\]/, /repoint/, DISPOSABLE], [/Backup::BackupSelection/, /BackupSelection\.Resources\[[1-9]\]/, /detach|repoint/]),
  ...equivalent('who restores, copies on and changes the vault is what IAM says; CX-37 asks that backups be guarded, and nobody is let in besides, and nobody takes one away', [VAULT, /AccessPolicy\.Statement\[(?!NobodyTakesAway)\w+\]/, /remove/, DISPOSABLE]),
  ...equivalent('the function that empties the vault when its stack goes leaves it alone', [VAULT, /BackupVaultTags(\.cdk-secure-core:emptied-with-stack)?/, /delete/]),
  ...equivalent('it is encrypted with another key of the same stack', [VAULT, /EncryptionKeyArn/, /repoint/]),
  ...equivalent('longer than before', [VAULT, /LockConfiguration\.MaxRetentionDays/, /delete|times 1000/]),
  ...equivalent('which of the last backups is restored to see that it can be', [TESTS, /RecoveryPointSelection\.(Algorithm|SelectionWindowDays)|StartWindowHours/, /delete|over 10|times 1000|=.*/], [TESTS, /RecoveryPointSelection\.RecoveryPointTypes\[\d\]/, /remove|=.*/, DISPOSABLE]),
  ...equivalent('the vault goes with its stack, and nobody rehearses what is thrown away', [TESTS, /Properties|RecoveryPointSelection\.IncludeVaults\[\d\]/, /drop|detach/, DISPOSABLE], [TEST, /Properties/, /drop/, DISPOSABLE]),
  ...equivalent('the vault goes with its stack; a test that fails is told by an alarm, and AWS Backup refuses one of nothing (AWS Backup API, RestoreTestingSelectionForCreate)',
    [TEST, /IamRoleArn|ProtectedResourceArns(\[\d\])?|RestoreMetadataOverrides(\.\w+)?/, /delete|detach|repoint/, DISPOSABLE]),
  ...equivalent('nobody but AWS Backup takes the role, and what it may do besides is what AWS\'s own policies for backups let it, as the guide has it ("Managed policies for AWS Backup")',
    [/IAM::Policy/, /PolicyDocument\.Statement\[\w+\]/, /remove/, /.*Backups(Backup|RestoreTest)Role.*/]),
  ...equivalent('the vault goes with its stack, and whoever may delete its key may lift its lock as well; the key is gone after a week at the earliest (AWS KMS guide, "Deleting AWS KMS keys")',
    [/KMS::Key/, /KeyPolicy\.Statement\[\w+\]/, /remove/, /Stores\/BackupsVaultKey.*/]),
];
