import { FAMILIES, type Family } from '../../lockdown/contract';
import type { ByFamily } from './aws';
import { confirm } from './confirm';
import type { SwitchesOfStack } from './find-switches';
import { changeText, type FlagChange, flagText, readFlags, writeFlags } from './flags';
import { callerIfKnown, describeSets, record, type LockdownRecord } from './record';
import { readSets, type SetReading, writeSets } from './set-state';
import { type Standing, standingText, survey } from './status';
import { unprovenPaths } from './unproven';
import type { LockdownWorld, Order } from './world';

/** Opens every switch and every gate of a stack where an authorizer is in force behind all of them (INC-2). */
export async function reopen(order: Order, found: SwitchesOfStack, world: LockdownWorld): Promise<boolean> {
  const { aws, tables, print, paint } = world;
  const [shown, flags] = await Promise.all([survey(aws, found), readFlags(tables, found.tables)]);
  for (const line of [...standingText(shown, paint), ...flags.map((one) => flagText(one, paint))]) print(line);
  if (await refuses(order, shown, flags, world)) return false;
  await confirm('let callers into', order, world);
  // Whoever answers takes time, in which an authorizer may have gone.
  const standing = order.yes ? shown : await survey(aws, found);
  if (!order.yes && await refuses(order, standing, flags, world)) return false;
  return openAll(standing.map((one) => ({ one, base: base(order, one) })), flags, await aws.caller(), world);
}

type RecordBase = Pick<LockdownRecord, 'event' | 'action' | 'why' | 'stack' | 'switch' | 'before'>;

function base({ stack, reason }: Order, { found, reading }: Standing): RecordBase {
  return { event: 'lockdown', action: 'off', why: reason ?? null, stack, switch: found?.path ?? null, before: reading };
}

/** Says why nothing may be opened, if so, and writes down who tried. */
async function refuses(order: Order, standing: readonly Standing[], tables: readonly FlagChange[], world: LockdownWorld): Promise<boolean> {
  const { print, paint, now } = world;
  const refused = standing.map((one) => ({ one, refusals: refusalsOf(one) })).filter(({ refusals }) => refusals.length > 0);
  if (refused.length === 0) return false;
  for (const reason of refused.flatMap(({ refusals }) => refusals)) print(paint.red(`Not opened: ${reason}.`));
  print('Put an authorizer in front of it and deploy, then open. Nothing was changed.');
  const who = await callerIfKnown(world);
  for (const { one, refusals } of refused) {
    await record(one.found, { ...base(order, one), who, phase: 'refused', at: now().toISOString(), after: one.reading, failures: {}, tables, refusals }, world);
  }
  return true;
}

function refusalsOf({ path, around: { loadBalancers } }: Standing): string[] {
  if (loadBalancers.length === 0) return [`${path} is in front of no load balancer, so no authorizer can be seen`];
  return loadBalancers.flatMap(({ arn, listeners, gates }) => unprovenPaths(listeners, gates).map((where) => `${where} forwards without asking who calls (${arn})`));
}

interface ToOpen {
  readonly one: Standing;
  readonly base: RecordBase;
}

/** Switches first, and gates once all of them are open: what has gone wrong half way leaves the inner door closed. */
async function openAll(standing: readonly ToOpen[], flags: readonly FlagChange[], who: string, world: LockdownWorld): Promise<boolean> {
  const { tables, patience, print, paint } = world;
  const opened = [];
  for (const { one, base } of standing) opened.push({ one, base, sets: await open(one, { ...base, who, tables: flags }, world) });
  const areSetsOpen = opened.every(({ sets }) => sets?.isDone === true);
  const lowered = areSetsOpen ? await writeFlags(tables, flags.map(({ table }) => table), 'open', patience) : flags;
  if (areSetsOpen) {
    for (const line of lowered.flatMap((one) => changeText(one, 'open', paint))) print(line);
  } else if (flags.length > 0) {
    print('The gates stay as they are until every switch is open.');
  }
  let isRecorded = true;
  for (const { one, base, sets } of opened) {
    if (sets === undefined) continue;
    const event = { ...base, who, phase: 'done' as const, at: world.now().toISOString(), after: sets.after, failures: Object.fromEntries(sets.failures), tables: lowered };
    if (!await record(one.found, event, world)) isRecorded = false;
  }
  return areSetsOpen && isRecorded && lowered.every(({ after }) => after?.state === 'open');
}

interface Opened {
  readonly isDone: boolean;
  readonly after: ByFamily<SetReading> | null;
  readonly failures: ReadonlyMap<Family, string>;
}

/** Undefined: it could not be recorded, and nothing was done. */
async function open({ path, found }: Standing, base: RecordBase & Pick<LockdownRecord, 'who' | 'tables'>, world: LockdownWorld): Promise<Opened | undefined> {
  const { aws, patience, print, paint, now } = world;
  if (!await record(found, { ...base, phase: 'requested', at: now().toISOString(), after: null, failures: {} }, world)) {
    print(`${path}: not opened, since it could not be recorded. Nothing was changed.`);
    return undefined;
  }
  if (found === undefined) return { isDone: true, after: null, failures: new Map() };
  const failures = await writeSets(aws, found.sets, 'open', patience);
  const after = await readSets(aws, found.sets);
  const isDone = FAMILIES.every((family) => after[family].state === 'open');
  print(`${path}: ${isDone ? 'open' : paint.red('NOT open')} – ${describeSets(after)}`);
  for (const [family, failure] of failures) print(paint.red(`  ${family} could not be written: ${failure}`));
  if (!isDone) print('  Run the same command again: it does what is left to do.');
  return { isDone, after, failures };
}
