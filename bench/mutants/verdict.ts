import { type ControlId } from '../../src/controls';
import { RULES } from '../../src/checks/rules';
import type { Mutant } from './mutant';

/** Which mutants a verdict is about: all of its parts must match the whole of what they stand for. */
interface Pattern {
  /** Without the leading `AWS::`. */
  readonly type: RegExp;
  /** Without the leading `Properties.`; `Properties` for a whole resource. */
  readonly path: RegExp;
  readonly operator: RegExp;
  /** Where the same place means something else in another resource: `stack/LogicalId`. */
  readonly resource?: RegExp;
  readonly because: string;
}

/** Nothing that the checklist asks for is weaker in the mutant. */
interface Equivalent extends Pattern {
  readonly verdict: 'equivalent';
}

/** The mutant is weaker, and no rule says so yet. */
interface Missing extends Pattern {
  readonly verdict: 'missing';
  readonly control: ControlId;
}

export type Verdict = Equivalent | Missing;

/** The controls for which the pack has a rule: there every weakening must be found. */
export const JUDGED_CONTROLS: ReadonlySet<string> = new Set(RULES.map((rule) => rule.control));

/** Whether a mutant that survives this way is a defect of the pack rather than work to come. */
export function isGap(verdict: Verdict): boolean {
  return verdict.verdict === 'missing' && JUDGED_CONTROLS.has(verdict.control);
}

export function isAbout({ type, path, operator, resource }: Pattern, mutant: Mutant): boolean {
  return whole(type, mutant.type.replace(/^AWS::/, ''))
    && whole(path, mutant.path.replace(/^Properties\./, ''))
    && whole(operator, mutant.operator)
    && (resource === undefined || whole(resource, `${mutant.stack}/${mutant.logicalId}`));
}

/** The patterns as they are matched, since each is held against every mutant. */
const anchored = new WeakMap<RegExp, RegExp>();

function whole(pattern: RegExp, text: string): boolean {
  const known = anchored.get(pattern) ?? new RegExp(`^(?:${pattern.source})$`, pattern.flags);
  anchored.set(pattern, known);
  return known.test(text);
}

/** What the verdicts leave open. Any of it is an error: then the list of work is not what it says it is. */
export interface Faults {
  /** Survivors that nobody has judged. */
  readonly unjudged: readonly Mutant[];
  /** Survivors that more than one verdict is about. */
  readonly ambiguous: readonly Mutant[];
  /** Verdicts that no survivor needs. */
  readonly stale: readonly Verdict[];
  /** Verdicts that are about a mutant which is found. They would take in a rule that stops finding it. */
  readonly tooWide: readonly { readonly verdict: Verdict; readonly mutant: Mutant }[];
}

export interface Judged {
  readonly verdicts: ReadonlyMap<Mutant, Verdict>;
  readonly faults: Faults;
}

/** Matches survivors with verdicts, one each. */
export function applyVerdicts(verdicts: readonly Verdict[], survivors: readonly Mutant[], killed: readonly Mutant[]): Judged {
  const matches = new Map(survivors.map((mutant) => [mutant, verdicts.filter((verdict) => isAbout(verdict, mutant))]));
  const used = new Set([...matches.values()].flat());
  const single = [...matches].flatMap(([mutant, [verdict, ...others]]): [Mutant, Verdict][] => (verdict && others.length === 0 ? [[mutant, verdict]] : []));
  return {
    verdicts: new Map(single),
    faults: {
      unjudged: survivors.filter((mutant) => matches.get(mutant)?.length === 0),
      ambiguous: survivors.filter((mutant) => (matches.get(mutant)?.length ?? 0) > 1),
      stale: verdicts.filter((verdict) => !used.has(verdict)),
      tooWide: verdicts.flatMap((verdict) => killed.filter((mutant) => isAbout(verdict, mutant)).slice(0, 1).map((mutant) => ({ verdict, mutant }))),
    },
  };
}
