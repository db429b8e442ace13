import type { AwsOptions } from './in-aws';
import { confirm } from './lockdown/confirm';
import { findSecrets, type RotatingSecret, select } from './rotate/find-secrets';
import { listSecrets } from './rotate/list';
import { phaseOf, reasonOf, rotateSecret, settle } from './rotate/turn';
import type { RotateWorld } from './rotate/world';
import { UsageError } from './usage-error';

export interface RotateOptions extends AwsOptions {
  readonly all?: boolean;
  /** RFC 3339: what has been rotated since is left as it is. */
  readonly since?: string;
  /** The value is known to somebody: rotate until nothing that was in the secret is let in. */
  readonly leaked?: boolean;
  readonly list?: boolean;
  readonly yes?: boolean;
  /**
   * Minutes.
   *
   * @default '60'
   */
  readonly timeout?: string;
}

const MINUTE_MS = 60_000;
const PATIENCE_MINUTES = '60';

/** Rotates secrets of a stack, one after the other, or shows them; true where all is as was asked for. */
export async function rotate(stack: string, wanted: readonly string[], options: RotateOptions, world: RotateWorld): Promise<boolean> {
  const order = orderOf(wanted, options, world.now());
  const found = await findSecrets(world.aws, stack);
  if (options.list === true) return listSecrets({ ...found, rotating: select(found, wanted, stack) }, world);
  const chosen = select(found, wanted, stack);
  if (chosen.length === 0) throw new UsageError(`Stack ${stack} has no secret that rotates. Nothing was changed.`);
  if (options.leaked === true) refuseUnrolled(chosen);
  if (options.all === true) for (const { path, reason } of found.exempt) world.print(world.paint.dim(`${path} is left alone: ${reason}.`));
  await confirm(`rotate ${chosen.map(({ path }) => path).join(', ')} of`, { stack, yes: options.yes === true }, world);
  const goOn = lineOf(stack, wanted, { ...options, since: order.startedAt.toISOString() });
  world.print(`If this is interrupted, go on with: ${goOn}`);
  for (const secret of chosen) {
    world.print(secret.path);
    try {
      await rotateOne(secret, order, world);
    } catch (error) {
      world.print(world.paint.red(`  STOPPED. ${reasonOf(error)}`));
      world.print(`  What stands above as done is done, and what comes after it was not begun. Go on with: ${goOn}`);
      return false;
    }
    world.print(world.paint.green('  done'));
  }
  return true;
}

/** The command that goes on with exactly what was asked for. */
function lineOf(stack: string, wanted: readonly string[], { all, leaked, since, timeout, yes, region, endpointUrl }: RotateOptions): string {
  const flags = Object.entries({ all, leaked, yes }).filter(([, isSet]) => isSet === true).map(([name]) => `--${name}`);
  const values = Object.entries({ since, timeout, region, 'endpoint-url': endpointUrl }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
  return ['cdk-secure-core rotate', stack, ...wanted, ...flags, ...values].join(' ');
}

interface Order {
  /** Of the run that this one goes on with, or its own. */
  readonly startedAt: Date;
  /** What was rotated from then on is left alone; the time of AWS, which need not be ours. Nothing where a run begins. */
  readonly since?: Date;
  readonly isLeaked: boolean;
  readonly timeoutMs: number;
}

/** Begins where the secret stands now, which is later than it was when it was found. */
async function rotateOne(secret: RotatingSecret, { since, isLeaked, timeoutMs }: Order, world: RotateWorld): Promise<void> {
  const { state, hasRotated } = await settle(secret, timeoutMs, world);
  const isDoneBefore = since !== undefined && state.lastRotatedAt !== undefined && state.lastRotatedAt >= since;
  // What was on its way already may have been made before the leak, and be known as well.
  const isDone = hasRotated ? !isLeaked : isDoneBefore;
  // A ring also holds the value that comes next, so that whoever saw it once knows two.
  const turns = (isLeaked && secret.kind === 'ring' ? 2 : 1) - (isDone ? 1 : 0);
  if (turns > 0) await rotateSecret(secret, state, turns, timeoutMs, world);
  else world.print(`  was rotated at ${state.lastRotatedAt?.toISOString() ?? ''} already, and is ${phaseOf(state, secret)}`);
}

function orderOf(wanted: readonly string[], { all, list, since, leaked, timeout = PATIENCE_MINUTES }: RotateOptions, now: Date): Order {
  if (list !== true && (wanted.length === 0) === (all !== true)) throw new UsageError('Name the secrets to rotate, or say --all, and not both; --list shows them.');
  if (!/^[1-9]\d{0,3}$/.test(timeout)) throw new UsageError(`--timeout ${timeout}: give a whole number of minutes, such as 60.`);
  // Secrets Manager keeps no fractions of a second.
  const from = since === undefined ? new Date(Math.floor(now.getTime() / 1000) * 1000) : new Date(since);
  if (since !== undefined && (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(since) || Number.isNaN(from.getTime()) || from > now)) {
    throw new UsageError(`--since ${since}: give a moment in the past in UTC, such as 2030-01-02T03:04:05Z.`);
  }
  return { startedAt: from, since: since === undefined ? undefined : from, isLeaked: leaked === true, timeoutMs: Number(timeout) * MINUTE_MS };
}

/** Nobody replaces the tasks that hold such a secret, and nobody shuts its old value out but the rotation after the next. */
function refuseUnrolled(chosen: readonly RotatingSecret[]): void {
  const unrolled = chosen.find(({ isRolledOut }) => !isRolledOut);
  if (!unrolled) return;
  const times = unrolled.kind === 'ring' ? 3 : 2;
  const instead = `Rotate it ${times} times without --leaked, and restart its services after each.`;
  throw new UsageError(`${unrolled.path} is not rolled out by itself, so that --leaked cannot know when its tasks are replaced. ${instead} Nothing was changed.`);
}
