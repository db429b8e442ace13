import { spawnSync } from 'node:child_process';
import type { Verdict } from './verdict';

/** What fails, as npm grades advisories. */
const GRADES = ['high', 'critical'] as const;
/** The registry is asked once for all packages, and again for each that has an advisory; in milliseconds. */
const PATIENCE_MS = 180_000;

interface Vulnerability {
  readonly name?: unknown;
  readonly severity?: unknown;
  readonly via?: unknown;
}

/** Asks the registry that npm is configured with for advisories about everything in a folder's package-lock.json, by npm itself. */
export function auditNpm(folder: string, env: NodeJS.ProcessEnv = process.env): Verdict {
  const { stdout, error } = spawnSync('npm', ['audit', '--json', '--audit-level=high'], { cwd: folder, env, encoding: 'utf8', timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 });
  if (error) return { state: 'not audited', why: `npm audit could not be run (${'code' in error ? String(error.code) : error.name})` };
  let answer: unknown;
  try {
    answer = JSON.parse(stdout) as unknown;
  } catch {
    return { state: 'not audited', why: 'npm audit answered with something that is no JSON' };
  }
  const { metadata, vulnerabilities, error: refused, message } = objectOf(answer);
  const { dependencies } = objectOf(metadata);
  // A report without either is of an older form, or of nobody who looked.
  if (typeof vulnerabilities !== 'object' || vulnerabilities === null || typeof objectOf(dependencies).total !== 'number') {
    const words = [message, objectOf(refused).summary, objectOf(refused).code].filter((one) => typeof one === 'string' && one !== '').join(': ');
    return { state: 'not audited', why: `the registry has no advisories to give${words === '' ? '' : ` (${words.split('\n')[0] ?? ''})`}` };
  }
  const found = Object.values(vulnerabilities as Readonly<Record<string, Vulnerability>>).filter(({ severity }) => GRADES.some((grade) => grade === severity));
  if (found.length === 0) return { state: 'clean', what: `${String(objectOf(dependencies).total)} packages of npm` };
  return { state: 'found', findings: found.map(({ name, severity, via }) => `${String(name)} (${String(severity)}): ${titlesOf(via)}`) };
}

function titlesOf(via: unknown): string {
  const titles = (Array.isArray(via) ? via as unknown[] : []).map((one) => (typeof one === 'string' ? `by way of ${one}`
    : [objectOf(one).title, objectOf(one).url].filter((word) => typeof word === 'string').join(' ')));
  return [...new Set(titles)].join('; ');
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : {};
}
