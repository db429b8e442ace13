import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '..');
const TYPES = 'types';
/** What a declaration takes from others of this package. */
const IMPORT = /(?:from |import\()'(\.[^']*)'/g;

/** Writes the package `cdk-secure-core/worker`: one file of JavaScript, and the declarations that it needs. */
export function bundleWorker(target = path.join(ROOT, 'assets/worker')): void {
  fs.rmSync(target, { recursive: true, force: true });
  // Not minified: who lets it run beside credentials may want to read it.
  buildSync({
    entryPoints: [path.join(ROOT, 'src/worker/index.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    outfile: path.join(target, 'index.js'),
    // Errors and what is inspected are called as they are documented.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'worker-types-'));
  try {
    emitDeclarations(folder);
    for (const file of reached(path.join(folder, 'worker/index.d.ts'))) {
      const to = path.join(target, TYPES, path.relative(folder, file));
      fs.mkdirSync(path.dirname(to), { recursive: true });
      fs.copyFileSync(file, to);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  fs.writeFileSync(path.join(target, 'index.d.ts'), `export * from './${TYPES}/worker';\n`);
}

function emitDeclarations(folder: string): void {
  const options = [
    '--declaration', '--emitDeclarationOnly', '--strict', '--skipLibCheck', '--target', 'ES2022', '--lib', 'es2023', '--module', 'node16', '--types', 'node', '--rootDir', 'src', '--outDir', folder,
  ];
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, 'src/worker/index.ts'], { cwd: ROOT, stdio: 'inherit' });
}

/** A declaration and all that it needs, wherever it stands: the compiler writes those of the whole program. */
function reached(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, name] of fs.readFileSync(file, 'utf8').matchAll(IMPORT)) {
    if (name !== undefined) reached(path.resolve(path.dirname(file), `${name}.d.ts`), found);
  }
  return found;
}

if (require.main === module) bundleWorker();
