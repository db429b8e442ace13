import { BatchGetItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, ROSTER_PARTITION, rosterKey, SORT_KEY, workerKey } from '../../broker/items/contract';
import type { ListAnswer, ListedWorker } from '../../broker/operations/contract';
import { expressed, type Item, keyOf, maybeNumber, readWorker, text, UnreadableItem } from './dynamo-items';
import { isStopped } from './standing';

/** Of a list (ours): as many as one BatchGetItem answers, and one answer of a function is far below what it may be. */
const PAGE = 100;

/** Workers by their ids, one page. */
export async function listWorkers(client: DynamoDBClient, table: string, after: string | undefined, now: number): Promise<Omit<ListAnswer, 'fleet'>> {
  const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: `#${PARTITION_KEY} = :roster`,
    ...expressed([PARTITION_KEY], { roster: text(ROSTER_PARTITION) }),
    Limit: PAGE,
    ...(after !== undefined && { ExclusiveStartKey: keyOf(rosterKey(after)) }),
  }));
  const items = await itemsOf(client, table, Items.flatMap((item) => item[SORT_KEY]?.S ?? []));
  const workers = Items.flatMap((item) => listedWorker(item, items, now) ?? []);
  const last = LastEvaluatedKey?.[SORT_KEY]?.S;
  return { workers, ...(last !== undefined && { after: last }) };
}

async function itemsOf(client: DynamoDBClient, table: string, workers: readonly string[]): Promise<ReadonlyMap<string, Item>> {
  if (workers.length === 0) return new Map();
  const Keys = workers.map((worker) => keyOf(workerKey(worker)));
  const { Responses = {}, UnprocessedKeys = {} } = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { ConsistentRead: true, Keys } } }));
  if (Object.keys(UnprocessedKeys).length > 0) throw new UnreadableItem();
  return new Map((Responses[table] ?? []).map((item) => [item[PARTITION_KEY]?.S ?? '', item]));
}

/** Nothing of a worker of which only the entry is left. */
function listedWorker(entry: Item, items: ReadonlyMap<string, Item>, now: number): ListedWorker | undefined {
  const worker = entry[SORT_KEY]?.S ?? '';
  const item = items.get(workerKey(worker).pk);
  if (item === undefined) return undefined;
  const read = readWorker(item);
  const { state, kind, expiresAt, task } = read;
  const registeredAt = maybeNumber(entry.registeredAt);
  return {
    worker,
    state: state === 'active' && ((expiresAt ?? 0) <= now || isStopped(read)) ? 'over' : state,
    kind,
    ...(registeredAt !== undefined && { registeredAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(task !== undefined && { task }),
  };
}
