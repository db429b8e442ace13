import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { type JoinItem, joinKey, PARTITION_KEY, rosterKey, TTL_ATTRIBUTE, type WorkerItem, workerKey } from '../../broker/items/contract';
import { expressed, keyOf, number, numberOf, text } from './dynamo-items';
import { listWorkers } from './dynamo-roster';
import { registrationOf, rosterEnd } from './dynamo-registrations';
import { transact } from './dynamo-transact';
import type { Registration, Revoked, Workers } from './ports';

type Update = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** Gone with the worker's time, or a renewal that has looked before would give it more. */
const KEY_ATTRIBUTES = ['keyId', 'priorKeyId', 'priorUntil'] as const;
const NO_KEY = KEY_ATTRIBUTES.map((name) => `#${name}`).join(', ');

/** What a task proves itself with is over by then: a role's session lasts 12 hours at most (IAM guide, "Update the maximum session duration for a role"). */
const ROLE_SECONDS = 43_200;

export class DynamoWorkers implements Workers {
  public constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  public async register(worker: string, registration: Registration, now: number): Promise<'registered' | 'refused' | 'spent'> {
    const [failed] = await transact(this.client, registrationOf(this.table, worker, registration, now));
    if (failed === undefined) return 'registered';
    // The token is the last of them where there is one.
    return registration.kind === 'joined' && failed === 2 ? 'spent' : 'refused';
  }

  public async exit(worker: string): Promise<void> {
    await this.update(worker, { UpdateExpression: 'ADD #epoch :one', ConditionExpression: `attribute_exists(#${PARTITION_KEY})`, ...expressed(['epoch', PARTITION_KEY], { one: number(1) }) });
  }

  public async stopped(worker: string, now: number): Promise<boolean> {
    // What was taken out of a task may prove it for some time yet.
    return await this.end(worker, now + ROLE_SECONDS, 'attribute_exists') || this.end(worker, now, 'attribute_not_exists');
  }

  public async revoke(worker: string, unknownAs: WorkerItem['kind'], nowMs: number): Promise<Revoked> {
    // Before it, so that no revoked worker can be admitted whose tokens from before are good.
    await this.client.send(new UpdateItemCommand({
      TableName: this.table,
      Key: keyOf(rosterKey(worker)),
      UpdateExpression: `SET #joinsFrom = :now REMOVE #${TTL_ATTRIBUTE}`,
      ...expressed(['joinsFrom', TTL_ATTRIBUTE], { now: number(nowMs) }),
    }));
    const { Attributes } = await this.client.send(new UpdateItemCommand({
      TableName: this.table,
      Key: keyOf(workerKey(worker)),
      // One that nobody has seen is kept out as well: somebody may be about to join as it.
      UpdateExpression: `SET #state = :revoked, #kind = if_not_exists(#kind, :kind), #epoch = if_not_exists(#epoch, :start) + :one REMOVE #${TTL_ATTRIBUTE}`,
      ...expressed(['state', 'kind', 'epoch', TTL_ATTRIBUTE], { revoked: text('revoked'), kind: text(unknownAs), start: number(nowMs), one: number(1) }),
      ReturnValues: 'ALL_OLD',
    }));
    return { epoch: (Attributes === undefined ? nowMs : numberOf(Attributes.epoch)) + 1, wasUnknown: Attributes === undefined };
  }

  public async admit(worker: string, now: number): Promise<number | undefined> {
    const epoch = await this.update(worker, {
      // It registers anew, by a new token where it has a key of its own: nobody knows who has the old one.
      UpdateExpression: `SET #state = :active, #${TTL_ATTRIBUTE} = :now REMOVE ${NO_KEY}`,
      ConditionExpression: '#state = :revoked',
      ...expressed(['state', TTL_ATTRIBUTE, ...KEY_ATTRIBUTES], { active: text('active'), revoked: text('revoked'), now: number(now) }),
    });
    // It has not registered by that: the entry only ends again.
    if (epoch !== undefined) await this.client.send(new UpdateItemCommand({ TableName: this.table, Key: keyOf(rosterKey(worker)), ...rosterEnd(now) }));
    return epoch;
  }

  public async invite(joinId: string, { worker, invitedAt, until, expiresAt }: JoinItem): Promise<void> {
    await this.client.send(new PutItemCommand({
      TableName: this.table,
      Item: { ...keyOf(joinKey(joinId)), worker: text(worker), invitedAt: number(invitedAt), until: number(until), [TTL_ATTRIBUTE]: number(expiresAt) },
    }));
  }

  public list(after: string | undefined, now: number): ReturnType<Workers['list']> {
    return listWorkers(this.client, this.table, after, now);
  }

  /** Ends leases and key of a worker that is active, if it joined as a task or did not. One that is revoked is not forgotten. */
  private async end(worker: string, forgottenAt: number, isTask: 'attribute_exists' | 'attribute_not_exists'): Promise<boolean> {
    return await this.update(worker, {
      UpdateExpression: `ADD #epoch :one SET #${TTL_ATTRIBUTE} = :end REMOVE ${NO_KEY}`,
      ConditionExpression: `#state = :active AND ${isTask}(#task)`,
      ...expressed(['epoch', 'state', 'task', TTL_ATTRIBUTE, ...KEY_ATTRIBUTES], { one: number(1), end: number(forgottenAt), active: text('active') }),
    }) !== undefined;
  }

  /** The epoch from now on; nothing where the condition is not so. */
  private async update(worker: string, update: Update): Promise<number | undefined> {
    try {
      const { Attributes = {} } = await this.client.send(new UpdateItemCommand({ TableName: this.table, Key: keyOf(workerKey(worker)), ...update, ReturnValues: 'ALL_NEW' }));
      return numberOf(Attributes.epoch);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }
}
