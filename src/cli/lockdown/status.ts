import { FAMILIES } from '../../lockdown/contract';
import type { Paint } from '../../report/paint';
import type { ByFamily, LockdownAws } from './aws';
import type { FoundSwitch } from './find-switches';
import { describeSets } from './record';
import { readSets, type SetReading } from './set-state';
import { type Surroundings, surroundingsOf } from './surroundings';

/** A switch and everything around it, at one moment. */
export interface Standing {
  readonly found: FoundSwitch;
  readonly reading: ByFamily<SetReading>;
  readonly around: Surroundings;
}

export async function survey(aws: LockdownAws, switches: readonly FoundSwitch[]): Promise<Standing[]> {
  return Promise.all(switches.map(async (found) => ({ found, reading: await readSets(aws, found.sets), around: await surroundingsOf(aws, found) })));
}

export const isWhole = ({ IPV4, IPV6 }: ByFamily<SetReading>): boolean => IPV4.state === IPV6.state && ['locked', 'open'].includes(IPV4.state);

export function setsText({ path }: FoundSwitch, reading: ByFamily<SetReading>, paint: Paint): string {
  const [state] = FAMILIES.map((family) => reading[family].state);
  const word = isWhole(reading) ? (state === 'locked' ? paint.red('locked') : paint.green('open')) : paint.red('NEITHER LOCKED NOR OPEN');
  return `${path}: ${word} – ${describeSets(reading)}`;
}

/** What stands around a switch that whoever locks should know, one line each. */
export function aroundText({ loadBalancers, defects }: Surroundings, paint: Paint): string[] {
  return [
    ...defects.map((defect) => paint.red(`  Locking may not work: ${defect}.`)),
    ...loadBalancers.filter(({ exposure }) => exposure === 'off').map(({ arn }) => `  Exposure is off as deployed: ${arn} forwards nothing, whatever the sets hold.`),
  ];
}

/** Load balancers of the stack that no switch stands in front of. They may be meant to be, so that nothing fails for them. */
export function bypassText(standing: readonly Pick<Standing, 'around'>[], ofStack: readonly string[]): string[] {
  const behind = standing.flatMap(({ around }) => around.loadBalancers.map(({ arn }) => arn));
  return ofStack.filter((arn) => !behind.includes(arn)).map((arn) => `  Behind no switch of this stack, and so never locked: ${arn}`);
}
