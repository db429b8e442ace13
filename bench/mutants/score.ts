import type { Template } from '../../src/checks/template/template';
import { faultsOf } from './named-faults';
import type { Mutant } from './mutant';
import { mutantsOf } from './mutate';
import { MutantJudge } from './ours';
import type { SchemaBook } from './schema';
import { applyVerdicts, type Faults, isGap, type Verdict } from './verdict';

/** A mutant that is weaker than its base, and the control that is. */
export interface Weakening {
  readonly mutant: Mutant;
  readonly control: string;
  readonly killed: boolean;
}

export interface Score {
  readonly mutants: readonly Mutant[];
  readonly weakenings: readonly Weakening[];
  readonly survivors: ReadonlyMap<Mutant, Verdict>;
  readonly faults: Faults;
  /** Survivors in controls that have rules. */
  readonly gaps: readonly Mutant[];
}

/** Makes every mutant, judges it with the pack, and holds the survivors against the verdicts. */
export function scoreOf(templates: readonly Template[], book: SchemaBook, verdicts: readonly Verdict[]): Score {
  const controls = new Map<Mutant, string | undefined>();
  for (const template of templates) {
    const judge = new MutantJudge(template);
    for (const mutant of [...mutantsOf(template, book), ...faultsOf(template)]) controls.set(mutant, judge.killedBy(mutant));
  }
  const mutants = [...controls.keys()];
  const [killed, survivors] = [mutants.filter((mutant) => controls.get(mutant) !== undefined), mutants.filter((mutant) => controls.get(mutant) === undefined)];
  const judged = applyVerdicts(verdicts, survivors, killed);
  const found = killed.map((mutant) => ({ mutant, control: mutant.control ?? controls.get(mutant) ?? '', killed: true }));
  const missed = [...judged.verdicts].flatMap(([mutant, verdict]) => (verdict.verdict === 'missing' ? [{ mutant, control: mutant.control ?? verdict.control, killed: false }] : []));
  return {
    mutants,
    weakenings: [...found, ...missed],
    survivors: judged.verdicts,
    faults: judged.faults,
    gaps: [...judged.verdicts].filter(([, verdict]) => isGap(verdict)).map(([mutant]) => mutant),
  };
}

/** The same mutants in every run: every nth of all, in their order. */
export function sample<T>(all: readonly T[], size: number): readonly T[] {
  if (all.length <= size) return all;
  return Array.from({ length: size }, (_, index) => all[Math.floor(index * all.length / size)]).filter((one) => one !== undefined);
}
