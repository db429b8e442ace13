import * as fs from 'node:fs';
import * as path from 'node:path';
import * as library from '../src';

const { version } = JSON.parse(fs.readFileSync(path.resolve(__dirname, '../package.json'), 'utf8')) as { version: string };

/**
 * Loaded before an app that uses the library from its sources (`tsx --import`). In the published package jsii has written into every
 * class what it is called and which version it is of, and the CDK copies that into tree.json, from which the report knows whose
 * constructs made a resource. Sources run by tsx lack it; this writes the same.
 */
for (const [name, exported] of Object.entries(library)) {
  if (typeof exported === 'function') Object.defineProperty(exported, Symbol.for('jsii.rtti'), { value: { fqn: `cdk-secure-core.${name}`, version } });
}
