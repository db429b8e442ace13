import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/**
 * Their npm packages could not be installed where this was written. jsii puts the whole npm package into each Python package, so the
 * same JavaScript comes from there. The CDK and constructs are this repository's (their peer range is ^2.260); the third package is the
 * version of the assembly schema that they depend on.
 */
const WHEELS = ['aws-solutions-constructs.aws-alb-fargate==2.105.0', 'aws-solutions-constructs.core==2.105.0', 'aws-cdk.cloud-assembly-schema==54.26.0'] as const;

/** The `node_modules` with AWS Solutions Constructs, kept between runs. */
export function solutionsConstructs(say: (line: string) => void): string {
  const cache = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'cdk-secure-core', `bench-${WHEELS[0].replace('==', '-')}-js`);
  const modules = path.join(folder, 'node_modules');
  const stamp = path.join(folder, 'installed');
  if (fs.existsSync(stamp)) return modules;
  say(`Taking ${WHEELS[0]} into ${folder} (once) …`);
  fs.rmSync(folder, { recursive: true, force: true });
  const wheels = path.join(folder, 'wheels');
  must('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--target', wheels, ...WHEELS]);
  for (const packed of packedIn(wheels)) unpack(path.join(wheels, packed), modules);
  fs.rmSync(wheels, { recursive: true });
  fs.writeFileSync(stamp, '');
  return modules;
}

/** The npm packages, packed, below a folder of Python packages. */
export function packedIn(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.jsii.tgz')).sort();
}

/** Unpacks an npm package to where its own name says. */
export function unpack(packed: string, modules: string): void {
  const staging = fs.mkdtempSync(path.join(path.dirname(packed), 'unpacked-'));
  // npm packs everything below one folder.
  must('tar', ['-xzf', packed, '-C', staging, '--strip-components=1']);
  const { name } = JSON.parse(fs.readFileSync(path.join(staging, 'package.json'), 'utf8')) as { readonly name: string };
  const target = path.join(modules, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.renameSync(staging, target);
}

/** Runs a program that must end with 0. */
function must(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
