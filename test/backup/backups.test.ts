import { App, Duration, Validations } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BackupCopy, BackupSource, GateTable } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { backed, everySource } from '../support/backups';
import { ENV } from '../support/network-stack';
import { ALARM, COPIES, plainTable, rules, SELECTION } from './parts';

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
