import type { ControlId } from '../controls';
import type { EvidenceClass } from '../drill/evidence';

/** An attack that this version carries out: what evidence must account for to be whole. */
export interface KnownAttack {
  readonly id: string;
  readonly control: ControlId;
  readonly evidence: EvidenceClass;
  readonly saboteurs: readonly { readonly name: string }[];
}
