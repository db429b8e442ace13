import { createHash } from 'node:crypto';
import { BODY_BYTES, type RefusalName, ZERO_SIGNATURE } from '../../src/broker/protocol/contract';
import { digestOf } from '../../src/runtime/broker/canonical';
import { joinSecret, workerKeyOf } from '../../src/runtime/broker/keys';
import { signatureOf } from '../../src/runtime/broker/signature';
import { padded } from './valid';
import { CHECKOUT, type Draft, HOST, JOB, JOIN_ID, JOIN_SECRET, KEY_ID, LEASE, MASTER, NOW, OWN_KEY, REGISTER, RELEASE, RENEW, shortId, SHARED, WINDOW_SECONDS, WORKER } from './vector';

type Faults = Readonly<Record<string, Omit<Draft, 'name' | 'path' | 'key'> & Partial<Pick<Draft, 'path' | 'key'>>>>;

const withLine = (index: number, change: (line: string) => string) => (canonical: string): string => canonical.split('\n').map((line, at) => (at === index ? change(line) : line)).join('\n');
const to = (text: string) => (): string => text;
const own = { key: OWN_KEY, fields: { ...JOB, key_id: KEY_ID } };

/** A signature that is of something else, or by somebody else. */
const UNPROVEN: Faults = {
  'another version is signed': { canonical: withLine(0, to('cdk-secure-core-worker-v2')) },
  'another method is signed': { canonical: withLine(1, to('GET')) },
  'the method is signed in lower case': { canonical: withLine(1, to('post')) },
  'another path is signed': { canonical: withLine(2, to(REGISTER)) },
  'a signature moved from renew to release': { path: RELEASE, fields: LEASE, canonical: withLine(2, to(RENEW)) },
  'another host is signed': { canonical: withLine(3, to('other.example.com')) },
  'the host is signed with a port': { canonical: withLine(3, to(`${HOST}:443`)) },
  'the host is signed in upper case': { canonical: withLine(3, to(HOST.toUpperCase())) },
  'another worker is signed': { canonical: withLine(4, to('worker-2')) },
  'another timestamp is signed': { canonical: withLine(5, to(String(NOW + 1))) },
  'another nonce is signed': { canonical: withLine(6, to(shortId('another nonce'))) },
  'the digest of another body is signed': { canonical: withLine(7, to(digestOf('{}'))) },
  'the digest is signed in upper case': { canonical: withLine(7, (line) => line.toUpperCase()) },
  'a line feed at the end is signed': { canonical: (canonical) => `${canonical}\n` },
  'lines are ended as in Windows': { canonical: (canonical) => canonical.replaceAll('\n', '\r\n') },
  'a line is missing': { canonical: (canonical) => canonical.split('\n').slice(0, -1).join('\n') },
  'a hash without a key': { signature: (_signature, canonical) => createHash('sha256').update(canonical).digest('hex') },
  'the key is decoded': { signature: (_signature, canonical) => signatureOf(Buffer.from(SHARED.current, 'base64url').toString('latin1'), canonical) },
  'a line feed behind the key': { signature: (_signature, canonical) => signatureOf(`${SHARED.current}\n`, canonical) },
  'no key at all': { signature: (_signature, canonical) => signatureOf('', canonical) },
  'one digit of the signature is another one': { signature: (signature) => `${signature.startsWith('0') ? '1' : '0'}${signature.slice(1)}` },
  'a job is changed after it was signed': { body: (body) => body.replace('job-7', 'job-8') },
  'a credential is changed after it was signed': { body: (body) => body.replace('core-router', 'core-switch') },
  'a blank is added after it was signed': { body: (body) => body.replace('":"', '": "') },
  'fields change places after it was signed': { body: (body) => body.replace('"job_id":"job-7","credential_id":"core-router"', '"credential_id":"core-router","job_id":"job-7"') },
  'sent to another host that is signed': { host: 'other.example.com' },
  'sent to another host than is signed': { sentHost: 'other.example.com' },
  'a second too old': { fields: { ...JOB, timestamp: String(NOW - WINDOW_SECONDS - 1) } },
  'a second too far ahead': { fields: { ...JOB, timestamp: String(NOW + WINDOW_SECONDS + 1) } },
  'the key of another worker': { ...own, key: workerKeyOf(MASTER.current, 'worker-2', KEY_ID) },
  'another key of the worker': { ...own, key: workerKeyOf(MASTER.current, WORKER, shortId('another key')) },
  'the shared key where a key of its own is named': { ...own, key: SHARED.current },
  'the master itself': { ...own, key: MASTER.current },
  'a key of its own that is not named': { key: OWN_KEY },
  'the join secret of another worker': { path: REGISTER, key: joinSecret(MASTER.current, 'worker-2', JOIN_ID), fields: { join_id: JOIN_ID } },
  'a worker\'s key where a join token is named': { path: REGISTER, key: workerKeyOf(MASTER.current, WORKER, JOIN_ID), fields: { join_id: JOIN_ID } },
  'a join secret where no token is named': { path: REGISTER, key: JOIN_SECRET, fields: {} },
};

const field = (fields: Draft['fields']): Faults[string] => ({ fields: { ...JOB, ...fields } });
const missing = (name: string): Faults[string] => field({ [name]: undefined });
const rewritten = (pattern: string, replacement: string): Faults[string] => ({ write: (fields) => JSON.stringify(fields).replace(pattern, replacement) });

