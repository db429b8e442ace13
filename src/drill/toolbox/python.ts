import { execFileSync } from 'node:child_process';

const MIN_MINOR = 11;

/** What an error message asks for. 3.10 would do for the programs, but not with these exact packages: it needs three more. */
export const PYTHON_WANTED = `Python 3.${MIN_MINOR} or newer`;

/** The command of a Python that is new enough, on the PATH. */
export function findPython(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'].find((command) => {
    const version = pythonVersion(command, env);
    return version !== undefined && version[0] === 3 && version[1] >= MIN_MINOR;
  });
}

function pythonVersion(command: string, env: NodeJS.ProcessEnv): readonly [number, number] | undefined {
  try {
    const said = execFileSync(command, ['-c', 'import sys; print(sys.version_info.major, sys.version_info.minor)'], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
    const [major = 0, minor = 0] = said.trim().split(' ').map(Number);
    return [major, minor];
  } catch {
    return undefined;
  }
}
