import { BOUNDS } from '../../../broker/contract';
import type { Resource } from '../../../checks/template/resource';
import type { AttackResult } from '../../attack';
import { defineKeepingAttack } from '../attack';
import { ECHO_BROKER, ENDLESS_LEASES } from '../broker-saboteurs';
import { text } from '../../json';
import type { KeepingScene } from '../scene';
import { givenAway } from '../workers/attempts';
import { brokersIn } from '../workers/brokers';
import { type BrokerInHand, mustServe, withBroker } from '../workers/in-hand';
import type { Fields, Signer } from '../workers/wire';

const SLACK = 60;
const [, LONGEST_TTL] = BOUNDS.ttlSeconds;
/** A job that outlives every lease. */
const JOB_SECONDS = 86_000;

interface Lent {
  readonly who: Signer;
  readonly lease: Fields;
}

/** A lease that lives: it is renewed once. */
async function lent(broker: BrokerInHand): Promise<Lent> {
  const who = await broker.enrolled();
  const job = await broker.job({ worker: who.worker, lifeSeconds: JOB_SECONDS });
  const { fields } = await mustServe(broker, who, job);
  const lease = { job_id: job, credential_id: broker.credential, lease_id: text(fields.lease_id) };
  const { status } = await broker.ask(who, 'renew', lease);
  if (status !== 200) throw new Error(`the renewal of a lease that lives is answered ${status}.`);
  return { who, lease };
}

/** What the broker says to whoever renews what is over. */
async function renewed(name: string, broker: BrokerInHand, { who, lease }: Lent): Promise<AttackResult | undefined> {
  const saw = givenAway(name, await broker.ask(who, 'renew', lease), broker);
  return saw === undefined ? undefined : { verdict: 'succeeded', saw };
}

async function revoked(broker: BrokerInHand): Promise<AttackResult | undefined> {
  const taken = await lent(broker);
  const { who: { worker } } = taken;
  const { epoch } = await broker.manage({ revoke: { worker } });
  if (typeof epoch !== 'number') throw new Error('nobody can revoke a worker.');
  const again = await broker.ask(taken.who, 'checkout', { job_id: taken.lease.job_id, credential_id: taken.lease.credential_id });
  const saw = givenAway('a checkout of a worker that was revoked', again, broker);
  if (saw !== undefined) return { verdict: 'succeeded', saw };
  await broker.manage({ admit: { worker } });
  return renewed('a lease of a worker that was revoked and let in again', broker, taken);
}

async function allRevoked(broker: BrokerInHand): Promise<AttackResult | undefined> {
  const taken = await lent(broker);
  const { epoch } = await broker.manage({ revokeAll: { close: false } });
  if (typeof epoch !== 'number') throw new Error('nobody can end all leases.');
  return renewed('a lease after the end of all', broker, taken);
}

async function released(broker: BrokerInHand, route: 'release' | 'exit'): Promise<AttackResult | undefined> {
  const taken = await lent(broker);
  const { status } = await broker.ask(taken.who, route, route === 'release' ? taken.lease : {});
  if (status !== 200) throw new Error(`${route} is answered ${status}.`);
  return renewed(`a lease after ${route}`, broker, taken);
}

async function expired(scene: KeepingScene, fn: Resource, taken: Lent): Promise<AttackResult | undefined> {
  return withBroker(scene, fn, { ahead: LONGEST_TTL + SLACK }, (later) => renewed(`a lease after ${LONGEST_TTL} s`, later, taken));
}

export const WORKER_LEASE_ATTACKS = [
  defineKeepingAttack('WCC-8', 'ended-leases', {
    tries: 'Renews a lease after the longest time that one may last, after its release, after its worker left or was revoked, and after the end of all; asks as a worker that was revoked',
    expects: 'All of it is refused; a lease that lives is renewed.',
    evidence: 'real-artefact',
    needs: 'function that lends credentials to workers',
    targets: brokersIn,
    run: (target, scene) => withBroker(scene, scene.now(target), {}, async (broker) => {
      const { onExit } = broker.configuration.leases;
      const found = await expired(scene, scene.now(target), await lent(broker)) ?? await revoked(broker) ?? await allRevoked(broker) ?? await released(broker, 'release')
        ?? (onExit === 'revoke' ? await released(broker, 'exit') : undefined);
      const kept = onExit === 'revoke' ? '' : ' Leases of a worker that leaves are kept, as was chosen.';
      return found ?? { verdict: 'withstood', saw: `Nothing that is over is renewed, and who is revoked is given nothing.${kept}` };
    }),
    saboteurs: [ENDLESS_LEASES, ECHO_BROKER],
  }),
] as const;
