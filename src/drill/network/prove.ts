import type { Template } from '../../checks/template/template';
import type { Saboteur } from '../attack';
import type { AttackRecord, ProofRecord } from '../evidence';
import { messageOf } from '../message-of';
import { sabotaged } from '../prove';
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

interface Trial {
  readonly attack: NetworkAttack;
  readonly saboteur: Saboteur;
}

type Outcome = Pick<ProofRecord, 'verdict' | 'saw'>;

const NOTHING: Outcome = { verdict: 'not-applicable', saw: 'The templates have nothing of this kind to take away.' };

/** Takes one protection out of the templates after the other and requires that the matching attack then succeeds. */
export async function proveNetworks(attacks: readonly NetworkAttack[], templates: readonly Template[], ground: NetworkProvingGround): Promise<ProofRecord[]> {
  const good = ground.translate(templates);
  const trials = attacks.flatMap((attack) => attack.saboteurs.map((saboteur): Trial => ({ attack, saboteur })));
  const outcomes = new Map<Trial, Outcome>();
  // Attacks that ask for the same saboteur share its network.
  for (const saboteur of new Set(trials.map((trial) => trial.saboteur))) {
    const weakened = sabotaged(templates, saboteur);
    if (weakened === undefined) continue;
    const meant = trials.filter((trial) => trial.saboteur === saboteur);
    for (const vpc of good.vpcs) for (const [trial, outcome] of await proveIn(vpc, meant, { good, weakened, ground })) outcomes.set(trial, better(outcomes.get(trial), outcome));
  }
  return trials.map((trial) => ({ attack: trial.attack.id, control: trial.attack.control, saboteur: trial.saboteur.name, ...outcomes.get(trial) ?? NOTHING }));
}

/** One success is a proof, whatever became of the other targets. */
function better(before: Outcome | undefined, now: Outcome): Outcome {
  return before?.verdict === 'succeeded' ? before : now;
}

interface Weakened {
  readonly good: NetworkModel;
  readonly weakened: readonly Template[];
  readonly ground: NetworkProvingGround;
}

/** The people and the targets are those of the good templates; only the network is the weak one. */
async function proveIn(vpc: VpcModel, trials: readonly Trial[], { good, weakened, ground }: Weakened): Promise<[Trial, Outcome][]> {
  const meant = trials.filter(({ attack }) => targetsIn(attack, good, vpc).length > 0);
  if (meant.length === 0) return [];
  const cast = castOf(vpc);
  let wire: Wire | undefined;
  try {
    const weak = ground.translate(weakened).vpcs.find(({ place }) => place.stack === vpc.place.stack && place.logicalId === vpc.place.logicalId);
    if (weak === undefined) throw new Error('The VPC is gone.');
    const built = await ground.build(weak, cast);
    if (typeof built === 'string') throw new Error(built);
    wire = built;
    const outcomes: [Trial, Outcome][] = [];
    for (const trial of meant) {
      for (const target of targetsIn(trial.attack, good, vpc)) {
        const scene = openNetworkScene(withCast(weak, cast), cast, built, []);
        outcomes.push([trial, await attempted(() => trial.attack.run(target, scene))]);
      }
    }
    return outcomes;
  } catch (error) {
    return meant.map((trial) => [trial, { verdict: 'inconclusive', saw: `The weakened templates could not be brought up: ${messageOf(error)}` }]);
  } finally {
    await wire?.stop();
  }
}

async function attempted(run: () => Promise<Pick<AttackRecord, 'verdict' | 'saw'>>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    return { verdict: 'inconclusive', saw: `It could not be carried out: ${messageOf(error)}` };
  }
}
