/**
 * Our reference stack beside what a user would take otherwise, in one run: ApplicationLoadBalancedFargateService of aws-ecs-patterns and
 * AlbToFargate of AWS Solutions Constructs, each as its README shows it for HTTPS. Beside it a stack of broker and workers, of which only the findings count.
 *
 * Counts resources, times a synth (bare, with AwsSolutions, with our pack), and lets every tool judge every template. What the tools find
 * on ours must be explained in side-by-side/explained.ts: exits with 1 where an explanation is missing or no longer needed, or a tool did
 * not run.
 *
 *   --ours-only     no other stack and no timing: only whether everything on ours is explained
 *   --reasons       lists the explanations and what they answer for
 *   --json <file>   writes everything
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { complaints, explain } from './side-by-side/explanations';
import { EXPLAINED } from './side-by-side/explained';
import { findingsOf, readSubject, resourceCount, type Subject } from './side-by-side/findings';
import { explanationList, findingsTable, ratios, timesTable } from './side-by-side/report';
import { compileProgram, type Program } from './side-by-side/program';
import { solutionsConstructs } from './side-by-side/solutions-constructs';
import { COMPARED, OURS } from './side-by-side/stacks';
import { synthOnce, time, type Times } from './side-by-side/timing';

const { values: options } = parseArgs({ options: { 'ours-only': { type: 'boolean', default: false }, 'reasons': { type: 'boolean', default: false }, 'json': { type: 'string' } } });

function subjectsIn(folder: string, program: Program): Subject[] {
  return (options['ours-only'] ? OURS : [...new Set([...OURS, ...COMPARED])]).map((stack) => {
    synthOnce(program, stack, 'bare', path.join(folder, stack));
    return readSubject(stack, path.join(folder, stack));
  });
}

async function main(folder: string): Promise<void> {
  const say = (line: string): void => console.log(line);
  const program = compileProgram(options['ours-only'] ? undefined : solutionsConstructs(say));
  try {
    const subjects = subjectsIn(folder, program);
    const times: Times = options['ours-only'] ? new Map() : time(program, folder, say);
    const judged = await findingsOf(subjects, folder, say);
    const onOurs = [...judged.findings.values()].flatMap((bySubject) => OURS.flatMap((stack) => bySubject.get(stack) ?? []));
    const explained = explain(onOurs, EXPLAINED);
    say(`\nFindings, one a rule and resource:\n${findingsTable(subjects, judged)}`);
    if (times.size > 0) say(`\n${timesTable(times)}\n\n${ratios(times)}`);
    if (options.reasons) say(`\nWhat stays on ours, and why:\n${explanationList(explained)}`);
    const wrong = [...judged.failures, ...complaints(explained)];
    say(`\n${onOurs.length} findings on ours, ${onOurs.length - explained.unexplained.length} of them explained.`);
    wrong.forEach((line) => console.error(line));
    if (wrong.length > 0) process.exitCode = 1;
    if (options.json !== undefined) {
      const result = {
        resources: Object.fromEntries(subjects.map((subject) => [subject.name, resourceCount(subject)])),
        milliseconds: Object.fromEntries([...times].map(([stack, byPack]) => [stack, Object.fromEntries(byPack)])),
        findings: Object.fromEntries([...judged.findings].map(([tool, bySubject]) => [tool, Object.fromEntries(bySubject)])),
        complaints: wrong,
      };
      fs.writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`);
    }
  } finally {
    fs.rmSync(program.folder, { recursive: true, force: true });
  }
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-side-by-side-'));
main(folder)
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => fs.rmSync(folder, { recursive: true, force: true }));
