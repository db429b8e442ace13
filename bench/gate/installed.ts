import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Something that can be started, with what it needs of its environment. */
export interface Program {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

type Say = (line: string) => void;

/** Of Debian or Ubuntu; unpacked into a folder, so that no service is started and nothing of the system changes. */
const DEBIAN: Readonly<Record<'nginx' | 'wrk', { readonly packages: readonly string[]; readonly file: string }>> = {
  nginx: { packages: ['nginx'], file: 'usr/sbin/nginx' },
  wrk: { packages: ['wrk', 'libluajit-5.1-2'], file: 'usr/bin/wrk' },
};
const LIBRARIES = 'usr/lib/x86_64-linux-gnu';

/** The newest that Go's proxy had. */
const CADDY = 'github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9';
const LITELLM = 'litellm[proxy]==1.106.2';

/** nginx or wrk: the installed one, or else Debian's. */
export function debian(name: keyof typeof DEBIAN, say: Say): Program {
  const installed = onPath(name);
  if (installed !== undefined) return { file: installed, env: {} };
  const { packages, file } = DEBIAN[name];
  const folder = once(`bench-${name}`, (target) => {
    if (onPath('apt-get') === undefined) throw new Error(`${name} is not installed, and there is no apt-get to get it with`);
    say(`Unpacking Debian's ${name} into ${target} (once; nothing is installed) …`);
    try {
      run('apt-get', ['-qq', 'download', ...packages], target);
    } catch {
      // Without a list of packages, or with an old one.
      run('apt-get', ['-qq', 'update'], target);
      run('apt-get', ['-qq', 'download', ...packages], target);
    }
    for (const archive of fs.readdirSync(target).filter((entry) => entry.endsWith('.deb'))) run('dpkg-deb', ['-x', archive, '.'], target);
  });
  return { file: path.join(folder, file), env: { LD_LIBRARY_PATH: path.join(folder, LIBRARIES) } };
}

/** Built from source: Debian's is four years older than the others here. */
export function caddy(say: Say): Program {
  const folder = once(`bench-${path.basename(CADDY)}`, (target) => {
    const go = onPath('go');
    if (go === undefined) throw new Error(`Go, which builds ${CADDY}, is not installed`);
    say(`Building ${CADDY} in ${target} (once, some minutes) …`);
    run(go, ['install', CADDY], target, { GOBIN: target, GOFLAGS: '-mod=mod' });
  });
  return { file: path.join(folder, 'caddy'), env: {} };
}

export function liteLlm(say: Say): Program {
  const folder = once(`bench-${LITELLM.replace(/[^a-z0-9.]+/g, '-')}`, (target) => {
    say(`Installing ${LITELLM} into ${target} (once, about a minute) …`);
    run('python3', ['-m', 'venv', target], target);
    run(path.join(target, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', LITELLM], target);
  });
  return { file: path.join(folder, 'bin/litellm'), env: {} };
}

/** A folder that is filled once, and kept. The stamp is written last. */
function once(name: string, fill: (folder: string) => void): string {
  const cache = process.env.CDK_SECURE_CORE_CACHE ?? process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
  const folder = path.join(path.resolve(cache), 'cdk-secure-core', name);
  const stamp = path.join(folder, '.complete');
  if (fs.existsSync(stamp)) return folder;
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fill(folder);
  fs.writeFileSync(stamp, '');
  return folder;
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

function run(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): void {
  execFileSync(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
}
