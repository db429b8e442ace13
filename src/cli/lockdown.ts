import { findSwitches } from './lockdown/find-switches';
import { flagText, readFlags } from './lockdown/flags';
import { lock } from './lockdown/lock';
import { reopen } from './lockdown/reopen';
import { agree, bypassText, standingText, survey } from './lockdown/status';
import type { LockdownWorld } from './lockdown/world';
import { UsageError } from './usage-error';

export interface LockdownOptions {
  readonly status?: boolean;
  readonly on?: boolean;
  readonly off?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
}

type Action = 'status' | 'on' | 'off';

/** Shows the switches of a stack or flips them; true where everything is as was asked for. */
export async function lockdown(stack: string, options: LockdownOptions, world: LockdownWorld): Promise<boolean> {
  const action = actionOf(options);
  if (options.reason?.trim() === '') throw new UsageError('--reason is empty: say why in a few words, or leave it out.');
  const order = { stack, reason: options.reason, yes: options.yes === true };
  const { aws, tables, print, paint } = world;
  const found = await findSwitches(world, stack);
  if (action === 'on' && found.switches.length + found.tables.length > 0) return lock(order, found, world);
  const [broken] = found.broken;
  if (broken !== undefined) throw new UsageError(broken);
  if (action === 'off') return reopen(order, found, world);
  const [standing, flags] = await Promise.all([survey(aws, found), readFlags(tables, found.tables)]);
  for (const line of [...standingText(standing, paint), ...flags.map((one) => flagText(one, paint))]) print(line);
  for (const line of bypassText(standing, found)) print(line);
  const isWhole = agree(standing, flags);
  if (!isWhole && flags.length > 0) print(paint.red('Switches and gates do not all say the same: run --on or --off, which does what is left to do.'));
  return isWhole && standing.every(({ around }) => around.defects.length === 0);
}

function actionOf(options: LockdownOptions): Action {
  const [action, ...more] = (['status', 'on', 'off'] as const).filter((one) => options[one]);
  if (action === undefined || more.length > 0) throw new UsageError('Say what to do: --status, --on or --off, and one of them only.');
  return action;
}
