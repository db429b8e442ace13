import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from '../mutants/root';

/** What one synth runs, beside what it imports, in a folder of the repository that is removed after use. */
export interface Program {
  readonly folder: string;
  readonly file: string;
}

function typeScriptBelow(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => path.join(ROOT, folder, file));
}

/**
 * Compiles the stacks and our library file by file, as a user gets all three libraries: one file of everything would start faster, for us
 * alone.
 *
 * @param modules a `node_modules` with what is no dependency of the repository
 */
export function compileProgram(modules: string | undefined): Program {
  // In the repository, so that the CDK is found by every package in here, once.
  const folder = path.join(ROOT, 'tmp', `side-by-side-${process.pid}`);
  buildSync({
    entryPoints: ['src', 'bench/side-by-side/stacks'].flatMap(typeScriptBelow).concat(['synth-once.ts', 'packs.ts'].map((file) => path.join(ROOT, 'bench/side-by-side', file))),
    outbase: ROOT, outdir: folder, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error',
    // What jsii publishes carries its map too, and is read with it.
    sourcemap: 'inline',
    // A dynamic import would leave CommonJS, which none of the libraries does.
    supported: { 'dynamic-import': false },
  });
  fs.symlinkSync(path.join(ROOT, 'assets'), path.join(folder, 'assets'));
  // Copied, since Node.js looks for what a linked package imports beside the link's target.
  if (modules !== undefined) fs.cpSync(modules, path.join(folder, 'node_modules'), { recursive: true });
  return { folder, file: path.join(folder, 'bench/side-by-side/synth-once.js') };
}
