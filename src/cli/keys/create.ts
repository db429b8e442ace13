import { createHash } from 'node:crypto';
import { UsageError } from '../usage-error';
import { findTable } from './find-table';
import { lifeFrom, ownerFrom, prefixFrom, scopesFrom } from './options';
import { idOf } from './real-aws';
import type { KeysWorld } from './world';

export interface CreateOptions {
  readonly owner: string;
  readonly scope: readonly string[];
  /** Such as `90d`. */
  readonly expires: string;
  readonly prefix: string;
  readonly table?: string;
}

/** As long as the digest that is kept of it, in bytes (IDN-8). */
const KEY_BYTES = 32;

/** Makes a key, keeps its digest, and prints the key once: nobody can read it again. */
export async function createKey(stack: string, options: CreateOptions, { aws, now, random, print, say }: KeysWorld): Promise<boolean> {
  const owner = ownerFrom(options.owner);
  const scopes = scopesFrom(options.scope);
  const createdAt = now();
  const validUntil = new Date(createdAt.getTime() + lifeFrom(options.expires));
  const prefix = prefixFrom(options.prefix);
  const table = await findTable(aws, stack, options.table);
  const createdBy = await aws.caller();
  const key = `${prefix}${random(KEY_BYTES).toString('base64url')}`;
  const digest = digestOf(key);
  const added = await aws.add(table, { digest, owner, scopes, createdAt, validUntil, createdBy });
  if (added === 'taken') throw new UsageError('The table has this key already, which chance does not explain: nothing was made.');
  print(key);
  say(`Key ${idOf(digest)} of ${owner} is valid until ${validUntil.toISOString()}, for ${scopes.join(', ')}.`);
  say('It is shown this once: the table holds its SHA-256 alone.');
  return true;
}

/** What the gate looks keys up by: the SHA-256 of all of it, prefix included, hex. */
export function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
