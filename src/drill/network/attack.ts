import type { ControlId } from '../../controls';
import type { AttackOn } from '../attack';
import type { HostModel, NetworkModel, VpcModel } from './model';
import type { NetworkScene } from './scene';

/** The host that is meant, in the VPC as the templates promise it. */
export interface NetworkTarget {
  readonly vpc: VpcModel;
  readonly host: HostModel;
}

/** From within the network or around it. */
export type NetworkAttack = AttackOn<NetworkModel, NetworkTarget, NetworkScene>;

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
