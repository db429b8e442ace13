import {
  type AttributeValue, ConditionalCheckFailedException, DeleteItemCommand, DescribeTableCommand, DynamoDBClient, GetItemCommand, ListTagsOfResourceCommand, type ListTagsOfResourceCommandOutput,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { quietly } from '../../drill/emulator/quietly';
import { LOCKDOWN_SORT, PARTITION_KEY, REVOCATIONS_PARTITION, SORT_KEY } from '../../gate/contract';
import { REQUEST_HANDLER } from '../aws-errors';
import type { Flag, FlagTables } from './flags';
import type { RealAwsOptions } from './real-aws';

const KEY: Record<string, AttributeValue> = { [PARTITION_KEY]: { S: REVOCATIONS_PARTITION }, [SORT_KEY]: { S: LOCKDOWN_SORT } };

/** Gates' tables as the operator's credentials see them. */
export class RealTables implements FlagTables {
  private readonly dynamo: DynamoDBClient;

  public constructor(options: RealAwsOptions) {
    this.dynamo = quietly(() => new DynamoDBClient({ ...options, requestHandler: REQUEST_HANDLER, maxAttempts: 2 }));
  }

  public async tagsOfTable(TableName: string): Promise<ReadonlyMap<string, string>> {
    const { Table } = await this.dynamo.send(new DescribeTableCommand({ TableName }));
    const tags = new Map<string, string>();
    let NextToken: string | undefined;
    do {
      const page: ListTagsOfResourceCommandOutput = await this.dynamo.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn, NextToken }));
      for (const { Key = '', Value = '' } of page.Tags ?? []) tags.set(Key, Value);
      NextToken = page.NextToken;
    } while (NextToken);
    return tags;
  }

  public async flag(TableName: string): Promise<Flag | undefined> {
    const { Item } = await this.dynamo.send(new GetItemCommand({ TableName, ConsistentRead: true, Key: KEY }));
    return Item && { since: Item.since?.S ?? null, why: Item.why?.S ?? null, who: Item.who?.S ?? null };
  }

  public async raise(TableName: string, { since, why, who }: Flag): Promise<void> {
    const said = Object.entries({ since, why, who }).flatMap(([name, text]) => (text === null ? [] : [[name, { S: text }] as const]));
    try {
      await this.dynamo.send(new PutItemCommand({
        TableName,
        // Without a time to live: only somebody who opens ends it.
        Item: { ...KEY, ...Object.fromEntries(said) },
        ConditionExpression: 'attribute_not_exists(#who)',
        ExpressionAttributeNames: { '#who': 'who' },
      }));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  public async lower(TableName: string): Promise<void> {
    await this.dynamo.send(new DeleteItemCommand({ TableName, Key: KEY }));
  }
}
