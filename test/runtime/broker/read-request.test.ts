import { readAlbEvent } from '../../../src/runtime/broker/alb-event';
import { readRequest, routeOf } from '../../../src/runtime/broker/read-request';
import { VECTORS } from '../../../tools/generate-worker-vectors';
import { albEventOf } from '../../support/worker-requests';

const vector = (name: string): (typeof VECTORS.valid)[number] => {
  const found = VECTORS.valid.find((one) => one.name === name);
  if (!found) throw new Error(`no vector ${name}`);
  return found;
};
const CHECKOUT = vector('checkout with the shared key');

function read(sent: Parameters<typeof albEventOf>[0], headers?: Record<string, string[]>): ReturnType<typeof readRequest> {
  const received = readAlbEvent(albEventOf(sent, headers));
  if (!received) throw new Error('no request');
  return readRequest(received);
}

test.each([
  ['checkout with the shared key', { kind: 'shared' }, { route: 'checkout', jobId: 'job-7', credentialId: 'core-router' }],
  ['checkout with a key of its own', { kind: 'own' }, { route: 'checkout' }],
  ['register with a join token', { kind: 'join' }, { route: 'register' }],
  ['register as a task', { kind: 'task' }, { route: 'register' }],
  ['renew with the shared key', { kind: 'shared' }, { route: 'renew', jobId: 'job-7', credentialId: 'core-router' }],
  ['release with a key of its own', { kind: 'own' }, { route: 'release' }],
  ['exit with the shared key', { kind: 'shared' }, { route: 'exit' }],
])('%s says what is asked, and by which key', (name, proof, asked) => {
  expect(read(vector(name))).toMatchObject({ signed: { proof }, asked });
});

test.each<[string, Record<string, string[]>]>([
  ['two hosts', { host: ['broker.example.com', 'broker.example.com'] }],
  ['no host', { host: [] }],
  ['a host with a line feed', { host: ['broker.example.com\nworker-2'] }],
  ['a host with a user', { host: ['worker@broker.example.com'] }],
  ['two content types', { 'content-type': ['application/json', 'application/json'] }],
  ['no content type', { 'content-type': [] }],
  ['a boundary', { 'content-type': ['application/json; boundary=x'] }],
  ['a charset twice', { 'content-type': ['application/json; charset=utf-8; charset=utf-8'] }],
  ['a compressed body', { 'content-encoding': ['gzip'] }],
  ['an encoding that changes nothing', { 'content-encoding': ['identity'] }],
])('%s are refused before the body is looked at', (_what, headers) => {
  expect(read(CHECKOUT, headers)).toBe('malformed');
});

test('headers of others change nothing', () => {
  expect(read(CHECKOUT, { 'authorization': ['Bearer x'], 'x-forwarded-host': ['other.example.com'], 'x-http-method-override': ['DELETE'] })).toEqual(read(CHECKOUT));
});

test('the path decides first, then the size: a stranger is told no more than that', () => {
  const large = `{"a":"${' '.repeat(5000)}"}`;
  expect(read({ ...CHECKOUT, path: '/nowhere', body: large })).toBe('no-route');
  expect(read({ ...CHECKOUT, body: large, content_type: 'text/plain' })).toBe('too-large');
  expect(routeOf({ method: 'GET', path: '/credentials/checkout' })).toBeUndefined();
  expect(routeOf({ method: 'POST', path: '/credentials/checkout' })).toBe('checkout');
});

test('names that every object has are no fields', () => {
  for (const name of ['__proto__', 'constructor', 'toString']) expect(read({ ...CHECKOUT, body: CHECKOUT.body.replace('{', `{"${name}":"x",`) })).toBe('malformed');
});

test('deep nesting is refused, and overflows nothing', () => {
  expect(read({ ...CHECKOUT, body: `{"job_id":${'['.repeat(2000)}${']'.repeat(2000)}}` })).toBe('malformed');
});
