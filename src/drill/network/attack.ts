import type { ControlId } from '../../controls';
import type { AttackResult, Saboteur } from '../attack';
import type { EvidenceClass } from '../evidence';
import type { HostModel, NetworkModel, VpcModel } from './model';
import type { NetworkScene } from './scene';

/** The host that is meant, in the VPC as the templates promise it. */
export interface NetworkTarget {
  readonly vpc: VpcModel;
  readonly host: HostModel;
}

/** One attempt to break one control from within the network or around it; like an `Attack`, with another scene. */
export interface NetworkAttack {
  /** Control and aspect, such as `NET-1.from-the-internet`. */
  readonly id: `${ControlId}.${string}`;
  readonly control: ControlId;
  /** What it tries, as a sentence. */
  readonly tries: string;
  /** What must happen, as a sentence. */
  readonly expects: string;
  readonly evidence: EvidenceClass;
  /** What it needs to be tried at all, as the end of "the templates have no …". */
  readonly needs: string;
  targets(model: NetworkModel): readonly NetworkTarget[];
  /** Throws where it could not be carried out. */
  run(target: NetworkTarget, scene: NetworkScene): Promise<AttackResult>;
  /** At least one; with any of them the attack must succeed. */
  readonly saboteurs: readonly [Saboteur, ...Saboteur[]];
}

export function defineNetworkAttack(control: ControlId, aspect: string, body: Omit<NetworkAttack, 'id' | 'control' | 'evidence'>): NetworkAttack {
  return { ...body, id: `${control}.${aspect}`, control, evidence: 'template-intent' };
}

/** The hosts that are meant, in every VPC that has a load balancer: a drill attacks what stands behind one. */
export function hostsIn(model: NetworkModel, isMeant: (host: HostModel, vpc: VpcModel) => boolean): NetworkTarget[] {
  return model.vpcs.filter(({ hosts }) => hosts.some(({ front }) => front !== undefined))
    .flatMap((vpc) => vpc.hosts.filter((host) => isMeant(host, vpc)).map((host) => ({ vpc, host })));
}

/** Its targets in one of the VPCs. */
export function targetsIn(attack: NetworkAttack, model: NetworkModel, vpc: VpcModel): readonly NetworkTarget[] {
  return attack.targets(model).filter((target) => target.vpc === vpc);
}
