import { randomBytes as cryptographic } from 'node:crypto';
import { type KeyRing, RING_FIELDS, type RingFormat } from '../../secrets/contract';
import { memberOf, parseJsonObject } from '../shared/json-object';
import { RotationError, type SecretStrategy } from './ports';

/** CX-33: what `openssl rand -hex 32` takes. */
const KEY_BYTES = 32;

/** How 32 bytes are written. */
const FORMATS: Readonly<Record<RingFormat, { readonly pattern: RegExp; readonly words: string }>> = {
  hex: { pattern: /^[0-9a-f]{64}$/, words: '64 hexadecimal digits' },
  base64url: { pattern: /^[A-Za-z0-9_-]{43}$/, words: '43 characters of base64url' },
};

/** What a template can generate is no ring: one text of hexadecimal digits. */
const SEED = 'seed';

/**
 * A value that several programs know, with the one before and the one after it. There is no store to be told: a verifier takes all three, so whoever
 * started before a rotation takes what those send who start after it, and the other way round.
 *
 * Retiring makes one more version, which the old value is not in, because verifiers would take it for as long as they hold it.
 */
export function ringStrategy(format: RingFormat, randomBytes: (size: number) => Buffer = cryptographic): SecretStrategy {
  const fresh = (): string => write(randomBytes(KEY_BYTES), format);
  return {
    create: (value) => resolved(() => {
      const { current, next } = ringOf(value, format);
      return toJson({ current: next, previous: current, next: fresh() });
    }),
    set: (values) => resolved(() => {
      const [current, pending] = [ringOf(values.current, format), ringOf(values.pending, format)];
      if (pending.current === current.next && pending.previous === current.current && pending.current !== pending.previous) return;
      throw new RotationError('NOT_A_SUCCESSOR', 'The pending ring does not continue the current one, which has been changed since it was made. Take AWSPENDING off its version, then rotate again.');
    }),
    // A settled ring is good as well: it is what Secrets Manager has tested where a schedule is made.
    test: (pending) => resolved(() => {
      const { current, previous, next } = ringOf(pending, format);
      if (next !== current && next !== previous) return;
      throw new RotationError('NOT_NEW', 'The ring holds a next value that is in use already: the rotation after this one would rotate nothing.');
    }),
    retire: (values) => resolved(() => {
      const ring = ringOf(values.current, format);
      return ring.previous === ring.current ? { outcome: 'retired' } : { outcome: 'replaced', current: toJson({ ...ring, previous: ring.current }) };
    }),
    ensure: (value) => resolved(() => {
      const seed = seedOf(value);
      if (seed !== undefined) {
        const current = write(Buffer.from(seed, 'hex'), format);
        return toJson({ current, previous: current, next: fresh() });
      }
      ringOf(value, format);
      return undefined;
    }),
  };
}

/** Whatever it throws is a rejection. */
function resolved<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function write(bytes: Buffer, format: RingFormat): string {
  return bytes.toString(format);
}

function toJson({ current, previous, next }: KeyRing): string {
  return JSON.stringify({ current, previous, next });
}

/** Nothing where it is something else, which is then judged as a ring. */
function seedOf(value: string): string | undefined {
  const object = parseJsonObject(value) ?? {};
  const seed = memberOf(object, SEED);
  return Object.keys(object).length === 1 && typeof seed === 'string' && FORMATS.hex.pattern.test(seed) ? seed : undefined;
}

/** @throws RotationError that says what is wrong, and nothing of what is there */
function ringOf(value: string, format: RingFormat): KeyRing {
  const object = parseJsonObject(value);
  if (object === undefined) throw notARing(format, 'it is no JSON object');
  if (Object.keys(object).length > RING_FIELDS.length) throw notARing(format, 'it holds more');
  const field = (name: keyof KeyRing): string => {
    const text = memberOf(object, name);
    if (typeof text === 'string' && FORMATS[format].pattern.test(text)) return text;
    throw notARing(format, `"${name}" is not`);
  };
  return { current: field('current'), previous: field('previous'), next: field('next') };
}

function notARing(format: RingFormat, fault: string): RotationError {
  const wanted = `The secret must be JSON with ${RING_FIELDS.join(', ')}, each ${FORMATS[format].words}`;
  return new RotationError('NOT_A_RING', `${wanted}; ${fault}. Deploy again if it is new, else put it right.`);
}
