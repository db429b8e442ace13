import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { judge } from '../src/checks/judge';
import { TemplateGraph } from '../src/checks/template/template-graph';
import { colorsOf } from '../src/cli/colors';
import { type Input, readInput } from '../src/cli/inputs';
import { controlTable } from '../src/report/control-table';
import { toText } from '../src/report/findings';
import { drawRequestPaths } from '../src/report/request-path';

const ROOT = path.resolve(__dirname, '..');
const started = Date.now();
const paint = colorsOf(process.stdout);

function progress(text: string): void {
  console.log(`\n${paint.cyan(`[${((Date.now() - started) / 1000).toFixed(1)} s]`)} ${text}`);
}

/** Runs an example the way the CDK's command line does, into a folder of its own. */
async function synthesize(example: string, folder: string): Promise<Input> {
  const directory = path.join(ROOT, 'examples', example);
  const { context } = JSON.parse(fs.readFileSync(path.join(directory, 'cdk.json'), 'utf8')) as { context: object };
  const tsx = [require.resolve('tsx/cli'), '--tsconfig', path.join(ROOT, 'test/tsconfig.json'), '--import', path.join(__dirname, 'as-published.ts')];
  await promisify(execFile)(process.execPath, [...tsx, path.join(directory, 'app.ts')], {
    cwd: directory,
    env: { ...process.env, CDK_OUTDIR: path.join(folder, example), CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  return readInput(path.join(folder, example));
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-secure-core-demo-'));
  try {
    progress('Synthesizing examples/remote-core: one ProfiledCore, the CDK\'s own template validation on and fatal …');
    const safe = await synthesize('remote-core', folder);
    progress('What a request passes, read back from the synthesized template:\n');
    console.log(drawRequestPaths(new TemplateGraph(safe.templates)).join('\n\n'));
    const good = judge(safe.templates, { acknowledgements: safe.acknowledgements });
    progress('The pack\'s verdict, control by control:\n');
    console.log(controlTable(good, paint));
    console.log(`\n${toText(good, paint)}`);

    progress('Synthesizing examples/unsafe: what a newcomer writes with ApplicationLoadBalancedFargateService …');
    const unsafe = await synthesize('unsafe', folder);
    progress('What a request passes there:\n');
    console.log(drawRequestPaths(new TemplateGraph(unsafe.templates)).join('\n\n'));
    progress('What the pack catches, and how to fix it:\n');
    const bad = judge(unsafe.templates, { acknowledgements: unsafe.acknowledgements });
    console.log(toText(bad, paint));
    progress('Done. Judge your own: npx cdk-secure-core check <template | cdk.out>');
    // A demo that finds nothing wrong with the unsafe app, or something wrong with the safe one, has failed.
    process.exitCode = good.findings.length === 0 && bad.findings.length > 0 ? 0 : 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  console.error(`The demo broke off: ${said}`);
  process.exitCode = 1;
});
