import { timingSafeEqual } from 'node:crypto';
import { KEY_SORT, keyPartition, PARTITION_KEY } from '../../../gate/contract';
import type { Clock, KeyRecord, KeyStore } from '../ports';
import { BoundedCache } from './bounded-cache';
import { type DynamoItems, type Item, numberOf, textOf, textsOf, UnreadableItem } from './dynamo-items';

/** Keys that are known: revocations of them arrive on their own way, within REVOCATION_MAX_AGE_SECONDS. */
const KNOWN = { entries: 10_000, milliseconds: 30_000 };
/** Keys that do not exist: whoever tries invented ones must not push out those that do, and one that was just made has to work. */
const UNKNOWN = { entries: 10_000, milliseconds: 2000 };

/** Looks keys up by their digest; the key itself never comes here. */
export class DynamoKeyStore implements KeyStore {
  private readonly known: BoundedCache<KeyRecord>;
  private readonly unknown: BoundedCache<true>;
  /** Under way: whoever shows the same key meanwhile shares the answer, or a busy caller's first requests would take all connections. */
  private readonly asked = new Map<string, Promise<KeyRecord | undefined>>();

  public constructor(private readonly items: DynamoItems, clock: Clock) {
    this.known = new BoundedCache(KNOWN, clock);
    this.unknown = new BoundedCache(UNKNOWN, clock);
  }

  public async find(digest: string): Promise<KeyRecord | undefined> {
    const known = this.known.get(digest);
    if (known !== undefined || this.unknown.get(digest)) return known;
    const asked = this.asked.get(digest) ?? this.ask(digest).finally(() => this.asked.delete(digest));
    this.asked.set(digest, asked);
    return asked;
  }

  private async ask(digest: string): Promise<KeyRecord | undefined> {
    const item = await this.items.get(keyPartition(digest), KEY_SORT);
    if (item === undefined) {
      this.unknown.set(digest, true);
      return undefined;
    }
    const record = readKey(item, digest);
    this.known.set(digest, record);
    return record;
  }
}

function readKey(item: Item, digest: string): KeyRecord {
  // Both are of one length, or the item is not the one that was asked for.
  const [asked, found] = [Buffer.from(keyPartition(digest)), Buffer.from(textOf(item[PARTITION_KEY]))];
  if (asked.length !== found.length || !timingSafeEqual(asked, found)) throw new UnreadableItem();
  return { owner: textOf(item.owner), scopes: textsOf(item.scopes), validUntil: numberOf(item.validUntil), isRevoked: item.revokedAt !== undefined };
}
