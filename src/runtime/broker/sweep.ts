import type { DueItem } from '../../broker/items/contract';
import { faultOf } from '../rotation/log';
import { type Log, RotationError } from '../rotation/ports';
import { type Clock, secondsOf } from './ports';

/** A credential that was taken, with when its lease was to be over. */
export interface Due extends DueItem {
  readonly at: number;
}

export interface DueTable {
  /** All of them: a credential is in use as long as any of its leases is. */
  all(): Promise<readonly Due[]>;
  /** When the lease ends that stands there now; nothing where there is none. */
  leaseEnd(due: DueItem): Promise<number | undefined>;
  put(due: Due): Promise<void>;
  remove(due: Due): Promise<void>;
}

export interface SweepParts {
  readonly dues: DueTable;
  /** By id. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Asks for a rotation. */
  readonly rotate: (secret: string) => Promise<void>;
  readonly log: Log;
  readonly clock: Clock;
}

/** Has each credential rotated of which the last lease is over (`AfterCheckout.rotate`). All are tried before it throws for those that failed. */
export async function sweep(parts: SweepParts): Promise<void> {
  const dues = await parts.dues.all();
  const credentials = [...new Set(dues.map(({ credential }) => credential))];
  const results = await Promise.allSettled(credentials.map((credential) => sweepOne(credential, dues.filter((due) => due.credential === credential), parts)));
  const failures = results.filter((result) => result.status === 'rejected');
  for (const { reason } of failures) parts.log({ event: 'broker-sweep-failed', ...faultOf(reason) });
  if (failures.length > 0) throw new RotationError('NOT_ROTATED', `${failures.length} of ${credentials.length} credentials could not be rotated after their last lease; the log says why.`);
}

async function sweepOne(credential: string, its: readonly Due[], { dues, secrets, rotate, log, clock }: SweepParts): Promise<void> {
  const now = secondsOf(clock);
  const over = await Promise.all(its.filter(({ at }) => at <= now).map(async (due) => ({ due, end: await dues.leaseEnd(due) ?? 0 })));
  if (over.length === 0) return;
  const lent = over.filter(({ end }) => end > now);
  for (const { due, end } of lent) {
    // A lease that was renewed is looked at again when it is to end.
    await dues.put({ ...due, at: end });
    await dues.remove(due);
  }
  // What is over stays until all of it is, so that one of them remembers.
  if (lent.length > 0 || its.length > over.length) return;
  const secret = secrets.get(credential);
  // Of a credential that is configured no more, or rotates no more, nobody is asked for anything.
  if (secret !== undefined) await rotate(secret);
  for (const { due } of over) await dues.remove(due);
  log({ event: 'broker-sweep', credential, outcome: secret === undefined ? 'forgotten' : 'rotating' });
}
