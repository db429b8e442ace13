import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { BackupCopy, BackupCopyVault, type Size } from '../../src';
import { backed } from '../support/backups';
import { ENV } from '../support/network-stack';
import { ALARM, rules, statements, VAULT } from './parts';

describe('BackupCopyVault', () => {
  const REGION = 'eu-west-1';

  function copied(props: { readonly retention?: Duration; readonly size?: Size } = {}): { readonly app: App; readonly vault: BackupCopyVault; readonly stack: Stack } {
    const app = new App();
    const stack = new Stack(app, 'Copies', { env: { ...ENV, region: REGION } });
    const vault = new BackupCopyVault(stack, 'Vault', { vaultName: 'copies', restorers: [new Role(stack, 'Restorer', { assumedBy: new AccountPrincipal(ENV.account) })], ...props });
    return { app, vault, stack };
  }

  test('is a locked vault that nothing is copied out of', () => {
    const { stack } = copied();
    const template = Template.fromStack(stack);
    template.hasResource(VAULT, { DeletionPolicy: 'Retain', Properties: { BackupVaultName: 'copies', LockConfiguration: { MinRetentionDays: 35, MaxRetentionDays: 70, ChangeableForDays: 3 } } });
    expect(statements(template).CopiedToOneVault?.Condition).toBeUndefined();
    template.hasResourceProperties(ALARM, { MetricName: 'NumberOfCopyJobsFailed' });
  });

  test('is where backups of another stack go to', () => {
    const { app, vault } = copied();
    const [snapshots] = rules(backed(() => ({ copy: BackupCopy.toVault(vault) }), ENV, app).template);
    expect(snapshots?.CopyActions).toMatchObject([{ DestinationBackupVaultArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':backup:eu-west-1:111122223333:backup-vault:copies']] } }]);
  });

  test('refuses what it would have to keep too long', () => {
    const { app, vault } = copied();
    expect(() => backed(() => ({ copy: BackupCopy.toVault(vault), retention: Duration.days(71) }), ENV, app)).toThrow(
      /copy is "a vault that keeps copies for 35 to 70 days"\. Give it the same retention/,
    );
  });

  test('stands in a known region, under a name', () => {
    const restorers = (stack: Stack): Role[] => [new Role(stack, 'Restorer', { assumedBy: new AccountPrincipal(ENV.account) })];
    const nowhere = new Stack(new App(), 'Nowhere');
    expect(() => new BackupCopyVault(nowhere, 'Vault', { vaultName: 'copies', restorers: restorers(nowhere) })).toThrow(/env is "unknown"/);
    const { stack } = copied();
    expect(() => new BackupCopyVault(stack, 'Named', { vaultName: 'with space', restorers: [] })).toThrow(/vaultName is "with space"/);
    expect(() => new BackupCopyVault(stack, 'Empty', { vaultName: 'empty', restorers: [] })).toThrow(/restorers is \[\]/);
  });
});
