import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Report } from '../../src/report/join';
import { ROOT } from '../support/examples';

let folder: string;

function run(command: string, args: readonly string[], cwd: string, outdir = 'cdk.out'): string {
  // A cache of its own, so that nothing comes from what the repository has installed.
  const env = { ...process.env, npm_config_cache: path.join(folder, 'cache'), NODE_ENV: 'production', CDK_VALIDATION: 'true', CDK_OUTDIR: path.join(cwd, outdir) };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The first TypeScript block of a page. */
function firstExample(page: string): string {
  const block = /```ts\n([\s\S]*?)```/.exec(fs.readFileSync(path.join(ROOT, page), 'utf8'))?.[1];
  if (block === undefined) throw new Error(`${page} has no TypeScript example.`);
  return block;
}

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'package-'));
}, 60_000);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test('the packed package installs into an empty app, compiles the first examples of the README and of the page on profiles, synthesizes, judges, drills and reports on it', () => {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT)) as { filename: string; files: { path: string }[] }[];
  const files = packed?.files.map((file) => file.path) ?? [];
  expect(files).toEqual(expect.arrayContaining(['lib/index.js', 'lib/index.d.ts', '.jsii', 'assets/cli/cdk-secure-core.js', 'assets/typed.json', 'README.md', 'LICENSE', 'API.md']));
  expect(files).toEqual(expect.arrayContaining(['worker/package.json', 'assets/worker/index.js', 'assets/worker/index.d.ts']));
  expect(files.filter((file) => /^(test|src|examples|bench|tools|docs|\.venv|tmp)\//.test(file))).toEqual([]);

  const app = path.join(folder, 'app');
  fs.mkdirSync(app);
  fs.writeFileSync(path.join(app, 'package.json'), JSON.stringify({ name: 'empty-app', private: true }));
  const compilerOptions = { strict: true, target: 'ES2022', module: 'node16', skipLibCheck: true, outDir: 'out' };
  fs.writeFileSync(path.join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts', 'profiles.ts'] }));
  fs.writeFileSync(path.join(app, 'app.ts'), firstExample('README.md'));
  fs.writeFileSync(path.join(app, 'profiles.ts'), firstExample('docs/profiles.md'));
  run('npm', ['install', '--no-audit', '--no-fund', path.join(folder, packed?.filename ?? ''), 'aws-cdk-lib@2.275.0', 'constructs@10.8.1', 'typescript@5.9.3', '@types/node@20'], app);
  run('npx', ['tsc', '-p', '.'], app);
  expect(run(process.execPath, ['-e', 'process.stdout.write(require("cdk-secure-core/worker").WorkerClient.name)'], app)).toBe('WorkerClient');
  expect(run(process.execPath, ['--input-type=module', '-e', 'import { WorkerClient } from "cdk-secure-core/worker"; process.stdout.write(WorkerClient.name)'], app)).toBe('WorkerClient');
  run(process.execPath, ['out/app.js'], app);
  const template = fs.readdirSync(path.join(app, 'cdk.out')).find((name) => name.endsWith('.template.json'));
  expect(template).toBeDefined();
  expect(run('npx', ['cdk-secure-core', 'check', 'cdk.out'], app)).toContain('0 fatal, 0 error, 0 warning');
  run(process.execPath, ['out/profiles.js'], app, 'profiles.out');
  expect(run('npx', ['cdk-secure-core', 'check', 'profiles.out'], app)).toContain('0 fatal, 0 error, 0 warning');
  expect(run('npx', ['cdk-secure-core', 'drill', 'cdk.out'], app)).toMatch(/, 0 succeeded, 0 inconclusive;/);
  run('npx', ['cdk-secure-core', 'report', 'cdk.out', '--format', 'json', '--out', 'report.json'], app);
  const { rows } = JSON.parse(fs.readFileSync(path.join(app, 'report.json'), 'utf8')) as Report;
  // Typed by the metadata that jsii has really written into the published classes.
  const tones = (control: string): string[] => rows.filter((row) => row.control === control).flatMap((row) => [row.typed.tone, row.checked.tone, row.attackedTemplateIntent.tone]);
  expect(tones('TLS-2')).toEqual(['good', 'good', 'good']);
  expect(tones('SUP-4')).toEqual(['none', 'none', 'none']);
}, 300_000);
