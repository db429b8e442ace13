import { type RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { checkKind, checkKinds, type Kinds, options } from '../check-kinds';
import { CORE_KINDS } from '../core-kinds';
import { brokerTable, grantTableKey, KEY_READS, KEY_WRITES, REMOVAL_POLICY } from './broker-tables';

/** How to keep jobs. */
export interface JobTableProps {
  /**
   * The key that encrypts the table. An imported key's policy is not changed: let the account's IAM policies decide over it.
   *
   * @default - the account's `aws/dynamodb` key, whose use CloudTrail records; what is in the table is ids
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the table when the stack is destroyed; unless that is DESTROY, DynamoDB refuses to delete it.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const PROPS = options('Name options of the table, such as { encryptionKey }, or leave them out.');
const KINDS: Kinds<JobTableProps> = { encryptionKey: CORE_KINDS.encryptionKey, removalPolicy: REMOVAL_POLICY };

/** Who may have which credential for which job. The orchestrator writes it, the broker reads it, and neither can do the other's part (M-36). */
export class JobTable extends Construct {
  /** The table. */
  public readonly table: dynamodb.ITable;

  public constructor(scope: Construct, id: string, props: JobTableProps = {}) {
    super(scope, id);
    checkKind(this, 'props', props, PROPS);
    checkKinds(this, props, KINDS);
    this.table = brokerTable(this, 'jobs', props);
  }

  /**
   * Lets the orchestrator write and remove jobs: single items, and it reads none.
   *
   * @param orchestrator who hands jobs to workers
   */
  public grantAssign(orchestrator: iam.IGrantable): iam.Grant {
    grantTableKey(this.table, orchestrator, KEY_WRITES);
    return iam.Grant.addToPrincipal({ grantee: orchestrator, actions: ['dynamodb:PutItem', 'dynamodb:DeleteItem'], resourceArns: [this.table.tableArn] });
  }

  /**
   * Lets the broker read single jobs.
   *
   * @internal
   */
  public _grantRead(broker: iam.IGrantable): void {
    grantTableKey(this.table, broker, KEY_READS);
    iam.Grant.addToPrincipal({ grantee: broker, actions: ['dynamodb:BatchGetItem'], resourceArns: [this.table.tableArn] });
  }
}
