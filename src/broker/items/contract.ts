/** What is in the broker's two tables: whoever writes an item and whoever reads it have to agree. Keys are texts; times are seconds since 1970, as numbers. */

export const PARTITION_KEY = 'pk';
/** Of the state table alone. */
export const SORT_KEY = 'sk';
/** After which DynamoDB removes an item, some time: whoever reads one compares it himself. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** A job: partition `<job_id>` in the table of jobs, which the orchestrator writes and the broker reads. An item with anything else in it is no job. */
export interface JobItem {
  /** Who has it; absent only where whoever comes first may. */
  readonly worker?: string;
  /** Ids, as a string set, 1 to 20. */
  readonly credentials: ReadonlySet<string>;
  readonly assignedAt: number;
  /** At most a day from now. */
  readonly expiresAt: number;
}
export const JOB_ATTRIBUTES = ['pk', 'worker', 'credentials', 'assignedAt', 'expiresAt'] as const;
export const JOB_CREDENTIALS = { least: 1, most: 20 } as const;
export const JOB_MOST_SECONDS = 86_400;

/** Where an item of the state table is. */
export interface StateKey {
  readonly pk: string;
  readonly sk: string;
}

/** A nonce that was used. It stays longer than its request could be taken. */
export interface NonceItem {
  /** Random, of one invocation: whoever finds its own put already did, and its answer got lost. */
  readonly by: string;
  readonly expiresAt: number;
}
export const nonceKey = (worker: string, nonce: string): StateKey => ({ pk: `nonce#${worker}`, sk: nonce });
/** Twice the window, since a clock may be ahead by one, and a minute for the broker's own clocks (ours). */
export const nonceEnd = (timestamp: number, windowSeconds: number): number => timestamp + 2 * windowSeconds + 60;

export interface WorkerItem {
  readonly state: 'active' | 'revoked';
  /** Raised by what ends all leases of the worker. */
  readonly epoch: number;
  readonly kind: 'shared' | 'own';
  /** Of `own`: the key that it signs with, and the one before. Absent in a worker with `task` once that has stopped: the item stays until the credentials of its role are over (12 hours). */
  readonly keyId?: string;
  readonly priorKeyId?: string;
  readonly priorUntil?: number;
  /** The session of the task that it joined as. */
  readonly task?: string;
  /** Of `own`, the key's end. Absent once it is revoked: that is never forgotten. */
  readonly expiresAt?: number;
}
export const workerKey = (worker: string): StateKey => ({ pk: `worker#${worker}`, sk: 'worker' });

/** That there is a worker of that name, so that they can be listed: one partition. What is true of it stands in its own item. */
export interface RosterItem {
  /** Absent in one that was revoked before it ever did. */
  readonly registeredAt?: number;
  /** In milliseconds: since it was revoked, no token made until then lets it join, also once it is admitted. It stands here since the worker's own item may be gone before its tokens are over. */
  readonly joinsFrom?: number;
  /** Some days after the worker's own end, and so behind that of every token; absent once it is revoked. */
  readonly expiresAt?: number;
}
export const ROSTER_PARTITION = 'roster';
export const rosterKey = (worker: string): StateKey => ({ pk: ROSTER_PARTITION, sk: worker });

export interface LeaseItem {
  readonly leaseId: string;
  readonly worker: string;
  /** Of the worker and of the fleet when it was made: with another one it is over. */
  readonly epoch: number;
  readonly fleetEpoch: number;
  /** Of a worker with a key of its own. */
  readonly keyId?: string;
  readonly expiresAt: number;
  readonly renewableUntil: number;
}
export const leaseKey = (job: string, credential: string): StateKey => ({ pk: `lease#${job}`, sk: credential });

export interface RateItem {
  readonly n: number;
  readonly expiresAt: number;
}
/** @param minute whole minutes since 1970 */
export const rateKey = (worker: string, minute: number): StateKey => ({ pk: `rate#${worker}`, sk: String(minute) });

/** All workers together. */
export interface FleetItem {
  readonly epoch: number;
  /** Since when nobody is let in; absent while somebody is. */
  readonly closed?: number;
}
export const FLEET_KEY: StateKey = { pk: 'fleet', sk: 'fleet' };

export interface JoinItem {
  readonly worker: string;
  /** In milliseconds: within one second, a worker may be revoked and invited anew. */
  readonly invitedAt: number;
  readonly until: number;
  /** When it was used. */
  readonly spent?: number;
  /** A day after `until`, so that a second use is told from an unknown token. */
  readonly expiresAt: number;
}
export const joinKey = (joinId: string): StateKey => ({ pk: `join#${joinId}`, sk: 'join' });
export const JOIN_KEPT_SECONDS = 86_400;

/** Who came first, where a job names nobody. */
export interface ClaimItem {
  readonly worker: string;
  readonly expiresAt: number;
}
export const claimKey = (job: string): StateKey => ({ pk: `claim#${job}`, sk: 'claim' });

/** A credential that is to be rotated once its last lease is over. No TTL: it goes when that is done; where the lease was renewed meanwhile, another one takes its place. */
export interface DueItem {
  readonly credential: string;
  readonly job: string;
}
export const DUE_PARTITION = 'due';
/** Sorted by time: ten digits. */
export const dueKey = (dueAt: number, { credential, job }: DueItem): StateKey => ({ pk: DUE_PARTITION, sk: `${String(dueAt).padStart(10, '0')}#${credential}#${job}` });
