import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection, CfnBackupVault, CfnRestoreTestingPlan, CfnRestoreTestingSelection } from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** The same vault in the region beside, which another stack makes. */
const COPY = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:core';

/** Backs something up every night into a vault that nobody unlocks, copies it to another region, and restores it once a week to see that it can be. */
export function backUp(scope: Construct, name: string, resourceArn: string, resourceType: string, encryptionKeyArn: string): void {
  const vault = new CfnBackupVault(scope, 'Vault', {
    backupVaultName: 'core', encryptionKeyArn, lockConfiguration: { minRetentionDays: 14, maxRetentionDays: 120, changeableForDays: 3 },
    accessPolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:DeleteBackupVault'], Resource: '*' }],
    },
  });
  vault.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const managed = (policy: string): iam.IManagedPolicy => iam.ManagedPolicy.fromAwsManagedPolicyName(policy);
  const role = new iam.Role(scope, 'BackupRole', {
    assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
    managedPolicies: [managed('service-role/AWSBackupServiceRolePolicyForBackup'), managed('AWSBackupServiceRolePolicyForS3Backup')],
  });
  const restorer = new iam.Role(scope, 'RestoreRole', {
    assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
    managedPolicies: [managed('service-role/AWSBackupServiceRolePolicyForRestores'), managed('AWSBackupServiceRolePolicyForS3Restore')],
  });
  const plan = new CfnBackupPlan(scope, 'Plan', {
    backupPlan: {
      backupPlanName: 'core',
      backupPlanRule: [{
        ruleName: 'nightly', targetBackupVault: vault.ref, scheduleExpression: 'cron(0 2 * * ? *)', startWindowMinutes: 60, completionWindowMinutes: 360,
        lifecycle: { deleteAfterDays: 35 }, copyActions: [{ destinationBackupVaultArn: COPY, lifecycle: { deleteAfterDays: 90 } }],
      }],
    },
  });
  new CfnBackupSelection(scope, 'Selection', { backupPlanId: plan.ref, backupSelection: { selectionName: name, iamRoleArn: role.roleArn, resources: [resourceArn] } });
  const tests = new CfnRestoreTestingPlan(scope, 'RestoreTests', {
    restoreTestingPlanName: 'core', scheduleExpression: 'cron(0 6 ? * SUN *)', startWindowHours: 2,
    recoveryPointSelection: {
      algorithm: 'LATEST_WITHIN_WINDOW',
      includeVaults: [`arn:${Aws.PARTITION}:backup:${Aws.REGION}:${Aws.ACCOUNT_ID}:backup-vault:${vault.ref}`],
      recoveryPointTypes: ['SNAPSHOT'],
      selectionWindowDays: 7,
    },
  });
  new CfnRestoreTestingSelection(scope, 'RestoreTest', {
    restoreTestingPlanName: tests.ref, restoreTestingSelectionName: name, iamRoleArn: restorer.roleArn, protectedResourceType: resourceType, protectedResourceArns: [resourceArn],
  });
}
