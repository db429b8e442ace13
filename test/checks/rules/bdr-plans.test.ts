import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection, CfnBackupVault } from 'aws-cdk-lib/aws-backup';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type Rule = CfnBackupPlan.BackupRuleResourceTypeProperty;
const ROLE = 'arn:aws:iam::111122223333:role/backup';

const plan = (stack: Stack, rule: Partial<Rule> = {}): CfnBackupPlan => new CfnBackupPlan(stack, 'Plan', {
  backupPlan: { backupPlanName: 'core', backupPlanRule: [{ ruleName: 'nightly', targetBackupVault: 'core', ...rule }] },
});

function selected(stack: Stack, selection: object = { resources: ['arn:aws:dynamodb:eu-central-1:111122223333:table/keys'] }): CfnBackupPlan {
  const made = plan(stack);
  new CfnBackupSelection(stack, 'Selection', { backupPlanId: made.ref, backupSelection: { selectionName: 'all', iamRoleArn: ROLE, ...selection } });
  return made;
}

const selectionOf = (made: CfnBackupPlan): CfnBackupSelection => made.stack.node.findChild('Selection') as CfnBackupSelection;
const NOTHING = /backs up nothing: no selection of it names anything/;

describeRule('BDR-1.selects', {
  compliant: {
    'a list': (stack) => selected(stack),
    'tags': (stack) => selected(stack, { listOfTags: [{ conditionKey: 'backup', conditionType: 'STRINGEQUALS', conditionValue: 'yes' }] }),
  },
  violating: {
    'a plan alone': { build: (stack) => plan(stack), message: NOTHING, severity: 'error' },
    'a selection of nothing': { build: (stack) => selected(stack, {}), message: NOTHING },
    'an empty list': { build: (stack) => selected(stack, { resources: [] }), message: NOTHING },
    'the selection of another plan': {
      build: (stack) => {
        plan(stack);
        new CfnBackupSelection(stack, 'Selection', { backupPlanId: 'other', backupSelection: { selectionName: 'all', iamRoleArn: ROLE, resources: ['*'] } });
      },
      message: NOTHING,
    },
  },
  override: { build: (stack) => selectionOf(selected(stack)).addPropertyOverride('BackupSelection.Resources', []), message: NOTHING },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::Backup::BackupPlan' }), message: NOTHING },
  undecidable: (stack) => selectionOf(selected(stack)).addPropertyOverride('BackupSelection', stack.resolve(deployTimeValue(stack))),
});

const LOCK: CfnBackupVault.LockConfigurationTypeProperty = { minRetentionDays: 14, maxRetentionDays: 60 };

function locked(stack: Stack, deleteAfterDays: number | undefined, lockConfiguration = LOCK, rule: Partial<Rule> = {}): CfnBackupPlan {
  const vault = new CfnBackupVault(stack, 'Vault', { backupVaultName: 'core', lockConfiguration });
  return plan(stack, { targetBackupVault: vault.ref, lifecycle: deleteAfterDays === undefined ? undefined : { deleteAfterDays }, ...rule });
}

const copied = (days: number): Partial<Rule> => ({ copyActions: [{ destinationBackupVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:core', lifecycle: { deleteAfterDays: days } }] });

describeRule('BDR-1.retention', {
  compliant: {
    'a month': (stack) => locked(stack, 30),
    'what is kept for ever, in a vault without a lock': (stack) => plan(stack),
    'a copy of a month': (stack) => locked(stack, 30, undefined, copied(30)),
  },
  violating: {
    'three days': { build: (stack) => plan(stack, { lifecycle: { deleteAfterDays: 3 } }), message: /is less than 7 days/, severity: 'error' },
    'a copy of a day': { build: (stack) => locked(stack, 30, undefined, copied(1)), message: /is less than 7 days/ },
    'less than the lock takes': { build: (stack) => locked(stack, 10), message: /is 10 days, and the vault is locked for 14 to 60: every backup of the rule fails/ },
    'more than the lock takes': { build: (stack) => locked(stack, 90), message: /is 90 days, and the vault is locked for 14 to 60/ },
    'for ever, and the lock ends': { build: (stack) => locked(stack, undefined), message: /is not set, which is for ever, and the vault is locked/ },
  },
  override: { build: (stack) => locked(stack, 30).addPropertyOverride('BackupPlan.BackupPlanRule.0.Lifecycle.DeleteAfterDays', 2), message: /is less than 7 days/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::Backup::BackupPlan', properties: { BackupPlan: { BackupPlanRule: [{ TargetBackupVault: 'core', Lifecycle: { DeleteAfterDays: '1' } }] } },
    }),
    message: /is less than 7 days/,
  },
  undecidable: (stack) => locked(stack, 30).addPropertyOverride('BackupPlan.BackupPlanRule.0.Lifecycle.DeleteAfterDays', stack.resolve(deployTimeValue(stack))),
});

const every = (scheduleExpression?: string) => (stack: Stack): CfnBackupPlan => plan(stack, { scheduleExpression });
const RARE = /less than once a week: what was made since the last backup is lost/;

describeRule('BDR-1.often', {
  compliant: {
    'nothing said, which is daily': every(),
    'every night': every('cron(0 2 * * ? *)'),
    'every eight hours': every('cron(0 1/8 ? * * *)'),
    'every Saturday': every('cron(0 5 ? * SAT *)'),
    'every fifth day': every('cron(0 5 1/5 * ? *)'),
    'four days of a month': every('cron(0 5 1,8,15,22 * ? *)'),
    'all days of a month': every('cron(0 5 1-31 * ? *)'),
    'every night, and once a month for longer': (stack) => plan(stack).addPropertyOverride('BackupPlan.BackupPlanRule', [
      { RuleName: 'monthly', TargetBackupVault: 'core', ScheduleExpression: 'cron(0 5 1 * ? *)' }, { RuleName: 'nightly', TargetBackupVault: 'core', ScheduleExpression: 'cron(0 2 * * ? *)' },
    ]),
  },
  violating: {
    'once a month': { build: every('cron(0 5 1 * ? *)'), message: RARE, severity: 'error' },
    'the first Saturday of a month': { build: every('cron(0 9 ? * SAT#1 *)'), message: RARE },
    'the last day of a month': { build: every('cron(0 9 L * ? *)'), message: RARE },
    'every tenth day': { build: every('cron(0 5 */10 * ? *)'), message: RARE },
    'every night of January': { build: every('cron(0 2 * 1 ? *)'), message: RARE },
    'every night of a year': { build: every('cron(0 2 * * ? 2026)'), message: RARE },
    'words that are no schedule': { build: every('nightly'), message: /is nightly, less than once a week/ },
  },
  override: { build: (stack) => plan(stack).addPropertyOverride('BackupPlan.BackupPlanRule.0.ScheduleExpression', 'cron(0 5 1 * ? *)'), message: RARE },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::Backup::BackupPlan', properties: { BackupPlan: { BackupPlanRule: [{ TargetBackupVault: 'core', ScheduleExpression: 'cron(0 5 1 * ? *)' }] } },
    }),
    message: RARE,
  },
  undecidable: (stack) => every(deployTimeValue(stack))(stack),
});
