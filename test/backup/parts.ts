import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { BackupSource } from '../../src';

export const VAULT = 'AWS::Backup::BackupVault';
export const SELECTION = 'AWS::Backup::BackupSelection';
export const ALARM = 'AWS::CloudWatch::Alarm';
export const COPIES = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:copies';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: string | readonly string[];
  readonly Condition?: unknown;
}

/** What the first vault of a template refuses, by name. */
export function statements(template: Template): Record<string, Statement> {
  const [vault] = Object.values(template.findResources(VAULT));
  const { AccessPolicy: { Statement: all } } = vault?.Properties as { AccessPolicy: { Statement: Statement[] } };
  return Object.fromEntries(all.map((statement) => [statement.Sid, statement]));
}

/** Of all plans. */
export const rules = (template: Template): Record<string, unknown>[] => Object.values(template.findResources('AWS::Backup::BackupPlan')).flatMap(({ Properties }) =>
  (Properties as { BackupPlan: { BackupPlanRule: Record<string, unknown>[] } }).BackupPlan.BackupPlanRule);

/** A table without point-in-time recovery. */
export const plainTable = (stack: Stack): BackupSource => BackupSource.table(new Table(stack, 'Plain', { partitionKey: { name: 'pk', type: AttributeType.STRING } }), { pointInTimeRecovery: false });
