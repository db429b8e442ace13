import type { Template } from '../../checks/template/template';
import { brokenOff, carriedOut, type Outcome, untilSuccess } from '../attempted';
import { onEveryTarget, recordOf, withoutTarget } from '../every-target';
import type { ProofRecord } from '../evidence';
import { lanesOf } from '../lanes';
import { messageOf } from '../message-of';
import { sabotaged } from '../prove';
import type { AttackEvidence } from '../run-attacks';
import { grouped, notBroughtUp, proofsOf, type Trial, trialsOf } from '../trials';
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

/** Carries out every attack on every target of it: one attack after the other, side by side on stacks that have nothing to do with each other. Nothing is started for templates that keep nothing. */
export async function attackKeeping(attacks: readonly KeepingAttack[], model: KeepingModel, templates: readonly Template[], ground: KeepingGround): Promise<AttackEvidence> {
  const noTarget = withoutTarget(attacks, model);
  if (noTarget.length === attacks.length) return { attacks: [], noTarget };
  const [standing, laneOf] = [await stand(templates, ground), lanesOf(templates)];
  const records = await onEveryTarget(attacks, model, ({ place }) => laneOf(place.stack), async (attack, target) => {
    const transcript: string[] = [];
    const outcome = typeof standing === 'string' ? brokenOff(standing) : await carriedOut(attack, target, standing.open(transcript));
    return recordOf(attack, target.place, outcome, transcript);
  });
  if (typeof standing !== 'string') await standing.stop();
  return { attacks: records, noTarget };
}

/** Takes one protection out of the templates after the other and requires that the matching attack then succeeds. */
export async function proveKeeping(attacks: readonly KeepingAttack[], templates: readonly Template[], ground: KeepingProvingGround): Promise<ProofRecord[]> {
  const good = ground.translate(templates);
  const trials = trialsOf(attacks);
  const slim = templates.map(slimmed);
  const outcomes = new Map<Trial<KeepingAttack>, Outcome>();
  for (const group of grouped(trials, good, ({ saboteur }) => sabotaged(slim, saboteur))) {
    const standing = await stand(group.templates, ground);
    for (const trial of group.trials) outcomes.set(trial, await proveOn(trial.attack, trial.attack.targets(good), standing));
    if (typeof standing !== 'string') await standing.stop();
  }
  return proofsOf(trials, outcomes);
}

async function proveOn(attack: KeepingAttack, targets: readonly KeepingTarget[], standing: Standing | string): Promise<Outcome> {
  return typeof standing === 'string' ? notBroughtUp(standing) : untilSuccess(targets, (target) => carriedOut(attack, target, standing.open([])));
}

async function stand(templates: readonly Template[], ground: KeepingGround): Promise<Standing | string> {
  try {
    return await ground.stand(templates);
  } catch (error) {
    return messageOf(error);
  }
}
