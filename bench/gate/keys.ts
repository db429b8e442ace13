import { createHash, randomBytes } from 'node:crypto';

/** An API key of the bench: what a caller sends, and whom the table says it speaks for. */
export interface BenchKey {
  readonly text: string;
  readonly digest: string;
  readonly owner: string;
}

export interface BenchKeys {
  /** They take turns, so that a batch of the limiter holds several callers. */
  readonly good: readonly BenchKey[];
  /** Whose budget is LIMITED_REQUESTS. */
  readonly limited: BenchKey;
  /** In no table. */
  readonly unknown: BenchKey;
}

export const KEY_PREFIX = 'ctx_';
export const KEY_HEADER = 'x-api-key';
export const LIMITED_OWNER = 'limited';
/** Within a minute. */
export const LIMITED_REQUESTS = 5;
/** In any minute and at once: more than anybody measured here gets through. */
export const AMPLE_REQUESTS = 10_000_000;

const CALLERS = 16;

export function makeKeys(): BenchKeys {
  return { good: Array.from({ length: CALLERS }, (_, index) => makeKey(`caller-${index + 1}`)), limited: makeKey(LIMITED_OWNER), unknown: makeKey('nobody') };
}

function makeKey(owner: string): BenchKey {
  const text = `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
  return { text, digest: createHash('sha256').update(text).digest('hex'), owner };
}
