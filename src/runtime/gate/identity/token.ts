import type { TokenAlgorithm } from '../../../gate/contract';
import { type JsonObject, memberOf, parseJsonObject } from '../../shared/json-object';
import { unauthenticated } from './unauthenticated';

/** A token as it is written; nobody has verified it. */
export interface WrittenToken {
  readonly alg: TokenAlgorithm;
  /** @default - its issuer has one key */
  readonly kid?: string;
  readonly claims: JsonObject;
}

/** Issuers stay below 4 KiB, since browsers cut cookies there; the rest would be parsed for nothing. */
const MAX_BYTES = 8 * 1024;

const ALGORITHMS: ReadonlySet<unknown> = new Set<TokenAlgorithm>(['RS256', 'ES256', 'HS256']);

/** Headers that would let a token say how it is to be verified, or change what is signed: none of it is ours to do (RFC 7515, section 4.1; RFC 7797). */
const REFUSED_HEADERS = ['crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c', 'zip', 'enc'];

/** A JWT, or an access token that says so (RFC 9068); others, such as `logout+jwt`, are made for something else (RFC 8725, section 3.11). */
const TYPES = /^(application\/)?(at\+)?jwt$/i;

const KEY_ID = /^[\x20-\x7e]{1,256}$/;

/** Takes a token apart, and refuses what only lenient readers read. */
export function readToken(token: string): WrittenToken {
  const segments = token.length <= MAX_BYTES ? token.split('.') : [];
  const [header, claims] = segments.slice(0, 2).map((segment) => parseJsonObject(decode(segment) ?? ''));
  // An unsigned token has an empty third segment.
  if (segments.length !== 3 || !header || !claims || decode(segments[2] ?? '', 'latin1') === undefined) throw unauthenticated('token-malformed');
  if (REFUSED_HEADERS.some((name) => Object.hasOwn(header, name))) throw unauthenticated('token-header');
  const [alg, kid, typ] = ['alg', 'kid', 'typ'].map((name) => memberOf(header, name));
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.test(typ))) throw unauthenticated('token-type');
  if (!isAlgorithm(alg)) throw unauthenticated('token-algorithm');
  if (kid === undefined) return { alg, claims };
  if (typeof kid !== 'string' || !KEY_ID.test(kid)) throw unauthenticated('token-header');
  return { alg, kid, claims };
}

function isAlgorithm(alg: unknown): alg is TokenAlgorithm {
  return ALGORITHMS.has(alg);
}

/** One text has one base64url: what decodes to the same bytes in another spelling is not what the issuer wrote. */
function decode(segment: string, as: 'utf-8' | 'latin1' = 'utf-8'): string | undefined {
  const bytes = Buffer.from(segment, 'base64url');
  if (bytes.length === 0 || bytes.toString('base64url') !== segment) return undefined;
  try {
    return new TextDecoder(as, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
