import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { isUnguessable, readKeyMap } from '../../../src/cli/keys/key-map';
import { UsageError } from '../../../src/cli/usage-error';

describe('a key that came from a generator', () => {
  test.each<[string, () => string]>([
    ['16 bytes in hex', () => randomBytes(16).toString('hex')],
    ['32 bytes in hex', () => randomBytes(32).toString('hex')],
    ['32 bytes in base64url', () => randomBytes(32).toString('base64url')],
    ['64 bytes in base64', () => randomBytes(64).toString('base64')],
  ])('is hardly ever taken for one that somebody thought up: %s', (_, generate) => {
    const refused = Array.from({ length: 5_000 }, generate).filter((key) => !isUnguessable(key)).length;
    expect(refused).toBeLessThanOrEqual(10);
  });
});

describe('any text', () => {
  test('is read, or refused in words that hold nothing of it', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string({ minLength: 12 }), fc.integer())), (list) => {
      try {
        readKeyMap(JSON.stringify(list), 'ctx_');
      } catch (error) {
        const message = error instanceof UsageError ? error.message : 'a defect';
        expect(message).toMatch(/^(?:Nothing was imported|The map)/);
        for (const item of list) if (typeof item === 'string' && item.trim().length >= 12) expect(message).not.toContain(item);
      }
    }));
  });

  test('is split at its last colon', () => {
    const body = randomBytes(32).toString('base64url');
    fc.assert(fc.property(fc.stringMatching(/^[:a-z]{0,4}$/), (middle) => {
      expect(readKeyMap(JSON.stringify([`ctx_${body}${middle}:bob`]), 'ctx_')).toEqual([{ key: `ctx_${body}${middle}`, owner: 'bob' }]);
    }), { examples: [[':'], ['::a:']] });
  });
});
