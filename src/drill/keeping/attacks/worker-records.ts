import { AUDIT_EVENT } from '../../../audit/contract';
import { managementAction, type ManagementName } from '../../../broker/operations/contract';
import { ROUTES } from '../../../broker/protocol/contract';
import type { Resource } from '../../../checks/template/resource';
import type { JsonMap } from '../../../checks/template/template';
import type { AttackResult } from '../../attack';
import { textOf } from '../../delivery/read-object';
import { mapOf, parsedLines, text } from '../../json';
import { defineKeepingAttack } from '../attack';
import { ECHO_BROKER, LOG_ELSEWHERE } from '../broker-saboteurs';
import type { KeepingScene } from '../scene';
import { carry } from '../trail/carry';
import { logStreams, type Trail, trailOf } from '../trail/trails';
import { REFUSALS_NOT_TAKEN } from '../trail-saboteurs';
import { LOG_GROUP } from '../types';
import { brokersIn } from '../workers/brokers';
import { type BrokerInHand, withBroker } from '../workers/in-hand';
import type { Fields, Signer, WorkerAnswer } from '../workers/wire';

/** What somebody did, and what its record has to say. */
interface Done {
  readonly name: string;
  readonly requestId: string;
  readonly says: JsonMap;
}

/** What a record says of whoever proved nothing. */
const NOBODY: JsonMap = { worker: null, job: null, credential: null };

/** One request of every outcome, and one of everybody who may call the function itself. */
async function requests(broker: BrokerInHand): Promise<Done[]> {
  const done: Done[] = [];
  const who = await broker.enrolled();
  const job = await broker.job({ worker: who.worker });
  const asked: Fields = { job_id: job, credential_id: broker.credential };
  const of = (signer: Signer): JsonMap => ({ worker: signer.worker, job, credential: broker.credential });
  const add = (name: string, { requestId, status }: WorkerAnswer, says: JsonMap): void => void done.push({ name, requestId, says: { status, ...says } });
  const good = broker.sign(who, 'checkout', asked);
  add('a checkout', await broker.send(good), { outcome: 'served', ...of(who) });
  add('a request that came twice', await broker.send(good), { outcome: 'refused', reason: 'replayed', ...of(who) });
  add('a request without a form', await broker.send({ ...good, body: '{}' }), { outcome: 'refused', reason: 'malformed', ...NOBODY });
  add('a request that is too long', await broker.send({ ...good, body: ' '.repeat(5000) }), { outcome: 'refused', reason: 'too-large', ...NOBODY });
  add('a request to another path', await broker.send({ ...good, path: '/jobs' }), { outcome: 'refused', reason: 'no-route', ...NOBODY });
  add('a wrong signature', await broker.ask({ ...who, key: 'drill-no-key' }, 'checkout', asked), { outcome: 'refused', reason: 'bad-signature', ...NOBODY });
  const other = await broker.enrolled();
  add('a job of another', await broker.ask(other, 'checkout', asked), { outcome: 'refused', reason: 'not-your-job', ...of(other) });
  add('a worker that leaves', await broker.ask(who, 'exit'), { outcome: 'served', worker: who.worker, action: `POST ${ROUTES.exit.path}` });
  return done;
}

async function failing(scene: KeepingScene, fn: Resource): Promise<{ readonly done: Done; readonly log: string }> {
  return withBroker(scene, fn, { configure: (as) => ({ ...as, tables: { ...as.tables, state: 'drill-gone' } }) }, async (broker) => {
    // Of a worker that another task of the broker knows: a key is made from the ring, which both read.
    const who = await withBroker(scene, fn, {}, (other) => other.enrolled());
    const { requestId, status } = await broker.ask(who, 'exit');
    return { done: { name: 'a request that could not be decided', requestId, says: { status, outcome: 'failed' } }, log: broker.log() };
  });
}

