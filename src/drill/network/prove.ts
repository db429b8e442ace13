import type { Template } from '../../checks/template/template';
import { carriedOut, type Outcome } from '../attempted';
import type { ProofRecord } from '../evidence';
import { messageOf } from '../message-of';
import { sabotaged } from '../prove';
import { grouped, notBroughtUp, proofsOf, type Trial, type TrialGroup, trialsOf } from '../trials';
import { type NetworkAttack, targetsIn } from './attack';
import type { NetworkGround } from './build';
import { castOf, withCast } from './cast';
import type { NetworkModel, VpcModel } from './model';
import { openNetworkScene } from './scene';
import type { Wire } from './wire';

/** Where weakened templates come to life. */
export interface NetworkProvingGround extends NetworkGround {
  translate(templates: readonly Template[]): NetworkModel;
}

/** Takes one protection out of the templates after the other and requires that the matching attack then succeeds. */
export async function proveNetworks(attacks: readonly NetworkAttack[], templates: readonly Template[], ground: NetworkProvingGround): Promise<ProofRecord[]> {
  const good = ground.translate(templates);
  const trials = trialsOf(attacks);
  const outcomes = new Map<Trial<NetworkAttack>, Outcome>();
  for (const group of grouped(trials, good, ({ saboteur }) => sabotaged(templates, saboteur))) {
    for (const vpc of good.vpcs) for (const [trial, outcome] of await proveIn(vpc, group, good, ground)) outcomes.set(trial, better(outcomes.get(trial), outcome));
  }
  return proofsOf(trials, outcomes);
}

/** One success is a proof, whatever became of the other targets. */
function better(before: Outcome | undefined, now: Outcome): Outcome {
  return before?.verdict === 'succeeded' ? before : now;
}

/** The people and the targets are those of the good templates; only the network is the weak one. */
async function proveIn(vpc: VpcModel, { templates, trials }: TrialGroup<NetworkAttack>, good: NetworkModel, ground: NetworkProvingGround): Promise<[Trial<NetworkAttack>, Outcome][]> {
  const meant = trials.filter(({ attack }) => targetsIn(attack, good, vpc).length > 0);
  if (meant.length === 0) return [];
  const cast = castOf(vpc);
  let wire: Wire | undefined;
  try {
    const weak = ground.translate(templates).vpcs.find(({ place }) => place.stack === vpc.place.stack && place.logicalId === vpc.place.logicalId);
    if (weak === undefined) throw new Error('The VPC is gone.');
    const built = await ground.build(weak, cast);
    if (typeof built === 'string') throw new Error(built);
    wire = built;
    const outcomes: [Trial<NetworkAttack>, Outcome][] = [];
    for (const trial of meant) {
      for (const target of targetsIn(trial.attack, good, vpc)) {
        outcomes.push([trial, await carriedOut(trial.attack, target, openNetworkScene(withCast(weak, cast), cast, built, []))]);
      }
    }
    return outcomes;
  } catch (error) {
    return meant.map((trial) => [trial, notBroughtUp(messageOf(error))]);
  } finally {
    await wire?.stop();
  }
}
