import { brokenOff } from '../attempted';
import { recordOf, withoutTarget } from '../every-target';
import type { AttackRecord } from '../evidence';
import type { AttackEvidence } from '../run-attacks';
import { type NetworkAttack, targetsIn } from './attack';
import type { NetworkGround } from './build';
import { castOf, withCast } from './cast';
import { betweenControls } from './controls';
import type { NetworkModel, VpcModel } from './model';
import { openNetworkScene } from './scene';

/** Carries out every attack on every target of it. All that is in one VPC is tried in one network: nobody there uses up what others need. */
export async function attackNetworks(attacks: readonly NetworkAttack[], model: NetworkModel, ground: NetworkGround): Promise<AttackEvidence> {
  const records: AttackRecord[] = [];
  for (const vpc of model.vpcs) records.push(...await attackVpc(vpc, attacks, model, ground));
  return { attacks: attacks.flatMap(({ id }) => records.filter(({ attack }) => attack === id)), noTarget: withoutTarget(attacks, model) };
}

async function attackVpc(vpc: VpcModel, attacks: readonly NetworkAttack[], model: NetworkModel, ground: NetworkGround): Promise<AttackRecord[]> {
  const trials = attacks.flatMap((attack) => targetsIn(attack, model, vpc).map((target) => ({ attack, target })));
  if (trials.length === 0) return [];
  const cast = castOf(vpc);
  const built = await ground.build(vpc, cast);
  const records: AttackRecord[] = [];
  for (const { attack, target } of trials) {
    const transcript: string[] = [];
    const outcome = typeof built === 'string' ? brokenOff(built) : await betweenControls(attack, target, openNetworkScene(withCast(vpc, cast), cast, built, transcript));
    records.push(recordOf(attack, target.host.place, outcome, transcript));
  }
  if (typeof built !== 'string') await built.stop();
  return records;
}
