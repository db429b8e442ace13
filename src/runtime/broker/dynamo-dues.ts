import { type AttributeValue, DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DUE_PARTITION, type DueItem, dueKey, leaseKey, PARTITION_KEY, SORT_KEY } from '../../broker/items/contract';
import { expressed, type Item, keyOf, readLease, text, UnreadableItem } from './dynamo-items';
import type { Due, DueTable } from './sweep';

/** The time that a sort key begins with. */
const AT = /^(\d{10})#/;

export class DynamoDues implements DueTable {
  public constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  public async all(): Promise<readonly Due[]> {
    const dues: Due[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.client.send(new QueryCommand({
        TableName: this.table, ConsistentRead: true, KeyConditionExpression: `#${PARTITION_KEY} = :due`, ...expressed([PARTITION_KEY], { due: text(DUE_PARTITION) }), ExclusiveStartKey,
      }));
      dues.push(...Items.map(readDue));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return dues;
  }

  public async leaseEnd({ job, credential }: DueItem): Promise<number | undefined> {
    const { Item: item } = await this.client.send(new GetItemCommand({ TableName: this.table, ConsistentRead: true, Key: keyOf(leaseKey(job, credential)) }));
    return item && readLease(item).expiresAt;
  }

  public async put({ at, credential, job }: Due): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: { ...keyOf(dueKey(at, { credential, job })), credential: text(credential), job: text(job) } }));
  }

  public async remove(due: Due): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: keyOf(dueKey(due.at, due)) }));
  }
}

function readDue(item: Item): Due {
  const [, at] = AT.exec(item[SORT_KEY]?.S ?? '') ?? [];
  const [credential, job] = [item.credential?.S, item.job?.S];
  if (at === undefined || credential === undefined || job === undefined) throw new UnreadableItem();
  return { at: Number(at), credential, job };
}
