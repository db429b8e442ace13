import type { ControlId } from '../../controls';
import type { RowId } from './rows';

/** Who answers: the compiler, the rules, the drill. */
export const COLUMNS = ['typed', 'checked', 'attacked'] as const;
export type Column = (typeof COLUMNS)[number];

/** What a cell says that names no artefact. */
export interface Words {
  readonly kind: 'derived' | 'reason' | 'not built';
  readonly text: string;
}

/** Nobody can leave it out, and no program shows it: there is no prop that says otherwise. Names the construct, so that it can be looked up. */
export function derived(text: string): Words {
  return { kind: 'derived', text };
}

/** Why there is none, and what is there instead. */
export function no(text: string): Words {
  return { kind: 'reason', text };
}

/** @param what is missing so far */
export function notBuilt(what: string): Words {
  return { kind: 'not built', text: what };
}

/** Of controls without an artefact in a column: one that gets an artefact loses its words (a test says so). */
export type ControlAnswers = { readonly [Id in ControlId]?: { readonly [C in Column]?: Words } };

/** Where the artefacts of a row's controls are not the answer to the row. */
export interface RowAnswer {
  /** Of what the row's controls have, what does not look at this: artefacts, or a control for all of its, words among it. */
  readonly without?: readonly string[];
  /** What other controls have that does. */
  readonly also?: readonly string[];
  /** Where nothing is left: in place of what is said of the controls. */
  readonly says?: Words;
  /** Where something is left: how far it goes. */
  readonly note?: string;
}

export type RowAnswers = { readonly [Id in RowId]?: { readonly [C in Column]?: RowAnswer } };
