import type { Template } from '../../checks/template/template';
import type { Saboteur } from '../attack';
import type { AttackRecord, ProofRecord } from '../evidence';
import { inLanes, lanesOf } from '../lanes';
import { messageOf } from '../message-of';
import { bodiesOf, sabotaged } from '../prove';
import type { AttackEvidence } from '../run-attacks';
import type { KeepingAttack, KeepingModel, KeepingTarget } from './attack';
import type { KeepingScene } from './scene';
import { slimmed } from './slim';

/** A deployment that can be attacked. */
export interface Standing {
  open(transcript: string[]): KeepingScene;
  stop(): Promise<void>;
}

/** Where templates come to life. */
export interface KeepingGround {
  /** Deploys them to an emulator of their own. Throws where that cannot be done. */
  stand(templates: readonly Template[]): Promise<Standing>;
}

export interface KeepingProvingGround extends KeepingGround {
  translate(templates: readonly Template[]): KeepingModel;
}

type Outcome = Pick<AttackRecord, 'verdict' | 'saw'>;

/** Carries out every attack on every target of it: one attack after the other, side by side on stacks that have nothing to do with each other. Nothing is started for templates that keep nothing. */
export async function attackKeeping(attacks: readonly KeepingAttack[], model: KeepingModel, templates: readonly Template[], ground: KeepingGround): Promise<AttackEvidence> {
  const noTarget = attacks.filter((attack) => attack.targets(model).length === 0)
    .map(({ id, control, needs }) => ({ attack: id, control, reason: `The templates have no ${needs}.` }));
  if (noTarget.length === attacks.length) return { attacks: [], noTarget };
  const [standing, laneOf] = [await stand(templates, ground), lanesOf(templates)];
  const records: AttackRecord[] = [];
  for (const attack of attacks) {
    records.push(...await inLanes(attack.targets(model), ({ place }) => (attack.isAlone ? '' : laneOf(place.stack)), async (target) => {
      const transcript: string[] = [];
      const { id, control, evidence, tries, expects } = attack;
      const result = typeof standing === 'string' ? brokenOff(standing) : await attempted(attack, target, standing.open(transcript));
      return { attack: id, control, evidence, tries, expects, target: target.place, ...result, transcript };
    }));
  }
  if (typeof standing !== 'string') await standing.stop();
  return { attacks: records, noTarget };
}

interface Trial {
  readonly attack: KeepingAttack;
  readonly saboteur: Saboteur;
}

/** Trials that need the same weakened templates, and so one deployment. */
interface Group {
  readonly templates: readonly Template[];
  readonly trials: Trial[];
}

/** Takes one protection out of the templates after the other and requires that the matching attack then succeeds. */
export async function proveKeeping(attacks: readonly KeepingAttack[], templates: readonly Template[], ground: KeepingProvingGround): Promise<ProofRecord[]> {
  const good = ground.translate(templates);
  const trials = attacks.flatMap((attack) => attack.saboteurs.map((saboteur): Trial => ({ attack, saboteur })));
  const slim = templates.map(slimmed);
  const groups = new Map<string, Group>();
  const outcomes = new Map<Trial, Outcome>();
  for (const trial of trials) {
    const weakened = trial.attack.targets(good).length === 0 ? undefined : sabotaged(slim, trial.saboteur);
    if (weakened === undefined) continue;
    const key = JSON.stringify(weakened.map(bodiesOf));
    const group = groups.get(key) ?? { templates: weakened, trials: [] };
    groups.set(key, group);
    group.trials.push(trial);
  }
  for (const { templates: weakened, trials: alike } of groups.values()) {
    const standing = await stand(weakened, ground);
    for (const trial of alike) outcomes.set(trial, await proveOn(trial.attack, trial.attack.targets(good), standing));
    if (typeof standing !== 'string') await standing.stop();
  }
  return trials.map((trial) => {
    const { attack: { id, control }, saboteur: { name } } = trial;
    return { attack: id, control, saboteur: name, ...(outcomes.get(trial) ?? { verdict: 'not-applicable' as const, saw: 'The templates have nothing of this kind to take away.' }) };
  });
}

/** One target after the other, until there is one at which it succeeds. */
async function proveOn(attack: KeepingAttack, targets: readonly KeepingTarget[], standing: Standing | string): Promise<Outcome> {
  if (typeof standing === 'string') return { verdict: 'inconclusive', saw: `The weakened templates could not be brought up: ${standing}` };
  let last = brokenOff('there is no target');
  for (const target of targets) {
    last = await attempted(attack, target, standing.open([]));
    if (last.verdict === 'succeeded') break;
  }
  return last;
}

async function stand(templates: readonly Template[], ground: KeepingGround): Promise<Standing | string> {
  try {
    return await ground.stand(templates);
  } catch (error) {
    return messageOf(error);
  }
}

async function attempted(attack: KeepingAttack, target: KeepingTarget, scene: KeepingScene): Promise<Outcome> {
  try {
    return await attack.run(target, scene);
  } catch (error) {
    return brokenOff(messageOf(error));
  }
}

function brokenOff(why: string): Outcome {
  return { verdict: 'inconclusive', saw: `It could not be carried out: ${why}` };
}
