import * as fs from 'node:fs';
import * as path from 'node:path';
import { ROOT } from '../root';
import { type Baseline, note, outputOf } from './baseline';

const PACKAGE = path.join(ROOT, 'node_modules', '@cdklabs', 'cdk-validator-cfnguard');
const RULES = path.join(PACKAGE, 'rules', 'control-tower', 'cfn-guard');

function binary(): string {
  const platform = { linux: 'ubuntu', darwin: 'macos' }[process.platform as string];
  const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  if (platform === undefined || architecture === undefined) throw new Error(`cfn-guard is not built for ${process.platform} on ${process.arch}`);
  return path.join(PACKAGE, 'bin', platform, architecture, 'cfn-guard');
}

/** The rules that name a type of the templates. The others skip every template, which takes cfn-guard most of its time. */
function rulesFor(types: ReadonlySet<string>): string[] {
  return fs.readdirSync(RULES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.guard'))
    .map((file) => path.join(RULES, file))
    .filter((file) => {
      const text = fs.readFileSync(file, 'utf8');
      const named = text.match(/AWS::\w+::\w+/g) ?? [];
      return named.length === 0 || named.some((type) => types.has(type));
    });
}

interface Report {
  readonly name: string;
  readonly not_compliant?: readonly { readonly Rule?: { readonly name: string } }[];
}

/** The rules of Control Tower, by the program that their CDK plugin brings along; it works offline. */
export const GUARD: Baseline = {
  name: 'cfn-guard',
  async run(files, folder) {
    const types = new Set(files.flatMap((file) => fs.readFileSync(file.path, 'utf8').match(/AWS::\w+::\w+/g) ?? []));
    const args = ['validate', '--rules', ...rulesFor(types), '--data', ...files.map((file) => file.path), '--output-format', 'json', '--structured', '--show-summary', 'none'];
    const reports = JSON.parse(await outputOf(binary(), args, path.join(folder, 'guard.json'))) as readonly Report[];
    const found = new Map<string, Set<string>>();
    for (const { name, not_compliant: broken = [] } of reports) {
      for (const { Rule } of broken) {
        const places = new Set([...JSON.stringify(Rule).matchAll(/\/Resources\/(\w+)/g)].map(([, logicalId = '']) => logicalId));
        places.forEach((logicalId) => note(found, path.basename(name), `${Rule?.name ?? ''} ${logicalId}`));
      }
    }
    return { columns: new Map([['cfn-guard Control Tower', found]]), unread: files.filter(({ name }) => !reports.some((report) => path.basename(report.name) === name)).map(({ name }) => name) };
  },
};
