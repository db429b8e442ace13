import { bitsPerCharacter } from '../../secrets/shapes/contract';
import { isSubject } from '../../runtime/gate/identity/names';
import { UsageError } from '../usage-error';

export interface MapEntry {
  readonly key: string;
  readonly owner: string;
}

/** 128 bits in hex, of which the bare SHA-256 cannot be guessed (M-32). */
const MIN_KEY_LENGTH = 32;
/** What the gate takes (credentials.ts). */
const MAX_KEY_LENGTH = 256;
/** Random hex of 32 characters holds over 3 bits in each (2.9 in one of 10,000; see the test). */
const MIN_BITS = 2.9;
const FRAGMENT_LENGTH = 5;
/** Of the fragments of a random key, hardly any occurs twice. */
const MIN_DISTINCT_SHARE = 0.9;
/** Of random hex, an eighth of the neighbours are, of base64 a twentieth. */
const MAX_STEPS_SHARE = 0.5;
/** Words that people write where a key should stand (M-48); in a random key, none of them stands by chance. */
const PLACEHOLDERS = /password|passwd|secret|changeme|change-me|example|placeholder|sample|dummy|default|your[-_]|admin|strong|production|staging|testing/i;
const MAX_ENTRIES = 10_000;

/**
 * Reads a JSON array of `key:user` (TS-03, TS-39): split at the last colon, since a key may hold colons and a user may not (M-39).
 * Whatever is wrong is said by the position of the entry, from 1, and never by what stands there.
 */
export function readKeyMap(text: string, prefix: string): readonly MapEntry[] {
  const list = parse(text);
  if (list.length === 0) throw new UsageError('The map is empty: there is nothing to import.');
  if (list.length > MAX_ENTRIES) throw new UsageError(`The map has ${list.length} entries: import ${MAX_ENTRIES} at most at once.`);
  const entries: MapEntry[] = [];
  const faults: string[] = [];
  const positions = new Map<string, number>();
  list.forEach((item, index) => {
    const position = index + 1;
    const entry = typeof item === 'string' ? split(item) : undefined;
    const first = entry && positions.get(entry.key);
    const fault = entry ? (first === undefined ? faultOf(entry, prefix) : `has the key of entry ${first}`) : 'is not a text of the form key:user';
    if (fault !== undefined) faults.push(`entry ${position} ${fault}`);
    if (!entry) return;
    if (first === undefined) positions.set(entry.key, position);
    entries.push(entry);
  });
  if (faults.length > 0) throw new UsageError(`Nothing was imported: ${faults.join('; ')}.`);
  return entries;
}

function parse(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own words quote the text.
    throw new UsageError('The map is not valid JSON: give an array of texts of the form key:user.');
  }
  if (!Array.isArray(value)) throw new UsageError('The map is not a JSON array: give an array of texts of the form key:user.');
  return value;
}

function split(item: string): MapEntry | undefined {
  const colon = item.lastIndexOf(':');
  return colon === -1 ? undefined : { key: item.slice(0, colon), owner: item.slice(colon + 1) };
}

function faultOf({ key, owner }: MapEntry, prefix: string): string | undefined {
  if (key === '') return 'has no key';
  if (owner === '') return 'has no user';
  if (!isSubject(owner)) return 'has a user that no header can carry: use 1 to 255 printable ASCII characters';
  if (key.length < MIN_KEY_LENGTH) return `has a key of fewer than ${MIN_KEY_LENGTH} characters, which could be guessed: make a new one with keys create`;
  if (key.length > MAX_KEY_LENGTH || !/^[\x21-\x7e]+$/.test(key)) return `has a key that the gate does not take: ${MAX_KEY_LENGTH} printable ASCII characters at most, without blanks`;
  if (!key.startsWith(prefix)) return `has a key that does not begin with ${prefix}, which the gate does not take: make a new one with keys create`;
  const body = key.slice(prefix.length);
  if (body.length < MIN_KEY_LENGTH || !isUnguessable(body)) return 'has a key that somebody thought up, or that could be guessed: make a new one with keys create';
  return undefined;
}

/** Whether a key may have come from a generator. A guess: what people think up cannot be told for certain. */
export function isUnguessable(key: string): boolean {
  const codes = Array.from(key, (character) => character.charCodeAt(0));
  const fragments = codes.slice(FRAGMENT_LENGTH - 1).map((_, at) => key.slice(at, at + FRAGMENT_LENGTH));
  const steps = codes.slice(1).filter((code, at) => Math.abs(code - (codes[at] ?? 0)) <= 1);
  return !PLACEHOLDERS.test(key) && bitsPerCharacter(key) >= MIN_BITS
    && new Set(fragments).size >= fragments.length * MIN_DISTINCT_SHARE && steps.length <= (codes.length - 1) * MAX_STEPS_SHARE;
}
