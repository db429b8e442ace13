import { createHash } from 'node:crypto';
import { CANONICAL_SEPARATOR, CANONICAL_VERSION, METHOD, ZERO_SIGNATURE } from '../../broker/protocol/contract';

/** What a signature is of (M-35). None of it can hold a line feed, so no two requests share one. */
export interface CanonicalParts {
  readonly path: string;
  /** Lower case, without a port. */
  readonly host: string;
  readonly workerId: string;
  readonly timestamp: string;
  readonly nonce: string;
  /** SHA-256 of the body without its signature, in hexadecimal digits: it covers every other byte. */
  readonly bodyDigest: string;
}

/** The text that is signed. */
export function canonicalOf({ path, host, workerId, timestamp, nonce, bodyDigest }: CanonicalParts): string {
  return [CANONICAL_VERSION, METHOD, path, host, workerId, timestamp, nonce, bodyDigest].join(CANONICAL_SEPARATOR);
}

/**
 * A body as it was when its signature was made: with zeros in its place. The body holds its own signature (TS-27), and so cannot be signed as it is sent.
 *
 * Nothing where the signature stands there twice, or is zero itself: then there would be more than one body that it is of.
 */
export function withoutSignature(body: string, signature: string): string | undefined {
  const parts = body.split(`"${signature}"`);
  const [before, after] = parts;
  if (signature === ZERO_SIGNATURE || parts.length !== 2 || before === undefined || after === undefined) return undefined;
  return `${before}"${ZERO_SIGNATURE}"${after}`;
}

/** @param body of ASCII characters alone */
export function digestOf(body: string): string {
  return createHash('sha256').update(body, 'latin1').digest('hex');
}