async function managed(broker: BrokerInHand): Promise<string[]> {
  const names: ManagementName[] = ['list', 'revoke'];
  await broker.manage({ list: {} });
  await broker.manage({ revoke: { worker: 'drill-nobody' } });
  return names.map((name) => managementAction(name));
}

const recordsIn = (log: string): JsonMap[] => parsedLines(log).filter(({ event }) => event === AUDIT_EVENT);

/** What a record does not say that it has to. */
function missing(records: readonly JsonMap[], { name, requestId, says }: Done): string | undefined {
  const found = records.filter((record) => record.request_id === requestId);
  const [record] = found;
  if (found.length !== 1 || record === undefined) return `Of ${name} there are ${found.length} records.`;
  const [wrong] = Object.entries(says).find(([field, value]) => (record[field] ?? null) !== value) ?? [];
  return wrong === undefined ? undefined : `The record of ${name} does not say ${wrong}.`;
}

/** How lines of the function's log get to where they are to stay; a sentence where they do not. */
function trailFor(scene: KeepingScene, fn: Resource): Trail | string {
  const group = text(mapOf(scene.propertiesOf(fn).LoggingConfig).LogGroup);
  if (group === '') return 'The broker writes to a log group of its own, and nothing takes lines of it.';
  if (!scene.graph.ofType(LOG_GROUP).some((one) => scene.id(one) === group)) throw new Error(`the log group ${group} is in none of the templates.`);
  const trails = logStreams(scene).map(({ resource }) => trailOf(scene, resource));
  return trails.find(({ logGroup }) => logGroup === group) ?? `Nothing takes lines of ${group}.`;
}

async function delivered(scene: KeepingScene, trail: Trail, log: string, done: readonly Done[]): Promise<AttackResult> {
  const { objects, refusal } = await carry(scene, trail, log.split('\n').filter((line) => line !== ''), Date.now());
  if (refusal !== undefined) return { verdict: 'succeeded', saw: `Records do not get to where they are to stay: ${refusal}` };
  const kept = parsedLines(objects.map((object) => textOf(object) ?? '').join('\n'));
  const lost = done.map((one) => missing(kept.filter(({ event }) => event === AUDIT_EVENT), one)).find((saw) => saw !== undefined);
  return lost === undefined ? { verdict: 'withstood', saw: `Each of ${done.length} requests has one record, which says who asked for what, and is where it is to stay.` }
    : { verdict: 'succeeded', saw: `Where records are to stay: ${lost}` };
}

export const WORKER_RECORD_ATTACKS = [
  defineKeepingAttack('WCC-6', 'count', {
    tries: 'Sends a request of every outcome, asks for what only the owner of the broker may, and has the log carried on by a stand-in for CloudWatch Logs, Firehose and replication',
    expects: 'Each has one record where records are to stay: with worker, job and credential where they were proven, and without them where they were not.',
    evidence: 'real-artefact',
    needs: 'function that lends credentials to workers',
    targets: brokersIn,
    run: async (target, scene) => {
      const fn = scene.now(target);
      const failed = await failing(scene, fn);
      return withBroker(scene, fn, {}, async (broker): Promise<AttackResult> => {
        const done = [...await requests(broker), failed.done];
        const actions = await managed(broker);
        const log = `${broker.log()}\n${failed.log}`;
        const records = recordsIn(log);
        scene.note(`${done.length} requests and ${actions.length} calls left ${records.length} records.`);
        const saw = done.map((one) => missing(records, one)).find((one) => one !== undefined);
        if (saw !== undefined) return { verdict: 'succeeded', saw };
        const unrecorded = actions.find((action) => !records.some((record) => record.action === action));
        if (unrecorded !== undefined) return { verdict: 'succeeded', saw: `There is no record of ${unrecorded}.` };
        const trail = trailFor(scene, fn);
        return typeof trail === 'string' ? { verdict: 'succeeded', saw: trail } : delivered(scene, trail, log, done);
      });
    },
    saboteurs: [LOG_ELSEWHERE, REFUSALS_NOT_TAKEN, ECHO_BROKER],
  }),
] as const;
