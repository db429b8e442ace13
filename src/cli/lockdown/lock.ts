import { FAMILIES } from '../../lockdown/contract';
import { explainAwsError } from '../aws-errors';
import { confirm } from './confirm';
import type { SwitchesOfStack } from './find-switches';
import { callerIfKnown, describeSets, record } from './record';
import { readSets, writeSets } from './set-state';
import { aroundText, bypassText, setsText } from './status';
import { surroundingsOf, type Surroundings } from './surroundings';
import type { LockdownWorld, Order } from './world';

/** Locks every switch of a stack, all at once and before it looks at anything else: neither a right that is missing nor a slow answer may keep the door open. */
export async function lock(order: Order, { switches, broken, loadBalancers }: SwitchesOfStack, world: LockdownWorld): Promise<boolean> {
  const { aws, patience, print, paint, now } = world;
  for (const text of await Promise.all(switches.map(async (found) => setsText(found, await readSets(aws, found.sets), paint)))) print(text);
  await confirm('lock everybody out of', order, world);
  const flipped = await Promise.all(switches.map(async (found) => {
    const before = await readSets(aws, found.sets);
    const failures = await writeSets(aws, found.sets, 'locked', patience);
    return { found, before, failures, after: await readSets(aws, found.sets) };
  }));
  const outcomes = flipped.map((one) => ({ ...one, isDone: FAMILIES.every((family) => one.after[family].state === 'locked') }));
  for (const { found, failures, after, isDone } of outcomes) {
    print(`${found.path}: ${isDone ? 'locked' : paint.red('NOT locked')} – ${describeSets(after)}`);
    for (const [family, failure] of failures) print(paint.red(`  ${family} could not be written: ${failure}`));
    if (!isDone) print('  Run the same command again: it does what is left to do.');
  }
  for (const reason of broken) print(paint.red(`NOT locked: ${reason}`));
  if (outcomes.some(({ isDone }) => isDone)) print('AWS WAF spreads a change within seconds to minutes; open streams end when their connection does.');
  const who = await callerIfKnown(world);
  const written = await Promise.all(outcomes.map(({ found, before, failures, after }) => record(found, {
    event: 'lockdown', action: 'on', phase: 'done', at: now().toISOString(), who, why: order.reason ?? null,
    stack: order.stack, switch: found.path, before, after, failures: Object.fromEntries(failures),
  }, world)));
  const around: Surroundings[] = [];
  for (const { found } of outcomes) around.push(await looked(found.path, () => surroundingsOf(aws, found), world));
  for (const line of bypassText(around.map((one) => ({ around: one })), around.some(({ defects }) => defects.length > 0) ? [] : loadBalancers)) print(line);
  return broken.length === 0 && outcomes.every(({ isDone }) => isDone) && written.every((is) => is) && around.every(({ defects }) => defects.length === 0);
}

async function looked(path: string, look: () => Promise<Surroundings>, { print, paint }: LockdownWorld): Promise<Surroundings> {
  const around = await look().catch((error: unknown) => ({ loadBalancers: [], defects: [`whether a web ACL reads the sets is not known (${explainAwsError(error, { service: 'AWS' })})`] }));
  const lines = aroundText(around, paint);
  if (lines.length > 0) print([`${path}:`, ...lines].join('\n'));
  return around;
}
