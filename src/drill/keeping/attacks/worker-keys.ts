import { BROKER_VARIABLE, migrationEnd, secretArnOf } from '../../../broker/contract';
import { BROKER_METRICS } from '../../../broker/operations/contract';
import { ZERO_SIGNATURE } from '../../../broker/protocol/contract';
import type { Resource } from '../../../checks/template/resource';
import type { AttackResult } from '../../attack';
import { parsedLines } from '../../json';
import { defineKeepingAttack, type KeepingModel, type KeepingTarget } from '../attack';
import { ECHO_BROKER, MIGRATING_FOR_EVER, SHARED_KEY } from '../broker-saboteurs';
import type { KeepingScene } from '../scene';
import { allRefused, type Attempt, givenAway } from '../workers/attempts';
import { brokersIn } from '../workers/brokers';
import { ringIn } from '../workers/filled';
import { bearing, type BrokerInHand, invited, mustServe, sharing, withBroker } from '../workers/in-hand';
import { altered, type Signer } from '../workers/wire';

const DAY = 86_400;
const LIFE = 60;
const SLACK = 15;

const toldOf = (fn: Resource): string => fn.prop('Environment.Variables').get(BROKER_VARIABLE).partialText().text;

/** Brokers that promise each worker a key of its own, now or soon. */
function withOwnKeys(model: KeepingModel): KeepingTarget[] {
  return brokersIn(model).filter(({ resource }) => /"kind":"(per-worker-keys|migration)"/.test(toldOf(resource)));
}

const succeeded = (saw: string): AttackResult => ({ verdict: 'succeeded', saw });

/** Of two workers, the one signs as the other with all that he has. */
function asAnother(broker: BrokerInHand, one: Signer, other: Signer): Attempt[] {
  return [
    { name: 'a worker that signs as another', request: broker.sign({ ...one, worker: other.worker }, 'register') },
    { name: 'a worker that signs as another, and names its key', request: broker.sign({ ...one, worker: other.worker, proof: other.proof }, 'register') },
    { name: 'a worker without the id of its key', request: broker.sign({ ...one, proof: {} }, 'register') },
  ];
}

/** A token for somebody else, twice at once, once more, and late. */
async function tokens(scene: KeepingScene, fn: Resource, broker: BrokerInHand, other: Signer): Promise<AttackResult | undefined> {
  const worker = `${other.worker}-next`;
  const token = await invited(broker, worker, LIFE);
  const stolen = givenAway('a token of another worker', await broker.ask(bearing(broker, other.worker, token), 'register'), broker);
  if (stolen !== undefined) return succeeded(stolen);
  const bearer = bearing(broker, worker, token);
  const answers = await Promise.all([broker.ask(bearer, 'register'), broker.ask(bearer, 'register')]);
  const joins = answers.filter(({ status }) => status === 200).length;
  scene.note(`Of two who bring one token at once, ${joins} are let in.`);
  if (joins > 1) return succeeded('Two are let in by one token.');
  if (joins === 0) throw new Error('nobody is let in by a good token.');
  const spent = givenAway('a token that was used', await broker.ask(bearer, 'register'), broker);
  if (spent !== undefined) return succeeded(spent);
  const late = bearing(broker, `${worker}-late`, await invited(broker, `${worker}-late`, LIFE));
  return withBroker(scene, fn, { ahead: LIFE + SLACK }, async (later) => {
    const saw = givenAway('a token that is over', await later.ask(late, 'register'), later);
    return saw === undefined ? undefined : succeeded(saw);
  });
}

/** The key that all share is refused from the promised day on, and where it was never promised. */
async function sharedKeyOver(scene: KeepingScene, fn: Resource, end: number | undefined): Promise<AttackResult> {
  const ahead = end === undefined ? 0 : Math.max(0, end - Math.floor(Date.now() / 1000)) + DAY;
  return withBroker(scene, fn, { ahead }, async (broker) => {
    const { configuration: { phase, secretArns, host } } = broker;
    const own = await broker.enrolled();
    await mustServe(broker, own, await broker.job({ worker: own.worker }));
    const ring = phase.kind === 'per-worker-keys' ? phase.own.ring : phase.shared.ring;
    const { current: key } = await ringIn(scene, secretArnOf(secretArns, ring));
    const saw = givenAway('a worker with a key that all share', await broker.ask({ host, worker: `${own.worker}-shared`, key }, 'register'), broker);
    return saw === undefined ? { verdict: 'withstood', saw: 'A key that all share is refused, and a worker with a key of its own is served.' } : succeeded(saw);
  });
}

