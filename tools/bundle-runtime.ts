import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '..');

interface Program {
  /** Where it begins, from the root of the project. */
  readonly entry: string;
  /** From assets/runtime: what its construct takes it from. */
  readonly file: string;
  /** The Node of where it runs. */
  readonly target: 'node20' | 'node22' | 'node24';
}

/** Everything that runs in AWS, each in one file that holds all it needs, the AWS SDK among it: the one of the Lambda runtime changes without notice. */
const PROGRAMS: readonly Program[] = [
  { entry: 'src/runtime/lockdown/lockdown.lambda.ts', file: 'lockdown/index.js', target: 'node22' },
  { entry: 'src/runtime/audit-emptying/audit-emptying.lambda.ts', file: 'audit-emptying/index.js', target: 'node24' },
  { entry: 'src/runtime/vault-emptying/vault-emptying.lambda.ts', file: 'vault-emptying/index.js', target: 'node24' },
  { entry: 'src/runtime/mirror/mirror.lambda.ts', file: 'mirror/index.js', target: 'node22' },
  { entry: 'src/runtime/rotation/rotation.lambda.ts', file: 'rotation/index.js', target: 'node24' },
  { entry: 'src/runtime/rollout/rollout.lambda.ts', file: 'rollout/index.js', target: 'node24' },
  { entry: 'src/runtime/master-key/master-key.lambda.ts', file: 'master-key/index.js', target: 'node24' },
  { entry: 'src/runtime/secret-age/secret-age.lambda.ts', file: 'secret-age/index.js', target: 'node24' },
  { entry: 'src/runtime/broker/broker.lambda.ts', file: 'broker/index.js', target: 'node24' },
  { entry: 'src/runtime/broker/exit.lambda.ts', file: 'broker-exit/index.js', target: 'node24' },
  { entry: 'src/runtime/broker/sweep.lambda.ts', file: 'broker-sweep/index.js', target: 'node24' },
  { entry: 'src/runtime/gate/main.ts', file: 'gate/index.js', target: 'node20' },
  { entry: 'src/runtime/gate/health-check.ts', file: 'gate/health.js', target: 'node20' },
  { entry: 'src/runtime/gate/ca-bundle.ts', file: 'gate/ca-bundle.js', target: 'node20' },
];

/** What goes beside them as it is. */
const COPIES: readonly { readonly from: string; readonly file: string }[] = [
  { from: 'src/runtime/gate/Dockerfile', file: 'gate/Dockerfile' },
];

export function bundleRuntime(target = path.join(ROOT, 'assets/runtime')): void {
  for (const program of PROGRAMS) put(path.join(target, program.file), bundle(program));
  for (const { from, file } of COPIES) put(path.join(target, file), fs.readFileSync(path.join(ROOT, from)));
}

function bundle({ entry, target }: Program): Uint8Array {
  const { outputFiles: [file] } = buildSync({
    entryPoints: [path.join(ROOT, entry)],
    bundle: true,
    write: false,
    platform: 'node',
    target,
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  if (!file) throw new Error(`esbuild wrote nothing for ${entry}.`);
  return file.contents;
}

/** Renamed into place, so that whoever synthesizes meanwhile never sees half a file. */
function put(file: string, content: Uint8Array): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const half = path.join(path.dirname(path.dirname(file)), `.${path.basename(path.dirname(file))}-${path.basename(file)}-${process.pid}`);
  fs.writeFileSync(half, content);
  fs.renameSync(half, file);
}

if (require.main === module) bundleRuntime();
