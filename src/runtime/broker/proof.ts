import { migrationEnd, type PhaseConfiguration } from '../../broker/contract';
import type { RequestProof } from '../../broker/protocol/contract';
import { candidateKeys } from './keys';
import type { BrokerParts } from './parts';
import { secondsOf } from './ports';
import type { WorkerRequest } from './read-request';
import { signerOf } from './signature';
import { refuse, type Refused } from './verdict';

/** A request that was signed by whom it says, a moment ago, for this broker. Whether it is the first time is not known yet. */
export interface Proven {
  readonly kind: 'proven';
  /** Of the task in which the worker runs, where that is what it proved. */
  readonly session?: string;
}

type Parts = Pick<BrokerParts, 'configuration' | 'keys' | 'tasks' | 'clock'>;

/** Reads no table and writes none: what a stranger sends is forgotten here. */
export async function prove({ host, signed, canonical }: WorkerRequest, { configuration, keys, tasks, clock }: Parts): Promise<Proven | Refused> {
  const { workerId, nonce, timestamp, signature, proof } = signed;
  if (host !== configuration.host) return refuse('wrong-host');
  if (Math.abs(secondsOf(clock) - Number(timestamp)) > configuration.windowSeconds) return refuse('stale-timestamp');
  const candidates = isTaken(proof, configuration.phase) ? candidateKeys(proof, workerId, await keys.read()) : [];
  if (signerOf(candidates, canonical, signature) === undefined) return refuse('bad-signature');
  if (proof.kind !== 'task') return { kind: 'proven' };
  // Everybody can sign like this; who it is, AWS has to say, and before anything is kept of it.
  const session = await tasks?.sessionOf(proof.taskProof, { host, workerId, nonce, timestamp: Number(timestamp) });
  return session === undefined ? refuse('task-mismatch') : { kind: 'proven', session };
}

/** Whether a migration's date has passed for what is signed with the shared key (C-16). */
export function isOver(proof: RequestProof, phase: PhaseConfiguration, now: number): boolean {
  return phase.kind === 'migration' && proof.kind === 'shared' && !(now < migrationEnd(phase.until));
}

/** Whether the phase has a proof of that kind at all. */
function isTaken({ kind }: RequestProof, phase: PhaseConfiguration): boolean {
  switch (kind) {
    case 'shared': return phase.kind !== 'per-worker-keys';
    case 'own': return phase.kind !== 'shared-key';
    case 'join': return phase.kind !== 'shared-key' && phase.own.tokenSeconds !== undefined;
    case 'task': return phase.kind !== 'shared-key' && phase.own.tasks !== undefined;
  }
}
