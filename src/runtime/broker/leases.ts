import type { LeaseConfiguration } from '../../broker/contract';
import type { LeaseItem } from '../../broker/items/contract';
import type { Looked } from './ports';

/** The lease that stands there, where it is the worker's and still counts. */
export function liveLease({ lease, worker, fleet }: Looked, workerId: string, now: number): LeaseItem | undefined {
  if (lease === undefined || worker === undefined) return undefined;
  // A lease outlives the renewal of a key, by which the key of its checkout becomes the one before.
  const isOfItsKey = lease.keyId === worker.keyId || (lease.keyId !== undefined && lease.keyId === worker.priorKeyId);
  const isLive = lease.worker === workerId && lease.epoch === worker.epoch && lease.fleetEpoch === fleet.epoch && isOfItsKey && now < lease.expiresAt;
  return isLive ? lease : undefined;
}

export interface LeaseEnds {
  /** In seconds. */
  readonly now: number;
  readonly jobEnd: number;
  /** When the worker, or its key, is no longer known. @default - no earlier than all else */
  readonly workerEnd?: number;
}

/** The ends of a new lease. */
export function newEnds({ ttlSeconds, longestSeconds }: LeaseConfiguration, ends: LeaseEnds): Pick<LeaseItem, 'expiresAt' | 'renewableUntil'> {
  const renewableUntil = Math.min(ends.now + longestSeconds, ends.jobEnd);
  return { expiresAt: renewedEnd({ ttlSeconds }, { expiresAt: 0, renewableUntil }, ends), renewableUntil };
}

/** The end of a lease that is renewed: never earlier than it was. */
export function renewedEnd({ ttlSeconds }: Pick<LeaseConfiguration, 'ttlSeconds'>, lease: Pick<LeaseItem, 'expiresAt' | 'renewableUntil'>, { now, jobEnd, workerEnd = Infinity }: LeaseEnds): number {
  return Math.max(lease.expiresAt, Math.min(now + ttlSeconds, lease.renewableUntil, jobEnd, workerEnd));
}
