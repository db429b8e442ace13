import { randomUUID } from 'node:crypto';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { BROKER_VARIABLE, type BrokerConfiguration, DEFAULTS, secretArnOf } from '../../../broker/contract';
import { PARTITION_KEY, TTL_ATTRIBUTE } from '../../../broker/items/contract';
import { JOIN_TOKEN, type RefusalName, REFUSALS, type RouteName } from '../../../broker/protocol/contract';
import type { Resource } from '../../../checks/template/resource';
import { text } from '../../json';
import { AHEAD_VARIABLE } from '../function';
import type { KeepingScene } from '../scene';
import { configurationOf } from './brokers';
import { type FilledCredential, filled, ringIn } from './filled';
import { type Fields, send, signed, type Signer, type Signing, type WorkerAnswer, type WorkerRequest } from './wire';

/** What an attack wants of a broker that is not as the template has it. */
export interface BrokerWishes {
  /** By so many seconds its clock goes ahead, and that of whoever signs for it. @default 0 */
  readonly ahead?: number;
  /** @default 1 */
  readonly environments?: number;
  readonly configure?: (configuration: BrokerConfiguration) => BrokerConfiguration;
}

export interface JobWishes {
  /** @default - whoever comes first */
  readonly worker?: string;
  /** @default - the first that the broker has */
  readonly credentials?: readonly string[];
  /** From now on. @default 3600 */
  readonly lifeSeconds?: number;
}

/** A broker that runs with its own code, configuration and role, and what is around it. */
export interface BrokerInHand {
  readonly port: number;
  readonly configuration: BrokerConfiguration;
  readonly credentials: readonly FilledCredential[];
  /** Of the first credential. */
  readonly credential: string;
  send(request: WorkerRequest): Promise<WorkerAnswer>;
  /** Signs and sends. */
  ask(who: Signer, route: RouteName, fields?: Fields, signing?: Signing): Promise<WorkerAnswer>;
  /** Signs by the clock of this broker. */
  sign(who: Signer, route: RouteName, fields?: Fields, signing?: Signing): WorkerRequest;
  /** Somebody who may call the function itself. */
  manage(request: object): Promise<Readonly<Record<string, unknown>>>;
  /** A worker of a new name that registered, in the best way that there is. Throws where nobody can. */
  enrolled(): Promise<Signer>;
  /** What the orchestrator writes. */
  job(wishes: JobWishes): Promise<string>;
  /** All that it wrote so far, which is its log. */
  log(): string;
  stop(): Promise<void>;
}

const JOB_SECONDS = 3600;
const fieldsOf = (answer: unknown): Readonly<Record<string, unknown>> => (typeof answer === 'object' && answer !== null ? { ...answer } : {});
const now = (): number => Math.floor(Date.now() / 1000);

const UNAVAILABLE: RefusalName = 'unavailable';

/**
 * A worker whose broker is not there for the moment asks again, with a new request (docs/worker-protocol.md). One whose clock is ahead is refused by AWS at first,
 * since it signs by that clock; from then on its SDK signs by the time that the refusal named.
 */
async function onceMore<Answer>(isUnavailable: (answer: Answer) => boolean, ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await ask();
  return isUnavailable(answer) ? ask() : answer;
}

/** Does something with a broker, and ends it. */
export async function withBroker<T>(scene: KeepingScene, fn: Resource, wishes: BrokerWishes, use: (broker: BrokerInHand) => Promise<T>): Promise<T> {
  const broker = await brokerInHand(scene, fn, wishes);
  try {
    return await use(broker);
  } finally {
    await broker.stop();
  }
}

