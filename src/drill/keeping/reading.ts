import { DescribeTaskDefinitionCommand, type ContainerDefinition, type TaskDefinition } from '@aws-sdk/client-ecs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import type { Resource } from '../../checks/template/resource';
import { isJsonMap } from '../../checks/template/template';
import type { KeepingClients } from './clients';
import type { KeepingScene } from './scene';
import { SECRET, TASK_DEFINITION } from './types';

/** A task definition as anybody reads it who may describe it. */
export async function taskOf(scene: KeepingScene, task: Resource): Promise<TaskDefinition> {
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
  const { Environment: environment } = await scene.aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: scene.id(program) }));
  return Object.entries(environment?.Variables ?? {}).map(([name, text]) => ({ name, text }));
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
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Whether a secret is given out to whoever asks so. */
export async function mayRead(clients: Pick<KeepingClients, 'secrets'>, SecretId: string): Promise<boolean> {
  try {
    await clients.secrets.send(new GetSecretValueCommand({ SecretId }));
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** What AWS calls it when somebody may not do something. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^(AccessDenied(Exception)?|Forbidden|403)$/.test(error.name);
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

/** The secret of the templates that a `ValueFrom` means, with or without a field at its end. */
export function secretBehind(scene: KeepingScene, valueFrom: string): Resource | undefined {
  return scene.graph.ofType(SECRET).find((secret) => valueFrom.startsWith(secretArn(scene, secret)));
}

/** An ARN without what a container adds to name a field. */
export function withoutField(valueFrom: string): string {
  return valueFrom.split(':').slice(0, 7).join(':');
}
