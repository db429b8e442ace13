import type { AttackOn } from './attack';
import type { Outcome } from './attempted';
import type { Place } from './edge/model';
import type { AttackRecord, Evidence } from './evidence';
import { inLanes } from './lanes';

/**
 * Carries out every attack on every target of it, in their order within a lane, and side by side between lanes: nobody waits for the slowest. One that others
 * would feel waits until all that come before it are done, and is then alone.
 */
export async function onEveryTarget<Model, Target, InHand>(
  attacks: readonly AttackOn<Model, Target, InHand>[],
  model: Model,
  laneOf: (target: Target) => string,
  carryOut: (attack: AttackOn<Model, Target, InHand>, target: Target) => Promise<AttackRecord>,
): Promise<AttackRecord[]> {
  const records: AttackRecord[] = [];
  for (const group of betweenThoseAlone(attacks)) {
    const aims = group.flatMap((attack) => attack.targets(model).map((target) => ({ attack, target })));
    records.push(...await inLanes(aims, ({ attack, target }) => (attack.isAlone ? '' : laneOf(target)), ({ attack, target }) => carryOut(attack, target)));
  }
  return records;
}

/** Attacks in their order: each that is alone by itself, and together what stands between two such. */
function betweenThoseAlone<A extends Pick<AttackOn<never, never, never>, 'isAlone'>>(attacks: readonly A[]): A[][] {
  const groups: A[][] = [];
  for (const attack of attacks) {
    const last = groups.at(-1);
    if (last === undefined || attack.isAlone || last.some(({ isAlone }) => isAlone)) groups.push([attack]);
    else last.push(attack);
  }
  return groups;
}

/** Attacks for which a model has no target, each with the reason. */
export function withoutTarget<Model>(attacks: readonly Pick<AttackOn<Model, unknown, never>, 'id' | 'control' | 'needs' | 'targets'>[], model: Model): Evidence['noTarget'] {
  return attacks.filter((attack) => attack.targets(model).length === 0).map(({ id, control, needs }) => ({ attack: id, control, reason: `The templates have no ${needs}.` }));
}

/** @param transcript the very one that the attack writes into */
export function recordOf(
  { id, control, evidence, tries, expects }: Pick<AttackOn<never, never, never>, 'id' | 'control' | 'evidence' | 'tries' | 'expects'>,
  target: Place,
  { verdict, saw }: Outcome,
  transcript: readonly string[],
): AttackRecord {
  return { attack: id, control, evidence, tries, expects, target, verdict, saw, transcript };
}
