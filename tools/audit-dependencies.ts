/**
 * Asks whether a dependency has a known vulnerability (SUP-2): everything in package-lock.json, and the pins of Python.
 *
 * Ends with 1 where one has; where nobody could be asked it says so and ends with 0, or with 1 where it is called with `--required`.
 */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { SOURCES, WHEELS } from '../src/drill/toolbox/requirements';
import { auditNpm } from './audit/npm';
import { auditPython } from './audit/python';
import { verdictText } from './audit/verdict';

const [folder = path.resolve(__dirname, '..')] = process.argv.slice(2).filter((word) => word !== '--required');
const REQUIREMENTS = ['requirements.txt', 'test/e2e/worker/openapi/requirements.txt'];
const pinned = REQUIREMENTS.flatMap((file) => readFileSync(path.join(__dirname, '..', file), 'utf8').split('\n').filter((line) => /^[\w.-]+==/.test(line)));

const verdicts = [
  ['npm', auditNpm(folder)],
  ['Python', auditPython([...new Set([...pinned, ...WHEELS, ...SOURCES])])],
] as const;
for (const [of, verdict] of verdicts) process.stdout.write(`${verdictText(of, verdict)}\n`);
const isRequired = process.argv.includes('--required');
process.exitCode = verdicts.some(([, { state }]) => state === 'found' || (isRequired && state === 'not audited')) ? 1 : 0;
