import { createHmac } from 'node:crypto';
import type { Identity } from '../ports';

/** 128 bits: no two callers share them, and the record stays short. */
const HEX_DIGITS = 32;
/** Remembered: some 2 MB at most. */
const MAX_CALLERS = 10_000;
const MAX_REMEMBERED_LENGTH = 200;

type Caller = Pick<Identity, 'subject' | 'endUser'>;

/**
 * HMAC-SHA-256 of a caller's name (CX-62): who has the key can find his records, and who reads the log cannot find out who it was by trying names.
 *
 * What is hashed is `["<subject>"]` or `["<subject>","<end user>"]` in JSON, so that no two pairs are one text.
 */
export function callerHash(key: string): (caller: Caller) => string {
  const known = new Map<string, string>();
  return ({ subject, endUser }) => {
    const name = JSON.stringify(endUser === undefined ? [subject] : [subject, endUser]);
    const before = known.get(name);
    if (before !== undefined) return before;
    const hash = createHmac('sha256', key).update(name).digest('hex').slice(0, HEX_DIGITS);
    if (name.length <= MAX_REMEMBERED_LENGTH) remember(known, name, hash);
    return hash;
  };
}

function remember(known: Map<string, string>, name: string, hash: string): void {
  const [oldest] = known.keys();
  if (known.size >= MAX_CALLERS && oldest !== undefined) known.delete(oldest);
  known.set(name, hash);
}
