import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HEALTH_CHECK_PATH_TODO, isHealthCheckPath, MAX_PORT } from '../ingress/target-checks';
import { invalidProp, isListToken } from '../invalid-prop';
import type { Sizing } from '../size';
import { isWhole } from '../whole-number';
import type { CoreContainerProps } from './core-service';

const GIB = 1024;

function steps(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** MiB of memory that Fargate offers for a number of CPU units (Amazon ECS guide, "Task CPU and memory"). */
const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, GIB, 2 * GIB],
  512: steps(GIB, 4 * GIB, GIB),
  1024: steps(2 * GIB, 8 * GIB, GIB),
  2048: steps(4 * GIB, 16 * GIB, GIB),
  4096: steps(8 * GIB, 30 * GIB, GIB),
  8192: steps(16 * GIB, 60 * GIB, 4 * GIB),
  16384: steps(32 * GIB, 120 * GIB, 8 * GIB),
};

const MIN_PORT = 1024;

/** Tasks of one service (Amazon ECS guide, "Amazon ECS service quotas"). */
const MAX_TASKS = 5000;

/** One prop of a container: whether it is right, and what to do where it is not. */
interface Check {
  readonly prop: keyof CoreContainerProps;
  readonly got: unknown;
  readonly isRight: boolean;
  readonly todo: string;
}

/** Refuses what ECS would refuse at deployment, or what would run and be unsafe. Tokens pass. */
export function checkContainer(scope: Construct, container: CoreContainerProps): void {
  const wrong = checksOf(container).find(({ got, isRight }) => got !== undefined && !Token.isUnresolved(got) && !isRight);
  if (wrong) throw invalidProp(scope, `container.${wrong.prop}`, wrong.got, wrong.todo);
  const { writablePaths } = container;
  if (writablePaths && isListToken(writablePaths)) throw invalidProp(scope, 'container.writablePaths', writablePaths, 'The folders must be known when the app is synthesized.');
}

/** How many copies run at least and at most. Both decide what is built, so neither may be a token. */
export function checkedTasks(scope: Construct, container: CoreContainerProps, sizing: Sizing): Pick<Sizing, 'minTasks' | 'maxTasks'> {
  const minTasks = container.minTasks ?? Math.min(sizing.minTasks, container.maxTasks ?? sizing.minTasks);
  const maxTasks = container.maxTasks ?? Math.max(sizing.maxTasks, minTasks);
  if (!isWhole(minTasks, 1, MAX_TASKS)) throw invalidProp(scope, 'container.minTasks', minTasks, `Name a whole number from 1 to ${MAX_TASKS}.`);
  if (!isWhole(maxTasks, minTasks, MAX_TASKS)) throw invalidProp(scope, 'container.maxTasks', maxTasks, `Name a whole number from minTasks, ${minTasks}, to ${MAX_TASKS}.`);
  return { minTasks, maxTasks };
}

function checksOf({ port, healthCheckPath, user, cpu, memoryLimitMiB, environment, secrets, writablePaths, requestsPerTask }: CoreContainerProps): Check[] {
  const memory = FARGATE_MEMORY[cpu ?? 512];
  const both = Object.keys(secrets ?? {}).find((name) => environment && Object.hasOwn(environment, name));
  const nameless = [...Object.keys(environment ?? {}), ...Object.keys(secrets ?? {})].find((name) => !/^[^\s=]+$/.test(name));
  const paths = (writablePaths ?? []).filter((path) => !Token.isUnresolved(path) && !isListToken([path]));
  const badPath = paths.find((path, index) => !isWritableFolder(path) || paths.indexOf(path) !== index);
  return [
    { prop: 'port', got: port, isRight: isWhole(port, MIN_PORT, MAX_PORT), todo: `Name a port from ${MIN_PORT} to ${MAX_PORT}; the container is not root and cannot bind a lower one.` },
    { prop: 'healthCheckPath', got: healthCheckPath, isRight: isHealthCheckPath(healthCheckPath), todo: HEALTH_CHECK_PATH_TODO },
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
