import { Aws, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { KEY_SET_PARTITION, PARTITION_KEY, SORT_KEY, TABLE_TAG, TTL_ATTRIBUTE } from './contract';

/** How to keep API keys and revocations. */
export interface GateTableProps {
  /**
   * The key that encrypts the table. An imported key's policy is not changed: let the account's IAM policies decide over it.
   *
   * @default - the account's `aws/dynamodb` key, whose use CloudTrail records; what is in the table is digests and public keys
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the table when the stack is destroyed. Without it every API key stops working, and every revoked token works again.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether DynamoDB refuses to delete the table.
   *
   * @default - unless `removalPolicy` is DESTROY
   */
  readonly deletionProtection?: boolean;
}

/** What DynamoDB does with a customer's key in the name of whoever reads (DynamoDB guide, "Encryption at rest: usage notes"). */
const KEY_READ_ACTIONS = ['kms:Decrypt', 'kms:DescribeKey'];

/** And of whoever writes. */
const KEY_WRITE_ACTIONS = [...KEY_READ_ACTIONS, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/** What a gate decides by and no task may write: API keys, of which only digests are kept (IDN-8), revocations (IDN-4) and mirrored signing keys (IDN-5). */
export class GateTable extends Construct {
  /** The table. */
  public readonly table: dynamodb.ITable;

  /** The table's name. */
  public readonly tableName: string;

  /** The table's ARN. */
  public readonly tableArn: string;

  public constructor(scope: Construct, id: string, props: GateTableProps = {}) {
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: PARTITION_KEY, type: dynamodb.AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: TTL_ATTRIBUTE,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: props.encryptionKey ? dynamodb.TableEncryption.CUSTOMER_MANAGED : dynamodb.TableEncryption.AWS_MANAGED,
      encryptionKey: props.encryptionKey,
      removalPolicy,
      deletionProtection: props.deletionProtection ?? removalPolicy !== RemovalPolicy.DESTROY,
    });
    Tags.of(this.table).add(TABLE_TAG, 'true');
    this.tableName = this.table.tableName;
    this.tableArn = this.table.tableArn;
  }

  /**
   * Lets a gate read: single items and partitions, and neither all of the table nor its stream.
   *
   * @param grantee who runs a gate
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    this.grantKey(grantee, KEY_READ_ACTIONS);
    return iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:GetItem', 'dynamodb:Query'], resourceArns: [this.tableArn] });
  }

  /**
   * Lets somebody write signing keys: neither API keys nor revocations, and nothing else of the table.
   *
   * @param grantee who mirrors key sets
   */
  public grantMirror(grantee: iam.IGrantable): iam.Grant {
    this.grantKey(grantee, KEY_WRITE_ACTIONS);
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:PutItem'],
      resourceArns: [this.tableArn],
      // `ForAllValues` is also true of a request without the key (IAM guide, "Multivalued context keys").
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [KEY_SET_PARTITION] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } },
    });
  }

  /** Through DynamoDB alone: nobody decrypts anything himself. */
  private grantKey(grantee: iam.IGrantable, actions: string[]): void {
    const key = this.table.encryptionKey;
    if (!key) return;
    iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [key.keyArn], conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.amazonaws.com` } } });
  }
}
