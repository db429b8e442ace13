import type { JoinItem, WorkerItem } from '../../broker/items/contract';
import type { Reason } from '../../broker/operations/contract';
import type { RequestProof } from '../../broker/protocol/contract';
import type { Looked } from './ports';

/** The worker of whom it is proven that he asks, or why he is not let in. DynamoDB removes items late, so every end is compared here. */
export function knownWorker(proof: RequestProof, { worker, fleet }: Looked, now: number): WorkerItem | Reason {
  if (worker === undefined) return 'unknown-worker';
  if (worker.state === 'revoked') return 'revoked';
  if (fleet.closed !== undefined) return 'fleet-closed';
  return whyNotHisKey(proof, worker, now) ?? worker;
}

/** Why a worker may not register; nothing where it may. By its key it has to be known; by all else it becomes so. */
export function whyNotLetIn(proof: RequestProof, looked: Looked, now: number): Reason | undefined {
  if (proof.kind === 'own') {
    const known = knownWorker(proof, looked, now);
    return typeof known === 'string' ? known : undefined;
  }
  const { worker, fleet, join } = looked;
  if (worker?.state === 'revoked') return 'revoked';
  if (fleet.closed !== undefined) return 'fleet-closed';
  // Who has the shared key could be any worker: not one that has a key of its own by now.
  if (proof.kind === 'shared') return worker?.kind === 'own' && !isOver(worker, now) ? 'key-over' : undefined;
  if (proof.kind === 'task') return worker !== undefined && isStopped(worker) && !isOver(worker, now) ? 'key-over' : undefined;
  return whyNotJoined(join, now);
}

function whyNotHisKey(proof: RequestProof, worker: WorkerItem, now: number): Reason | undefined {
  const { kind, keyId, priorKeyId, priorUntil = 0 } = worker;
  if (proof.kind === 'shared') return kind === 'shared' ? undefinedUnless(isOver(worker, now), 'unknown-worker') : 'key-over';
  const isHis = proof.kind === 'own' && kind === 'own' && (proof.keyId === keyId || (proof.keyId === priorKeyId && now < priorUntil));
  return undefinedUnless(!isHis || isOver(worker, now), 'key-over');
}

/** That somebody used it is said first: a token that is over as well was still stolen, or its answer lost. */
function whyNotJoined(join: JoinItem | undefined, now: number): Reason | undefined {
  if (join?.spent !== undefined) return 'spent-join';
  return join !== undefined && now < join.until ? undefined : 'join-over';
}

/** A task that joined and has stopped: its key was taken away. */
export const isStopped = ({ kind, keyId, task }: WorkerItem): boolean => kind === 'own' && task !== undefined && keyId === undefined;

/** An item without an end has none only where it is revoked. */
const isOver = ({ expiresAt = 0 }: WorkerItem, now: number): boolean => expiresAt <= now;

const undefinedUnless = (isSo: boolean, reason: Reason): Reason | undefined => (isSo ? reason : undefined);
