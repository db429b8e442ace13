import { type AttributeValue, type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '../../../gate/contract';
import { within } from '../../shared/within';

export type Item = Readonly<Record<string, AttributeValue>>;

/** What is in the table is not what the contract says. The words are ours: neither a key nor AWS's own detail is among them. */
export class UnreadableItem extends Error {
  public constructor() {
    super('unreadable item');
  }
}

/** A caller is waiting for what is asked for alone. */
const GET_MS = 1000;
/** All pages together. One poll that gets no answer leaves time for the next within REVOCATION_MAX_AGE_SECONDS. */
const QUERY_MS = 1200;

/** Reads of one table, always of what was last written (strongly consistent). */
export class DynamoItems {
  public constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  public async get(partition: string, sort: string): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.table, Key: { [PARTITION_KEY]: { S: partition }, [SORT_KEY]: { S: sort } }, ConsistentRead: true });
    return (await within(GET_MS, (abortSignal) => this.client.send(command, { abortSignal }))).Item;
  }

  /**
   * Every sort key of a partition that has not ended: DynamoDB removes an item up to days after its time (DynamoDB guide, "Using time to live").
   *
   * @param endedBefore seconds since 1970; an item without a time does not end
   */
  public sortKeys(partition: string, limit: number, endedBefore: number): Promise<ReadonlySet<string>> {
    return within(QUERY_MS, async (abortSignal) => {
      const found = new Set<string>();
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const page = await this.client.send(new QueryCommand({
          TableName: this.table,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :partition',
          ProjectionExpression: '#sk, #ttl',
          ExpressionAttributeNames: { '#pk': PARTITION_KEY, '#sk': SORT_KEY, '#ttl': TTL_ATTRIBUTE },
          ExpressionAttributeValues: { ':partition': { S: partition } },
          ExclusiveStartKey,
        }), { abortSignal });
        for (const item of page.Items ?? []) {
          const end = Number(item[TTL_ATTRIBUTE]?.N);
          // What is no time ends nothing.
          if (!(end < endedBefore)) found.add(textOf(item[SORT_KEY]));
        }
        if (found.size > limit) throw new UnreadableItem();
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined && !abortSignal.aborted);
      return found;
    });
  }
}

export function textOf(value: AttributeValue | undefined): string {
  if (value?.S === undefined) throw new UnreadableItem();
  return value.S;
}

export function numberOf(value: AttributeValue | undefined): number {
  const number = Number(value?.N);
  if (!Number.isFinite(number)) throw new UnreadableItem();
  return number;
}

export function textsOf(value: AttributeValue | undefined): readonly string[] {
  if (value?.L === undefined) throw new UnreadableItem();
  return value.L.map(textOf);
}
