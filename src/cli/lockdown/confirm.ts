import { UsageError } from '../usage-error';
import type { LockdownWorld, Order } from './world';

/** Lets a person type the stack's name; throws a UsageError where nobody does. */
export async function confirm(what: string, { stack, yes }: Pick<Order, 'stack' | 'yes'>, { ask }: Pick<LockdownWorld, 'ask'>): Promise<void> {
  if (yes) return;
  if (!ask) throw new UsageError('There is no terminal to confirm at: add --yes.');
  if (await ask(`This will ${what} ${stack}. Type its name to go on:`) !== stack) throw new UsageError('That is not the name of the stack. Nothing was changed.');
}
