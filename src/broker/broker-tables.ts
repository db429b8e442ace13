import { Aws, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { member } from '../check-kinds';
import { BROKER_TABLE_TAG, type BROKER_TABLES } from './contract';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from './items/contract';

/** What DynamoDB does with a customer's key in the name of whoever reads (DynamoDB guide, "Encryption at rest: usage notes"). */
export const KEY_READS: string[] = ['kms:Decrypt', 'kms:DescribeKey'];

/** And of whoever writes. */
export const KEY_WRITES: string[] = [...KEY_READS, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

export const REMOVAL_POLICY = member(RemovalPolicy, 'Name a RemovalPolicy, or leave it out.');

interface KeptTable {
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy?: RemovalPolicy;
}

/** One of the broker's tables: items leave by themselves, none is lost by accident, and a backup of each second is kept. */
export function brokerTable(parent: Construct, which: (typeof BROKER_TABLES)[number], { encryptionKey, removalPolicy = RemovalPolicy.RETAIN }: KeptTable): dynamodb.ITable {
  const table = new dynamodb.Table(parent, 'Table', {
    partitionKey: { name: PARTITION_KEY, type: dynamodb.AttributeType.STRING },
    sortKey: which === 'state' ? { name: SORT_KEY, type: dynamodb.AttributeType.STRING } : undefined,
    timeToLiveAttribute: TTL_ATTRIBUTE,
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    encryption: encryptionKey ? dynamodb.TableEncryption.CUSTOMER_MANAGED : dynamodb.TableEncryption.AWS_MANAGED,
    encryptionKey,
    removalPolicy,
    deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
  });
  Tags.of(table).add(BROKER_TABLE_TAG, which);
  return table;
}

/** Through DynamoDB alone: nobody decrypts anything himself. */
export function grantTableKey({ encryptionKey }: dynamodb.ITable, grantee: iam.IGrantable, actions: string[]): void {
  if (!encryptionKey) return;
  iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [encryptionKey.keyArn], conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.amazonaws.com` } } });
}
