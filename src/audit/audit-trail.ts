import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { letLogsUse } from '../log-encryption';
import { maskedCredentials } from './data-protection';

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

/** The audit records' hot tier: a log group that keeps them searchable for seven days (AUD-2), and masks credentials in them (RED-1). */
export class AuditTrail extends Construct implements IAuditTrail {
  public readonly hot: logs.ILogGroup;

  public constructor(scope: Construct, id: string, props: AuditTrailProps = {}) {
    super(scope, id);
    if (props.encryptionKey) letLogsUse(this, props.encryptionKey);
    this.hot = new logs.LogGroup(this, 'Hot', {
      retention: logs.RetentionDays.ONE_WEEK,
      encryptionKey: props.encryptionKey,
      dataProtectionPolicy: maskedCredentials(),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }
}
