import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Baseline, note, outputOf } from '../mutants/baselines/baseline';
import { ROOT } from '../mutants/root';

interface Match {
  readonly Filename: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path?: readonly (string | number)[] };
}

/** The linter of CloudFormation templates, from the Python environment that `npx tsx tools/prepare-tests.ts` makes. */
export const CFN_LINT: Baseline = {
  name: 'cfn-lint',
  async run(files, folder) {
    const program = path.join(ROOT, '.venv', 'bin', 'cfn-lint');
    if (!fs.existsSync(program)) throw new Error(`${program} is missing: run "npx tsx tools/prepare-tests.ts" first.`);
    const matches = JSON.parse(await outputOf(program, ['--format', 'json', ...files.map((file) => file.path)], path.join(folder, 'cfn-lint.json'))) as readonly Match[];
    const found = new Map<string, Set<string>>();
    for (const { Filename, Rule, Location } of matches) {
      const [section, logicalId = ''] = Location.Path ?? [];
      note(found, path.basename(Filename), `${Rule.Id} ${section === 'Resources' ? String(logicalId) : String(section ?? 'template')}`);
    }
    // A template that it cannot read is a match of a rule of its own.
    const unread = matches.filter(({ Rule }) => Rule.Id.startsWith('E0')).map(({ Filename }) => path.basename(Filename));
    return { columns: new Map([['cfn-lint', found]]), unread: [...new Set(unread)] };
  },
};
