import { parseKeySet, writeKeySet } from '../../../src/runtime/shared/key-set-document';
import { CorpusKeys } from '../gate/corpora/mint';

const keys = new CorpusKeys();
const read = (...published: readonly unknown[]) => parseKeySet(keys.document(...published)).map(({ kid, alg }) => `${kid ?? 'unnamed'} ${alg}`);

const padded = (n: string): string => Buffer.concat([Buffer.alloc(128), Buffer.from(n, 'base64url')]).toString('base64url');

describe('a key set', () => {
  test('is what verifies RS256 and ES256', () => {
    expect(read()).toEqual(['published RS256', 'published-ec ES256']);
  });

  test('may leave out what a key is for, and its name', () => {
    expect(read(keys.jwk('published', { alg: undefined, use: undefined, kid: undefined }))).toEqual(['unnamed RS256']);
  });

  test.each<[string, Record<string, unknown>]>([
    ['encryption', { use: 'enc', alg: 'RSA-OAEP' }],
    ['another algorithm of its kind', { alg: 'RS512' }],
    ['signing alone', { key_ops: ['sign'] }],
  ])('passes over a key for %s', (_, members) => {
    expect(read(keys.jwk('published'), keys.jwk('stranger', members))).toEqual(['published RS256']);
  });

  test.each<[string, object]>([
    ['a curve that is not ours', { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' }],
    ['Ed25519', { kty: 'OKP', crv: 'Ed25519', x: 'AA' }],
    ['a kind to come', { kty: 'constructor' }],
  ])('passes over a key of %s', (_, key) => {
    expect(read(keys.jwk('published'), key)).toEqual(['published RS256']);
  });

  test('may hold one key twice', () => {
    expect(read(keys.jwk('published'), keys.jwk('published'))).toHaveLength(2);
  });

  test.each<[string, string, () => string]>([
    ['not JSON', 'key-set-malformed', () => '{'],
    ['a list', 'key-set-malformed', () => '[]'],
    ['without keys', 'key-set-malformed', () => '{}'],
    ['of keys in an object', 'key-set-malformed', () => '{"keys":{}}'],
    ['with keys twice', 'key-set-malformed', () => keys.document().replace('{', '{"keys":[],')],
    ['of no keys', 'key-set-empty', () => '{"keys":[]}'],
    ['of keys that are no objects', 'key-set-malformed', () => '{"keys":[null]}'],
    ['of too many', 'key-set-too-many-keys', () => keys.document(...Array.from({ length: 101 }, () => keys.jwk('published')))],
    ['with a private key', 'key-set-private', () => keys.document(keys.jwk('published'), keys.privateJwk('stranger'))],
    ['with a private EC key', 'key-set-private', () => keys.document(keys.jwk('published'), keys.privateJwk('stranger-ec'))],
    ['with a private key of another use', 'key-set-private', () => keys.document(keys.jwk('published'), { ...keys.privateJwk('stranger'), use: 'enc' })],
    ['with a prime alone', 'key-set-private', () => keys.document(keys.jwk('published', { p: 'AQAB' }))],
    ['with a shared secret', 'key-set-private', () => keys.document(keys.jwk('published'), { kty: 'oct', k: 'c2VjcmV0' })],
    ['with the name of a shared secret', 'key-set-symmetric', () => keys.document(keys.jwk('published'), { kty: 'oct' })],
    ['with 1024 bits', 'key-set-weak', () => keys.document(keys.jwk('published'), keys.jwk('short'))],
    ['with zeros in front of 1024 bits', 'key-set-weak', () => keys.document(keys.jwk('short', { n: padded(String(keys.jwk('short').n)) }))],
    ['with 16384 bits', 'key-set-weak', () => keys.document(keys.jwk('published', { n: Buffer.alloc(2048, 255).toString('base64url') }))],
    ['with the exponent 1', 'key-set-weak', () => keys.document(keys.jwk('published', { e: 'AQ' }))],
    ['with the exponent 3', 'key-set-weak', () => keys.document(keys.jwk('published', { e: 'Aw' }))],
    ['with an even exponent', 'key-set-weak', () => keys.document(keys.jwk('published', { e: 'AQAC' }))],
    ['with an endless exponent', 'key-set-weak', () => keys.document(keys.jwk('published', { e: Buffer.alloc(256, 255).toString('base64url') }))],
    ['with two keys of one name', 'key-set-ambiguous', () => keys.document(keys.jwk('published'), keys.jwk('stranger', { kid: 'published' }))],
    ['with two kinds of one name', 'key-set-ambiguous', () => keys.document(keys.jwk('published'), keys.jwk('published-ec', { kid: 'published' }))],
    ['with RSA for ES256', 'key-set-algorithm', () => keys.document(keys.jwk('published', { alg: 'ES256' }))],
    ['with RSA for HS256', 'key-set-algorithm', () => keys.document(keys.jwk('published', { alg: 'HS256' }))],
    ['with RSA for nothing', 'key-set-algorithm', () => keys.document(keys.jwk('published', { alg: 'none' }))],
    ['with EC for RS256', 'key-set-algorithm', () => keys.document(keys.jwk('published-ec', { alg: 'RS256' }))],
    ['with P-384 for ES256', 'key-set-algorithm', () => keys.document(keys.jwk('published-ec', { crv: 'P-384' }))],
    ['with a name that is a number', 'key-set-malformed', () => keys.document(keys.jwk('published', { kid: 7 }))],
    ['with a modulus in base64', 'key-set-malformed', () => keys.document(keys.jwk('published', { n: '++++' }))],
    ['with a coordinate too short', 'key-set-malformed', () => keys.document(keys.jwk('published-ec', { x: 'AAAA' }))],
  ])('is refused whole: %s', (_, reason, document) => {
    expect(() => parseKeySet(document())).toThrow(expect.objectContaining({ reason }) as Error);
  });

  test('is mirrored without anything but what a verifier needs', () => {
    const published = keys.document(keys.jwk('published', { x5c: ['MIIB'], note: 'of the issuer' }), keys.jwk('stranger', { use: 'enc', alg: 'RSA-OAEP' }));
    const mirrored = JSON.parse(writeKeySet(parseKeySet(published))) as object;
    const { n, e } = keys.jwk('published');
    expect(mirrored).toEqual({ keys: [{ kty: 'RSA', n, e, kid: 'published', alg: 'RS256', use: 'sig' }] });
    expect(parseKeySet(JSON.stringify(mirrored))).toHaveLength(1);
  });
});
