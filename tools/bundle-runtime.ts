import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '..');

/** Every function's code, and the folder of assets/ that its construct takes it from. */
const FUNCTIONS: readonly { readonly entry: string; readonly folder: string }[] = [
  { entry: 'src/runtime/lockdown/lockdown.lambda.ts', folder: 'lockdown' },
];

/** Bundles what runs in Lambda, with the AWS SDK that it was tested with: the one of the Lambda runtime changes without notice. */
export function bundleRuntime(target = path.join(ROOT, 'assets/runtime')): void {
  for (const { entry, folder } of FUNCTIONS) {
    const { outputFiles } = buildSync({
      entryPoints: [path.join(ROOT, entry)],
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node22',
      minify: true,
      legalComments: 'none',
      logLevel: 'warning',
    });
    const file = path.join(target, folder, 'index.js');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // Renamed into place, so that whoever synthesizes meanwhile never sees half a file.
    const half = path.join(target, `.${folder}-${process.pid}.js`);
    fs.writeFileSync(half, outputFiles[0]?.text ?? '');
    fs.renameSync(half, file);
  }
}

if (require.main === module) bundleRuntime();
