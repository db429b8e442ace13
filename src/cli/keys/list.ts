import type { StoredKey } from './aws';
import { findTable } from './find-table';
import { identities } from './identities';
import type { KeysWorld } from './world';

export interface ListOptions {
  readonly json?: boolean;
  /** Also by what the audit records call whoever has the key. */
  readonly audit?: boolean;
  readonly table?: string;
}

type KeyState = 'valid' | 'expired' | 'revoked';

/** Shows every key by its id; the digest by which the gate knows it is of no use to a reader, and stays in the table. */
export async function listKeys(stack: string, options: ListOptions, { aws, now, paint, print, say }: KeysWorld): Promise<boolean> {
  const table = await findTable(aws, stack, options.table);
  const identityOf = options.audit === true ? await identities(aws, stack, table) : undefined;
  const keys = [...await aws.keys(table)].sort((one, other) => one.owner.localeCompare(other.owner) || one.createdAt.localeCompare(other.createdAt));
  const rows = keys.map((key) => ({
    id: key.id, owner: key.owner, scopes: key.scopes, createdAt: key.createdAt, validUntil: new Date(key.validUntil * 1000).toISOString(), state: stateOf(key, now()),
    ...(key.revokedAt !== undefined && { revokedAt: key.revokedAt }), ...(identityOf && { identity: identityOf.ofOwner(key.owner) }),
  }));
  if (options.json === true) {
    print(JSON.stringify(rows, undefined, 2));
    return true;
  }
  if (rows.length === 0) say('There is no key.');
  const width = Math.max(0, ...rows.map(({ owner }) => owner.length));
  for (const { id, owner, scopes, createdAt, validUntil, state, identity } of rows) {
    const colored = { valid: paint.green, expired: paint.yellow, revoked: paint.red }[state](state.padEnd('revoked'.length));
    print(`${id}  ${identity === undefined ? '' : `${identity}  `}${colored}  ${owner.padEnd(width)}  made ${createdAt.slice(0, 10)}, until ${validUntil.slice(0, 10)}  ${scopes.join(' ')}`);
  }
  return true;
}

export function stateOf({ revokedAt, validUntil }: StoredKey, now: Date): KeyState {
  if (revokedAt !== undefined) return 'revoked';
  return validUntil * 1000 <= now.getTime() ? 'expired' : 'valid';
}
