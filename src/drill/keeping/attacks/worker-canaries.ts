import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { AttackResult } from '../../attack';
import { text } from '../../json';
import { defineKeepingAttack } from '../attack';
import { CREDENTIAL_TOLD, TALKATIVE_BROKER } from '../broker-saboteurs';
import { taskOf, textsOf, withoutField } from '../reading';
import type { KeepingScene } from '../scene';
import { FUNCTION, TASK_DEFINITION } from '../types';
import { brokersIn } from '../workers/brokers';
import type { FilledCredential } from '../workers/filled';
import { type BrokerInHand, mustServe, withBroker } from '../workers/in-hand';
import { nameIn } from './rights';

/** A place in which no credential may stand, with all that is in it. */
interface Looked {
  readonly place: string;
  readonly texts: readonly string[];
}

async function placesOf(scene: KeepingScene, broker: BrokerInHand): Promise<Looked[]> {
  const itemsOf = async (TableName: string): Promise<string[]> => {
    const { Items = [] } = await scene.aws.dynamo.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return Items.map((item) => JSON.stringify(item));
  };
  const programs = [TASK_DEFINITION, FUNCTION].flatMap((type) => scene.graph.ofType(type));
  return [
    { place: 'the table of jobs', texts: await itemsOf(broker.configuration.tables.jobs) },
    { place: 'the table of the broker', texts: await itemsOf(broker.configuration.tables.state) },
    { place: 'the log of the broker', texts: broker.log().split('\n') },
    ...await Promise.all(programs.map(async (program) => ({ place: `what ${program.logicalId} is told`, texts: (await textsOf(scene, program)).map((told) => told.text) }))),
  ];
}

/** Who is handed a credential when he starts, before any job names it. */
async function handedTo(scene: KeepingScene, credentials: readonly FilledCredential[]): Promise<string | undefined> {
  for (const task of scene.graph.ofType(TASK_DEFINITION)) {
    const { containerDefinitions = [] } = await taskOf(scene, task);
    const from = containerDefinitions.flatMap(({ secrets = [] }) => secrets.map(({ valueFrom = '' }) => valueFrom));
    if (from.some((one) => credentials.some(({ credential }) => (
      credential.store === 'secrets-manager' ? nameIn(withoutField(one)) === nameIn(credential.secretArn) : one.endsWith(`parameter/${credential.parameter.replace(/^\//, '')}`)
    )))) return task.logicalId;
  }
  return undefined;
}

/** Takes every credential once, so that it was wherever it goes. */
async function takenAll(broker: BrokerInHand): Promise<void> {
  const who = await broker.enrolled();
  const job = await broker.job({ worker: who.worker, credentials: broker.credentials.map(({ id }) => id) });
  const { fields: first } = await mustServe(broker, who, job);
  for (const { id, canary } of broker.credentials) {
    const { status, text: said } = await broker.ask(who, 'checkout', { job_id: job, credential_id: id });
    if (status !== 200 || !said.includes(canary)) throw new Error(`of ${id}, a worker whose job names it is given nothing: ${status}.`);
  }
  const lease = { job_id: job, credential_id: broker.credential, lease_id: text(first.lease_id) };
  for (const route of ['renew', 'release'] as const) await broker.ask(who, route, lease);
  await broker.ask(who, 'exit');
}

export const WORKER_CANARY_ATTACKS = [
  defineKeepingAttack('WCC-5', 'canaries', {
    tries: 'Gives every credential a value that is nowhere else, has each checked out, and looks for the values in both tables, the log of the broker and what every program is told',
    expects: 'They are in the store and in answers of the broker, and nowhere else; no program is handed one when it starts.',
    evidence: 'real-artefact',
    needs: 'function that lends credentials to workers',
    targets: brokersIn,
    run: (target, scene) => withBroker(scene, scene.now(target), {}, async (broker): Promise<AttackResult> => {
      await takenAll(broker);
      const places = await placesOf(scene, broker);
      const found = places.find(({ texts }) => texts.some((one) => broker.credentials.some(({ canary }) => one.includes(canary))));
      if (found !== undefined) return { verdict: 'succeeded', saw: `A credential stands in ${found.place}.` };
      const handed = await handedTo(scene, broker.credentials);
      if (handed !== undefined) return { verdict: 'succeeded', saw: `${handed} is handed a credential when it starts.` };
      return { verdict: 'withstood', saw: `None of ${broker.credentials.length} credentials is in any of ${places.length} places.` };
    }),
    saboteurs: [CREDENTIAL_TOLD, TALKATIVE_BROKER],
  }),
] as const;
