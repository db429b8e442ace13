import { isScope, isSubject } from '../../runtime/gate/identity/names';
import { UsageError } from '../usage-error';

const DAY_MS = 24 * 60 * 60 * 1000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 60 * 60_000, d: DAY_MS };

/** A key that nobody renews within a year is not one that anybody looks after; our own figure. */
const MAX_LIFE_DAYS = 365;
/** Longer than any issuer makes its tokens live; our own figure. */
const MAX_REMEMBERED_DAYS = 3650;

/** How long a key is valid; a period such as 90d, 12h or 30m. */
export function lifeFrom(text: string): number {
  return period('--expires', text, MAX_LIFE_DAYS);
}

/** How long a revoked token is remembered. */
export function rememberedFrom(text: string): number {
  return period('--for', text, MAX_REMEMBERED_DAYS);
}

function period(option: string, text: string, maxDays: number): number {
  const [, count = '', unit = ''] = /^(\d{1,7})([mhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? 0);
  if (!(milliseconds > 0) || milliseconds > maxDays * DAY_MS) throw new UsageError(`${option} ${text}: give a period of ${maxDays}d at most, such as 90d, 12h or 30m.`);
  return milliseconds;
}

/** Scopes as they were asked for, each once: there is no default, and none that stands for all (CX-14, AZN-6). */
export function scopesFrom(scopes: readonly string[]): readonly string[] {
  if (scopes.length === 0) throw new UsageError('No scope is named: add --scope for each that the key is needed for. There is no default.');
  const bad = scopes.find((scope): boolean => !isScope(scope));
  if (bad !== undefined) {
    throw new UsageError(`--scope ${JSON.stringify(bad)}: name one scope of 1 to 256 printable characters, without blanks, quotes, commas, backslashes and *; repeat the option for more.`);
  }
  return [...new Set(scopes)];
}

/** The owner is the subject that the Core is told, so that the gate's own judgement is used. */
export function ownerFrom(owner: string): string {
  if (!isSubject(owner)) throw new UsageError(`--owner ${JSON.stringify(owner)}: name whoever uses the key in 1 to 255 printable ASCII characters, without blanks around them.`);
  return owner;
}

/** As `GateProof.apiKeys` takes it. */
export function prefixFrom(prefix: string): string {
  if (!/^[a-z][a-z0-9]{1,15}_$/.test(prefix)) {
    throw new UsageError(`--prefix ${JSON.stringify(prefix)}: give what the gate was deployed with, such as ctx_: 2 to 16 lower-case letters and digits, and an underscore.`);
  }
  return prefix;
}
