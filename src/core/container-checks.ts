import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HEALTH_CHECK_PATH_TODO, isHealthCheckPath, MAX_PORT } from '../ingress/target-checks';
import { checkKind, checkKinds, having, instance, type Kinds, listOf, options, text } from '../check-kinds';
import { invalidProp, isListToken } from '../invalid-prop';
import type { Sizing } from '../size';
import { isWhole } from '../whole-number';
import type { CoreContainerProps } from './core-container-props';
import { CoreImage } from './core-image';
import { FARGATE_MEMORY, type Resources, smallestTask } from './fargate-sizes';

const MIN_PORT = 1024;

/** Tasks of one service (Amazon ECS guide, "Amazon ECS service quotas"). */
export const MAX_TASKS = 5000;

const KINDS: Kinds<CoreContainerProps> = {
  image: instance(CoreImage, 'Name what the container runs: CoreImage.fromEcr(…), CoreImage.fromUri(…) or CoreImage.fromAsset(…).'),
  environment: options('Name variables and their texts, such as { LOG_LEVEL: \'info\' }.'),
  secrets: options('Name variables and where they are filled in from, such as { KEY: ecs.Secret.fromSecretsManager(…) }.'),
  writablePaths: listOf(text('List absolute folders, such as [\'/tmp\'].')),
};
const VARIABLE = text('Write a text, such as \'5\' for a number: a program is told nothing else.');
const SECRET = having('arn', 'Name where it is filled in from, such as ecs.Secret.fromSecretsManager(…) or a ProviderKey\'s container(): a value that is written here would be in the template.');

/** One prop of a container: whether it is right, and what to do where it is not. */
interface Check {
  readonly prop: keyof CoreContainerProps;
  readonly got: unknown;
  readonly isRight: boolean;
  readonly todo: string;
}

/**
 * Refuses what ECS would refuse at deployment, or what would run and be unsafe. Tokens pass.
 *
 * @param prefix of its props, for errors
 */
export function checkContainer(scope: Construct, container: Partial<CoreContainerProps>, prefix = 'container.'): void {
  checkKinds(scope, container, KINDS, prefix);
  for (const [name, value] of Object.entries(container.environment ?? {})) checkKind(scope, `${prefix}environment.${name}`, value, VARIABLE);
  for (const [name, value] of Object.entries(container.secrets ?? {})) checkKind(scope, `${prefix}secrets.${name}`, value, SECRET);
  const wrong = checksOf(container).find(({ got, isRight }) => got !== undefined && !Token.isUnresolved(got) && !isRight);
  if (wrong) throw invalidProp(scope, `${prefix}${wrong.prop}`, wrong.got, wrong.todo);
  const { writablePaths } = container;
  if (writablePaths && isListToken(writablePaths)) throw invalidProp(scope, `${prefix}writablePaths`, writablePaths, 'The folders must be known when the app is synthesized.');
}

/** How many copies run at least and at most. Both decide what is built, so neither may be a token. */
export function checkedTasks(scope: Construct, container: CoreContainerProps, sizing: Sizing): Pick<Sizing, 'minTasks' | 'maxTasks'> {
  const minTasks = container.minTasks ?? Math.min(sizing.minTasks, container.maxTasks ?? sizing.minTasks);
  const maxTasks = container.maxTasks ?? Math.max(sizing.maxTasks, minTasks);
  if (!isWhole(minTasks, 1, MAX_TASKS)) throw invalidProp(scope, 'container.minTasks', minTasks, `Name a whole number from 1 to ${MAX_TASKS}.`);
  if (!isWhole(maxTasks, minTasks, MAX_TASKS)) throw invalidProp(scope, 'container.maxTasks', maxTasks, `Name a whole number from minTasks, ${minTasks}, to ${MAX_TASKS}.`);
  return { minTasks, maxTasks };
}

/** What the Core gets, and the task that holds it beside its gate. Both add up at synthesis, so neither may be a token. */
export function checkedTaskSize(scope: Construct, container: CoreContainerProps, sizing: Sizing): { readonly core: Resources; readonly task: Resources } {
  const cpu = container.cpu ?? 512;
  const core = { cpu, memoryLimitMiB: container.memoryLimitMiB ?? 2 * cpu };
  const unknown = (['cpu', 'memoryLimitMiB'] as const).find((prop) => Token.isUnresolved(container[prop]));
  if (unknown) throw invalidProp(scope, `container.${unknown}`, container[unknown], 'Name a number: what the gate takes is added to it when the app is synthesized.');
  const task = smallestTask(core, sizing.gate);
  if (!task) {
    throw invalidProp(scope, 'container', core, `Name less: the gate beside it takes ${sizing.gate.cpu} CPU units and ${sizing.gate.memoryLimitMiB} MiB, and Fargate offers no task that holds both.`);
  }
  return { core, task };
}

function checksOf({ port, healthCheckPath, user, cpu, memoryLimitMiB, environment, secrets, writablePaths, requestsPerTask }: Partial<CoreContainerProps>): Check[] {
  const memory = FARGATE_MEMORY[cpu ?? 512];
  const both = Object.keys(secrets ?? {}).find((name) => environment && Object.hasOwn(environment, name));
  const nameless = [...Object.keys(environment ?? {}), ...Object.keys(secrets ?? {})].find((name) => !/^[^\s=]+$/.test(name));
  const paths = (writablePaths ?? []).filter((path) => !Token.isUnresolved(path) && !isListToken([path]));
  const badPath = paths.find((path, index) => !isWritableFolder(path) || paths.indexOf(path) !== index);
  return [
    { prop: 'port', got: port, isRight: isWhole(port, MIN_PORT, MAX_PORT), todo: `Name a port from ${MIN_PORT} to ${MAX_PORT}; the container is not root and cannot bind a lower one.` },
    { prop: 'healthCheckPath', got: healthCheckPath, isRight: isHealthCheckPath(healthCheckPath ?? ''), todo: HEALTH_CHECK_PATH_TODO },
    { prop: 'user', got: user, isRight: /^[1-9]\d{3,8}:[1-9]\d{0,8}$/.test(user ?? ''), todo: 'Name a numeric user of 1000 or more and a numeric group other than 0, such as 1000:1000.' },
    { prop: 'cpu', got: cpu, isRight: memory !== undefined, todo: `Name what Fargate offers: ${Object.keys(FARGATE_MEMORY).join(', ')}.` },
    {
      prop: 'memoryLimitMiB',
      got: memoryLimitMiB,
      // Which memory goes with CPU units that are a token is not known.
      isRight: memory === undefined || memory.includes(memoryLimitMiB ?? 0),
      todo: `For ${cpu ?? 512} CPU units Fargate offers ${memory?.join(', ')} MiB.`,
    },
    { prop: 'environment', got: nameless, isRight: false, todo: 'Name a variable without blanks and equals signs.' },
    { prop: 'environment', got: both, isRight: false, todo: 'The variable is in secrets too: name it once.' },
    { prop: 'writablePaths', got: badPath, isRight: false, todo: 'Name absolute folders below the root, each once, without . or .. and outside /proc, /sys and /dev.' },
    { prop: 'requestsPerTask', got: requestsPerTask, isRight: isWhole(requestsPerTask, 1, Number.MAX_SAFE_INTEGER), todo: 'Name a whole number of requests a minute, 1 or more.' },
  ];
}

function isWritableFolder(path: string): boolean {
  const parts = path.split('/').slice(1);
  return path.startsWith('/') && parts.every((part) => /^[^\s:]+$/.test(part) && part !== '.' && part !== '..') && !['proc', 'sys', 'dev'].includes(parts[0] ?? '');
}
