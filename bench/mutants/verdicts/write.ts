import type { ControlId } from '../../../src/controls';
import type { Verdict } from '../verdict';

/** The stacks without a broker written by hand. */
export const UNBROKERED = /(?!Workers|OwnKeys).*/;

/** The mutants that a verdict is about: type, path, operator, and where that is not enough, resource. */
type About = readonly [type: RegExp, path: RegExp, operator: RegExp, resource?: RegExp];

function patternOf([type, path, operator, resource]: About): { readonly type: RegExp; readonly path: RegExp; readonly operator: RegExp; readonly resource?: RegExp } {
  return { type, path, operator, ...(resource === undefined ? {} : { resource }) };
}

/** The same reason for several kinds of mutant; each of them must still survive. */
export function equivalent(because: string, ...abouts: readonly About[]): readonly Verdict[] {
  return abouts.map((about) => ({ verdict: 'equivalent', because, ...patternOf(about) }));
}

export function missing(control: ControlId, because: string, ...abouts: readonly About[]): readonly Verdict[] {
  return abouts.map((about) => ({ verdict: 'missing', control, because, ...patternOf(about) }));
}
