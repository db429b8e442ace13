import { createHash, randomBytes } from 'node:crypto';
import { type AttributeValue, CreateTableCommand, DeleteItemCommand, DynamoDBClient, PutItemCommand, ResourceNotFoundException, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  KEY_SET_PARTITION, KEY_SORT, type KeyItem, keyPartition, LOCKDOWN_SORT, PARTITION_KEY, type RevocationKind, REVOCATIONS_PARTITION, revocationSort, SORT_KEY, TTL_ATTRIBUTE,
} from '../../gate/contract';
import { quietly } from '../emulator/quietly';

/** Where a table is. */
export interface TableAddress {
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
}

/** An API key of the drill's: the text that a caller sends, and what the table knows of it. */
export interface MintedKey {
  readonly text: string;
  readonly digest: string;
}

export interface MintOptions {
  readonly prefix: string;
  readonly scopes: readonly string[];
  /** Seconds since 1970. @default - in an hour */
  readonly validUntil?: number;
}

/** Makes an API key in a table as whoever keeps it does, and returns its text. */
export type MakeKey = (table: TableAddress, options: Pick<MintOptions, 'prefix' | 'scopes'>) => Promise<string>;

/** As many as a key is made of at least (IDN-8). */
const KEY_BYTES = 32;
const HOUR_SECONDS = 3600;

const TEXT = (text: string): AttributeValue => ({ S: text });
const NUMBER = (figure: number): AttributeValue => ({ N: String(figure) });

/** A gate's table in the emulator, with the hands of everybody who writes it: who gives out keys, who revokes, and the function that mirrors key sets. */
export class DrillTable {
  private readonly client: DynamoDBClient;

  public constructor(private readonly address: TableAddress) {
    const { endpoint, region } = address;
    this.client = quietly(() => new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 2 }));
  }

  /** Makes the table where no template has. */
  public async create(): Promise<void> {
    await this.client.send(new CreateTableCommand({
      TableName: this.address.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [PARTITION_KEY, SORT_KEY].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: 'HASH' }, { AttributeName: SORT_KEY, KeyType: 'RANGE' }],
    }));
  }

  public async exists(): Promise<boolean> {
    try {
      await this.everything();
      return true;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return false;
      throw error;
    }
  }

  public async mintKey({ prefix, scopes, validUntil = now() + HOUR_SECONDS }: MintOptions): Promise<MintedKey> {
    const text = `${prefix}${randomBytes(KEY_BYTES).toString('base64url')}`;
    const digest = createHash('sha256').update(text).digest('hex');
    // An owner of its own, so that no two callers are counted together.
    const item: KeyItem = { owner: `drill-${digest.slice(0, 12)}`, scopes, id: digest.slice(0, 12), createdAt: new Date().toISOString(), validUntil };
    await this.put(keyPartition(digest), KEY_SORT, {
      owner: TEXT(item.owner),
      scopes: { L: item.scopes.map(TEXT) },
      id: TEXT(item.id),
      createdAt: TEXT(item.createdAt),
      validUntil: NUMBER(item.validUntil),
    });
    return { text, digest };
  }

  /** Withdraws a key, or a token by `<issuer> <jti or sub>`; a key also where it stands. */
  public async revoke(kind: RevocationKind, value: string): Promise<void> {
    if (kind === 'key') {
      await this.client.send(new UpdateItemCommand({
        TableName: this.address.name,
        Key: { [PARTITION_KEY]: TEXT(keyPartition(value)), [SORT_KEY]: TEXT(KEY_SORT) },
        UpdateExpression: 'SET revokedAt = :now',
        ExpressionAttributeValues: { ':now': TEXT(new Date().toISOString()) },
      }));
    }
    await this.put(REVOCATIONS_PARTITION, revocationSort(kind, value), { [TTL_ATTRIBUTE]: NUMBER(now() + HOUR_SECONDS) });
  }

  public async unrevoke(kind: RevocationKind, value: string): Promise<void> {
    await this.remove(REVOCATIONS_PARTITION, revocationSort(kind, value));
  }

  /** Sets the flag of a lock-down, which has no end of its own, or takes it away. */
  public async lock(isLocked: boolean): Promise<void> {
    if (isLocked) await this.put(REVOCATIONS_PARTITION, LOCKDOWN_SORT, {});
    else await this.remove(REVOCATIONS_PARTITION, LOCKDOWN_SORT);
  }

  /** Does what the mirror's function does, or takes the key set away. @param ageSeconds how long ago the function seems to have done so */
  public async setKeySet(uri: string, document: string | undefined, ageSeconds = 0): Promise<void> {
    if (document === undefined) await this.remove(KEY_SET_PARTITION, uri);
    else await this.put(KEY_SET_PARTITION, uri, { document: TEXT(document), fetchedAt: NUMBER(now() - ageSeconds) });
  }

  /** All that stands in it, as text. */
  public async everything(): Promise<string> {
    const { Items } = await this.client.send(new ScanCommand({ TableName: this.address.name }));
    return JSON.stringify(Items ?? []);
  }

  public close(): void {
    this.client.destroy();
  }

  private async put(partition: string, sort: string, attributes: Record<string, AttributeValue>): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.address.name, Item: { [PARTITION_KEY]: TEXT(partition), [SORT_KEY]: TEXT(sort), ...attributes } }));
  }

  private async remove(partition: string, sort: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.address.name, Key: { [PARTITION_KEY]: TEXT(partition), [SORT_KEY]: TEXT(sort) } }));
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
