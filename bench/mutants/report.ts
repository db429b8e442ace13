import { CONTROL_IDS, familyOf } from '../../src/controls';
import type { BaselineScores } from './baselines';
import type { Mutant } from './mutant';
import type { Score, Weakening } from './score';
import { JUDGED_CONTROLS, type Verdict } from './verdict';

const OURS = 'cdk-secure-core';
const UNION = 'union of the others';

export interface Row {
  readonly tool: string;
  readonly killed: number;
  readonly of: number;
  /** Killed and all, by family of control. */
  readonly families: Readonly<Record<string, readonly [number, number]>>;
}

const FAMILIES = [...new Set(CONTROL_IDS.map(familyOf))];

function row(tool: string, weakenings: readonly Weakening[], kills: (weakening: Weakening) => boolean): Row {
  const families = FAMILIES.flatMap((family): [string, readonly [number, number]][] => {
    const own = weakenings.filter(({ control }) => familyOf(control) === family);
    return own.length > 0 ? [[family, [own.filter(kills).length, own.length]]] : [];
  });
  return { tool, killed: weakenings.filter(kills).length, of: weakenings.length, families: Object.fromEntries(families) };
}

/** One row a tool over the same weakenings. */
export function rowsOf(weakenings: readonly Weakening[], baselines: BaselineScores): readonly Row[] {
  const others = [...baselines.killed].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    row(OURS, weakenings, ({ killed }) => killed),
    ...others.map(([name, killed]) => row(name, weakenings, ({ mutant }) => killed.has(mutant))),
    ...(others.length > 0 ? [row(UNION, weakenings, ({ mutant }) => others.some(([, killed]) => killed.has(mutant)))] : []),
  ];
}

const percent = (killed: number, of: number): string => (of === 0 ? '-' : `${Math.floor(100 * killed / of)}%`);

/** The table: shares of all, of the controls with rules, and of each family. */
export function table(rows: readonly Row[]): string {
  const families = FAMILIES.filter((family) => rows.some((one) => one.families[family] !== undefined));
  const head = ['', 'killed', 'of', 'share', ...families];
  const lines = rows.map(({ tool, killed, of, families: by }) => [tool, String(killed), String(of), percent(killed, of), ...families.map((family) => percent(...by[family] ?? [0, 0]))]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => (line[column] ?? '').length)));
  return [head, ...lines].map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
}

/** What must not be: the reasons for which the bench fails. */
export function complaints({ faults, gaps, survivors }: Score): readonly string[] {
  return [
    ...faults.unjudged.map((mutant) => `survives and is not judged: ${mutant.id}`),
    ...faults.ambiguous.map((mutant) => `is judged by more than one verdict: ${mutant.id}`),
    ...faults.stale.map((verdict) => `no survivor needs the verdict ${describe(verdict)}`),
    ...faults.tooWide.map(({ verdict, mutant }) => `the verdict ${describe(verdict)} is also about ${mutant.id}, which is found`),
    ...gaps.map((mutant) => `rule missing in a control that has rules (${controlOf(survivors.get(mutant))}): ${mutant.id}`),
  ];
}

function controlOf(verdict: Verdict | undefined): string {
  return verdict?.verdict === 'missing' ? verdict.control : '';
}

function describe({ verdict, type, path, operator, because }: Verdict): string {
  return `"${verdict}, because ${because}" (${type.source} ${path.source} ${operator.source})`;
}

/** Survivors under their verdicts, the list of work first. */
export function survivorList(survivors: ReadonlyMap<Mutant, Verdict>): string {
  const titled = [...survivors].map(([mutant, verdict]) => ({ title: title(verdict), mutant }));
  const titles = [...new Set(titled.map((one) => one.title))].sort((a, b) => Number(a.startsWith('equivalent')) - Number(b.startsWith('equivalent')) || (a < b ? -1 : 1));
  return titles.map((heading) => [heading, ...titled.filter((one) => one.title === heading).map(({ mutant }) => `  ${mutant.id}`)].join('\n')).join('\n');
}

function title(verdict: Verdict): string {
  if (verdict.verdict === 'equivalent') return `equivalent because ${verdict.because}`;
  return `rule missing ${verdict.control}: ${verdict.because}`;
}

/** The controls that wait for a rule, and how many mutants say so. */
export function work(weakenings: readonly Weakening[]): string {
  const open = weakenings.filter(({ killed }) => !killed).map(({ control }) => control);
  return CONTROL_IDS.filter((control) => open.includes(control)).map((control) => `${control}${JUDGED_CONTROLS.has(control) ? '*' : ''} ${open.filter((one) => one === control).length}`).join(', ');
}

/** Everything, for a file. */
export function resultOf(score: Score, judged: readonly Weakening[], baselines: BaselineScores): object {
  const others = (mutant: Mutant): string[] => [...baselines.killed].filter(([, killed]) => killed.has(mutant)).map(([name]) => name);
  return {
    mutants: score.mutants.length,
    ours: rowsOf(score.weakenings, { killed: new Map(), notes: [] }),
    judgedByAll: judged.length,
    tools: rowsOf(judged, baselines),
    notes: baselines.notes,
    weakenings: score.weakenings.map(({ mutant, control, killed }) => ({ id: mutant.id, control, killed, others: others(mutant) })),
    survivors: [...score.survivors].map(([mutant, verdict]) => ({
      id: mutant.id, verdict: verdict.verdict, because: verdict.because, ...(verdict.verdict === 'missing' ? { control: verdict.control } : {}),
    })),
    complaints: complaints(score),
  };
}
