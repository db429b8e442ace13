import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { RestoreTestFrequency } from '../../src';
import { backed, everySource } from '../support/backups';
import { plainTable } from './parts';

describe('The roles', () => {
  const attached = (template: Template, id: RegExp): string => JSON.stringify(Object.entries(template.findResources('AWS::IAM::Role'))
    .filter(([name]) => id.test(name)).map(([, { Properties }]) => (Properties as Record<string, unknown>).ManagedPolicyArns));

  test('are taken by AWS Backup alone, and read or write no other bucket', () => {
    const { template } = backed();
    for (const [name, { Properties }] of Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('Backups'))) {
      expect([name, (Properties as { AssumeRolePolicyDocument: { Statement: unknown[] } }).AssumeRolePolicyDocument.Statement])
        .toEqual([name, [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' } }]]);
    }
    template.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [{
      Sid: 'NoOtherBuckets', Effect: 'Deny', Action: ['s3:GetObject', 's3:GetObjectVersion'],
      NotResource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^AssetsBucket'), 'Arn'] }, '/*']] },
    }] } });
    const tests = Match.objectLike({ Sid: 'TestsAlone', Effect: 'Deny', NotResource: 'arn:*:s3:::awsbackup-restore-test-*' });
    template.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [tests] } });
  });

  test('have the policies for buckets only where there is one', () => {
    expect(attached(backed().template, /^BackupsBackupRole/)).toMatch(/AWSBackupServiceRolePolicyForBackup.*AWSBackupServiceRolePolicyForS3Backup/);
    expect(attached(backed().template, /^BackupsRestoreTestRole/)).toMatch(/AWSBackupServiceRolePolicyForRestores.*AWSBackupServiceRolePolicyForS3Restore/);
    const { template } = backed((stack) => ({ sources: [plainTable(stack)], rpo: Duration.hours(48) }));
    expect(attached(template, /^BackupsBackupRole|^BackupsRestoreTestRole/)).not.toContain('S3');
  });
});

describe('Restore tests', () => {
  test('try any of what is kept, every week, of each source', () => {
    const { template } = backed((stack) => ({ sources: everySource(stack) }));
    template.hasResourceProperties('AWS::Backup::RestoreTestingPlan', {
      RestoreTestingPlanName: Match.stringLikeRegexp('^[A-Za-z0-9_]{1,50}$'),
      ScheduleExpression: 'cron(0 9 ? * SAT *)',
      StartWindowHours: 8,
      RecoveryPointSelection: {
        Algorithm: 'RANDOM_WITHIN_WINDOW', RecoveryPointTypes: ['SNAPSHOT', 'CONTINUOUS'], SelectionWindowDays: 35,
        IncludeVaults: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupsVault'), 'BackupVaultArn'] }],
      },
    });
    const selections = Object.values(template.findResources('AWS::Backup::RestoreTestingSelection')).map(({ Properties }) => Properties as Record<string, unknown>);
    expect(selections.map(({ ProtectedResourceType: type, RestoreMetadataOverrides: told }) => [type, told])).toEqual([
      ['RDS', { dBSubnetGroupName: { Ref: expect.stringMatching(/^PostgresSubnets/) as string } }], ['S3', undefined], ['DynamoDB', undefined],
    ]);
    for (const { ProtectedResourceArns: arns, RestoreTestingSelectionName: name } of selections) {
      expect(arns).toHaveLength(1);
      expect(name).toMatch(/^[A-Za-z0-9_]{1,50}$/);
    }
  });

  test.each([[RestoreTestFrequency.DAILY, 'cron(0 9 ? * * *)'], [RestoreTestFrequency.MONTHLY, 'cron(0 9 ? * SAT#1 *)']])('run %s', (restoreTests, schedule) => {
    const { template } = backed(() => ({ restoreTests, restoreTestWindow: Duration.days(7) }));
    template.hasResourceProperties('AWS::Backup::RestoreTestingPlan', { ScheduleExpression: schedule, RecoveryPointSelection: { SelectionWindowDays: 7 } });
  });

  test('look back a year at most', () => {
    backed(() => ({ retention: Duration.days(400) })).template.hasResourceProperties('AWS::Backup::RestoreTestingPlan', { RecoveryPointSelection: { SelectionWindowDays: 365 } });
  });
});