async function brokerInHand(scene: KeepingScene, fn: Resource, { ahead = 0, environments, configure = (as) => as }: BrokerWishes): Promise<BrokerInHand> {
  const deployed = await configurationOf(scene, fn);
  const credentials = await filled(scene, deployed);
  const configuration = configure(inviting(scene, deployed));
  const { host, tables, phase, secretArns } = configuration;
  let written = '';
  const front = await scene.serve(fn, {
    environments,
    instead: { [BROKER_VARIABLE]: JSON.stringify(configuration), [AHEAD_VARIABLE]: String(1000 * ahead) },
    onOutput: (some) => {
      written += some;
    },
  });
  const [first] = credentials;
  const broker: BrokerInHand = {
    port: front.port,
    configuration,
    credentials,
    credential: first?.id ?? '',
    send: (request) => send(front.port, request),
    sign: (who, route, fields = {}, signing = {}) => signed(route, fields, who, { ...signing, ahead: ahead + (signing.ahead ?? 0) }),
    ask: (who, route, fields, signing) => onceMore(({ status }) => status === REFUSALS.unavailable.status, () => broker.send(broker.sign(who, route, fields, signing))),
    manage: (request) => onceMore(({ error }) => error === UNAVAILABLE, async () => fieldsOf(await front.invoke(request))),
    enrolled: async () => {
      const worker = `drill-${randomUUID()}`;
      return phase.kind === 'shared-key' ? sharing(broker, worker, (await ringIn(scene, secretArnOf(secretArns, phase.shared.ring))).current) : joined(broker, worker, await invited(broker, worker));
    },
    job: async ({ worker, credentials: named = [broker.credential], lifeSeconds = JOB_SECONDS }) => {
      const id = `drill-${randomUUID()}`;
      await scene.aws.dynamo.send(new PutItemCommand({
        TableName: tables.jobs,
        Item: {
          [PARTITION_KEY]: { S: id }, credentials: { SS: [...named] }, assignedAt: { N: String(now()) }, [TTL_ATTRIBUTE]: { N: String(now() + ahead + lifeSeconds) },
          ...(worker !== undefined && { worker: { S: worker } }),
        },
      }));
      return id;
    },
    log: () => written,
    stop: () => front.stop(),
  };
  scene.note(`A broker for ${host} runs with its own code, in phase ${phase.kind}${ahead === 0 ? '' : `, and its clock is ${ahead} s ahead`}.`);
  return broker;
}

/** Nobody here runs in a task: where workers may join by their task alone, the drill's own are invited. */
function inviting(scene: KeepingScene, configuration: BrokerConfiguration): BrokerConfiguration {
  const { phase } = configuration;
  if (phase.kind === 'shared-key' || phase.own.tokenSeconds !== undefined) return configuration;
  scene.note('Workers join by their task alone, so this broker is told beside it that it may invite.');
  return { ...configuration, phase: { ...phase, own: { ...phase.own, tokenSeconds: DEFAULTS.tokenSeconds } } };
}

/** A token for one worker. Throws where the broker gives none. */
export async function invited(broker: BrokerInHand, worker: string, lifeSeconds = 60): Promise<string> {
  const { token } = await broker.manage({ invite: { worker, lifeSeconds } });
  if (typeof token !== 'string' || !JOIN_TOKEN.test(token)) throw new Error('the broker invites nobody.');
  return token;
}

/** Who signs with a token. */
export function bearing(broker: BrokerInHand, worker: string, token: string): Signer {
  const [, joinId = '', key = ''] = JOIN_TOKEN.exec(token) ?? [];
  return { host: broker.configuration.host, worker, key, proof: { join_id: joinId } };
}

/** A worker that registered by a token, with the key of its own that it was told. */
export async function joined(broker: BrokerInHand, worker: string, token: string): Promise<Signer> {
  const { status, fields } = await broker.ask(bearing(broker, worker, token), 'register');
  if (status !== 200) throw new Error(`a worker with a good token is answered ${status}.`);
  return { host: broker.configuration.host, worker, key: text(fields.worker_key), proof: { key_id: text(fields.key_id) } };
}

/** A worker that registered with the key that all have. */
export async function sharing(broker: BrokerInHand, worker: string, key: string): Promise<Signer> {
  const who: Signer = { host: broker.configuration.host, worker, key };
  const { status } = await broker.ask(who, 'register');
  if (status !== 200) throw new Error(`a worker with the shared key is answered ${status}.`);
  return who;
}

/** Has to work, or nothing can be learned from what is refused. */
export async function mustServe(broker: BrokerInHand, who: Signer, job: string): Promise<WorkerAnswer> {
  const answer = await broker.ask(who, 'checkout', { job_id: job, credential_id: broker.credential });
  if (answer.status !== 200) throw new Error(`a worker that asks for what its job names is answered ${answer.status}.`);
  return answer;
}

/** Every item of the state table, one text each. */
export async function stateOf(scene: KeepingScene, { configuration: { tables } }: BrokerInHand): Promise<string[]> {
  const { Items = [] } = await scene.aws.dynamo.send(new ScanCommand({ TableName: tables.state, ConsistentRead: true }));
  return Items.map((item) => JSON.stringify(Object.entries(item).sort()));
}
