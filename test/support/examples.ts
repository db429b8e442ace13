import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudAssembly, SynthesisMessageLevel } from '@aws-cdk/cloud-assembly-api';

export const ROOT = path.resolve(__dirname, '../..');
const EXAMPLES = path.join(ROOT, 'examples');

/** Every example but the one that is unsafe on purpose. */
export const SAFE_EXAMPLES = fs.readdirSync(EXAMPLES).filter((name) => name !== 'unsafe' && fs.existsSync(path.join(EXAMPLES, name, 'app.ts')));

export interface Synthesis {
  /** As by `--context`. */
  readonly context?: Readonly<Record<string, string>>;
  /** Whether the CDK validates the templates by its own rules, which takes longer than all the rest. @default true */
  readonly validates?: boolean;
}

/** Runs an example, or an app in a folder of its own, as the CDK's command line does. Throws where the synth fails. */
export function synthesize(example: string, outdir: string, { context: chosen = {}, validates = true }: Synthesis = {}): void {
  const directory = path.resolve(EXAMPLES, example);
  const { context } = JSON.parse(fs.readFileSync(path.join(directory, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  const tsx = [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', path.join(ROOT, 'test/tsconfig.json'), '--import', path.join(ROOT, 'tools/as-published.ts')];
  execFileSync(process.execPath, [...tsx, 'app.ts'], {
    cwd: directory,
    // NODE_ENV=test would make the CDK throw its report instead of printing it.
    env: { ...process.env, NODE_ENV: 'production', CDK_VALIDATION: String(validates), CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...chosen }) },
    stdio: 'pipe',
  });
  const errors = annotatedErrors(outdir);
  if (errors.length > 0) throw new Error(`Found errors in ${example}:\n${errors.join('\n')}`);
}

/** What an example depends on: the same files give the same templates, which `test/e2e/examples` makes sure of. */
const INPUTS = ['src', 'assets/runtime', 'tools/as-published.ts', 'test/tsconfig.json', 'tsconfig.json', 'package-lock.json'];
const CACHE = path.join(ROOT, 'node_modules/.cache/examples');

/**
 * The folder of an example that was synthesized, by this process or by another one of the same files: a synth is ten seconds of a core, and several suites
 * need each. For reading only.
 */
export function synthesized(example: string): string {
  const known = made.get(example);
  if (known !== undefined) return known;
  const outdir = synthesizedOnce(example);
  made.set(example, outdir);
  return outdir;
}

const made = new Map<string, string>();

function synthesizedOnce(example: string): string {
  const outdir = path.join(CACHE, `${example}-${digestOf([...INPUTS, path.join('examples', example)])}`);
  if (fs.existsSync(outdir)) return outdir;
  fs.mkdirSync(CACHE, { recursive: true });
  const making = fs.mkdtempSync(path.join(CACHE, 'making-'));
  synthesize(example, making);
  const older = fs.readdirSync(CACHE).filter((name) => name.startsWith(`${example}-`) && name.length === path.basename(outdir).length);
  for (const name of older) fs.rmSync(path.join(CACHE, name), { recursive: true, force: true });
  // Brought into place whole; where somebody else was faster, his is the same.
  if (fs.existsSync(outdir)) fs.rmSync(making, { recursive: true });
  else fs.renameSync(making, outdir);
  return outdir;
}

function digestOf(places: readonly string[]): string {
  const hash = createHash('sha256');
  const files = places.flatMap((place) => filesIn(path.join(ROOT, place))).sort();
  for (const file of files) hash.update(`${path.relative(ROOT, file)}\n`).update(createHash('sha256').update(fs.readFileSync(file)).digest());
  return hash.digest('hex').slice(0, 16);
}

function filesIn(place: string): string[] {
  if (fs.statSync(place).isFile()) return [place];
  return fs.readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

/** What constructs hold against themselves: an app writes it down and ends well, and the command line refuses to go on with it. */
function annotatedErrors(outdir: string): string[] {
  const messages = new CloudAssembly(outdir).stacksRecursively.flatMap((stack) => stack.messages);
  return messages.filter(({ level }) => level === SynthesisMessageLevel.ERROR).map(({ id, entry }) => `${id}: ${JSON.stringify(entry.data)}`);
}
