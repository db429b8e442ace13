import { CfnDeletionPolicy, CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection, CfnBackupVault, CfnRestoreTestingPlan, CfnRestoreTestingSelection } from 'aws-cdk-lib/aws-backup';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const database = (stack: Stack): string => new CfnDBInstance(stack, 'Database', { engine: 'postgres' }).attrDbInstanceArn;

function vault(stack: Stack, policy: CfnDeletionPolicy = CfnDeletionPolicy.RETAIN): CfnBackupVault {
  const made = new CfnBackupVault(stack, 'Vault', { backupVaultName: 'vault' });
  made.cfnOptions.deletionPolicy = policy;
  return made;
}

const plan = (stack: Stack, targetBackupVault: string, rule: object = {}): CfnBackupPlan =>
  new CfnBackupPlan(stack, 'Plan', { backupPlan: { backupPlanName: 'plan', backupPlanRule: [{ ruleName: 'nightly', targetBackupVault, ...rule }] } });

function tested(stack: Stack, includeVaults: string[], withSelection = true, recoveryPointTypes = ['SNAPSHOT']): CfnRestoreTestingPlan {
  const tests = new CfnRestoreTestingPlan(stack, 'Tests', {
    restoreTestingPlanName: 'tests', scheduleExpression: 'cron(0 5 ? * SAT *)', recoveryPointSelection: { algorithm: 'LATEST_WITHIN_WINDOW', includeVaults, recoveryPointTypes },
  });
  if (withSelection) {
    new CfnRestoreTestingSelection(stack, 'Selection', {
      restoreTestingPlanName: 'tests', restoreTestingSelectionName: 'rds', protectedResourceType: 'RDS', protectedResourceArns: ['*'], iamRoleArn: 'arn:aws:iam::111122223333:role/tests',
    });
  }
  return tests;
}

/** The selection of the tests of a vault. */
function testOf(stack: Stack): CfnRestoreTestingSelection {
  tested(stack, [filled(stack).attrBackupVaultArn]);
  return stack.node.findChild('Selection') as CfnRestoreTestingSelection;
}

function filled(stack: Stack, policy?: CfnDeletionPolicy): CfnBackupVault {
  const made = vault(stack, policy);
  plan(stack, made.ref);
  return made;
}

describeRule('BDR-3.rehearsed', {
  compliant: {
    'tests of the vault': (stack) => tested(stack, [filled(stack).attrBackupVaultArn]),
    'tests of every vault': (stack) => {
      filled(stack);
      tested(stack, ['*']);
    },
    'tests of a database that is backed up': (stack) => {
      const arn = database(stack);
      testOf(stack).protectedResourceArns = [arn];
      new CfnBackupSelection(stack, 'Backed', { backupPlanId: 'plan', backupSelection: { iamRoleArn: 'arn:aws:iam::111122223333:role/backup', selectionName: 'all', resources: [arn] } });
    },
    'tests of what carries a tag': (stack) => {
      const selection = testOf(stack);
      selection.protectedResourceArns = undefined;
      selection.protectedResourceConditions = { stringEquals: [{ key: 'aws:ResourceTag/backup', value: 'daily' }] };
    },
    'tests of changes, where a rule follows them': (stack) => {
      const made = vault(stack);
      plan(stack, made.ref, { enableContinuousBackup: true });
      tested(stack, [made.attrBackupVaultArn], true, ['CONTINUOUS']);
    },
  },
  violating: {
    'no tests': { build: (stack) => filled(stack), message: /has no restore testing plan/, severity: 'warning' },
    'tests of another vault': {
      build: (stack) => {
        filled(stack);
        tested(stack, ['arn:aws:backup:eu-central-1:111122223333:backup-vault:other']);
      },
      message: /has no restore testing plan/,
    },
    'tests of every vault but this one': {
      build: (stack) => {
        const made = filled(stack);
        tested(stack, ['*']).addPropertyOverride('RecoveryPointSelection.ExcludeVaults', [stack.resolve(made.attrBackupVaultArn)]);
      },
      message: /has no restore testing plan/,
    },
    'tests of vaults with other names': {
      build: (stack) => {
        filled(stack);
        tested(stack, ['arn:aws:backup:*:*:backup-vault:other-*']);
      },
      message: /has no restore testing plan/,
    },
    'the selection of another plan': { build: (stack) => testOf(stack).addPropertyOverride('RestoreTestingPlanName', 'other'), message: /has no selection in any template/ },
    'tests of what nobody backs up': {
      build: (stack) => {
        testOf(stack).protectedResourceArns = [database(stack)];
      },
      message: /has no selection of anything that is backed up/,
    },
    'tests by a role that AWS Backup may not take': {
      build: (stack) => {
        const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
        testOf(stack).iamRoleArn = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: trust }).attrArn;
      },
      message: /has no selection with a role that backup.amazonaws.com may take/,
    },
    'tests of a kind that is not there': {
      build: (stack) => tested(stack, [filled(stack).attrBackupVaultArn], true, ['CONTINUOUS']), message: /names no SNAPSHOT, and nothing else is in Vault: nothing is restored/,
    },
    'tests of nothing': { build: (stack) => tested(stack, [filled(stack).attrBackupVaultArn], false), message: /has no selection in any template/ },
  },
  override: {
    build: (stack) => tested(stack, [filled(stack).attrBackupVaultArn])
      .addPropertyOverride('RecoveryPointSelection.IncludeVaults', ['arn:aws:backup:eu-central-1:111122223333:backup-vault:other']),
    message: /has no restore testing plan/,
  },
  raw: {
    build: (stack) => {
      const made = new CfnResource(stack, 'Raw', { type: 'AWS::Backup::BackupVault' });
      made.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
      plan(stack, made.ref);
    },
    message: /has no restore testing plan/,
  },
  undecidable: (stack) => tested(stack, [filled(stack).attrBackupVaultArn]).addPropertyOverride('RecoveryPointSelection', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'a vault that nothing fills': (stack) => vault(stack), 'a vault that goes with its stack': (stack) => filled(stack, CfnDeletionPolicy.DELETE) },
});
