import type { GateConfiguration } from '../../gate/contract';
import type { ExaminedContainer, ExaminedService } from '../deployed/aws';
import type { StackResource } from '../lockdown/aws';
import type { DoctorAws } from './aws';
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

/** What every area may look at. */
export interface Ward {
  readonly aws: DoctorAws;
  readonly resources: readonly StackResource[];
  readonly services: readonly FoundService[];
  readonly gates: readonly FoundGate[];
  /** ARNs of those that the stack makes, and of those of others that lead into it. */
  readonly loadBalancers: readonly StackResource[];
  readonly now: Date;
}

export function ofType({ resources }: Pick<Ward, 'resources'>, type: string): readonly StackResource[] {
  return resources.filter((resource) => resource.type === type && resource.physicalId !== '');
}

export const running = ({ services }: Pick<Ward, 'services'>): readonly { readonly path: string; readonly service: ExaminedService }[] => services.flatMap(({ path, asked }) => (
  'answer' in asked && asked.answer !== undefined ? [{ path, service: asked.answer }] : []));

/** Whether callers may prove who they are so. */
export const accepts = (gates: readonly FoundGate[], kind: 'certificate' | 'token' | 'key'): boolean => gates.some(({ configuration }) => (
  !('fault' in configuration) && configuration.identity.accept.some((proofs) => proofs.includes(kind))));
