import { App, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BackupCopy, Size } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { backed, everySource } from '../support/backups';
import { COPIES, SELECTION, statements, VAULT } from './parts';

const DEPLOYERS = { ArnNotLike: { 'aws:PrincipalArn': [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/cdk-*-cfn-exec-role-*']] }] } };

describe('The vault', () => {
  test('that is kept has a lock that nobody can lift after three days', () => {
    const { template } = backed();
    template.hasResource(VAULT, { DeletionPolicy: 'Retain', Properties: { LockConfiguration: { MinRetentionDays: 35, MaxRetentionDays: 70, ChangeableForDays: 3 } } });
    backed(() => ({ coolingOff: Duration.days(30) })).template.hasResourceProperties(VAULT, { LockConfiguration: { ChangeableForDays: 30 } });
  });

  test('that goes with its stack has one that its deployers can lift', () => {
    const { template } = backed(() => ({ size: Size.STANDARD }));
    template.hasResource(VAULT, { DeletionPolicy: 'Delete', Properties: { LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: Match.absent() } } });
    expect(backed(() => ({ removalPolicy: RemovalPolicy.DESTROY })).template.findResources(VAULT)).toEqual(template.findResources(VAULT));
  });

  test('lets nobody take anything away, not even who deploys', () => {
    expect(statements(backed().template).NobodyTakesAway).toEqual({
      Sid: 'NobodyTakesAway',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['backup:DeleteRecoveryPoint', 'backup:DisassociateRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
      Resource: '*',
    });
    expect(statements(backed(() => ({ size: Size.DEV })).template).NobodyTakesAway?.Condition).toMatchObject({ ArnNotLike: {} });
  });

  test('is changed by deployments alone', () => {
    expect(statements(backed().template).ChangedByDeployment).toEqual({
      Sid: 'ChangedByDeployment',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: [
        'backup:DeleteBackupVault', 'backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy', 'backup:PutBackupVaultLockConfiguration',
        'backup:DeleteBackupVaultLockConfiguration',
      ],
      Resource: '*',
      Condition: DEPLOYERS,
    });
    expect(statements(backed(() => ({ deployers: ['arn:aws:iam::111122223333:role/deploy'] })).template).ChangedByDeployment?.Condition)
      .toEqual({ ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/deploy'] } });
  });

  test('is restored from by the named roles and by the tests', () => {
    const { Action, Condition } = statements(backed().template).RestoredByFew ?? {};
    expect(Action).toBe('backup:StartRestoreJob');
    expect(Condition).toEqual({ ArnNotLike: { 'aws:PrincipalArn': [
      { 'Fn::GetAtt': [expect.stringMatching(/^Restorer/) as string, 'Arn'] },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/aws-service-role/restore-testing.backup.amazonaws.com/AWSServiceRoleForBackupRestoreTesting']] },
    ] } });
  });

  test('is copied to one vault, or to none', () => {
    expect(statements(backed().template).CopiedToOneVault).toEqual({ Sid: 'CopiedToOneVault', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'backup:CopyFromBackupVault', Resource: '*' });
    expect(statements(backed(() => ({ copy: BackupCopy.toVaultArn(COPIES) })).template).CopiedToOneVault?.Condition).toEqual({ 'ForAllValues:ArnNotEquals': { 'backup:CopyTargets': [COPIES] } });
  });

  test('allows nobody anything: that is left to IAM', () => {
    expect(Object.values(statements(backed().template)).map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny', 'Deny', 'Deny']);
  });

  test('has a key that is renewed and that none but a deployment can spoil, or yours', () => {
    const { template } = backed();
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      Properties: {
        EnableKeyRotation: true,
        KeyPolicy: { Statement: Match.arrayWith([{
          Sid: 'KeptByDeployment', Effect: 'Deny', Principal: { AWS: '*' }, Action: ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy'], Resource: '*', Condition: DEPLOYERS,
        }]) },
      },
    });
    template.hasResourceProperties(VAULT, { EncryptionKeyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupsVaultKey'), 'Arn'] } });
    const arn = 'arn:aws:kms:eu-central-1:111122223333:key/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';
    backed((stack) => ({ encryptionKey: Key.fromKeyArn(stack, 'Given', arn) })).template.hasResourceProperties(VAULT, { EncryptionKeyArn: arn });
  });
});

describe('A vault that goes with its stack', () => {
  const { template } = backed((stack) => ({ sources: everySource(stack), size: Size.STANDARD }));
  const emptying = 'Custom::SecureCoreVaultEmptying';
  const [resourceId = ''] = Object.keys(template.findResources(emptying));

  test('is emptied before: AWS CloudFormation cannot delete it otherwise', () => {
    template.hasResource(emptying, {
      Properties: {
        VaultName: Match.stringLikeRegexp('^Test-Backups-'),
        VaultArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, Match.stringLikeRegexp('^:backup:eu-central-1:111122223333:backup-vault:Test-Backups-')]] },
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^BackupsBackupRole'), Match.stringLikeRegexp('^BackupsVault[0-9A-F]{8}$')]),
    });
    template.hasResourceProperties(VAULT, { BackupVaultTags: { 'cdk-secure-core:emptied-with-stack': 'true' } });
  });

  test('is filled by nobody any more by then', () => {
    for (const [name, { DependsOn }] of Object.entries(template.findResources(SELECTION))) expect([name, DependsOn]).toEqual([name, expect.arrayContaining([resourceId])]);
  });

  test('lets the one function delete that does so, which may do nothing else', () => {
    const [, { Properties = {} } = {}] = Object.entries(template.findResources('AWS::IAM::Policy')).find(([name]) => name.includes('Emptying')) ?? [];
    const { PolicyDocument: { Statement: own } } = Properties as { PolicyDocument: { Statement: { Sid?: string; Action: string | string[] }[] } };
    expect(own.filter(({ Sid }) => Sid !== undefined).map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ['OpenIt', ['backup:ListRecoveryPointsByBackupVault', 'backup:DeleteBackupVaultLockConfiguration', 'backup:ListTags']], ['DeleteThem', 'backup:DeleteRecoveryPoint'],
    ]);
    expect(JSON.stringify(statements(template).NobodyTakesAway?.Condition)).toMatch(/cfn-exec-role.*Emptying/);
    expect(JSON.stringify(Object.values(template.findResources('AWS::KMS::Key')).map(({ Properties: key }) => key as unknown))).not.toContain('Emptying');
  });

  test('is none in production', () => {
    const kept = backed().template;
    kept.resourceCountIs(emptying, 0);
    kept.hasResourceProperties(VAULT, { BackupVaultTags: Match.absent() });
  });

  test('pleases AwsSolutions and our own pack', () => {
    const app = new App();
    const { stack } = backed((own) => ({ sources: everySource(own), size: Size.STANDARD }), {}, app);
    expect(judge(treeTemplates(app)).findings.filter(({ logicalId }) => logicalId.startsWith('Backups')).map(({ rule, logicalId, message }) => [rule, logicalId, message])).toEqual([]);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
    expect(stack.region).toContain('Token');
  });
});