/** What is not of the protocol, however well it is signed. */
const MALFORMED: Faults = {
  'no version': missing('version'),
  'no worker': missing('worker_id'),
  'no timestamp': missing('timestamp'),
  'no nonce': missing('nonce'),
  'no job': missing('job_id'),
  'no credential': missing('credential_id'),
  'no signature': { write: (fields) => JSON.stringify({ ...fields, hmac_signature: undefined }) },
  'the signature is all zeros': { signature: to(ZERO_SIGNATURE) },
  'the signature is in upper case': { signature: (signature) => signature.toUpperCase() },
  'the signature is cut': { signature: (signature) => signature.slice(1) },
  'the signature is too long': { signature: (signature) => `${signature}0` },
  'the signature is in base64url': { signature: (signature) => Buffer.from(signature, 'hex').toString('base64url') },
  'the signature stands there twice': { fields: { ...JOB, nonce: 'ab'.repeat(32) }, signature: to('ab'.repeat(32)) },
  'another version': field({ version: '2' }),
  'a version that is a number': field({ version: 1 }),
  'a timestamp that is a number': field({ timestamp: NOW }),
  'a timestamp in milliseconds': field({ timestamp: `${NOW}000` }),
  'a timestamp with a fraction': field({ timestamp: `${NOW}.5` }),
  'a timestamp with a zero before it': field({ timestamp: `0${NOW}` }),
  'a timestamp as a date': field({ timestamp: '2026-01-01T00:00:00Z' }),
  'an empty worker': field({ worker_id: '' }),
  'a worker that is too long': field({ worker_id: 'w'.repeat(65) }),
  'a worker that begins with a point': field({ worker_id: '.worker' }),
  'a worker with a slash': field({ worker_id: 'worker/1' }),
  'a nonce that is too short': field({ nonce: 'n'.repeat(21) }),
  'a nonce that is too long': field({ nonce: 'n'.repeat(65) }),
  'a nonce in base64': field({ nonce: `${'n'.repeat(20)}+/` }),
  'an empty job': field({ job_id: '' }),
  'a job that is too long': field({ job_id: 'j'.repeat(129) }),
  'a job that is null': field({ job_id: null }),
  'a job that is a list': field({ job_id: ['job-7'] }),
  'an empty credential': field({ credential_id: '' }),
  'a credential that is a wildcard': field({ credential_id: '*' }),
  'a field that nobody knows': field({ scope: 'all' }),
  'a field of another route': field({ lease_id: LEASE.lease_id }),
  'a join token at a checkout': field({ join_id: JOIN_ID }),
  'a key id that is too short': { key: OWN_KEY, fields: { ...JOB, key_id: 'k'.repeat(21) } },
  'a lease id that is too short': { path: RENEW, fields: { ...LEASE, lease_id: 'l'.repeat(42) } },
  'a renewal without its job': { path: RENEW, fields: { lease_id: LEASE.lease_id } },
  'two ways to prove who asks': { path: REGISTER, key: JOIN_SECRET, fields: { join_id: JOIN_ID, key_id: KEY_ID } },
  'a name that stands there twice': rewritten('"job_id":"job-7"', '"job_id":"job-7","job_id":"job-7"'),
  'a letter spelled with a backslash': rewritten('job-7', '\\u006aob-7'),
  'a character beyond ASCII': rewritten('job-7', 'job-é'),
  'a tabulator': rewritten('"job_id"', '\t"job_id"'),
  'a line feed at the end': { write: (fields) => `${JSON.stringify(fields)}\n` },
  'a byte order mark': { write: (fields) => `\uFEFF${JSON.stringify(fields)}` },
  'a list': { write: (fields) => `[${JSON.stringify(fields)}]` },
  'an object in it': { write: (fields) => `{"request":${JSON.stringify(fields)}}` },
  'two objects': { write: (fields) => `${JSON.stringify(fields)}{}` },
  'a comma at the end': { write: (fields) => JSON.stringify(fields).replace('}', ',}') },
  'an empty body': { body: to('') },
  'an empty object': { body: to('{}') },
  'no JSON': { body: to('job_id=job-7&credential_id=core-router') },
  'another content type': { contentType: 'text/plain' },
  'another charset': { contentType: 'application/json; charset=iso-8859-1' },
  'a query': { query: '?credential_id=core-router' },
};

const TOO_LARGE: Faults = { 'a byte too long': { write: (fields) => padded(fields, BODY_BYTES.most + 1) } };

const NOT_FOUND: Faults = {
  'the path of an older draft': { path: '/checkout' },
  'a slash behind the path': { path: `${CHECKOUT}/` },
  'a path in upper case': { path: CHECKOUT.toUpperCase() },
  'a path with a step upwards': { path: `/worker/..${CHECKOUT}` },
  'a path with an escaped character': { path: CHECKOUT.replace('c', '%63') },
  'jobs, which are no route': { path: '/jobs' },
  'another method': { method: 'PUT' },
};

export interface Fault extends Draft {
  readonly error: RefusalName;
}

/** What a verifier refuses: each has one fault, and else is a checkout with the shared key. */
export const INVALID: readonly Fault[] = ([['unauthenticated', UNPROVEN], ['malformed', MALFORMED], ['too-large', TOO_LARGE], ['not-found', NOT_FOUND]] as const)
  .flatMap(([error, faults]) => Object.entries(faults).map(([name, fault]) => ({ path: CHECKOUT, key: SHARED.current, fields: JOB, ...fault, name, error })));
