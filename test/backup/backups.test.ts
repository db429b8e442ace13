import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AssetBucket, BackupCopy, BackupCopyVault, type BackupsProps, BackupSource, GateTable, RestoreTestFrequency, Size } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { backed, everySource } from '../support/backups';
import { ENV } from '../support/network-stack';

const VAULT = 'AWS::Backup::BackupVault';
const PLAN = 'AWS::Backup::BackupPlan';
const SELECTION = 'AWS::Backup::BackupSelection';
const ALARM = 'AWS::CloudWatch::Alarm';
const COPIES = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:copies';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: string | readonly string[];
  readonly Condition?: unknown;
}

function statements(template: Template): Record<string, Statement> {
  const [vault] = Object.values(template.findResources(VAULT));
  const { AccessPolicy: { Statement: all } } = vault?.Properties as { AccessPolicy: { Statement: Statement[] } };
  return Object.fromEntries(all.map((statement) => [statement.Sid, statement]));
}

const rules = (template: Template): Record<string, unknown>[] => Object.values(template.findResources(PLAN)).flatMap(({ Properties }) =>
  (Properties as { BackupPlan: { BackupPlanRule: Record<string, unknown>[] } }).BackupPlan.BackupPlanRule);

const DEPLOYERS = { ArnNotLike: { 'aws:PrincipalArn': [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/cdk-*-cfn-exec-role-*']] }] } };

/** A table without point-in-time recovery. */
const plainTable = (stack: Stack): BackupSource => BackupSource.table(new Table(stack, 'Plain', { partitionKey: { name: 'pk', type: AttributeType.STRING } }), { pointInTimeRecovery: false });

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

describe('The plan', () => {
  test('takes a snapshot of everything, every day, and keeps it for 35 days', () => {
    const { template } = backed((stack) => ({ sources: everySource(stack) }));
    expect(rules(template)[0]).toEqual({
      RuleName: 'Snapshots',
      TargetBackupVault: { 'Fn::GetAtt': [expect.stringMatching(/^BackupsVault/) as string, 'BackupVaultName'] },
      ScheduleExpression: 'cron(0 1 * * ? *)',
      StartWindowMinutes: 60,
      CompletionWindowMinutes: 240,
      Lifecycle: { DeleteAfterDays: 35 },
    });
    template.hasResourceProperties(SELECTION, { BackupSelection: { Resources: [
      { 'Fn::Join': ['', Match.arrayWith([':rds:eu-central-1:111122223333:db:', { Ref: Match.stringLikeRegexp('^Postgres') }])] },
      { 'Fn::GetAtt': [Match.stringLikeRegexp('^AssetsBucket'), 'Arn'] },
      { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysTable'), 'Arn'] },
    ] } });
    expect(JSON.stringify(Object.values(template.findResources(SELECTION)).map(({ Properties }) => (Properties as { BackupSelection: object }).BackupSelection))).not.toContain('*');
  });

  test('follows every change of buckets alone: a database would be taken over', () => {
    const { template } = backed((stack) => ({ sources: everySource(stack), retention: Duration.days(400) }));
    expect(rules(template).filter(({ EnableContinuousBackup: follows }) => follows === true)).toMatchObject([{ RuleName: 'Changes', Lifecycle: { DeleteAfterDays: 35 } }]);
    expect(rules(template)[0]).toMatchObject({ Lifecycle: { DeleteAfterDays: 400 } });
    template.hasResourceProperties(SELECTION, {
      BackupPlanId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupsChanges'), 'BackupPlanId'] },
      BackupSelection: { Resources: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^AssetsBucket'), 'Arn'] }] },
    });
    expect(rules(backed((stack) => ({ sources: [BackupSource.gateTable(new GateTable(stack, 'Keys'))] })).template)).toHaveLength(1);
  });

  test.each([
    [48, 'cron(0 1 * * ? *)', 29], [29, 'cron(0 1 * * ? *)', 29], [28, 'cron(0 1/12 * * ? *)', 17], [17, 'cron(0 1/12 * * ? *)', 17], [13, 'cron(0 1/8 * * ? *)', 13], [9, 'cron(0 1/4 * * ? *)', 9],
    [7, 'cron(0 1/2 * * ? *)', 7], [6, 'cron(0 0/1 * * ? *)', 6],
  ])('takes snapshots of what cannot be rewound so often that no more than %i hours are lost', (rpo, schedule, oldest) => {
    const { template, backups } = backed((stack) => ({ sources: [plainTable(stack)], rpo: Duration.hours(rpo) }));
    expect(rules(template)).toMatchObject([{ ScheduleExpression: schedule }]);
    expect(backups.oldestSnapshot.toHours()).toBe(oldest);
    expect(oldest).toBeLessThanOrEqual(rpo);
  });

  test('keeps to the shorter of two promises', () => {
    const copy = BackupCopy.toVaultArn(COPIES, { rpo: Duration.hours(9) });
    expect(rules(backed((stack) => ({ sources: [plainTable(stack)], rpo: Duration.hours(48), copy })).template)[0]).toMatchObject({ ScheduleExpression: 'cron(0 1/4 * * ? *)' });
  });

  test('counts how long a snapshot may take', () => {
    const { template, backups } = backed((stack) => ({ sources: [plainTable(stack)], rpo: Duration.hours(24), completeWithin: Duration.hours(11) }));
    expect(rules(template)).toMatchObject([{ ScheduleExpression: 'cron(0 1/12 * * ? *)', CompletionWindowMinutes: 660 }]);
    expect(backups.oldestSnapshot.toHours()).toBe(24);
  });

  test('moves snapshots to cold storage where a restore may take that long', () => {
    const { template } = backed(() => ({ rto: Duration.days(3), retention: Duration.days(180), coldAfter: Duration.days(90) }));
    expect(rules(template)[0]).toMatchObject({ Lifecycle: { DeleteAfterDays: 180, MoveToColdStorageAfterDays: 90 } });
    expect(rules(template)[1]?.Lifecycle).toEqual({ DeleteAfterDays: 35 });
  });

  test('copies every snapshot to the other region, and no changes', () => {
    const [snapshots, changes] = rules(backed(() => ({ copy: BackupCopy.toVaultArn(COPIES) })).template);
    expect(snapshots?.CopyActions).toEqual([{ DestinationBackupVaultArn: COPIES, Lifecycle: { DeleteAfterDays: 35 } }]);
    expect(changes?.CopyActions).toBeUndefined();
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

describe('Alarms', () => {
  const names = (template: Template): string[] => Object.values(template.findResources(ALARM)).map(({ Properties }) => (Properties as { MetricName: string }).MetricName).sort();

  test('tell of what fails, and of what is missing for each kind', () => {
    const { template, backups } = backed((stack) => ({ sources: everySource(stack), copy: BackupCopy.toVaultArn(COPIES) }));
    const own = Object.entries(template.findResources(ALARM)).filter(([id]) => id.startsWith('Backups')).map(([, { Properties }]) => Properties as Record<string, unknown>);
    expect(own.map(({ MetricName: name }) => name).sort()).toEqual([
      'NumberOfBackupJobsCompleted', 'NumberOfBackupJobsCompleted', 'NumberOfBackupJobsCompleted', 'NumberOfBackupJobsExpired', 'NumberOfBackupJobsFailed',
      'NumberOfCopyJobsFailed', 'NumberOfRestoreJobsFailed',
    ]);
    expect(backups.alarms).toHaveLength(own.length);
    for (const alarm of own) expect([alarm.Namespace, alarm.AlarmActions]).toEqual(['AWS/Backup', [{ Ref: expect.stringMatching(/^Alarms/) as string }]]);
    for (const kind of ['RDS', 'S3', 'DynamoDB']) {
      template.hasResourceProperties(ALARM, {
        MetricName: 'NumberOfBackupJobsCompleted',
        Dimensions: Match.arrayWith([{ Name: 'ResourceType', Value: kind }]),
        TreatMissingData: 'breaching', ComparisonOperator: 'LessThanThreshold', Threshold: 1, Period: 3600, EvaluationPeriods: 29,
      });
    }
    template.hasResourceProperties(ALARM, {
      MetricName: 'NumberOfBackupJobsFailed', Dimensions: [{ Name: 'BackupVaultName', Value: Match.anyValue() }], TreatMissingData: 'notBreaching',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1,
    });
    expect(names(backed().template)).not.toContain('NumberOfCopyJobsFailed');
  });

  test('wait for as long as a snapshot may be the newest, and no longer', () => {
    backed((stack) => ({ sources: [plainTable(stack)], rpo: Duration.hours(9) })).template.hasResourceProperties(ALARM, { MetricName: 'NumberOfBackupJobsCompleted', EvaluationPeriods: 9 });
  });

  test('are built on metrics that anybody may have', () => {
    const { backups } = backed();
    const metrics = [backups.metricCompleted(), backups.metricFailed(), backups.metricExpired(), backups.metricCopiesFailed(), backups.metricRestoresFailed()];
    expect(metrics.map(({ namespace, metricName, statistic }) => [namespace, metricName, statistic])).toEqual(
      ['BackupJobsCompleted', 'BackupJobsFailed', 'BackupJobsExpired', 'CopyJobsFailed', 'RestoreJobsFailed'].map((name) => ['AWS/Backup', `NumberOf${name}`, 'Sum']),
    );
  });
});

describe('It refuses', () => {
  const REFUSED: readonly (readonly [string, (stack: Stack) => Partial<BackupsProps>, RegExp])[] = [
    ['nothing to back up', () => ({ sources: [] }), /sources is \[\]\. Name what is backed up/],
    ['one source twice', (stack) => {
      const table = new GateTable(stack, 'Keys');
      return { sources: [BackupSource.gateTable(table), BackupSource.gateTable(table)] };
    }, /sources is "Test\/Keys\/Table"\. Name it once/],
    ['nobody who may restore', () => ({ restorers: [] }), /restorers is \[\]\. Name a role/],
    ['to lose less than can be rewound', () => ({ rpo: Duration.minutes(1) }), /rpo is "1 minute"\. Name 15 minutes or more: Test\/Assets\/Bucket cannot/],
    ['to lose less than snapshots hold', (stack) => ({ sources: [plainTable(stack)], rpo: Duration.hours(5) }), /rpo is "5 hours"\. Name 6 hours or more, or turn point-in-time recovery on/],
    ['copies that are younger than snapshots', () => ({ copy: BackupCopy.toVaultArn(COPIES, { rpo: Duration.hours(1) }) }), /copy\.rpo is "1 hours"\. Name 6 hours or more, or bear with older copies/],
    ['a restore that nobody can make so fast', () => ({ rto: Duration.minutes(5) }), /rto is "5 minutes"\. Name 1 hour or more/],
    ['to keep snapshots shorter than moments', () => ({ retention: Duration.days(34) }), /retention is "34 days"\. Name whole days from 35 to 36500/],
    ['part of a day', () => ({ retention: Duration.hours(900) }), /retention is/],
    ['cold storage where a restore must be fast', () => ({ rto: Duration.hours(71), retention: Duration.days(180), coldAfter: Duration.days(30) }),
      /coldAfter is "30 days"\. Leave it out, or promise an rto of 72 hours or more/],
    ['cold storage that is too short', () => ({ rto: Duration.days(3), retention: Duration.days(100), coldAfter: Duration.days(11) }), /coldAfter is "11 days"\. Name whole days from 1 to 10/],
    ['cold storage for nothing', () => ({ rto: Duration.days(3), coldAfter: Duration.days(1) }), /coldAfter is "1 day"\. Leave it out, or keep snapshots \(retention\) for 90 days more/],
    ['cold storage of buckets', (stack) => ({
      sources: [BackupSource.assets(new AssetBucket(stack, 'Bucket'))], rto: Duration.days(3), retention: Duration.days(180), coldAfter: Duration.days(1),
    }), /AWS Backup keeps only tables in cold storage/],
    ['to give snapshots up at once', () => ({ completeWithin: Duration.hours(1) }), /completeWithin is "1 hour"\. Name whole hours from 2 to 168/],
    ['tests of what is not there yet', () => ({ restoreTestWindow: Duration.days(1) }), /restoreTestWindow is "1 day"\. Name whole days from 2 to 35/],
    ['tests of what is gone', () => ({ restoreTestWindow: Duration.days(36) }), /restoreTestWindow is "36 days"/],
    ['a lock without a cooling-off', () => ({ coolingOff: Duration.days(2) }), /coolingOff is "2 days"\. Name whole days from 3/],
    ['a removal policy without a lock', () => ({ removalPolicy: RemovalPolicy.SNAPSHOT }), /removalPolicy is "snapshot"\. Name RemovalPolicy\.RETAIN or RemovalPolicy\.DESTROY/],
    ['a copy in the same region', () => ({ copy: BackupCopy.toVaultArn('arn:aws:backup:eu-central-1:111122223333:backup-vault:copies') }),
      /copy is "a vault of eu-central-1"\. Name a vault of another region/],
    ['a copy in another account', () => ({ copy: BackupCopy.toVaultArn('arn:aws:backup:eu-west-1:999999999999:backup-vault:copies') }), /Name a vault of account 111122223333/],
    ['a copy that is no vault', () => ({ copy: BackupCopy.toVaultArn('copies') }), /copy is "copies"\. Name the ARN of a vault/],
  ];

  test.each(REFUSED)('%s', (_, props, message) => expect(() => backed(props)).toThrow(message));

  test('a copy where nobody knows the region', () => {
    expect(() => backed(() => ({ copy: BackupCopy.toVaultArn(COPIES) }), {})).toThrow(/copy is "a vault of eu-west-1"\. Give this stack a region/);
  });

  test('a store of another region', () => {
    const app = new App();
    const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } });
    const bucket = new AssetBucket(other, 'Assets');
    expect(() => backed(() => ({ sources: [BackupSource.assets(bucket)] }), ENV, app)).toThrow(/sources is "of us-east-1"/);
  });
});

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

describe('The packs', () => {
  test('find nothing in backups of everything with a copy', () => {
    const { stack } = backed((own) => ({ sources: everySource(own), copy: BackupCopy.toVaultArn(COPIES) }));
    expect(judge(treeTemplates(stack.node.root as App)).findings.map(({ rule, logicalId, message }) => [rule, logicalId, message])).toEqual([]);
  });

  test('AwsSolutions neither', () => {
    const app = new App();
    backed((own) => ({ sources: everySource(own), copy: BackupCopy.toVaultArn(COPIES) }), ENV, app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
