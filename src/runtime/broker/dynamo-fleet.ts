import { type DynamoDBClient, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { FLEET_KEY } from '../../broker/items/contract';
import { expressed, keyOf, number, numberOf } from './dynamo-items';
import type { Fleet } from './ports';

export class DynamoFleet implements Fleet {
  public constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  public endAll(closedAt: number | undefined): Promise<number> {
    if (closedAt === undefined) return this.update({ UpdateExpression: 'ADD #epoch :one', ...expressed(['epoch'], { one: number(1) }) });
    return this.update({ UpdateExpression: 'ADD #epoch :one SET #closed = if_not_exists(#closed, :closed)', ...expressed(['epoch', 'closed'], { one: number(1), closed: number(closedAt) }) });
  }

  /** What was ended stays ended. */
  public open(): Promise<number> {
    return this.update({ UpdateExpression: 'ADD #epoch :none REMOVE #closed', ...expressed(['epoch', 'closed'], { none: number(0) }) });
  }

  private async update(update: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<number> {
    const { Attributes = {} } = await this.client.send(new UpdateItemCommand({ TableName: this.table, Key: keyOf(FLEET_KEY), ...update, ReturnValues: 'ALL_NEW' }));
    return numberOf(Attributes.epoch);
  }
}
