import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudAssembly, SynthesisMessageLevel } from '@aws-cdk/cloud-assembly-api';

export const ROOT = path.resolve(__dirname, '../..');
const EXAMPLES = path.join(ROOT, 'examples');

/** Every example but the one that is unsafe on purpose. */
export const SAFE_EXAMPLES = fs.readdirSync(EXAMPLES).filter((name) => name !== 'unsafe' && fs.existsSync(path.join(EXAMPLES, name, 'app.ts')));

/** Runs an example, or an app in a folder of its own, as the CDK's command line does with `--context`, its template validation on. Throws where the synth fails. */
export function synthesize(example: string, outdir: string, chosen: Readonly<Record<string, string>> = {}): void {
  const directory = path.resolve(EXAMPLES, example);
  const { context } = JSON.parse(fs.readFileSync(path.join(directory, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  const tsx = [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', path.join(ROOT, 'test/tsconfig.json'), '--import', path.join(ROOT, 'tools/as-published.ts')];
  execFileSync(process.execPath, [...tsx, 'app.ts'], {
    cwd: directory,
    // NODE_ENV=test would make the CDK throw its report instead of printing it.
    env: { ...process.env, NODE_ENV: 'production', CDK_VALIDATION: 'true', CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...chosen }) },
    stdio: 'pipe',
  });
  const errors = annotatedErrors(outdir);
  if (errors.length > 0) throw new Error(`Found errors in ${example}:\n${errors.join('\n')}`);
}

/** What constructs hold against themselves: an app writes it down and ends well, and the command line refuses to go on with it. */
function annotatedErrors(outdir: string): string[] {
  const messages = new CloudAssembly(outdir).stacksRecursively.flatMap((stack) => stack.messages);
  return messages.filter(({ level }) => level === SynthesisMessageLevel.ERROR).map(({ id, entry }) => `${id}: ${JSON.stringify(entry.data)}`);
}
