import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { findPython, PYTHON_WANTED } from '../src/drill/toolbox/python';
import { ToolboxError } from '../src/drill/toolbox/toolbox-error';

const ROOT = path.resolve(__dirname, '..');
const REQUIREMENTS = path.join(ROOT, 'test/e2e/worker/openapi/requirements.txt');

/** Has schemathesis installed, once for each list of requirements, apart from the Python of the other tests, whose packages it would change. @returns the command */
export function prepareSchemathesis(say: (line: string) => void): string {
  const wanted = createHash('sha256').update(fs.readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = path.join(ROOT, 'node_modules/.cache', `schemathesis-${wanted}`);
  const stamp = path.join(folder, 'installed');
  const command = path.join(folder, 'bin/schemathesis');
  if (fs.existsSync(stamp) && fs.existsSync(command)) return command;
  const python = findPython();
  if (python === undefined) throw new ToolboxError(`npm test needs ${PYTHON_WANTED} on the PATH, for schemathesis; none was found.`);
  say('Setting up schemathesis for the test of the worker protocol (once, about half a minute) …');
  fs.rmSync(folder, { recursive: true, force: true });
  execFileSync(python, ['-m', 'venv', folder], { stdio: 'inherit' });
  execFileSync(path.join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', REQUIREMENTS], { stdio: 'inherit' });
  fs.writeFileSync(stamp, '');
  return command;
}
