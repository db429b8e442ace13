import type { ControlId } from '../../src/controls';
import type { Template } from '../../src/checks/template/template';

/** A template with one fault. */
export interface Mutant {
  /** `stack/LogicalId/Properties.path#operator`, the same in every run. */
  readonly id: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** From the resource down, entries of lists by their Key or Name where they have one: `Properties.ListenerAttributes[routing.http…].Value`. */
  readonly path: string;
  readonly operator: string;
  readonly template: Template;
  /** The control that a fault of the catalogue breaks; the operators know of none. */
  readonly control?: ControlId;
}
