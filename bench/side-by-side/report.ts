import type { Explained } from './explanations';
import type { Judged, Subject } from './findings';
import { resourceCount } from './findings';
import { GOAL, median, ratiosByRound, type Times } from './timing';

/** Cells under a head; the first column to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  return [head, ...rows].map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
}

/** How much each stack has, and how much each tool finds on it. */
export function findingsTable(subjects: readonly Subject[], { findings }: Judged): string {
  const tools = [...findings.keys()].sort();
  return table(['', ...subjects.map(({ name }) => name)], [
    ['resources', ...subjects.map((subject) => String(resourceCount(subject)))],
    ...tools.map((tool) => [tool, ...subjects.map(({ name }) => String(findings.get(tool)?.get(name)?.length ?? '-'))]),
  ]);
}

/** A row for each stack, a column for each pack. */
function packTable(title: string, times: Times, cell: (rounds: readonly number[]) => string): string {
  const packs = [...new Set([...times.values()].flatMap((byPack) => [...byPack.keys()]))];
  return table([title, ...packs], [...times].map(([stack, byPack]) => [stack, ...packs.map((pack) => cell(byPack.get(pack) ?? []))]));
}

/** Median milliseconds. */
export function timesTable(times: Times): string {
  return packTable('ms a synth', times, (rounds) => median(rounds).toFixed(0));
}

/** Every stack with every pack as a multiple of ecs-patterns with AwsSolutions, and whether ours with our pack keeps the goal. */
export function ratios(times: Times): string {
  const base = times.get('ecs-patterns')?.get('AwsSolutions') ?? [];
  const shown = packTable('ratio', times, (rounds) => median(ratiosByRound(rounds, base)).toFixed(2));
  const own = ratiosByRound(times.get('cdk-secure-core')?.get('SecureCore') ?? [], base);
  const middle = median(own);
  const spread = `${Math.min(...own).toFixed(2)} to ${Math.max(...own).toFixed(2)} by round`;
  return `${shown}\nours with our pack is ${middle.toFixed(2)} x ecs-patterns with AwsSolutions, ${spread} (goal ${GOAL}: ${middle <= GOAL ? 'kept' : 'missed'})`;
}

/** Each reason and how many findings it answers for. */
export function explanationList({ byExplanation }: Explained): string {
  return [...byExplanation].map(([{ reason }, findings]) => {
    const rules = [...new Set(findings.map(({ tool, rule }) => `${tool} ${rule}`))];
    return `${String(findings.length).padStart(4)}  ${reason}\n      ${rules.join(', ')}`;
  }).join('\n');
}
