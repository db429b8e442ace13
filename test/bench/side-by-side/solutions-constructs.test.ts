import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { packedIn, unpack } from '../../../bench/side-by-side/solutions-constructs';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'test-solutions-constructs-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** An npm package as jsii puts it into a Python package. */
function pack(file: string, name: string): string {
  const content = path.join(folder, 'content', 'package');
  fs.mkdirSync(path.join(content, 'node_modules', 'bundled'), { recursive: true });
  fs.writeFileSync(path.join(content, 'package.json'), JSON.stringify({ name }));
  fs.writeFileSync(path.join(content, 'node_modules', 'bundled', 'index.js'), '');
  const packed = path.join(folder, 'wheels', file);
  fs.mkdirSync(path.dirname(packed), { recursive: true });
  execFileSync('tar', ['-czf', packed, '-C', path.join(folder, 'content'), 'package']);
  return packed;
}

test('a packed package comes to where its own name says, with what it bundles', () => {
  const modules = path.join(folder, 'node_modules');
  unpack(pack('a/_jsii/core@1.0.0.jsii.tgz', '@scope/core'), modules);
  unpack(pack('b/_jsii/pattern@1.0.0.jsii.tgz', '@scope/pattern'), modules);
  unpack(pack('c/_jsii/plain@1.0.0.jsii.tgz', 'plain'), modules);
  expect(fs.readdirSync(modules).sort()).toEqual(['@scope', 'plain']);
  expect(fs.readdirSync(path.join(modules, '@scope')).sort()).toEqual(['core', 'pattern']);
  expect(fs.readdirSync(path.join(modules, '@scope/core')).sort()).toEqual(['node_modules', 'package.json']);
  expect(fs.existsSync(path.join(modules, '@scope/core/node_modules/bundled/index.js'))).toBe(true);
});

test('only what jsii has packed is taken from the Python packages', () => {
  pack('a/_jsii/core@1.0.0.jsii.tgz', '@scope/core');
  pack('data/other.tgz', 'other');
  fs.writeFileSync(path.join(folder, 'wheels', 'a', '__init__.py'), '');
  expect(packedIn(path.join(folder, 'wheels'))).toEqual([path.join('a', '_jsii', 'core@1.0.0.jsii.tgz')]);
});
