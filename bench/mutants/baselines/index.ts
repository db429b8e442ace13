import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Template } from '../../../src/checks/template/template';
import type { Mutant } from '../mutant';
import type { Baseline, FindingsByFile, TemplateFile } from './baseline';
import { CHECKOV } from './checkov';
import { GUARD } from './guard';
import { NAG } from './nag';

/** In the order of their start: what runs as a process of its own starts before what keeps this one busy. */
export const BASELINES: readonly Baseline[] = [CHECKOV, GUARD, NAG];

export interface BaselineScores {
  /** The mutants that each column finds. */
  readonly killed: ReadonlyMap<string, ReadonlySet<Mutant>>;
  /** What did not run, or not on every mutant, and why. */
  readonly notes: readonly string[];
}

/** Runs the other tools on the bases and on mutants; a mutant is found by what its base does not have. */
export async function runBaselines(
  bases: readonly Template[], mutants: readonly Mutant[], folder: string, say: (line: string) => void, baselines: readonly Baseline[] = BASELINES,
): Promise<BaselineScores> {
  const directory = path.join(folder, 'templates');
  fs.mkdirSync(directory, { recursive: true });
  const write = (template: Template, name: string): TemplateFile => {
    const file = { name, path: path.join(directory, name) };
    fs.writeFileSync(file.path, JSON.stringify(template.body));
    return file;
  };
  const baseFiles = new Map(bases.map((base) => [base.name, write(base, `base-${base.name}.json`)]));
  const mutantFiles = new Map(mutants.map((mutant, index) => [mutant, write(mutant.template, `mutant-${String(index).padStart(4, '0')}.json`)]));
  const files = [...baseFiles.values(), ...mutantFiles.values()];
  const killed = new Map<string, ReadonlySet<Mutant>>();
  const notes: string[] = [];
  await Promise.all(baselines.map(async (baseline) => {
    const start = Date.now();
    try {
      const { columns, unread } = await baseline.run(files, folder, say);
      for (const [name, found] of columns) killed.set(name, new Set([...mutantFiles].filter(([mutant, file]) => isNew(found, file, baseFiles.get(mutant.stack))).map(([mutant]) => mutant)));
      if (unread.length > 0) notes.push(`${baseline.name} could not read ${unread.length} of ${files.length} templates, and so finds nothing in them`);
      say(`${baseline.name}: ${files.length} templates in ${Math.round((Date.now() - start) / 1000)} s`);
    } catch (error) {
      notes.push(`${baseline.name} did not run and is not counted: ${error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error)}`);
    }
  }));
  return { killed, notes };
}

function isNew(found: FindingsByFile, file: TemplateFile, base: TemplateFile | undefined): boolean {
  const known = found.get(base?.name ?? '') ?? new Set<string>();
  return [...found.get(file.name) ?? []].some((key) => !known.has(key));
}
