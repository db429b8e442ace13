import { FAMILIES } from '../../lockdown/contract';
import { confirm } from './confirm';
import type { SwitchesOfStack } from './find-switches';
import { callerIfKnown, describeSets, record, type LockdownRecord } from './record';
import { readSets, writeSets } from './set-state';
import { aroundText, setsText, type Standing, survey } from './status';
import type { DeployedListener, Action } from './aws';
import type { LockdownWorld, Order } from './world';

const AUTHENTICATES = /^(authenticate-(oidc|cognito)|jwt-validation)$/;

/** Opens every switch of a stack where an authorizer is in force behind all of them (INC-2). */
export async function reopen(order: Order, { switches }: SwitchesOfStack, world: LockdownWorld): Promise<boolean> {
  const { aws, print, paint } = world;
  const shown = await survey(aws, switches);
  for (const { found, reading, around } of shown) print([setsText(found, reading, paint), ...aroundText(around, paint)].join('\n'));
  if (await refuses(order, shown, world)) return false;
  await confirm('let callers into', order, world);
  // Whoever answers takes time, in which an authorizer may have gone.
  const standing = order.yes ? shown : await survey(aws, switches);
  if (!order.yes && await refuses(order, standing, world)) return false;
  const who = await aws.caller();
  const results: boolean[] = [];
  for (const one of standing) results.push(await open(one, { ...base(order, one), who }, world));
  return results.every((result) => result);
}

type RecordBase = Omit<LockdownRecord, 'phase' | 'at' | 'after' | 'failures' | 'refusals'>;

function base({ stack, reason }: Order, { found, reading }: Standing): Omit<RecordBase, 'who'> {
  return { event: 'lockdown', action: 'off', why: reason ?? null, stack, switch: found.path, before: reading };
}

/** Says why nothing may be opened, if so, and writes down who tried. */
async function refuses(order: Order, standing: readonly Standing[], world: LockdownWorld): Promise<boolean> {
  const { print, paint, now } = world;
  const refused = standing.map((one) => ({ one, refusals: refusalsOf(one) })).filter(({ refusals }) => refusals.length > 0);
  if (refused.length === 0) return false;
  for (const reason of refused.flatMap(({ refusals }) => refusals)) print(paint.red(`Not opened: ${reason}.`));
  print('Put an authorizer in front of it and deploy, then open. Nothing was changed.');
  const who = await callerIfKnown(world);
  for (const { one, refusals } of refused) await record(one.found, { ...base(order, one), who, phase: 'refused', at: now().toISOString(), after: one.reading, failures: {}, refusals }, world);
  return true;
}

function refusalsOf({ found, around: { loadBalancers } }: Standing): string[] {
  if (loadBalancers.length === 0) return [`${found.path} is in front of no load balancer, so no authorizer can be seen`];
  return loadBalancers.flatMap(({ arn, listeners }) => unprovenPaths(listeners).map((where) => `${where} forwards without asking who calls (${arn})`));
}

/** Everything that is forwarded without a proof: reopening would hand it to anybody. */
function unprovenPaths(listeners: readonly DeployedListener[]): string[] {
  return listeners.filter(({ verifiesClients }) => !verifiesClients).flatMap(({ name, rules }) => rules
    .filter(({ actions }) => actions.some((action) => action.type === 'forward' && !actions.some((other) => other.order < action.order && proves(other))))
    .map((rule) => `${rule.name} of listener ${name}`));
}

/** Whether an action stops a caller who has not proven who they are. With `allow`, a login lets anybody on. */
function proves({ type, onUnauthenticated }: Action): boolean {
  return AUTHENTICATES.test(type) && onUnauthenticated !== 'allow';
}

async function open({ found }: Standing, base: RecordBase, world: LockdownWorld): Promise<boolean> {
  const { aws, patience, print, paint, now } = world;
  if (!await record(found, { ...base, phase: 'requested', at: now().toISOString(), after: null, failures: {} }, world)) {
    print(`${found.path}: not opened, since it could not be recorded. Nothing was changed.`);
    return false;
  }
  const failures = await writeSets(aws, found.sets, 'open', patience);
  const after = await readSets(aws, found.sets);
  const isDone = FAMILIES.every((family) => after[family].state === 'open');
  const recorded = await record(found, { ...base, phase: 'done', at: now().toISOString(), after, failures: Object.fromEntries(failures) }, world);
  print(`${found.path}: ${isDone ? 'open' : paint.red('NOT open')} – ${describeSets(after)}`);
  for (const [family, failure] of failures) print(paint.red(`  ${family} could not be written: ${failure}`));
  if (!isDone) print('  Run the same command again: it does what is left to do.');
  return isDone && recorded;
}