/** Until that day both kinds are served, and figures tell how often the one that is to go is still used. */
async function bothServed(scene: KeepingScene, fn: Resource): Promise<AttackResult | undefined> {
  return withBroker(scene, fn, {}, async (broker) => {
    const { configuration: { phase, secretArns } } = broker;
    if (phase.kind !== 'migration') return undefined;
    const { current } = await ringIn(scene, secretArnOf(secretArns, phase.shared.ring));
    const own = await broker.enrolled();
    const shared = await sharing(broker, `${own.worker}-shared`, current);
    for (const who of [own, shared]) await mustServe(broker, who, await broker.job({ worker: who.worker }));
    const unsigned = altered(broker.sign(shared, 'register'), (fields) => ({ ...fields, hmac_signature: ZERO_SIGNATURE }));
    const result = await allRefused(scene, broker, [{ name: 'a request that nobody signed', request: unsigned }]);
    if (result.verdict === 'succeeded') return result;
    const counted = parsedLines(broker.log()).reduce((sum, line) => sum + Number(line[BROKER_METRICS.sharedKeys] ?? 0), 0);
    // It registered, and took a credential.
    return counted === 2 ? undefined : succeeded(`Of 2 requests with the key that is to go, ${counted} are counted.`);
  });
}

export const WORKER_KEY_ATTACKS = [
  defineKeepingAttack('WCC-7', 'impersonation', {
    tries: 'Signs as another worker with a key of his own; joins by a token of another, by one that was used, by one that is over, and twice at once; signs with what keys are made from',
    expects: 'A key and a token are worth something to the worker alone that they were made for, and a token once.',
    evidence: 'real-artefact',
    needs: 'function that gives each worker a key of its own',
    targets: withOwnKeys,
    run: async (target, scene) => {
      const fn = scene.now(target);
      return withBroker(scene, fn, {}, async (broker) => {
        const [one, other] = [await broker.enrolled(), await broker.enrolled()];
        for (const who of [one, other]) await mustServe(broker, who, await broker.job({ worker: who.worker }));
        const result = await allRefused(scene, broker, asAnother(broker, one, other));
        const { phase, secretArns } = broker.configuration;
        if (result.verdict === 'succeeded' || phase.kind === 'shared-key') return result;
        const { current } = await ringIn(scene, secretArnOf(secretArns, phase.own.ring));
        const master = await allRefused(scene, broker, [{ name: 'what keys are made from', request: broker.sign({ ...one, key: current }, 'register') }]);
        return master.verdict === 'succeeded' ? master : await tokens(scene, fn, broker, other) ?? { verdict: 'withstood', saw: 'Nobody gets further than by his own key and token.' };
      });
    },
    saboteurs: [SHARED_KEY, ECHO_BROKER],
  }),
  defineKeepingAttack('WCC-10', 'mixed-fleet', {
    tries: 'Comes with the key that all workers share where each has its own, and where both are taken for a while, a day after that; without a signature at any time',
    expects: 'Both kinds are served as long as was promised, and told apart; then each worker needs a key of its own. Nobody is served without a signature.',
    evidence: 'real-artefact',
    needs: 'function that gives each worker a key of its own',
    targets: withOwnKeys,
    run: async (target, scene) => {
      const fn = scene.now(target);
      const [, until] = /"until":"(\d{4}-\d{2}-\d{2})"/.exec(toldOf(target.resource)) ?? [];
      const end = until === undefined ? undefined : migrationEnd(until);
      const isUnderWay = end !== undefined && Date.now() < 1000 * end;
      return (isUnderWay ? await bothServed(scene, fn) : undefined) ?? await sharedKeyOver(scene, fn, end);
    },
    saboteurs: [MIGRATING_FOR_EVER, ECHO_BROKER],
  }),
] as const;
