import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { BrokerConfiguration } from '../../broker/contract';
import type { GateConfiguration } from '../../gate/contract';
import type { ExaminedContainer, ExaminedService } from '../deployed/aws';
import type { StackResource } from '../lockdown/aws';
import type { DoctorAws, ExaminedFunction } from './aws';
import type { Asked } from './examine';

/** A service of the stack, as far as it could be asked about. */
export interface FoundService {
  readonly path: string;
  readonly asked: Asked<ExaminedService>;
}

/** A container with a gate's configuration, in its service. */
export interface FoundGate {
  readonly path: string;
  readonly service: ExaminedService;
  readonly container: ExaminedContainer;
  /** Or why it is none that this version takes; names a place, and no value. */
  readonly configuration: GateConfiguration | { readonly fault: string };
}

/** The function that gives credentials out to workers. */
export interface FoundBroker {
  readonly path: string;
  readonly examined: ExaminedFunction;
  /** Or why it is none that this version takes; names a place, and no value. */
  readonly configuration: BrokerConfiguration | { readonly fault: string };
}

/** A target group of the stack, as far as it could be asked about. */
export interface FoundTargets {
  readonly path: string;
  readonly physicalId: string;
  readonly asked: Asked<Pick<TargetGroup, 'Protocol' | 'TargetType' | 'LoadBalancerArns'>>;
}

/** What every area may look at. */
export interface Ward {
  readonly aws: DoctorAws;
  readonly resources: readonly StackResource[];
  readonly services: readonly FoundService[];
  readonly gates: readonly FoundGate[];
  readonly targetGroups: readonly FoundTargets[];
  readonly brokers: Asked<readonly FoundBroker[]>;
  /** ARNs of those that the stack makes, and of those of others that lead into it. */
  readonly loadBalancers: readonly StackResource[];
  readonly now: Date;
}

export function ofType({ resources }: Pick<Ward, 'resources'>, type: string): readonly StackResource[] {
  return resources.filter((resource) => resource.type === type && resource.physicalId !== '');
}

export const running = ({ services }: Pick<Ward, 'services'>): readonly { readonly path: string; readonly service: ExaminedService }[] => services.flatMap(({ path, asked }) => (
  'answer' in asked && asked.answer !== undefined ? [{ path, service: asked.answer }] : []));

/** As a target group's load balancers, of what could be asked. */
export const balancersOf = ({ asked }: FoundTargets): readonly string[] => ('answer' in asked ? asked.answer?.LoadBalancerArns : undefined) ?? [];
