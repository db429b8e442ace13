import { DescribeTaskDefinitionCommand, type ContainerDefinition, type TaskDefinition } from '@aws-sdk/client-ecs';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Resource } from '../../checks/template/resource';
import { isJsonMap } from '../../checks/template/template';
import { nameOf } from '../message-of';
import type { KeepingClients } from './clients';
import { type KeepingScene, variablesOf } from './scene';
import { TASK_DEFINITION } from './types';

const NOT_FOUND = 'ResourceNotFoundException';

/** A task definition as anybody reads it who may describe it. */
export async function taskOf(scene: Pick<KeepingScene, 'aws' | 'id'>, task: Resource): Promise<TaskDefinition> {
  const { taskDefinition } = await scene.aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: scene.id(task) }));
  if (taskDefinition === undefined) throw new Error(`the emulator has no task definition for ${task.logicalId}.`);
  return taskDefinition;
}

/** A text that somebody reads, and what it is called there. */
export interface ReadText {
  readonly name: string;
  readonly text: string;
}

/** Everything that is written in a program's definition, one by one. */
export async function textsOf(scene: KeepingScene, program: Resource): Promise<ReadText[]> {
  if (program.type === TASK_DEFINITION) return ((await taskOf(scene, program)).containerDefinitions ?? []).flatMap(textsOfContainer);
  return Object.entries(await variablesOf(scene, program)).map(([name, text]) => ({ name, text }));
}

function textsOfContainer({ environment, command, entryPoint, healthCheck, dockerLabels, logConfiguration }: ContainerDefinition): ReadText[] {
  return [
    ...(environment ?? []).map(({ name = '', value = '' }) => ({ name, text: value })),
    ...[...entryPoint ?? [], ...command ?? [], ...healthCheck?.command ?? []].map((text) => ({ name: 'its command line', text })),
    ...Object.entries({ ...dockerLabels, ...logConfiguration?.options }).map(([name, text]) => ({ name, text })),
  ];
}

/** The ARN of a secret of the templates. */
export function secretArn(scene: KeepingScene, secret: Resource): string {
  const arn = scene.id(secret, 'Arn') ?? scene.id(secret, 'Id') ?? scene.id(secret);
  if (arn === undefined) throw new Error(`the emulator has no secret for ${secret.logicalId}.`);
  return arn;
}

/** The current value; undefined where the secret has none, or is not there. Throws where it may not be read. */
export async function valueOf(clients: Pick<KeepingClients, 'secrets'>, SecretId: string): Promise<string | undefined> {
  try {
    return (await clients.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  } catch (error) {
    if (nameOf(error) === NOT_FOUND) return undefined;
    throw error;
  }
}

/** Whether policies let somebody read a secret; who may, and finds none, is told that there is none. */
export async function mayRead(clients: Pick<KeepingClients, 'secrets'>, SecretId: string): Promise<boolean> {
  try {
    await clients.secrets.send(new GetSecretValueCommand({ SecretId }));
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    if (nameOf(error) === NOT_FOUND) return true;
    throw error;
  }
}

/** What AWS calls it when somebody may not do something. */
export function isRefusal(error: unknown): boolean {
  return /^(AccessDenied(Exception)?|Forbidden|403)$/.test(nameOf(error));
}

/** Names of what a login says beside its secret. */
const NO_SECRETS = new Set(['username', 'host', 'port', 'dbname', 'engine', 'url']);
/** Shorter texts are in every template by chance. */
const MIN_LENGTH = 8;

/** The parts of a value that nobody may see: all of it, or what its fields hold. */
export function partsOf(value: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    parsed = undefined;
  }
  const parts = isJsonMap(parsed) ? Object.entries(parsed).filter(([name]) => !NO_SECRETS.has(name)).map(([, part]) => String(part)) : [value];
  return parts.filter((part) => part.length >= MIN_LENGTH);
}

/** The secrets that ECS fetches for a task, by ARN; parameters of Systems Manager are no secrets of Secrets Manager. */
export function fetchedBy({ containerDefinitions = [] }: Pick<TaskDefinition, 'containerDefinitions'>): string[] {
  const from = containerDefinitions.flatMap(({ secrets = [] }) => secrets.map(({ valueFrom = '' }) => withoutField(valueFrom)));
  return [...new Set(from.filter((arn) => /^arn:[^:]*:secretsmanager:/.test(arn)))];
}

/** An ARN without what a container adds to name a field. */
export function withoutField(valueFrom: string): string {
  return valueFrom.split(':').slice(0, 7).join(':');
}
