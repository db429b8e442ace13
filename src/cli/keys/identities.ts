import { callerHash } from '../../runtime/gate/audit/caller-hash';
import { callerNames } from '../../runtime/gate/identity/caller-names';
import { Refusal } from '../../runtime/gate/refusal';
import { findGates } from '../deployed/gates';
import { UsageError } from '../usage-error';
import type { KeysAws } from './aws';
import { findTable } from './find-table';
import type { KeysWorld } from './world';

export interface IdentityOptions {
  readonly endUser?: string;
  readonly table?: string;
}

/** What the audit records call callers (CX-62). */
export interface Identities {
  /** Whoever has keys of this owner; undefined where no gate lets him in. */
  ofOwner(owner: string): string | undefined;
  /** Somebody by the name that the Core is told. */
  ofName(subject: string, endUser?: string): string;
}

/** By the key of the gate that decides by this table. Whoever has it can tell whose record a record is, so that reading it is a right of its own. */
export async function identities(aws: KeysAws, stack: string, table: string): Promise<Identities> {
  const gates = (await findGates(aws, stack)).filter(({ configuration }) => configuration.table.name === table);
  const [reference, ...others] = new Set(gates.flatMap(({ auditKey }) => auditKey ?? []));
  const [gate] = gates;
  if (gate === undefined || reference === undefined) throw new UsageError(`No gate of stack ${stack} decides by the table ${table} and hashes callers.`);
  if (others.length > 0) throw new UsageError(`Several gates with keys of their own decide by the table ${table}: their records have different hashes for one caller.`);
  const hash = callerHash(await aws.auditKey(reference));
  const nameOf = callerNames(gate.configuration.identity);
  return {
    ofOwner: (owner) => {
      try {
        return hash({ subject: nameOf('key', { subject: owner }) });
      } catch (error) {
        if (error instanceof Refusal) return undefined;
        throw error;
      }
    },
    ofName: (subject, endUser) => hash({ subject, ...(endUser !== undefined && { endUser }) }),
  };
}

/** Prints what the records call a caller, to ask for his records by it. */
export async function showIdentity(stack: string, name: string, { endUser, table }: IdentityOptions, { aws, print }: KeysWorld): Promise<boolean> {
  if (name === '') throw new UsageError('The name is empty: give the caller as the Core is told.');
  print((await identities(aws, stack, await findTable(aws, stack, table))).ofName(name, endUser));
  return true;
}
