import { nonceEnd } from '../../broker/items/contract';
import type { ProofName } from '../../broker/operations/contract';
import { type Asked, type RequestProof, ROUTES } from '../../broker/protocol/contract';
import { faultOf } from '../rotation/log';
import { within } from '../shared/within';
import { type Borrower, checkout, placeOf, release, renew, type Taking } from './lending';
import type { BrokerParts } from './parts';
import { secondsOf } from './ports';
import { isOver, prove, type Proven } from './proof';
import type { WorkerRequest } from './read-request';
import { register } from './register';
import { knownWorker, whyNotLetIn } from './standing';
import { grant, type Notes, type Outcome, refuse, type Refused, type Verdict } from './verdict';

/** All of a request, in milliseconds (ours): an answer of ours comes before the function's own end, which would say nothing. */
const MOST_MS = 8000;

const PROOFS: Readonly<Record<RequestProof['kind'], ProofName>> = { shared: 'hmac', own: 'hmac', join: 'join', task: 'task' };

/**
 * What becomes of a request: proof, nonce, worker, rate, job, lease, value, in this order. What fails on the way ends it: of all outcomes only `granted` holds a value,
 * and no failure leads there (C-16).
 *
 * @param by random, of this call: who finds its own nonce used has used it itself, and the answer got lost
 */
export async function judge(request: WorkerRequest, by: string, parts: BrokerParts): Promise<Verdict> {
  const from = performance.now();
  const proven = await ended(from, parts, () => prove(request, parts));
  if (proven.kind !== 'proven') return { outcome: proven, notes: {} };
  const notes = notesOf(request);
  const outcome = await ended(from, parts, () => decide(request, proven, { by, notes }, parts));
  return { outcome, notes };
}

/** What is thrown is never said: it may repeat what a store was asked. */
async function ended<T>(from: number, { log }: BrokerParts, step: () => Promise<T>): Promise<T | Refused> {
  try {
    return await within(MOST_MS - (performance.now() - from), step);
  } catch (error) {
    log({ event: 'broker-fault', ...faultOf(error) });
    return refuse('store-down');
  }
}

function notesOf({ signed: { workerId, proof }, asked }: WorkerRequest): Notes {
  const taken = isTaken(asked) ? { job: asked.jobId, credential: asked.credentialId } : {};
  return { worker: workerId, ...taken, proof: PROOFS[proof.kind], isSharedKey: proof.kind === 'shared' };
}

async function decide(request: WorkerRequest, proven: Proven, { by, notes }: { readonly by: string; readonly notes: Notes }, parts: BrokerParts): Promise<Outcome> {
  const { configuration: { phase, windowSeconds, requestsPerMinute }, allowances, reads, clock } = parts;
  const { signed: { workerId, nonce, timestamp, proof }, asked } = request;
  const now = secondsOf(clock);
  if (!(await allowances.useNonce(workerId, nonce, { by, expiresAt: nonceEnd(Number(timestamp), windowSeconds) }))) return refuse('replayed');
  if (isOver(proof, phase, now)) return refuse('shared-key-over');
  const looked = await reads.look({ worker: workerId, ...(proof.kind === 'join' && { joinId: proof.joinId }), ...(isTaken(asked) && { taken: placeOf(asked) }) });
  if (proof.kind === 'own' && looked.worker?.task !== undefined) notes.proof = 'hmac+task';
  const isLimited = async (): Promise<boolean> => !(await allowances.countRequest(workerId, requestsPerMinute, now));
  if (asked.route === 'register') {
    const refusal = whyNotLetIn(proof, looked, now) ?? (await isLimited() ? 'too-many' : undefined);
    return refusal === undefined ? register(request, proven, looked, now, parts) : refuse(refusal);
  }
  const worker = knownWorker(proof, looked, now);
  if (typeof worker === 'string') return refuse(worker);
  if (await isLimited()) return refuse('too-many');
  const borrower: Borrower = { request, worker, looked, now, notes };
  switch (asked.route) {
    case 'checkout': return checkout(asked, borrower, parts);
    case 'renew': return renew(asked, borrower, parts);
    case 'release': return release(asked, borrower, parts);
    case 'exit': return exit(workerId, parts);
  }
}

async function exit(worker: string, { configuration: { leases }, workers }: BrokerParts): Promise<Outcome> {
  if (leases.onExit === 'revoke') await workers.exit(worker);
  return grant({});
}

function isTaken(asked: Asked): asked is Taking {
  return ROUTES[asked.route].fields.length > 0;
}
