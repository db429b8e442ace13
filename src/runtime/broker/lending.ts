import type { ConfiguredCredential } from '../../broker/contract';
import type { LeaseItem, WorkerItem } from '../../broker/items/contract';
import type { Reason } from '../../broker/operations/contract';
import type { Asked } from '../../broker/protocol/contract';
import type { JsonObject } from '../shared/json-object';
import { credentialIn } from './credential-forms';
import { type Lendable, lendableFor } from './jobs';
import { liveLease, newEnds, renewedEnd } from './leases';
import type { BrokerParts } from './parts';
import type { LeasePlace, Looked } from './ports';
import type { WorkerRequest } from './read-request';
import { knownWorker } from './standing';
import { grant, type Notes, type Outcome, refuse } from './verdict';

/** In 43 characters of base64url. */
const LEASE_ID_BYTES = 32;

type Parts = Pick<BrokerParts, 'configuration' | 'reads' | 'leases' | 'stores' | 'randomBytes'>;
/** What is asked about a credential for a job. */
export type Taking = Extract<Asked, { readonly jobId: string }>;
type Keeping = Extract<Taking, { readonly leaseId: string }>;

/** A worker that is known. */
export interface Borrower {
  readonly request: WorkerRequest;
  readonly worker: WorkerItem;
  readonly looked: Looked;
  /** In seconds. */
  readonly now: number;
  readonly notes: Notes;
}

export const placeOf = ({ jobId, credentialId }: Taking): LeasePlace => ({ job: jobId, credential: credentialId });

/**
 * Lends a credential for a job. The lease is written first and everything read once more before the store is asked, so that whoever was revoked in between gets
 * nothing. A transaction would say the same, and have every checkout of every worker touch the one item of the fleet.
 */
export async function checkout(asked: Exclude<Taking, Keeping>, borrower: Borrower, parts: Parts): Promise<Outcome> {
  const { request: { signed: { workerId, proof } }, looked, now, notes } = borrower;
  const lendable = wanted(asked, looked, borrower, parts);
  if (typeof lendable === 'string') return refuse(lendable);
  const { job } = lendable;
  if (job.worker === undefined && !(await parts.leases.claim(asked.jobId, { worker: workerId, expiresAt: job.expiresAt }, now))) return refuse('not-your-job');
  if (liveLease(looked, workerId, now) === undefined) await lease(lendable, placeOf(asked), borrower, parts);
  const again = await parts.reads.look({ worker: workerId, taken: placeOf(asked) });
  const known = knownWorker(proof, again, now);
  if (typeof known === 'string') return refuse(known);
  const still = wanted(asked, again, borrower, parts);
  if (typeof still === 'string') return refuse(still);
  const live = liveLease(again, workerId, now);
  if (live === undefined) return refuse('lease-over');
  notes.leaseId = live.leaseId;
  const credential = await valueOf(still.credential, parts);
  if (credential === undefined) return refuse('value-malformed');
  return grant({ lease_id: live.leaseId, expires_at: String(live.expiresAt), renewable_until: String(live.renewableUntil), credential });
}

/** Makes a lease last longer, for as long as its job is there. */
export async function renew(asked: Keeping, borrower: Borrower, parts: Parts): Promise<Outcome> {
  const { request: { signed: { workerId } }, worker, looked, now, notes } = borrower;
  notes.leaseId = asked.leaseId;
  const lendable = wanted(asked, looked, borrower, parts);
  if (typeof lendable === 'string') return refuse(lendable);
  const live = liveLease(looked, workerId, now);
  if (live?.leaseId !== asked.leaseId) return refuse('lease-over');
  const expiresAt = renewedEnd(parts.configuration.leases, live, { now, jobEnd: lendable.job.expiresAt, workerEnd: worker.expiresAt });
  const isRenewed = await parts.leases.renew(placeOf(asked), { ...live, expiresAt, keyId: worker.keyId }, now);
  return isRenewed ? grant({ lease_id: live.leaseId, expires_at: String(expiresAt) }) : refuse('lease-over');
}

/** Ends a lease, whether its job is still there or not. */
export async function release(asked: Keeping, { request: { signed: { workerId } }, looked, now, notes }: Borrower, { leases }: Parts): Promise<Outcome> {
  notes.leaseId = asked.leaseId;
  if (liveLease(looked, workerId, now)?.leaseId !== asked.leaseId) return refuse('lease-over');
  await leases.end(placeOf(asked), asked.leaseId, workerId);
  return grant({});
}

function wanted({ credentialId }: Taking, looked: Looked, { request, now }: Borrower, { configuration: { binding, byId } }: Parts): Lendable | Reason {
  return lendableFor(looked, { worker: request.signed.workerId, credential: credentialId, binding, byId, now });
}

/** Where another request of the worker writes one at the same time, that one stands. */
async function lease({ job, credential }: Lendable, place: LeasePlace, { request, worker, looked, now }: Borrower, { configuration, leases, randomBytes }: Parts): Promise<void> {
  const made: LeaseItem = {
    leaseId: randomBytes(LEASE_ID_BYTES).toString('base64url'),
    worker: request.signed.workerId,
    epoch: worker.epoch,
    fleetEpoch: looked.fleet.epoch,
    keyId: worker.keyId,
    ...newEnds(configuration.leases, { now, jobEnd: job.expiresAt, workerEnd: worker.expiresAt }),
  };
  // Before the lease: one rotation too many is better than one that nobody remembers.
  if (credential.store === 'secrets-manager' && credential.rotates) await leases.due(made.expiresAt, place);
  await leases.put(place, made, looked.lease);
}

async function valueOf(credential: ConfiguredCredential, { stores }: Parts): Promise<JsonObject | undefined> {
  const place = credential.store === 'secrets-manager' ? credential.secretArn : credential.parameter;
  return credentialIn(await stores[credential.store].read(place), credential.kind);
}
