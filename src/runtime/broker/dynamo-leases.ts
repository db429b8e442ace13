import { ConditionalCheckFailedException, DeleteItemCommand, type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type ClaimItem, claimKey, type DueItem, dueKey, leaseKey, type LeaseItem, PARTITION_KEY, TTL_ATTRIBUTE } from '../../broker/items/contract';
import { expressed, keyOf, number, text, writeLease } from './dynamo-items';
import type { LeasePlace, Leases } from './ports';

export class DynamoLeases implements Leases {
  public constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  public put(place: LeasePlace, lease: LeaseItem, before: LeaseItem | undefined): Promise<boolean> {
    const asBefore = before === undefined
      ? { ConditionExpression: `attribute_not_exists(${PARTITION_KEY})` }
      : { ConditionExpression: '#leaseId = :before', ...expressed(['leaseId'], { before: text(before.leaseId) }) };
    return isMet(this.client.send(new PutItemCommand({ TableName: this.table, Item: { ...keyOf(leaseKey(place.job, place.credential)), ...writeLease(lease) }, ...asBefore })));
  }

  public renew(place: LeasePlace, { leaseId, worker, epoch, fleetEpoch, keyId, expiresAt }: LeaseItem, now: number): Promise<boolean> {
    return isMet(this.client.send(new UpdateItemCommand({
      TableName: this.table,
      Key: keyOf(leaseKey(place.job, place.credential)),
      UpdateExpression: `SET #${TTL_ATTRIBUTE} = :end${keyId === undefined ? '' : ', #keyId = :keyId'}`,
      ConditionExpression: `#leaseId = :leaseId AND #worker = :worker AND #epoch = :epoch AND #fleetEpoch = :fleetEpoch AND #${TTL_ATTRIBUTE} > :now AND #renewableUntil >= :end`,
      ...expressed(['leaseId', 'worker', 'epoch', 'fleetEpoch', TTL_ATTRIBUTE, 'renewableUntil', ...(keyId === undefined ? [] : ['keyId'])], {
        leaseId: text(leaseId), worker: text(worker), epoch: number(epoch), fleetEpoch: number(fleetEpoch), now: number(now), end: number(expiresAt),
        ...(keyId !== undefined && { keyId: text(keyId) }),
      }),
    })));
  }

  public async end(place: LeasePlace, leaseId: string, worker: string): Promise<void> {
    await isMet(this.client.send(new DeleteItemCommand({
      TableName: this.table,
      Key: keyOf(leaseKey(place.job, place.credential)),
      ConditionExpression: '#leaseId = :leaseId AND #worker = :worker',
      ...expressed(['leaseId', 'worker'], { leaseId: text(leaseId), worker: text(worker) }),
    })));
  }

  public claim(job: string, { worker, expiresAt }: ClaimItem, now: number): Promise<boolean> {
    return isMet(this.client.send(new PutItemCommand({
      TableName: this.table,
      Item: { ...keyOf(claimKey(job)), worker: text(worker), [TTL_ATTRIBUTE]: number(expiresAt) },
      ConditionExpression: `attribute_not_exists(#${PARTITION_KEY}) OR #worker = :worker OR #${TTL_ATTRIBUTE} <= :now`,
      ...expressed([PARTITION_KEY, 'worker', TTL_ATTRIBUTE], { worker: text(worker), now: number(now) }),
    })));
  }

  public async due(at: number, due: DueItem): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: { ...keyOf(dueKey(at, due)), credential: text(due.credential), job: text(due.job) } }));
  }
}

/** Whether what a write demands was so. */
async function isMet(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
