import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type Baseline, note, outputOf } from './baseline';

const VERSION = '3.3.30';

/** A Python environment of its own, kept between runs: checkov brings a hundred packages, which nothing else here needs. */
function checkov(say: (line: string) => void): string {
  const cache = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'cdk-secure-core', `bench-checkov-${VERSION}`);
  const stamp = path.join(folder, 'installed');
  if (!fs.existsSync(stamp)) {
    say(`Setting up checkov ${VERSION} in ${folder} (once, about a minute) …`);
    fs.rmSync(folder, { recursive: true, force: true });
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(path.join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', `checkov==${VERSION}`], { stdio: 'pipe' });
    fs.writeFileSync(stamp, VERSION);
  }
  return path.join(folder, 'bin', 'checkov');
}

interface Report {
  readonly results: {
    readonly failed_checks: readonly { readonly check_id: string; readonly resource: string; readonly file_path: string }[];
    readonly parsing_errors?: readonly string[];
  };
}

/** One run over the whole folder: starting it takes longer than judging ten templates. */
export const CHECKOV: Baseline = {
  name: 'checkov',
  async run(files, folder, say) {
    const program = checkov(say);
    const directory = path.dirname(files[0]?.path ?? folder);
    // Its descriptions would be fetched from the maker's service; its rules are in the package.
    const args = ['--directory', directory, '--framework', 'cloudformation', '--output', 'json', '--quiet', '--compact', '--skip-download'];
    const report = JSON.parse(await outputOf(program, args, path.join(folder, 'checkov.json'))) as Report;
    const found = new Map<string, Set<string>>();
    for (const { check_id: check, resource, file_path: file } of report.results.failed_checks) note(found, path.basename(file), `${check} ${resource}`);
    return { columns: new Map([['checkov', found]]), unread: (report.results.parsing_errors ?? []).map((file) => path.basename(file)) };
  },
};
