import type { KeysAws, NewKey } from './aws';
import { digestOf } from './create';
import { findTable } from './find-table';
import { readKeyMap } from './key-map';
import { lifeFrom, prefixFrom, scopesFrom } from './options';
import { idOf } from './real-aws';
import type { KeysWorld } from './world';

export interface ImportOptions {
  readonly scope: readonly string[];
  readonly expires: string;
  readonly prefix: string;
  readonly table?: string;
}

/** Takes keys over that callers have already, by their digests. Can be repeated: a key that is there stays as it is, also a revoked one. */
export async function importKeys(stack: string, file: string, options: ImportOptions, { aws, now, read, say, paint }: KeysWorld): Promise<boolean> {
  const scopes = scopesFrom(options.scope);
  const createdAt = now();
  const validUntil = new Date(createdAt.getTime() + lifeFrom(options.expires));
  const entries = readKeyMap(read(file), prefixFrom(options.prefix));
  const table = await findTable(aws, stack, options.table);
  const createdBy = await aws.caller();
  let isWhole = true;
  for (const { key, owner } of entries) {
    const outcome = await importOne(aws, table, { digest: digestOf(key), owner, scopes, createdAt, validUntil, createdBy });
    isWhole &&= outcome.isAsAsked;
    say(outcome.isAsAsked ? outcome.line : paint.red(outcome.line));
  }
  say(`The map holds the keys in plain text: destroy ${file === '-' ? 'it' : file}, and every copy.`);
  return isWhole;
}

async function importOne(aws: KeysAws, table: string, key: NewKey): Promise<{ readonly line: string; readonly isAsAsked: boolean }> {
  const name = `key ${idOf(key.digest)} of ${key.owner}`;
  if (await aws.add(table, key) === 'added') return { line: `Imported ${name}, valid until ${key.validUntil.toISOString()}, for ${key.scopes.join(', ')}.`, isAsAsked: true };
  const there = await aws.find(table, key.digest);
  if (there?.owner !== key.owner) return { line: `NOT imported: ${name} is there, and belongs to somebody else.`, isAsAsked: false };
  if (there.revokedAt !== undefined) return { line: `NOT imported: ${name} was revoked at ${there.revokedAt}, and stays so.`, isAsAsked: false };
  const isSame = there.scopes.length === key.scopes.length && key.scopes.every((scope) => there.scopes.includes(scope));
  if (!isSame) return { line: `NOT imported: ${name} is there with other scopes, and stays so: ${there.scopes.join(', ')}.`, isAsAsked: false };
  return { line: `There already: ${name}, valid until ${new Date(there.validUntil * 1000).toISOString()}.`, isAsAsked: true };
}
