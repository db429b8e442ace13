import { FAMILIES } from '../../lockdown/contract';
import type { Paint } from '../../report/paint';
import type { ByFamily, LockdownAws } from './aws';
import type { FoundSwitch, SwitchesOfStack } from './find-switches';
import type { FlagChange } from './flags';
import { describeSets } from './record';
import { readSets, type SetReading } from './set-state';
import { protectedLoadBalancers, type Surroundings, surroundingsOf } from './surroundings';

/** A switch and everything around it, at one moment. */
export interface Standing {
  /** For messages. */
  readonly path: string;
  /** Undefined in a stack with a gate and no switch, whose own load balancers are what is around it. */
  readonly found?: FoundSwitch;
  readonly reading: ByFamily<SetReading> | null;
  readonly around: Surroundings;
}

export async function survey(aws: LockdownAws, { switches, tables, loadBalancers }: SwitchesOfStack): Promise<Standing[]> {
  if (switches.length === 0) return [{ path: `The gate of table ${tables.join(', ')}`, reading: null, around: { loadBalancers: await protectedLoadBalancers(aws, loadBalancers), defects: [] } }];
  return Promise.all(switches.map(async (found) => ({ path: found.path, found, reading: await readSets(aws, found.sets), around: await surroundingsOf(aws, found) })));
}

/** Whether everything by which a stack is locked says the same. */
export function agree(standing: readonly Standing[], flags: readonly FlagChange[]): boolean {
  const states = new Set([...standing.flatMap(({ reading }) => (reading ? FAMILIES.map((family) => reading[family].state) : [])), ...flags.map(({ before }) => before.state)]);
  return states.size === 1 && (states.has('locked') || states.has('open'));
}

const isWhole = ({ IPV4, IPV6 }: ByFamily<SetReading>): boolean => IPV4.state === IPV6.state && ['locked', 'open'].includes(IPV4.state);

/** In one line; none where there are no sets. */
export function setsText({ path, reading }: Pick<Standing, 'path' | 'reading'>, paint: Paint): readonly string[] {
  if (reading === null) return [];
  const [state] = FAMILIES.map((family) => reading[family].state);
  const word = isWhole(reading) ? (state === 'locked' ? paint.red('locked') : paint.green('open')) : paint.red('NEITHER LOCKED NOR OPEN');
  return [`${path}: ${word} – ${describeSets(reading)}`];
}

export function standingText(standing: readonly Standing[], paint: Paint): readonly string[] {
  return standing.flatMap((one) => [...setsText(one, paint), ...aroundText(one.around, paint)]);
}

/** What stands around a switch that whoever locks should know, one line each. */
export function aroundText({ loadBalancers, defects }: Surroundings, paint: Paint): string[] {
  return [
    ...defects.map((defect) => paint.red(`  Locking may not work: ${defect}.`)),
    ...loadBalancers.filter(({ exposure }) => exposure === 'off').map(({ arn }) => `  Exposure is off as deployed: ${arn} forwards nothing, whatever the sets hold.`),
  ];
}

/** Load balancers of the stack that no switch stands in front of. They may be meant to be, so that nothing fails for them. */
export function bypassText(standing: readonly Pick<Standing, 'around'>[], { loadBalancers, tables }: Pick<SwitchesOfStack, 'loadBalancers' | 'tables'>): string[] {
  const so = tables.length > 0 ? 'locked for what a gate is in front of alone' : 'never locked';
  const behind = standing.flatMap(({ around }) => around.loadBalancers.map(({ arn }) => arn));
  return loadBalancers.filter((arn) => !behind.includes(arn)).map((arn) => `  Behind no switch of this stack, and so ${so}: ${arn}`);
}
