import * as path from 'node:path';
import { buildSync } from 'esbuild';

const SERVICES = ['policy-service', 'fastify-proxy'] as const;

/** Bundled and minified like the gate, so that no loader stands between what is compared. @returns where they are */
export function bundleServices(folder: string): Readonly<Record<typeof SERVICES[number], string>> {
  const made = SERVICES.map((name) => {
    const outfile = path.join(folder, `${name}.js`);
    buildSync({ entryPoints: [path.join(__dirname, `${name}.ts`)], bundle: true, outfile, platform: 'node', target: 'node20', minify: true, legalComments: 'none', logLevel: 'warning' });
    return [name, outfile] as const;
  });
  return Object.fromEntries(made) as Record<typeof SERVICES[number], string>;
}
