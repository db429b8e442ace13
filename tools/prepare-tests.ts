import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Everything the tests need beyond npm: a Python environment with what requirements.txt pins. */
const ROOT = path.resolve(__dirname, '..');
const VENV = path.join(ROOT, '.venv');
const MIN_MINOR = 11;

function pythonVersion(command: string): readonly [number, number] | undefined {
  try {
    const said = execFileSync(command, ['-c', 'import sys; print(sys.version_info.major, sys.version_info.minor)'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [major = 0, minor = 0] = said.trim().split(' ').map(Number);
    return [major, minor];
  } catch {
    return undefined;
  }
}

function findPython(): string | undefined {
  return ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'].find((command) => {
    const version = pythonVersion(command);
    return version !== undefined && version[0] === 3 && version[1] >= MIN_MINOR;
  });
}

function main(): void {
  const requirements = path.join(ROOT, 'requirements.txt');
  const stamp = path.join(VENV, 'requirements.sha256');
  const wanted = createHash('sha256').update(fs.readFileSync(requirements)).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  const python = findPython();
  if (python === undefined) {
    console.error(`npm test needs Python 3.${MIN_MINOR} or newer on the PATH, for cfn-lint; none was found.`);
    process.exitCode = 1;
    return;
  }
  console.log('Setting up .venv with what requirements.txt pins (once, about half a minute) …');
  fs.rmSync(VENV, { recursive: true, force: true });
  execFileSync(python, ['-m', 'venv', VENV], { stdio: 'inherit' });
  execFileSync(path.join(VENV, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements], { stdio: 'inherit' });
  fs.writeFileSync(stamp, wanted);
}

main();
