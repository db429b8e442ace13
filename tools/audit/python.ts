import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Verdict } from './verdict';

const PATIENCE_MS = 180_000;

interface Audited {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly vulns?: readonly { readonly id?: unknown }[];
  /** Why it was not looked at. */
  readonly skip_reason?: unknown;
}

/**
 * Has pip-audit look at exact versions, where it is installed. It tells no severity, so that anything it finds fails.
 *
 * @param pins `<name>==<version>`
 */
export function auditPython(pins: readonly string[], env: NodeJS.ProcessEnv = process.env): Verdict {
  const folder = mkdtempSync(path.join(tmpdir(), 'pip-audit-'));
  try {
    const file = path.join(folder, 'requirements.txt');
    writeFileSync(file, `${pins.join('\n')}\n`);
    // Every pin is there with all that it brings: there is nothing to resolve, and nothing to install.
    const { stdout, error } = spawnSync('pip-audit', ['--requirement', file, '--no-deps', '--disable-pip', '--format', 'json', '--progress-spinner', 'off'],
      { env, encoding: 'utf8', timeout: PATIENCE_MS });
    if (error) return { state: 'not audited', why: 'code' in error && error.code === 'ENOENT' ? 'pip-audit is not installed' : 'pip-audit could not be run' };
    return verdictOf(stdout, pins.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verdictOf(stdout: string, count: number): Verdict {
  let audited: readonly Audited[];
  try {
    const { dependencies } = JSON.parse(stdout) as { readonly dependencies?: unknown };
    audited = Array.isArray(dependencies) ? dependencies as Audited[] : [];
  } catch {
    return { state: 'not audited', why: 'pip-audit answered with something that is no JSON: it has no advisories to ask, or no network' };
  }
  const findings = audited.filter(({ vulns = [] }) => vulns.length > 0).map(({ name, version, vulns = [] }) => `${String(name)} ${String(version)}: ${vulns.map(({ id }) => String(id)).join(', ')}`);
  if (findings.length > 0) return { state: 'found', findings };
  const skipped = audited.filter(({ skip_reason: reason }) => reason !== undefined).length;
  if (audited.length < count || skipped > 0) return { state: 'not audited', why: `pip-audit has looked at ${audited.length - skipped} of ${count} packages` };
  return { state: 'clean', what: `${count} packages of PyPI` };
}
