import { DeleteItemCommand, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { secretArnOf } from '../../../broker/contract';
import { FLEET_KEY, PARTITION_KEY, SORT_KEY } from '../../../broker/items/contract';
import type { Resource } from '../../../checks/template/resource';
import type { AttackResult } from '../../attack';
import { nameOf } from '../../message-of';
import { defineKeepingAttack } from '../attack';
import { WORKERS_READ_SECRETS, WORKERS_READ_TABLES, WORKERS_WRITE_TABLES } from '../broker-saboteurs';
import type { KeepingClients } from '../clients';
import { isRefusal, taskOf } from '../reading';
import type { KeepingScene } from '../scene';
import { may } from '../trail/may';
import { givenAway } from '../workers/attempts';
import { brokerOf, ringsOf, workersIn } from '../workers/brokers';
import { type BrokerInHand, withBroker } from '../workers/in-hand';

/** A way to a credential, or to what decides about it, that does not lead through the broker. */
interface Detour {
  readonly name: string;
  go(clients: KeepingClients): Promise<unknown>;
}

function detoursOf({ configuration: { phase, secretArns, tables: { jobs, state } }, credentials }: BrokerInHand): Detour[] {
  const secret = (what: string, SecretId: string): Detour => ({ name: `reads ${what}`, go: ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId })) });
  const job = { [PARTITION_KEY]: { S: 'drill-detour' } };
  return [
    ...credentials.map(({ id, credential }): Detour => (
      credential.store === 'secrets-manager' ? secret(`the credential ${id}`, credential.secretArn)
        : { name: `reads the credential ${id}`, go: ({ ssm }) => ssm.send(new GetParameterCommand({ Name: credential.parameter, WithDecryption: true })) }
    )),
    ...ringsOf(phase).map((ring) => secret('the keys that signatures are made with', secretArnOf(secretArns, ring))),
    { name: 'reads a job', go: ({ dynamo }) => dynamo.send(new GetItemCommand({ TableName: jobs, Key: job })) },
    { name: 'reads all jobs', go: ({ dynamo }) => dynamo.send(new ScanCommand({ TableName: jobs })) },
    { name: 'writes a job of his own', go: ({ dynamo }) => dynamo.send(new PutItemCommand({ TableName: jobs, Item: job })) },
    { name: 'reads what the broker knows', go: ({ dynamo }) => dynamo.send(new GetItemCommand({ TableName: state, Key: { [PARTITION_KEY]: { S: FLEET_KEY.pk }, [SORT_KEY]: { S: FLEET_KEY.sk } } })) },
    { name: 'reads all that the broker knows', go: ({ dynamo }) => dynamo.send(new ScanCommand({ TableName: state })) },
    { name: 'deletes what the broker knows', go: ({ dynamo }) => dynamo.send(new DeleteItemCommand({ TableName: state, Key: { ...job, [SORT_KEY]: { S: 'drill-detour' } } })) },
  ];
}

/** Whoever may, and finds nothing there, was let. */
async function isLet(detour: Detour, clients: KeepingClients): Promise<boolean> {
  try {
    await detour.go(clients);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    if (/NotFound/.test(nameOf(error))) return true;
    throw error;
  }
}

async function triedAll(scene: KeepingScene, role: string, fn: Resource, broker: BrokerInHand): Promise<AttackResult> {
  const clients = await scene.as(role);
  const detours = detoursOf(broker);
  for (const detour of detours) {
    scene.note(`With the role of workers: ${detour.name}`);
    if (await isLet(detour, clients)) return { verdict: 'succeeded', saw: `What workers run as ${detour.name}, and no broker was asked.` };
  }
  const acts = [['sts:AssumeRole', String(scene.propertiesOf(fn).Role)], ['lambda:InvokeFunction', scene.id(fn, 'Arn') ?? '']] as const;
  for (const [action, resource] of acts) {
    if (await may(scene, role, action, resource)) return { verdict: 'succeeded', saw: `What workers run as may do ${action} on the broker.` };
  }
  return { verdict: 'withstood', saw: `${detours.length + acts.length} ways past the broker are refused.` };
}

export const WORKER_DETOUR_ATTACKS = [
  defineKeepingAttack('WCC-4', 'failed-then-elsewhere', {
    tries: 'Is refused by the broker, and goes past it with the role of a worker: to credentials, keys, both tables, to read and to write, and to the role and the function of the broker',
    expects: 'All of it is refused: who fails at the broker has no other way.',
    evidence: 'template-intent',
    needs: 'task definition that is told of a broker of the templates',
    targets: workersIn,
    run: async (target, scene) => {
      const { taskRoleArn } = await taskOf(scene, scene.now(target));
      const fn = await brokerOf(scene, scene.now(target));
      return withBroker(scene, fn, {}, async (broker): Promise<AttackResult> => {
        const who = await broker.enrolled();
        const job = await broker.job({ worker: who.worker });
        const refused = await broker.ask({ ...who, key: 'drill-no-key' }, 'checkout', { job_id: job, credential_id: broker.credential });
        const saw = givenAway('a worker whose signature is wrong', refused, broker);
        if (saw !== undefined) return { verdict: 'succeeded', saw };
        return taskRoleArn === undefined ? { verdict: 'withstood', saw: 'The task has no role that anything could be asked with.' } : triedAll(scene, taskRoleArn, fn, broker);
      });
    },
    saboteurs: [WORKERS_READ_SECRETS, WORKERS_READ_TABLES, WORKERS_WRITE_TABLES],
  }),
] as const;
