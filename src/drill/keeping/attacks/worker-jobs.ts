import { FIRST_TO_CLAIM_METADATA } from '../../../broker/contract';
import { defineKeepingAttack } from '../attack';
import { ECHO_BROKER, FIRST_TO_CLAIM } from '../broker-saboteurs';
import { allRefused, type Attempt } from '../workers/attempts';
import { brokersIn } from '../workers/brokers';
import { type BrokerInHand, mustServe, withBroker } from '../workers/in-hand';
import type { Fields, Signer } from '../workers/wire';

/** Long enough that no clock is in doubt. */
const OVER_SECONDS = -60;
const TOO_LONG_SECONDS = 2 * 86_400;

async function attemptsOf(broker: BrokerInHand, owner: Signer, other: Signer, isFirstToClaim: boolean): Promise<Attempt[]> {
  const own = (credentials: readonly string[]): Promise<string> => broker.job({ worker: other.worker, credentials });
  const [theirs, unnamed] = [await broker.job({ worker: owner.worker }), await broker.job({})];
  // Where whoever comes first has a job, it is the owner's from here on.
  if (isFirstToClaim) await mustServe(broker, owner, unnamed);
  const asks = (job: string, fields: Fields = { credential_id: broker.credential }): Attempt['request'] => broker.sign(other, 'checkout', { job_id: job, ...fields });
  return [
    { name: 'a job of another worker', request: asks(theirs) },
    { name: 'a job that is nobody\'s', request: asks(unnamed) },
    { name: 'a job that nobody wrote', request: asks('drill-nowhere') },
    { name: 'a job that is over', request: asks(await broker.job({ worker: other.worker, lifeSeconds: OVER_SECONDS })) },
    { name: 'a job for longer than a job may be', request: asks(await broker.job({ worker: other.worker, lifeSeconds: TOO_LONG_SECONDS })) },
    { name: 'a credential that his job does not name', request: asks(await own(['drill-another'])) },
    { name: 'a credential that his job names and nobody has', request: asks(await own(['drill-another']), { credential_id: 'drill-another' }) },
    { name: 'the credential "default"', request: asks(await own([broker.credential]), { credential_id: 'default' }) },
    { name: 'no credential', request: asks(await own([broker.credential]), {}) },
    { name: 'a blank credential', request: asks(await own([broker.credential]), { credential_id: '' }) },
    { name: 'every credential', request: asks(await own([broker.credential]), { credential_id: '*' }) },
  ];
}

export const WORKER_JOB_ATTACKS = [
  defineKeepingAttack('WCC-2', 'foreign-jobs', {
    tries: 'Asks as a worker that is known for jobs of another, of nobody, that nobody wrote and that are over, and for credentials that his own job does not name',
    expects: 'All of it is refused, and what is not there is answered as what is another\'s, byte for byte; what his job names he is given.',
    evidence: 'real-artefact',
    needs: 'function that lends credentials to workers',
    targets: brokersIn,
    run: (target, scene) => withBroker(scene, scene.now(target), {}, async (broker) => {
      const [owner, other] = [await broker.enrolled(), await broker.enrolled()];
      await mustServe(broker, other, await broker.job({ worker: other.worker }));
      const attempts = await attemptsOf(broker, owner, other, FIRST_TO_CLAIM_METADATA in scene.now(target).metadata);
      const result = await allRefused(scene, broker, attempts);
      if (result.verdict === 'succeeded') return result;
      const asked = async (job: string): Promise<string> => (await broker.ask(other, 'checkout', { job_id: job, credential_id: broker.credential })).text;
      const [absent, foreign] = [await asked('drill-nowhere'), await asked(await broker.job({ worker: owner.worker }))];
      return absent === foreign ? result : { verdict: 'succeeded', saw: 'The answer tells a job of another from one that is not there.' };
    }),
    saboteurs: [FIRST_TO_CLAIM, ECHO_BROKER],
  }),
] as const;
