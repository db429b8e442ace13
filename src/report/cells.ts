import type { AcknowledgedFinding, Finding, RuleTally } from '../checks/finding';
import type { AttackRecord, ProofRecord, ReadbackRecord } from '../drill/evidence';
import type { JudgedResource } from './judged-resources';
import type { RefusedProgram } from './typed-programs';

/**
 * How a cell is to be read. `good`: an artefact of this assembly shows it. `bad`: an artefact shows the opposite. `open`: something was
 * tried and does not settle it. `none`: nobody has tried, or there is nothing to try.
 */
export type Tone = 'good' | 'bad' | 'open' | 'none';

export const TONES: readonly Tone[] = ['good', 'bad', 'open', 'none'];

export interface Cell<Verdict extends string> {
  readonly tone: Tone;
  readonly verdict: Verdict;
  /** A few words with the counts. */
  readonly says: string;
}

export interface TypedCell extends Cell<'everywhere' | 'partly' | 'not-used' | 'nothing-to-judge' | 'no-program' | 'not-proven'> {
  readonly programs: readonly RefusedProgram[];
  /** Resources that the control is about and none of this library's constructs has made. */
  readonly outside: readonly JudgedResource[];
}

export interface CheckedCell extends Cell<'passed' | 'failed' | 'undecidable' | 'acknowledged' | 'nothing-to-judge' | 'no-rule'> {
  readonly rules: readonly RuleTally[];
  /** How much of the control the rules look at, where its title promises more. */
  readonly extents: readonly string[];
  readonly findings: readonly Finding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
}

/** Of one class of evidence; the other class has a cell of its own. */
export interface AttackedCell extends Cell<'withstood' | 'succeeded' | 'inconclusive' | 'unproven' | 'incomplete' | 'no-target' | 'no-attack' | 'not-attacked'> {
  readonly attacks: readonly AttackRecord[];
  /** What became of the same attacks with a protection taken away; empty where that was not tried. */
  readonly proofs: readonly ProofRecord[];
}

export interface ReadBackCell extends Cell<'same' | 'different' | 'partly-held' | 'not-held' | 'no-claim' | 'not-read'> {
  readonly records: readonly ReadbackRecord[];
}
