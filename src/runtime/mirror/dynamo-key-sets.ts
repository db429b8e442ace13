import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KEY_SET_PARTITION, PARTITION_KEY, SORT_KEY } from '../../gate/contract';
import type { KeySetStore } from './mirror-key-sets';

/** Writes key sets into the gate's table. */
export class DynamoKeySets implements KeySetStore {
  public constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  public async put(uri: string, document: string, fetchedAt: number): Promise<void> {
    await this.client.send(new PutItemCommand({
      TableName: this.table,
      Item: { [PARTITION_KEY]: { S: KEY_SET_PARTITION }, [SORT_KEY]: { S: uri }, document: { S: document }, fetchedAt: { N: String(fetchedAt) } },
    }));
  }
}
