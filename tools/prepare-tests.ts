import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { findPython, PYTHON_WANTED } from '../src/drill/toolbox/python';
import { openToolbox } from '../src/drill/toolbox/toolbox';
import { ToolboxError } from '../src/drill/toolbox/toolbox-error';
import { prepareChromium } from './chromium';
import { prepareMemcached } from './memcached';
import { prepareNamespaces } from './namespaces';
import { prepareRedis } from './redis';
import { prepareSchemathesis } from './schemathesis';

/** Everything the tests need beyond npm: a Python environment with what requirements.txt pins, one with schemathesis, the drill's tools, a browser, a Redis, a Memcached, and what builds networks. */
const ROOT = path.resolve(__dirname, '..');
const VENV = path.join(ROOT, '.venv');

function prepareLinter(): void {
  const requirements = path.join(ROOT, 'requirements.txt');
  const stamp = path.join(VENV, 'requirements.sha256');
  const wanted = createHash('sha256').update(fs.readFileSync(requirements)).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  const python = findPython();
  if (python === undefined) throw new ToolboxError(`npm test needs ${PYTHON_WANTED} on the PATH, for cfn-lint; none was found.`);
  console.log('Setting up .venv with what requirements.txt pins (once, about half a minute) …');
  fs.rmSync(VENV, { recursive: true, force: true });
  execFileSync(python, ['-m', 'venv', VENV], { stdio: 'inherit' });
  execFileSync(path.join(VENV, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements], { stdio: 'inherit' });
  fs.writeFileSync(stamp, wanted);
}

async function main(): Promise<void> {
  try {
    prepareLinter();
    prepareSchemathesis((line) => console.log(line));
    prepareChromium((line) => console.log(line));
    prepareNamespaces((line) => console.log(line));
    prepareRedis((line) => console.log(line));
    prepareMemcached((line) => console.log(line));
    await openToolbox((line) => console.log(line));
  } catch (error) {
    if (!(error instanceof ToolboxError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

void main();
