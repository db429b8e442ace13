import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** How the network's records are kept. */
export interface NetworkLogProps {
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** A log group that keeps the network's records for a month, encrypted with the user's key where there is one. */
export class NetworkLog extends Construct {
  public readonly group: logs.ILogGroup;

  public constructor(scope: Construct, id: string, { encryptionKey, removalPolicy }: NetworkLogProps) {
    super(scope, id);
    this.group = new logs.LogGroup(this, 'Group', { retention: logs.RetentionDays.ONE_MONTH, encryptionKey, removalPolicy });
  }
}
