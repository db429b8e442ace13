import { createHmac } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { canonicalOf } from '../../src/runtime/broker/canonical';
import { readBody } from '../../src/runtime/broker/read-body';
import { signerOf } from '../../src/runtime/broker/signature';
import { sign } from '../../src/worker/sign';
import { ROOT } from '../support/examples';

const ZEROS = '0'.repeat(64);
const FIELDS = { version: '1', worker_id: 'w1', timestamp: '1764000000', nonce: 'n'.repeat(22), job_id: 'job-1', credential_id: 'core-router', hmac_signature: ZEROS };
const REQUEST = { host: 'broker.example.com', path: '/credentials/checkout' };
const KEY = 'k'.repeat(43);

interface Vector {
  readonly name: string;
  readonly host: string;
  readonly path: string;
  readonly key: string;
  readonly body_with_zeros: string;
  readonly canonical: string;
  readonly signature: string;
  readonly body: string;
}
const { valid } = JSON.parse(fs.readFileSync(path.join(ROOT, 'docs/worker-protocol.vectors.json'), 'utf8')) as { readonly valid: readonly Vector[] };

test.each(valid.map((vector) => [vector.name, vector] as const))('the published vector is signed as it says: %s', (_, { host, path: route, key, body_with_zeros, canonical, signature, body }) => {
  expect(sign({ host: host.toLowerCase().replace(/:\d+$/, ''), path: route, body: body_with_zeros }, key)).toMatchObject({ canonical, signature, body });
});

test.each([
  ['as JSON is written', JSON.stringify(FIELDS)],
  ['with blanks', JSON.stringify(FIELDS).replaceAll(':', ' : ').replaceAll(',', ' ,  ')],
  ['in another order', JSON.stringify(Object.fromEntries(Object.entries(FIELDS).reverse()))],
])('the broker takes what it signs: %s', (_, body) => {
  const { body: signed, canonical, signature } = sign({ ...REQUEST, body }, KEY);
  const read = readBody(Buffer.from(signed), 'checkout');
  expect(read?.signed.signature).toBe(signature);
  expect(canonicalOf({ ...REQUEST, bodyDigest: read?.bodyDigest ?? '', workerId: 'w1', timestamp: FIELDS.timestamp, nonce: FIELDS.nonce })).toBe(canonical);
  expect(signerOf([{ key: 'other' }, { key: KEY }], canonical, signature)).toEqual({ key: KEY });
});

test('it signs eight lines with the text of the key as it is', () => {
  const { canonical, signature } = sign({ ...REQUEST, body: JSON.stringify(FIELDS) }, KEY);
  expect(canonical.split('\n')).toEqual(['cdk-secure-core-worker-v1', 'POST', '/credentials/checkout', 'broker.example.com', 'w1', FIELDS.timestamp, FIELDS.nonce, expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(signature).toBe(createHmac('sha256', Buffer.from(KEY, 'utf8')).update(canonical).digest('hex'));
});

test.each([
  ['no place for the signature', JSON.stringify({ ...FIELDS, hmac_signature: '' })],
  ['a backslash', JSON.stringify(FIELDS).replace('job-1', '\\u006aob-1')],
  ['what is no ASCII', JSON.stringify({ ...FIELDS, job_id: 'jöb' })],
  ['a line feed', JSON.stringify(FIELDS, undefined, 1)],
  ['no nonce', JSON.stringify({ ...FIELDS, nonce: undefined })],
  ['a nonce that is too short', JSON.stringify({ ...FIELDS, nonce: 'short' })],
  ['a timestamp that is a number', JSON.stringify({ ...FIELDS, timestamp: 1764000000 })],
  ['too much', JSON.stringify({ ...FIELDS, more: 'x'.repeat(4096) })],
])('a body with %s is not signed', (_, body) => {
  expect(() => sign({ ...REQUEST, body }, KEY)).toThrow(TypeError);
});
