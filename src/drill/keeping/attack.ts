import type { Resource } from '../../checks/template/resource';
import type { TemplateGraph } from '../../checks/template/template-graph';
import type { ControlId } from '../../controls';
import type { AttackOn } from '../attack';
import type { Place } from '../edge/model';
import { placeOf } from '../place';
import type { KeepingScene } from './scene';

/** What some templates keep: secrets, who may read them, and the stores that data is in. */
export interface KeepingModel {
  readonly graph: TemplateGraph;
}

/** The resource that is meant, as the templates promise it. */
export interface KeepingTarget {
  readonly place: Place;
  readonly resource: Resource;
}

/** On what a deployment keeps: from within it, with the rights that somebody of it has, or from outside. */
export type KeepingAttack = AttackOn<KeepingModel, KeepingTarget, KeepingScene>;

export function defineKeepingAttack(control: ControlId, aspect: string, body: Omit<KeepingAttack, 'id' | 'control'>): KeepingAttack {
  return { ...body, id: `${control}.${aspect}`, control };
}

/** Every resource of some types of which something is true. */
export function resourcesIn({ graph }: KeepingModel, types: readonly string[], isMeant: (resource: Resource) => boolean = () => true): KeepingTarget[] {
  return types.flatMap((type) => graph.ofType(type)).filter(isMeant).map((resource) => ({ place: placeOf(resource), resource }));
}
