/** How much a missing control costs. */
export type ControlSeverity = 'critical' | 'high' | 'medium' | 'low';

/** One line of the checklist. */
export interface Control {
  readonly title: string;
  readonly severity: ControlSeverity;
  /**
   * Rows of the requirement catalogue that ask for it: RC Remote Core, CX Cortex, TG TGEFD, NT NodeTool, TS Tom Smykowski.
   * Empty where the rows cannot hold without the control though none of them names it.
   */
  readonly sources: readonly string[];
  /** Why no rule looks for it: what no template shows, or what another control's rule says already. */
  readonly unchecked?: string;
  /** Why no attack tries it: what none could bring about on one machine, and where it is shown instead. */
  readonly unattacked?: string;
}

/** The controls that share a prefix, a rule file and an attack file. */
export interface ControlFamily<Id extends string = string> {
  readonly title: string;
  readonly controls: Readonly<Record<Id, Control>>;
}

/** Keeps the ids as literal types, so that a rule which names an unknown control does not compile. */
export function defineFamily<const Id extends string>(title: string, controls: Record<Id, Control>): ControlFamily<Id> {
  return { title, controls };
}
