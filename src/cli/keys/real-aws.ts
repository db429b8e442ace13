import {
  type AttributeValue, ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, paginateScan, PutItemCommand, type TransactWriteItem, TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { KEY_SORT, keyPartition, PARTITION_KEY, REVOCATIONS_PARTITION, revocationSort, SORT_KEY, TTL_ATTRIBUTE } from '../../gate/contract';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import type { DeployedTask } from '../deployed/aws';
import { RealDeployedAws } from '../deployed/real-aws';
import type { StackResource } from '../lockdown/aws';
import { RealAws, type RealAwsOptions } from '../lockdown/real-aws';
import { RealTables } from '../lockdown/real-tables';
import { secretReference } from '../secret-reference';
import { UsageError } from '../usage-error';
import type { KeysAws, NewKey, Revocation, StoredKey } from './aws';

/** How long a key stays in the list once it is not valid any more, in seconds; 30 days, our own figure. */
const SHOWN_SECONDS = 30 * 24 * 60 * 60;

type Item = Record<string, AttributeValue>;

/** The table as the operator's credentials see it. */
export class RealKeysAws implements KeysAws {
  private readonly dynamo: DynamoDBClient;
  private readonly secrets: SecretsManagerClient;
  private readonly account: RealAws;
  private readonly deployed: RealDeployedAws;
  private readonly tables: RealTables;

  public constructor(options: RealAwsOptions) {
    this.account = new RealAws(options);
    this.tables = new RealTables(options);
    this.deployed = new RealDeployedAws(options);
    const config = { ...options, requestHandler: REQUEST_HANDLER, maxAttempts: 5 };
    [this.dynamo, this.secrets] = quietly(() => [new DynamoDBClient(config), new SecretsManagerClient(config)] as const);
  }

  public resourcesOf(stack: string): Promise<readonly StackResource[] | undefined> {
    return this.account.resourcesOf(stack);
  }

  public taskOf(service: string): Promise<DeployedTask | undefined> {
    return this.deployed.taskOf(service);
  }

  public async auditKey(reference: string): Promise<string> {
    const { secretId: SecretId, field, label: VersionStage, version: VersionId } = secretReference(reference);
    const { SecretString = '' } = await this.secrets.send(new GetSecretValueCommand({ SecretId, ...(VersionStage !== '' && { VersionStage }), ...(VersionId !== '' && { VersionId }) }));
    const value = field === '' ? SecretString : fieldOf(SecretString, field);
    if (value === undefined || value === '') throw new UsageError('The key that hashes callers in the records is empty.');
    return value;
  }

  public caller(): Promise<string> {
    return this.account.caller();
  }

  public tagsOfTable(table: string): Promise<ReadonlyMap<string, string>> {
    return this.tables.tagsOfTable(table);
  }

  public async keys(TableName: string): Promise<readonly StoredKey[]> {
    const pages = paginateScan({ client: this.dynamo }, {
      TableName, ConsistentRead: true, FilterExpression: '#sort = :key', ExpressionAttributeNames: { '#sort': SORT_KEY }, ExpressionAttributeValues: { ':key': { S: KEY_SORT } },
    });
    const found: StoredKey[] = [];
    for await (const { Items = [] } of pages) found.push(...Items.flatMap(storedKey));
    return found;
  }

  public async find(TableName: string, digest: string): Promise<StoredKey | undefined> {
    const { Item } = await this.dynamo.send(new GetItemCommand({ TableName, ConsistentRead: true, Key: keyOf(digest) }));
    return Item && storedKey(Item)[0];
  }

  public async add(TableName: string, { digest, owner, scopes, createdAt, validUntil, createdBy }: NewKey): Promise<'added' | 'taken'> {
    const seconds = secondsOf(validUntil);
    const Item: Item = {
      ...keyOf(digest),
      id: { S: idOf(digest) }, owner: { S: owner }, scopes: { L: scopes.map((scope) => ({ S: scope })) },
      createdAt: { S: createdAt.toISOString() }, createdBy: { S: createdBy }, validUntil: { N: String(seconds) }, [TTL_ATTRIBUTE]: { N: String(seconds + SHOWN_SECONDS) },
    };
    try {
      await this.dynamo.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(#partition)', ExpressionAttributeNames: { '#partition': PARTITION_KEY } }));
      return 'added';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'taken';
      throw error;
    }
  }

  public async revoke(TableName: string, { kind, value, at, by, until }: Revocation): Promise<void> {
    const who = { S: by };
    const when = { S: at.toISOString() };
    const entry: TransactWriteItem = {
      Put: {
        TableName,
        Item: { [PARTITION_KEY]: { S: REVOCATIONS_PARTITION }, [SORT_KEY]: { S: revocationSort(kind, value) }, revokedAt: when, revokedBy: who, [TTL_ATTRIBUTE]: { N: String(secondsOf(until)) } },
      },
    };
    const mark: TransactWriteItem = {
      Update: {
        TableName,
        Key: keyOf(value),
        // Who was first stands: a second revocation changes nothing.
        UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :at), revokedBy = if_not_exists(revokedBy, :by)',
        ConditionExpression: 'attribute_exists(#partition)',
        ExpressionAttributeNames: { '#partition': PARTITION_KEY },
        ExpressionAttributeValues: { ':at': when, ':by': who },
      },
    };
    await this.dynamo.send(new TransactWriteItemsCommand({ TransactItems: kind === 'key' ? [entry, mark] : [entry] }));
  }
}

/** What people call a key by: 48 bits, of which nobody could tell the key. */
export function idOf(digest: string): string {
  return digest.slice(0, 12);
}

function keyOf(digest: string): Item {
  return { [PARTITION_KEY]: { S: keyPartition(digest) }, [SORT_KEY]: { S: KEY_SORT } };
}

function storedKey(item: Item): StoredKey[] {
  const partition = item[PARTITION_KEY]?.S ?? '';
  if (!partition.startsWith(keyPartition(''))) return [];
  const digest = partition.slice(keyPartition('').length);
  const revokedAt = item.revokedAt?.S;
  return [{
    digest, id: idOf(digest), owner: item.owner?.S ?? '', scopes: (item.scopes?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [S])), createdAt: item.createdAt?.S ?? '',
    validUntil: Number(item.validUntil?.N ?? 0), ...(revokedAt !== undefined && { revokedAt }),
  }];
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function fieldOf(json: string, name: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(json) as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    // The parser's own message quotes what it met.
    return undefined;
  }
}
