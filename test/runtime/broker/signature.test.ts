import * as crypto from 'node:crypto';
import { signatureOf, signerOf } from '../../../src/runtime/broker/signature';

jest.mock('node:crypto', () => {
  const real = jest.requireActual<typeof crypto>('node:crypto');
  return { ...real, timingSafeEqual: jest.fn(real.timingSafeEqual) };
});

const compare = jest.mocked(crypto.timingSafeEqual);
const CANDIDATES = [{ key: 'a', of: 'first' }, { key: 'b', of: 'second' }, { key: 'b', of: 'third' }];

test('is HMAC with SHA-256 (RFC 4231, case 2)', () => {
  expect(signatureOf('Jefe', 'what do ya want for nothing?')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});

test.each(['a', 'b', 'c'])('every key is compared, in constant time, for a signature by %s', (key) => {
  const signer = signerOf(CANDIDATES, 'text', signatureOf(key, 'text'));
  expect(signer).toEqual(CANDIDATES.find((candidate) => candidate.key === key));
  expect(compare).toHaveBeenCalledTimes(CANDIDATES.length);
  for (const [expected, sent] of compare.mock.calls) expect([expected.byteLength, sent.byteLength]).toEqual([32, 32]);
});

test('what is no signature is by nobody, and nobody signs without a key', () => {
  for (const signature of ['', '00', 'zz'.repeat(32), signatureOf('a', 'text').slice(2), `${signatureOf('a', 'text')}00`]) {
    expect(signerOf(CANDIDATES, 'text', signature)).toBeUndefined();
  }
  expect(signerOf(CANDIDATES.slice(0, 0), 'text', signatureOf('', 'text'))).toBeUndefined();
});
