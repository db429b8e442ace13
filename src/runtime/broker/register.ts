import { PRIOR_KEY_SECONDS, SHARED_REGISTRATION_SECONDS } from '../../broker/contract';
import { workerKeyOf } from './keys';
import type { BrokerParts } from './parts';
import type { Looked, Registration } from './ports';
import type { Proven } from './proof';
import type { WorkerRequest } from './read-request';
import { grant, type Outcome, refuse } from './verdict';

/** 128 bits, in 22 characters of base64url. */
const KEY_ID_BYTES = 16;

type Parts = Pick<BrokerParts, 'configuration' | 'keys' | 'workers' | 'randomBytes'>;

/** Makes a worker known, of whom it is clear that it may be: anew, again, or with its next key. */
export async function register({ signed: { workerId, proof } }: WorkerRequest, { session }: Proven, looked: Looked, now: number, parts: Parts): Promise<Outcome> {
  const { phase, leases } = parts.configuration;
  const endsLeases = leases.onExit === 'revoke';
  const told = { worker_id: workerId, lease_seconds: String(leases.ttlSeconds) };
  if (proof.kind === 'shared') {
    const expiresAt = now + SHARED_REGISTRATION_SECONDS;
    return await written({ kind: 'shared', expiresAt, endsLeases }) ?? grant({ ...told, expires_at: String(expiresAt) });
  }
  const master = (await parts.keys.read()).own?.current;
  if (phase.kind === 'shared-key' || master === undefined) return refuse('bad-signature');
  const keyId = parts.randomBytes(KEY_ID_BYTES).toString('base64url');
  const expiresAt = now + phase.own.keyLifeSeconds;
  const wanted = registration();
  if (wanted === undefined) return refuse(proof.kind === 'join' ? 'join-over' : 'task-mismatch');
  return await written(wanted) ?? grant({ ...told, expires_at: String(expiresAt), key_id: keyId, worker_key: workerKeyOf(master, workerId, keyId) });

  function registration(): Registration | undefined {
    if (proof.kind === 'join') {
      const { join } = looked;
      return join && { kind: 'joined', expiresAt, endsLeases, keyId, by: { joinId: proof.joinId, invitedAt: join.invitedAt } };
    }
    if (proof.kind !== 'own') return session === undefined ? undefined : { kind: 'joined', expiresAt, endsLeases, keyId, by: { task: session } };
    const isPresent = looked.worker?.keyId === proof.keyId;
    return { kind: 'renewed', expiresAt, keyId, presented: proof.keyId, ...(isPresent && { priorUntil: now + PRIOR_KEY_SECONDS }) };
  }

  async function written(wanted: Registration): Promise<Outcome | undefined> {
    switch (await parts.workers.register(workerId, wanted, now)) {
      case 'registered': return undefined;
      case 'spent': return refuse('spent-join');
      case 'refused': return refuse(wanted.kind === 'renewed' ? 'key-over' : 'revoked');
    }
  }
}
