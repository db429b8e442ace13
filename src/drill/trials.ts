import type { JsonMap, Template } from '../checks/template/template';
import type { AttackOn, Saboteur } from './attack';
import type { Outcome } from './attempted';
import type { ProofRecord } from './evidence';

const NOTHING: Pick<ProofRecord, 'verdict' | 'saw'> = { verdict: 'not-applicable', saw: 'The templates have nothing of this kind to take away.' };

/** An attack, and one protection that is taken away for it. */
export interface Trial<Attack> {
  readonly attack: Attack;
  readonly saboteur: Saboteur;
}

/** Trials that need the same weakened templates, and so one deployment of them. */
export interface TrialGroup<Attack> {
  readonly templates: readonly Template[];
  readonly trials: readonly Trial<Attack>[];
}

/** Every attack with each of its saboteurs. */
export function trialsOf<Attack extends { readonly saboteurs: readonly Saboteur[] }>(attacks: readonly Attack[]): Trial<Attack>[] {
  return attacks.flatMap((attack) => attack.saboteurs.map((saboteur) => ({ attack, saboteur })));
}

/**
 * Trials by what they leave of the templates. Those with nothing to attack, or nothing to take away, are in no group.
 *
 * @param good what the templates promise, which is what is attacked
 * @param weakened what a trial leaves of the templates; undefined where there is nothing to take away
 */
export function grouped<Model, Attack extends Pick<AttackOn<Model, unknown, never>, 'targets'>>(
  trials: readonly Trial<Attack>[], good: Model, weakened: (trial: Trial<Attack>) => readonly Template[] | undefined,
): TrialGroup<Attack>[] {
  const groups = new Map<string, { readonly templates: readonly Template[]; readonly trials: Trial<Attack>[] }>();
  for (const trial of trials) {
    const templates = trial.attack.targets(good).length > 0 ? weakened(trial) : undefined;
    if (templates === undefined) continue;
    const key = JSON.stringify(templates.map(bodiesOf));
    const group = groups.get(key) ?? { templates, trials: [] };
    groups.set(key, group);
    group.trials.push(trial);
  }
  return [...groups.values()];
}

/** All that tells a template from another one. */
function bodiesOf({ name, body, nested }: Template): readonly [string, JsonMap, readonly unknown[]] {
  return [name, body, [...nested?.values() ?? []].map(bodiesOf)];
}

/** One record for each trial, in their order. One that came to nothing at all had nothing to prove. */
export function proofsOf<Attack extends Pick<AttackOn<never, never, never>, 'id' | 'control'>>(
  trials: readonly Trial<Attack>[], outcomes: ReadonlyMap<Trial<Attack>, Outcome>,
): ProofRecord[] {
  return trials.map((trial) => {
    const { attack: { id, control }, saboteur: { name } } = trial;
    return { attack: id, control, saboteur: name, ...outcomes.get(trial) ?? NOTHING };
  });
}

/** Of a trial whose templates do not come to life. */
export function notBroughtUp(why: string): Outcome {
  return { verdict: 'inconclusive', saw: `The weakened templates could not be brought up: ${why}` };
}
