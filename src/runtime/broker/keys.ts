import { createHash, createHmac } from 'node:crypto';
import { CANONICAL_SEPARATOR, DERIVATIONS, type RequestProof } from '../../broker/protocol/contract';
import { type KeyRing, RING_FIELDS } from '../../secrets/contract';

/** What the broker reads of the secrets that it is told. */
export interface KeyRings {
  /** What all workers sign with; absent where each has a key of its own. */
  readonly shared?: KeyRing;
  /** The masters from which every worker's key is derived. */
  readonly own?: KeyRing;
}

export interface CandidateKey {
  readonly key: string;
  /** Which of the ring's values it comes from; absent where it comes from none. */
  readonly field?: typeof RING_FIELDS[number];
}

/** The part of a join token that only its holder knows. Nothing of it is kept. */
export function joinSecret(master: string, workerId: string, joinId: string): string {
  return derive(master, DERIVATIONS.joinSecret, workerId, joinId).toString('base64url');
}

/** A worker's own key. Nothing of it is kept: whoever has the master can make it again from two ids that are no secrets. */
export function workerKeyOf(master: string, workerId: string, keyId: string): string {
  return derive(master, DERIVATIONS.workerKey, workerId, keyId).toString('hex');
}

/**
 * Every key with which a request may have been signed, by what it says of itself: so that none of them has to be looked up before the signature holds.
 * Empty where no ring of that kind is there.
 *
 * A task signs with what everybody on the way could derive as well: it says that nothing was changed, and not who it is.
 */
export function candidateKeys(proof: RequestProof, workerId: string, { shared, own }: KeyRings): readonly CandidateKey[] {
  switch (proof.kind) {
    case 'shared': return ofRing(shared, (key) => key);
    case 'own': return ofRing(own, (master) => workerKeyOf(master, workerId, proof.keyId));
    case 'join': return ofRing(own, (master) => joinSecret(master, workerId, proof.joinId));
    case 'task': return own ? [{ key: createHash('sha256').update(proof.taskProof).digest('hex') }] : [];
  }
}

function ofRing(ring: KeyRing | undefined, keyFrom: (value: string) => string): readonly CandidateKey[] {
  return ring ? RING_FIELDS.map((field) => ({ key: keyFrom(ring[field]), field })) : [];
}

function derive(master: string, ...lines: readonly string[]): Buffer {
  return createHmac('sha256', master).update(lines.join(CANONICAL_SEPARATOR)).digest();
}
