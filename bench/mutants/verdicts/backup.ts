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
  ...equivalent('who could use the backups if the vault were nobody\'s: its key and its lock say the same', [VAULT, /AccessPolicy\.Statement\[(?!NobodyTakesAway)\w+\]/, /remove/, DISPOSABLE]),
  ...equivalent('the function that empties the vault when its stack goes leaves it alone', [VAULT, /BackupVaultTags(\.cdk-secure-core:emptied-with-stack)?/, /delete/]),
  ...equivalent('it is encrypted with another key of the same stack', [VAULT, /EncryptionKeyArn/, /repoint/]),
  ...equivalent('longer than before', [VAULT, /LockConfiguration\.ChangeableForDays/, /times 1000/], [VAULT, /LockConfiguration\.MaxRetentionDays/, /delete|times 1000/]),
  ...equivalent('which of the last backups is restored to see that it can be', [TESTS, /RecoveryPointSelection\.(Algorithm|RecoveryPointTypes\[\d\]|SelectionWindowDays)|StartWindowHours/, /delete|remove|over 10|times 1000|=.*/]),
  ...equivalent('the vault goes with its stack, and nobody rehearses what is thrown away', [TESTS, /Properties|RecoveryPointSelection\.IncludeVaults\[\d\]/, /drop|detach/, DISPOSABLE], [TEST, /Properties/, /drop/, DISPOSABLE]),
  ...equivalent('the test restores all of the type, or fails, of which an alarm tells', [TEST, /IamRoleArn|ProtectedResourceArns(\[\d\])?|RestoreMetadataOverrides(\.\w+)?/, /delete|detach|repoint/]),
  ...equivalent('backups are made or restored no more, of which an alarm tells', [/IAM::Policy/, /PolicyDocument\.Statement\[\w+\]/, /remove/, /.*Backups(Backup|RestoreTest)Role.*/]),
  ...equivalent('the service makes its backups by the grants that it has', [/KMS::Key/, /KeyPolicy\.Statement\[\w+\]/, /remove/, /.*BackupsVaultKey.*/]),
];
