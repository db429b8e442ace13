import { FAMILIES, type Family } from '../../lockdown/contract';
import { explainAwsError } from '../aws-errors';
import type { ByFamily } from './aws';
import { confirm } from './confirm';
import type { FoundSwitch, SwitchesOfStack } from './find-switches';
import { changeText, type Flag, type FlagChange, flagText, GATES_TEXT, readFlags, writeFlags } from './flags';
import { callerIfKnown, describeSets, record } from './record';
import { readSets, type SetReading, writeSets } from './set-state';
import { aroundText, bypassText, setsText } from './status';
import { surroundingsOf, type Surroundings } from './surroundings';
import type { LockdownWorld, Order } from './world';

interface Flipped {
  readonly found: FoundSwitch;
  readonly before: ByFamily<SetReading>;
  readonly after: ByFamily<SetReading>;
  readonly failures: ReadonlyMap<Family, string>;
}

/** Locks every switch and every gate of a stack, all at once and before it looks at anything else: neither a right that is missing nor a slow answer may keep the door open. */
export async function lock(order: Order, found: SwitchesOfStack, world: LockdownWorld): Promise<boolean> {
  const { aws, tables, patience, print, paint, now } = world;
  const [setsShown, flagsShown] = await Promise.all([
    Promise.all(found.switches.map(async ({ path, sets }) => setsText({ path, reading: await readSets(aws, sets) }, paint))),
    readFlags(tables, found.tables),
  ]);
  for (const text of [...setsShown.flat(), ...flagsShown.map((one) => flagText(one, paint))]) print(text);
  await confirm('lock everybody out of', order, world);
  const flag: Flag = { since: now().toISOString(), why: order.reason ?? null, who: null };
  const [switches, gates] = await Promise.all([Promise.all(found.switches.map((one) => flip(one, world))), writeFlags(tables, found.tables, flag, patience)]);
  const areSetsDone = switches.map((one) => say(one, world));
  const areGatesDone = gates.map((one) => {
    for (const line of changeText(one, 'locked', paint)) print(line);
    return one.after?.state === 'locked';
  });
  for (const reason of found.broken) print(paint.red(`NOT locked: ${reason}`));
  if (areGatesDone.includes(true)) print(GATES_TEXT);
  if (areSetsDone.includes(true)) print(`AWS WAF spreads a change within seconds to minutes${areGatesDone.includes(true) ? '.' : '; open streams end when their connection does.'}`);
  const who = await callerIfKnown(world);
  const signed = await sign(gates, { ...flag, who }, world);
  const isRecorded = await recordAll(order, switches, { who, tables: signed }, world);
  const around: Surroundings[] = [];
  for (const one of found.switches) around.push(await looked(one.path, () => surroundingsOf(aws, one), world));
  const isSeen = around.length > 0 && around.every(({ defects }) => defects.length === 0);
  for (const line of bypassText(around.map((one) => ({ around: one })), isSeen ? found : { ...found, loadBalancers: [] })) print(line);
  return [...areSetsDone, ...areGatesDone, isRecorded].every((is) => is) && found.broken.length === 0 && (found.switches.length === 0 || isSeen);
}

async function flip(found: FoundSwitch, { aws, patience }: LockdownWorld): Promise<Flipped> {
  const before = await readSets(aws, found.sets);
  const failures = await writeSets(aws, found.sets, 'locked', patience);
  return { found, before, failures, after: await readSets(aws, found.sets) };
}

function say({ found, failures, after }: Flipped, { print, paint }: LockdownWorld): boolean {
  const isDone = FAMILIES.every((family) => after[family].state === 'locked');
  print(`${found.path}: ${isDone ? 'locked' : paint.red('NOT locked')} – ${describeSets(after)}`);
  for (const [family, failure] of failures) print(paint.red(`  ${family} could not be written: ${failure}`));
  if (!isDone) print('  Run the same command again: it does what is left to do.');
  return isDone;
}

/** Who locked is asked once everything is locked, and added then; where that fails, the record says it. */
async function sign(gates: readonly FlagChange[], flag: Flag, { tables, patience }: LockdownWorld): Promise<readonly FlagChange[]> {
  const raised = gates.filter(({ after }) => after?.state === 'locked' && after.flag.who === null);
  const signed = new Map((await writeFlags(tables, raised.map(({ table }) => table), flag, patience)).map((one) => [one.table, one.after]));
  return gates.map((gate) => ({ ...gate, after: signed.get(gate.table) ?? gate.after }));
}

async function recordAll({ stack, reason }: Order, switches: readonly Flipped[], told: { readonly who: string; readonly tables: readonly FlagChange[] }, world: LockdownWorld): Promise<boolean> {
  const base = { event: 'lockdown', action: 'on', phase: 'done', at: world.now().toISOString(), ...told, why: reason ?? null, stack } as const;
  if (switches.length === 0) return record(undefined, { ...base, switch: null, before: null, after: null, failures: {} }, world);
  const written = await Promise.all(switches.map(({ found, before, failures, after }) => record(found, { ...base, switch: found.path, before, after, failures: Object.fromEntries(failures) }, world)));
  return written.every((is) => is);
}

async function looked(path: string, look: () => Promise<Surroundings>, { print, paint }: LockdownWorld): Promise<Surroundings> {
  const around = await look().catch((error: unknown) => ({ loadBalancers: [], defects: [`whether a web ACL reads the sets is not known (${explainAwsError(error, { service: 'AWS' })})`] }));
  const lines = aroundText(around, paint);
  if (lines.length > 0) print([`${path}:`, ...lines].join('\n'));
  return around;
}
