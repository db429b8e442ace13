/**
 * The share of single-fault weakenings of compliant templates that the pack finds, beside the share of other tools.
 *
 * Mutants are made by operators that read CloudFormation's property schema and know no rule, and by the faults that the
 * catalogue names. What the pack finds counts as a weakening; what it does not find has a verdict, and the verdicts say
 * which of those are weakenings too. Exits with 1 where a survivor has no verdict, a verdict no survivor, or a control
 * with rules a gap.
 *
 *   --ours          the pack alone
 *   --survivors     lists what the pack does not find, with the verdicts
 *   --json <file>   writes everything
 *   --sample <n>    how many weakenings the other tools judge (default 400)
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { type BaselineScores, runBaselines } from './mutants/baselines';
import { findingsIn } from './mutants/ours';
import { complaints, resultOf, type Row, rowsOf, survivorList, table, work } from './mutants/report';
import { SchemaBook } from './mutants/schema';
import { sample, scoreOf, type Weakening } from './mutants/score';
import { ACKNOWLEDGED, compliantTemplates } from './mutants/stacks';
import { JUDGED_CONTROLS } from './mutants/verdict';
import { VERDICTS } from './mutants/verdicts';

const { values: options } = parseArgs({
  options: { 'ours': { type: 'boolean', default: false }, 'survivors': { type: 'boolean', default: false }, 'json': { type: 'string' }, 'sample': { type: 'string', default: '400' } },
});

async function main(folder: string): Promise<void> {
  const say = (line: string): void => console.log(line);
  const bases = compliantTemplates();
  const loud = bases.filter((base) => findingsIn(base).some(({ rule }) => ACKNOWLEDGED[base.name]?.includes(rule) !== true));
  if (loud.length > 0) throw new Error(`${loud.map(({ name }) => name).join(', ')} must be free of findings but those acknowledged: faults are counted as findings that the base does not have.`);
  const score = scoreOf(bases, SchemaBook.open(), VERDICTS);
  const named = score.mutants.filter((mutant) => mutant.control !== undefined).length;
  say(`${score.mutants.length} mutants of ${bases.length} compliant templates: ${score.mutants.length - named} from the property schema, ${named} from the catalogue`);
  const equivalent = [...score.survivors.values()].filter(({ verdict }) => verdict === 'equivalent').length;
  say(`${score.weakenings.length} are weaker than their base, ${equivalent} are judged equivalent.`);
  say('What this pack finds counts as weaker, which favours it; the faults of the catalogue do not depend on it.\n');

  const ruled = score.weakenings.filter(({ control }) => JUDGED_CONTROLS.has(control));
  const none: BaselineScores = { killed: new Map(), notes: [] };
  say(`All weakenings, and those of the ${JUDGED_CONTROLS.size} controls that have rules:`);
  const labelled = (label: string, weakenings: readonly Weakening[]): Row[] => rowsOf(weakenings, none).map((row) => ({ ...row, tool: `${row.tool}, ${label}` }));
  // The faults of the catalogue were made by the checklist, so their number does not grow with what the pack finds.
  const [fromCatalogue, fromSchema] = [true, false].map((wanted) => score.weakenings.filter(({ mutant }) => (mutant.control !== undefined) === wanted));
  say(table([
    ...rowsOf(score.weakenings, none), ...labelled('controls with rules', ruled), ...labelled('faults of the catalogue', fromCatalogue ?? []), ...labelled('property schema', fromSchema ?? []),
  ]));
  say(`\nThe list of work (* has rules already): ${work(score.weakenings)}\n`);

  const judged = options.ours ? [] : sample(score.weakenings, Number(options.sample));
  const baselines = options.ours ? none : await runBaselines(bases, judged.map(({ mutant }) => mutant), folder, say);
  if (!options.ours) {
    const why = judged.length < score.weakenings.length ? ', evenly spread: the other tools take about a second a template' : '';
    say(`\nEvery tool on ${judged.length} of ${score.weakenings.length} weakenings${why}:`);
    say(table(rowsOf(judged, baselines)));
    say('\nThe faults of the catalogue alone, which nobody\'s rules chose:');
    say(table(rowsOf(judged.filter(({ mutant }) => mutant.control !== undefined), baselines)));
    baselines.notes.forEach(say);
  }
  if (options.survivors) say(`\n${survivorList(score.survivors)}`);
  if (options.json !== undefined) fs.writeFileSync(options.json, `${JSON.stringify(resultOf(score, judged, baselines), undefined, 2)}\n`);
  const wrong = complaints(score);
  wrong.forEach((line) => console.error(line));
  if (wrong.length > 0) process.exitCode = 1;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-mutants-'));
main(folder)
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => fs.rmSync(folder, { recursive: true, force: true }));
