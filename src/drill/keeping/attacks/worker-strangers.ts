import { randomBytes } from 'node:crypto';
import { BODY_BYTES, type FieldName, ROUTE_NAMES, type RouteName, ROUTES, ZERO_SIGNATURE } from '../../../broker/protocol/contract';
import { ECHO_BROKER } from '../broker-saboteurs';
import { defineKeepingAttack } from '../attack';
import { allRefused, type Attempt } from '../workers/attempts';
import { brokersIn } from '../workers/brokers';
import { type BrokerInHand, mustServe, stateOf, withBroker } from '../workers/in-hand';
import { altered, type Fields, type Signer } from '../workers/wire';

/** Has every form that a field may have. */
const ANY_LEASE = 'A'.repeat(43);
const TOO_LONG = 'a'.repeat(BODY_BYTES.most);

/** What a stranger sends who has seen a request of somebody, and has no key. */
function attemptsOf(broker: BrokerInHand, known: Signer, job: string): Attempt[] {
  const fieldsOf = (route: RouteName): Fields => {
    const names: readonly FieldName[] = ROUTES[route].fields;
    return { ...(names.includes('job_id') && { job_id: job, credential_id: broker.credential }), ...(names.includes('lease_id') && { lease_id: ANY_LEASE }) };
  };
  const random = randomBytes(32).toString('hex');
  return ROUTE_NAMES.flatMap((route): Attempt[] => {
    const good = broker.sign(known, route, fieldsOf(route));
    const names = Object.keys(JSON.parse(good.body) as object);
    const set = (name: string, value: string): Attempt['request'] => altered(good, (fields) => ({ ...fields, [name]: value }));
    return [
      { name: `${route} signed with a key of his own`, request: broker.sign({ ...known, key: random }, route, fieldsOf(route)) },
      { name: `${route} by a worker that nobody knows, with a key that nobody gave him`, request: broker.sign({ ...known, worker: 'drill-stranger', key: random }, route, fieldsOf(route)) },
      { name: `${route} for another broker`, request: { ...broker.sign({ ...known, host: 'another.invalid' }, route, fieldsOf(route)), host: known.host } },
      { name: `${route} with a signature of zeros`, request: set('hmac_signature', ZERO_SIGNATURE) },
      { name: `${route} with the signature in upper case`, request: altered(good, (fields) => ({ ...fields, hmac_signature: (fields.hmac_signature ?? '').toUpperCase() })) },
      { name: `${route} in the name of another`, request: set('worker_id', `${known.worker}x`) },
      { name: `${route} with a space more`, request: { ...good, body: good.body.replace(',', ', ') } },
      ...names.flatMap((name): Attempt[] => [
        { name: `${route} without ${name}`, request: altered(good, (fields) => Object.fromEntries(Object.entries(fields).filter(([each]) => each !== name))) },
        { name: `${route} with ${name} blank`, request: set(name, '') },
        { name: `${route} with ${name} of ${TOO_LONG.length} characters`, request: set(name, TOO_LONG) },
      ]),
    ];
  });
}

export const WORKER_STRANGER_ATTACKS = [
  defineKeepingAttack('WCC-1', 'strangers', {
    tries: 'Asks the broker on every path without a signature, with one by another key, for another broker or of another body, and with each field missing, blank or too long',
    expects: 'All of it is refused, and leaves nothing in the table of the broker; a worker that signs is served before and after.',
    evidence: 'real-artefact',
    needs: 'function that lends credentials to workers',
    targets: brokersIn,
    run: (target, scene) => withBroker(scene, scene.now(target), {}, async (broker) => {
      const known = await broker.enrolled();
      const job = await broker.job({ worker: known.worker });
      await mustServe(broker, known, job);
      const before = new Set(await stateOf(scene, broker));
      const result = await allRefused(scene, broker, attemptsOf(broker, known, job));
      if (result.verdict === 'succeeded') return result;
      const left = (await stateOf(scene, broker)).filter((item) => !before.has(item));
      if (left.length > 0) return { verdict: 'succeeded', saw: `What strangers send fills the table: ${left.length} items.` };
      await mustServe(broker, known, job);
      return result;
    }),
    saboteurs: [ECHO_BROKER],
  }),
] as const;
