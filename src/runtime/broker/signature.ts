import { createHmac, timingSafeEqual } from 'node:crypto';

/** @param key its text as it was handed out: it is not decoded */
export function signatureOf(key: string, canonical: string): string {
  return hmac(key, canonical).toString('hex');
}

/**
 * Which of several keys a signature was made with; the first, where two are the same.
 *
 * Every key is tried, whatever the ones before it said, and compared in the same time wherever it differs: how long it takes tells nothing of which was nearly right (WCC-1).
 *
 * @param signature 64 lower-case hexadecimal digits
 */
export function signerOf<Candidate extends { readonly key: string }>(candidates: readonly Candidate[], canonical: string, signature: string): Candidate | undefined {
  const sent = Buffer.from(signature, 'hex');
  const matches = candidates.map(({ key }) => {
    const expected = hmac(key, canonical);
    return expected.length === sent.length && timingSafeEqual(expected, sent);
  });
  return candidates[matches.indexOf(true)];
}

function hmac(key: string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
