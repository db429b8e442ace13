import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { AuditTable } from './audit-table';
import { RECORDS_TABLE } from './contract';
import { answerObjects } from './every-object';

/** What a reader reads. */
export interface Readable {
  readonly hot: logs.ILogGroup;
  readonly archive: s3.IBucket;
  readonly archiveKey: kms.IKey;
  readonly encryptionKey: kms.IKey;
  readonly table: AuditTable;
}

/** What asking takes (Athena guide, "Example policies"), of one workgroup. */
const ASKS = [
  ...['StartQueryExecution', 'StopQueryExecution', 'GetQueryExecution', 'GetQueryResults', 'GetWorkGroup'], ...['ListNamedQueries', 'GetNamedQuery', 'BatchGetNamedQuery'],
].map((action) => `athena:${action}`);

const READ_OBJECTS = ['s3:GetObject', 's3:GetObjectVersion'];

/** Who may read the records (AUD-4). Nobody else may, from the first one that is named on. */
export class Readers {
  private readonly roles: iam.IRole[] = [];

  public constructor(private readonly readable: Readable) {}

  public add(role: iam.IRole): void {
    if (this.roles.includes(role)) return;
    if (this.roles.length === 0) this.refuseOthers();
    this.roles.push(role);
    const { archive, archiveKey, encryptionKey, table, hot } = this.readable;
    const policy = new iam.Policy(table.node.scope ?? table, `Reader${this.roles.length}`, { roles: [role] });
    const allow = (sid: string, actions: string[], resources: string[], conditions?: iam.Conditions): void => policy.addStatements(new iam.PolicyStatement({ sid, actions, resources, conditions }));
    const stack = Stack.of(table);
    allow('Hot', ['logs:FilterLogEvents', 'logs:GetLogEvents', 'logs:DescribeLogStreams', 'logs:StartQuery'], [hot.logGroupArn]);
    allow('Archive', READ_OBJECTS, [archive.arnForObjects('*')]);
    allow('Buckets', ['s3:ListBucket', 's3:GetBucketLocation'], [archive.bucketArn, table.results.bucketArn]);
    allow('Answers', ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], [table.results.arnForObjects('*')]);
    allow('Keys', ['kms:Decrypt', 'kms:GenerateDataKey'], [...new Set([archiveKey.keyArn, encryptionKey.keyArn])], { StringEquals: { 'kms:ViaService': `s3.${stack.region}.amazonaws.com` } });
    allow('Ask', ASKS, [stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: table.workGroup.name })]);
    const glue = (resource: string, resourceName?: string): string => stack.formatArn({ service: 'glue', resource, resourceName });
    const described = [glue('catalog'), glue('database', table.database), glue('table', `${table.database}/${RECORDS_TABLE}`)];
    allow('Table', ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'], described);
    for (const bucket of [archive, table.results]) answerObjects(policy, bucket, 'A reader of the audit records reads all of them, and deletes none.');
  }

  private refuseOthers(): void {
    const { archive } = this.readable;
    archive.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'NobodyElseReads',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: READ_OBJECTS,
      resources: [archive.arnForObjects('*')],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.roles.map(({ roleArn }) => roleArn) }) } },
    }));
  }
}
