import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { nonceKey, type NonceItem, PARTITION_KEY, rateKey, TTL_ATTRIBUTE } from '../../broker/items/contract';
import { expressed, keyOf, number, text } from './dynamo-items';
import type { Allowances } from './ports';

/** So long a count is kept behind its minute, in seconds (ours). */
const RATE_KEPT = 120;

export class DynamoAllowances implements Allowances {
  public constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  public async useNonce(worker: string, nonce: string, { by, expiresAt }: NonceItem): Promise<boolean> {
    try {
      await this.client.send(new PutItemCommand({
        TableName: this.table,
        Item: { ...keyOf(nonceKey(worker, nonce)), by: text(by), [TTL_ATTRIBUTE]: number(expiresAt) },
        // No date in it: an item that is still there, though over, is a nonce that was used.
        ConditionExpression: `attribute_not_exists(${PARTITION_KEY})`,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }));
      return true;
    } catch (error) {
      // The SDK asks again where an answer got lost, and meets what it wrote itself.
      if (error instanceof ConditionalCheckFailedException) return error.Item?.by?.S === by;
      throw error;
    }
  }

  public async countRequest(worker: string, most: number, now: number): Promise<boolean> {
    const minute = Math.floor(now / 60);
    try {
      await this.client.send(new UpdateItemCommand({
        TableName: this.table,
        Key: keyOf(rateKey(worker, minute)),
        UpdateExpression: `ADD #n :one SET #${TTL_ATTRIBUTE} = if_not_exists(#${TTL_ATTRIBUTE}, :end)`,
        ConditionExpression: 'attribute_not_exists(#n) OR #n < :most',
        ...expressed(['n', TTL_ATTRIBUTE], { one: number(1), end: number((minute + 1) * 60 + RATE_KEPT), most: number(most) }),
      }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
