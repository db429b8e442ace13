import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { BOUNDS } from '../../../broker/contract';
import { nonceEnd, nonceKey, PARTITION_KEY, SORT_KEY } from '../../../broker/items/contract';
import { ROUTES } from '../../../broker/protocol/contract';
import type { Resource } from '../../../checks/template/resource';
import type { AttackResult } from '../../attack';
import { defineKeepingAttack } from '../attack';
import { ECHO_BROKER, WINDOW_OF_A_DAY } from '../broker-saboteurs';
import type { KeepingScene } from '../scene';
import { allRefused, type Attempt, givenAway } from '../workers/attempts';
import { brokersIn } from '../workers/brokers';
import { type BrokerInHand, type BrokerWishes, mustServe, withBroker } from '../workers/in-hand';
import { captured } from '../workers/captured';
import { type Fields, send, type Signer, type WorkerRequest } from '../workers/wire';

/** The longest that a request may be late (TS-29), and what a slow machine needs beside it. */
const [, WINDOW] = BOUNDS.windowSeconds;
const SLACK = 15;
/** When nobody remembers the nonce of a request any more. */
const FORGOTTEN = nonceEnd(0, WINDOW) + SLACK;

const COPIES = 20;

interface InHand {
  readonly who: Signer;
  readonly asked: Fields;
  /** Was served once. */
  readonly used: WorkerRequest;
}

async function inHand(broker: BrokerInHand): Promise<InHand> {
  const who = await broker.enrolled();
  const job = await broker.job({ worker: who.worker });
  await mustServe(broker, who, job);
  const asked = { job_id: job, credential_id: broker.credential };
  const used = broker.sign(who, 'checkout', asked);
  const { status } = await broker.send(used);
  if (status !== 200) throw new Error(`a worker that asks for what its job names is answered ${status}.`);
  return { who, asked, used };
}

function attemptsOf(broker: BrokerInHand, { who, asked, used }: InHand): Attempt[] {
  return [
    { name: 'the same request again', request: used },
    { name: 'the same request at another path', request: { ...used, path: ROUTES.register.path } },
    { name: 'a request that was signed for another path', request: broker.sign(who, 'checkout', asked, { path: ROUTES.register.path }) },
    { name: 'a request that is too old', request: broker.sign(who, 'checkout', asked, { ahead: -WINDOW - SLACK }) },
    { name: 'a request of the future', request: broker.sign(who, 'checkout', asked, { ahead: WINDOW + SLACK }) },
  ];
}

/** What DynamoDB does some time after nobody needs a nonce any more. */
async function forget({ aws: { dynamo } }: KeepingScene, { tables: { state: TableName } }: BrokerInHand['configuration'], worker: string): Promise<void> {
  const { pk } = nonceKey(worker, '');
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName, ConsistentRead: true }));
  for (const { [PARTITION_KEY]: partition, [SORT_KEY]: sort } of Items) {
    if (partition?.S === pk && sort !== undefined) await dynamo.send(new DeleteItemCommand({ TableName, Key: { [PARTITION_KEY]: partition, [SORT_KEY]: sort } }));
  }
}

/** Sent to a broker that is not as the first one: what is given away there, if anything. */
async function elsewhere(scene: KeepingScene, fn: Resource, name: string, request: WorkerRequest, wishes: BrokerWishes): Promise<AttackResult | undefined> {
  return withBroker(scene, fn, wishes, async (broker) => {
    const saw = givenAway(name, await broker.send(request), broker);
    return saw === undefined ? undefined : { verdict: 'succeeded', saw };
  });
}

/** A broker that cannot read what was used cannot serve; it says so, and that is no refusal. */
async function withoutTable(scene: KeepingScene, fn: Resource, { who, asked }: InHand): Promise<AttackResult | undefined> {
  return withBroker(scene, fn, { configure: (as) => ({ ...as, tables: { ...as.tables, state: 'drill-gone' } }) }, async (broker) => {
    const { status, text } = await broker.ask(who, 'checkout', asked);
    scene.note(`Without its table the broker answers ${status}.`);
    const isKept = status >= 400 && !broker.credentials.some(({ canary }) => text.includes(canary));
    return isKept ? undefined : { verdict: 'succeeded', saw: `Where nobody can see what was used, a request is answered ${status}.` };
  });
}

const OF_A_BROKER = { evidence: 'real-artefact', needs: 'function that lends credentials to workers', targets: brokersIn } as const;

export const WORKER_REPLAY_ATTACKS = [
  defineKeepingAttack('WCC-3', 'replays', {
    tries: 'Sends a request of a worker again: at once, to another task of the broker, at another path, and once its nonce is forgotten; some of the past and of the future; one without the table',
    expects: 'Each is served once and while it is new; without the table, none.',
    ...OF_A_BROKER,
    run: async (target, scene) => {
      const fn = scene.now(target);
      return withBroker(scene, fn, {}, async (broker) => {
        const made = await inHand(broker);
        const result = await allRefused(scene, broker, attemptsOf(broker, made));
        if (result.verdict === 'succeeded') return result;
        const there = await elsewhere(scene, fn, 'the same request to another task', made.used, {});
        if (there !== undefined) return there;
        await forget(scene, broker.configuration, made.who.worker);
        return await elsewhere(scene, fn, 'the same request once its nonce is forgotten', made.used, { ahead: FORGOTTEN }) ?? await withoutTable(scene, fn, made) ?? result;
      });
    },
    saboteurs: [WINDOW_OF_A_DAY, ECHO_BROKER],
  }),
  defineKeepingAttack('IDN-12', 'captured', {
    tries: 'Reads a request of a worker along on its way from the load balancer, keeps it back, sends its bytes twenty times at once, and then to a broker of another name',
    expects: 'It is served once, whoever sends it, and by the other broker never.',
    ...OF_A_BROKER,
    run: async (target, scene) => {
      const fn = scene.now(target);
      return withBroker(scene, fn, { environments: 2 }, async (broker) => {
        const { who, asked } = await inHand(broker);
        const bytes = await captured((port) => send(port, broker.sign(who, 'checkout', asked)));
        const statuses = await Promise.all(Array.from({ length: COPIES }, () => bytes.sendTo(broker.port)));
        const served = statuses.filter((status) => status === 200).length;
        scene.note(`Of ${COPIES} copies at once, ${served} are served.`);
        if (statuses.some((status) => status >= 500)) throw new Error('the broker does not decide about all copies.');
        if (served === 0) throw new Error('the broker takes no request that was kept on its way.');
        if (served > 1) return { verdict: 'succeeded', saw: `Of ${COPIES} copies at once, ${served} are served.` };
        const fresh = await captured((port) => send(port, broker.sign(who, 'checkout', asked)));
        const other = await withBroker(scene, fn, { configure: (as) => ({ ...as, host: `other.${as.host}` }) }, ({ port }) => fresh.sendTo(port));
        if (other === 200) return { verdict: 'succeeded', saw: 'A broker of another name takes it.' };
        return { verdict: 'withstood', saw: `Of ${COPIES} copies at once, one is served; another broker answers ${other}.` };
      });
    },
    saboteurs: [ECHO_BROKER],
  }),
] as const;
