import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Command, CommanderError } from 'commander';
import { buildProgram } from '../../src/cli/program';
import { PARTITION_KEY } from '../../src/gate/contract';
import { inlineLines, linesOf, type RunbookLine, RUNBOOKS, runbookText, wordsOf } from '../support/runbooks';

const ROOT = path.resolve(__dirname, '../..');
const LINES = RUNBOOKS.flatMap((page) => [...linesOf(page), ...inlineLines(page)]);
const ours = LINES.filter((line) => wordsOf(line) !== undefined);

/** Which command a line calls; throws what a person would be told. */
async function called({ text }: RunbookLine): Promise<string> {
  const found: string[] = [];
  const program = buildProgram();
  const stub = (command: Command, name: string): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    if (command.commands.length === 0) command.action(() => void found.push(name));
    for (const below of command.commands) stub(below, `${name} ${below.name()}`.trim());
  };
  stub(program, '');
  await program.parseAsync(wordsOf({ page: '', heading: '', text }) ?? [], { from: 'user' });
  return found.join();
}

test.each(ours)('$page: "$text" is a command line as there is one', async (line) => {
  expect(await called(line)).toMatch(/^(?:audit|cors|export|import|rotate|lockdown|keys (?:create|list|revoke|identity)|workers (?:admit|invite|list|open|revoke))$/);
});

test.each(['npx cdk-secure-core keys revok Core', 'npx cdk-secure-core lockdown Core --of', 'npx cdk-secure-core audit Core', 'npx cdk-secure-core cors'])('"%s" would be found', async (text) => {
  await expect(called({ page: '', heading: '', text })).rejects.toThrow(CommanderError);
});

test('All other lines are commands of the AWS CLI', () => {
  expect(LINES.filter((line) => wordsOf(line) === undefined && !/^aws (?:cognito-idp|backup|rds|dynamodb|ecs|secretsmanager) (?:wait )?[a-z-]+ --/.test(line.text))).toEqual([]);
});

test('A restored entry of the gate\'s table never takes the place of one that is there', () => {
  const copies = LINES.filter(({ text }) => text.includes('put-item'));
  expect(copies).not.toEqual([]);
  for (const { text } of copies) expect(text).toContain(`--condition-expression 'attribute_not_exists(${PARTITION_KEY})'`);
});

test('The five steps stand in the order of the Cortex document, each with a command', () => {
  const steps = [...runbookText('compromise.md').matchAll(/^## (\d)\. (.+)$/gm)].map(([, number, title]) => [number, title]);
  expect(steps).toEqual([
    ['1', 'Revoke the affected keys at once'], ['2', 'Look through the usage logs'],
    ['3', "Change the administrators' passwords"], ['4', 'Rotate `INTERNAL_VLLM_API_KEY`'], ['5', 'Review the CORS origins'],
  ]);
  const lines = linesOf('compromise.md');
  for (const [number] of steps) expect(lines.filter((line) => line.heading.startsWith(`${number}.`) && wordsOf(line)).length).toBeGreaterThan(0);
});

test('Every runbook is linked from the first page, and that one from the pages of those who need it', () => {
  const index = runbookText('README.md');
  for (const page of RUNBOOKS.filter((name) => name !== 'README.md')) expect(index).toContain(`](${page})`);
  for (const page of ['docs/day-2.md', 'docs/keys.md', 'docs/audit-record.md', 'SECURITY.md']) expect(fs.readFileSync(path.join(ROOT, page), 'utf8')).toMatch(/\]\((?:docs\/)?runbooks\//);
});

describe('who reports or upgrades', () => {
  const policy = fs.readFileSync(path.join(ROOT, 'SECURITY.md'), 'utf8');
  const changelog = fs.readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8');

  test('is told how to report in private, what is supported and what to expect', () => {
    for (const heading of ['Report a vulnerability', 'Supported versions', 'Staying up to date']) expect(policy).toContain(`\n## ${heading}\n`);
    expect(policy).toMatch(/Report a vulnerability\*\* of this repository/);
    expect(policy).toMatch(/<[\w.+-]+@[\w.-]+>/);
  });

  test('finds a section on security in every version of the changelog, linked from the policy and back', () => {
    const versions = changelog.split(/^## /m).slice(1);
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) expect(version).toMatch(/^\[(?:Unreleased|\d+\.\d+\.\d+)\][\s\S]*^### Security$/m);
    expect(policy).toContain('](CHANGELOG.md)');
    expect(changelog).toContain('](SECURITY.md)');
  });
});
