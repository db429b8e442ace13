import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';

/** Where audit records go. */
export interface IAuditTrail extends IConstruct {
  /** The records of the last days, searchable. */
  readonly hot: logs.ILogGroup;
}

/** How to keep audit records. */
export interface AuditTrailProps {
  /**
   * The key that encrypts the records. An imported key's policy is not changed: let `logs.<region>.amazonaws.com` use it.
   *
   * @default - a key of CloudWatch Logs' own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the records when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The audit records' hot tier: a log group that keeps them searchable for seven days (AUD-2). */
export class AuditTrail extends Construct implements IAuditTrail {
  public readonly hot: logs.ILogGroup;

  public constructor(scope: Construct, id: string, props: AuditTrailProps = {}) {
    super(scope, id);
    const ownGroups = Stack.of(this).formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    // CloudWatch Logs uses the key in its own name, so the key has to know it (CloudWatch Logs guide, "Encrypt log data").
    props.encryptionKey?.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': ownGroups } },
    }));
    this.hot = new logs.LogGroup(this, 'Hot', {
      retention: logs.RetentionDays.ONE_WEEK,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }
}
