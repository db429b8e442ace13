import type { KeyItem, RevocationKind } from '../../gate/contract';
import type { DeployedAws } from '../deployed/aws';

/** A key as it stands in the table. */
export interface StoredKey extends KeyItem {
  /** SHA-256, hex. */
  readonly digest: string;
}

export interface NewKey {
  readonly digest: string;
  readonly owner: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly validUntil: Date;
  /** The ARN of whoever runs the command. */
  readonly createdBy: string;
}

/** What is withdrawn, by whom, and until when that has to be remembered. */
export interface Revocation {
  readonly kind: RevocationKind;
  /** The digest of a key, `<issuer> <jti or sub>`, or the subject of an administrator. */
  readonly value: string;
  readonly at: Date;
  readonly by: string;
  readonly until: Date;
}

/** What the command asks of AWS. */
export interface KeysAws extends DeployedAws {
  tagsOfTable(name: string): Promise<ReadonlyMap<string, string>>;
  /** The ARN of whoever runs the command. */
  caller(): Promise<string>;
  keys(table: string): Promise<readonly StoredKey[]>;
  find(table: string, digest: string): Promise<StoredKey | undefined>;
  /** `taken` where there is such a key already; it is left as it is. */
  add(table: string, key: NewKey): Promise<'added' | 'taken'>;
  /** The key by which a gate hashes callers in its records; a right of its own, that few need. @param reference where a container's variable comes from */
  auditKey(reference: string): Promise<string>;
  /** Of a key, also marks the key itself; both happen or neither. */
  revoke(table: string, revocation: Revocation): Promise<void>;
}
