import { isJsonObject, type JsonObject, memberOf, parseJsonObject } from './json-object';

/** A key that verifies signatures, and nothing else of what its issuer published about it. */
export interface PublicKey {
  /** What tokens call it. @default - its set holds no other */
  readonly kid?: string;
  readonly alg: 'RS256' | 'ES256';
  readonly jwk: Readonly<Record<string, string>>;
}

/** Why a key set is not believed: a fixed word, since what is in it may be anybody's. */
export class KeySetError extends Error {
  public constructor(public readonly reason: string) {
    super(reason);
  }
}

/** What the load balancer reads of a key set (AWS ELB guide, "Verify JWTs"): no issuer behind one publishes more. */
export const MAX_KEY_SET_BYTES = 150 * 1024;
/** More than any issuer rotates through; each costs an import. */
const MAX_KEYS = 100;

/** What only the signer, or whoever shares a secret with him, may know (RFC 7518, section 6; `priv`: draft of the post-quantum keys). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** The floor of NIST SP 800-131A, and of RFC 7518, section 3.3; the ceiling bounds what a verification costs. */
const RSA_BITS = { min: 2048, max: 8192 };
/** Smaller ones have been attacked, 1 signs everything; larger ones only cost time. */
const RSA_EXPONENT = { min: 65_537, max: 2 ** 32 - 1 };
const P256_BYTES = 32;

const BASE64URL = /^[A-Za-z0-9_-]+$/;
const KEY_ID = /^[\x20-\x7e]{1,256}$/;

interface Kind {
  readonly alg: PublicKey['alg'];
  /** What else may be signed or encrypted with a key of this kind: not ours, and no sign of tampering. */
  readonly siblings: RegExp;
  /** Public members; anything that is wrong with them throws. Undefined: of a curve that is not ours. */
  readonly read: (key: JsonObject) => Readonly<Record<string, string>> | undefined;
}

const KINDS: Readonly<Record<string, Kind>> = {
  RSA: { alg: 'RS256', siblings: /^(RS|PS)\d+$|^RSA/, read: readRsa },
  EC: { alg: 'ES256', siblings: /^ES\d+K?$|^ECDH-ES/, read: readEc },
};

/** The signing keys of a document. Anything odd about it refuses it whole: whoever could write one bad key into it could write them all. */
export function parseKeySet(text: string): readonly PublicKey[] {
  if (Buffer.byteLength(text) > MAX_KEY_SET_BYTES) throw new KeySetError('key-set-too-large');
  const keys = memberOf(parseJsonObject(text) ?? {}, 'keys');
  if (!Array.isArray(keys)) throw new KeySetError('key-set-malformed');
  if (keys.length > MAX_KEYS) throw new KeySetError('key-set-too-many-keys');
  const usable = keys.flatMap((key: unknown) => readKey(key) ?? []);
  if (usable.length === 0) throw new KeySetError('key-set-empty');
  refuseAmbiguity(usable);
  return usable;
}

/** What is mirrored: only what a verifier needs, so that nothing else travels on. */
export function writeKeySet(keys: readonly PublicKey[]): string {
  return JSON.stringify({ keys: keys.map(({ kid, alg, jwk }) => ({ ...jwk, kid, alg, use: 'sig' })) });
}

function readKey(key: unknown): PublicKey | undefined {
  if (!isJsonObject(key)) throw new KeySetError('key-set-malformed');
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(key, name))) throw new KeySetError('key-set-private');
  const [kty, use, alg, kid, operations] = ['kty', 'use', 'alg', 'kid', 'key_ops'].map((name) => memberOf(key, name));
  if (kty === 'oct') throw new KeySetError('key-set-symmetric');
  const isText = [kty, use ?? '', alg ?? ''].every((value) => typeof value === 'string');
  if (!isText || (kid !== undefined && (typeof kid !== 'string' || !KEY_ID.test(kid)))) throw new KeySetError('key-set-malformed');
  const kind = Object.hasOwn(KINDS, String(kty)) ? KINDS[String(kty)] : undefined;
  if (kind === undefined) return undefined;
  if (alg !== undefined && !kind.siblings.test(String(alg))) throw new KeySetError('key-set-algorithm');
  if ((alg ?? kind.alg) !== kind.alg || (use ?? 'sig') !== 'sig' || (Array.isArray(operations) && !operations.includes('verify'))) return undefined;
  const jwk = kind.read(key);
  return jwk && { ...(typeof kid === 'string' && { kid }), alg: kind.alg, jwk };
}

function readRsa(key: JsonObject): Readonly<Record<string, string>> {
  const [n, e] = [textOf(key, 'n'), textOf(key, 'e')];
  const bits = bitLength(Buffer.from(n, 'base64url'));
  const exponent = Number(`0x${Buffer.from(e, 'base64url').toString('hex')}`);
  if (bits < RSA_BITS.min || bits > RSA_BITS.max || exponent < RSA_EXPONENT.min || exponent > RSA_EXPONENT.max || exponent % 2 === 0) throw new KeySetError('key-set-weak');
  return { kty: 'RSA', n, e };
}

function readEc(key: JsonObject): Readonly<Record<string, string>> | undefined {
  const [crv, x, y] = [memberOf(key, 'crv'), textOf(key, 'x'), textOf(key, 'y')];
  if (crv !== 'P-256') {
    // An algorithm is bound to its curve (RFC 7518, section 3.4).
    if (memberOf(key, 'alg') === 'ES256') throw new KeySetError('key-set-algorithm');
    return undefined;
  }
  if ([x, y].some((coordinate) => Buffer.from(coordinate, 'base64url').length !== P256_BYTES)) throw new KeySetError('key-set-malformed');
  return { kty: 'EC', crv, x, y };
}

function textOf(key: JsonObject, name: string): string {
  const value = memberOf(key, name);
  if (typeof value !== 'string' || !BASE64URL.test(value)) throw new KeySetError('key-set-malformed');
  return value;
}

function bitLength(bytes: Buffer): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first] ?? 0) - 24);
}

/** Two keys of one name: which one verifies would depend on who reads. */
function refuseAmbiguity(keys: readonly PublicKey[]): void {
  const known = new Map<string | undefined, string>();
  for (const { kid, jwk } of keys) {
    const material = JSON.stringify(jwk);
    if (kid !== undefined && (known.get(kid) ?? material) !== material) throw new KeySetError('key-set-ambiguous');
    known.set(kid, material);
  }
}
