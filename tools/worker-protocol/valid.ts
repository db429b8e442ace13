import {
  CHECKOUT, type Draft, EXIT, type Fields, HOST, JOB, JOIN_ID, JOIN_SECRET, KEY_ID, LEASE, MASTER, NOW, OWN_KEY, REGISTER, RELEASE, RENEW, SHARED, TASK_KEY, TASK_PROOF, WINDOW_SECONDS, WORKER,
} from './vector';
import { BODY_BYTES, ZERO_SIGNATURE } from '../../src/broker/protocol/contract';
import { workerKeyOf } from '../../src/runtime/broker/keys';

const own = { key: OWN_KEY };
const withKeyId = { key_id: KEY_ID };
const shared = { key: SHARED.current };
const LONG_WORKER = `w${'x'.repeat(63)}`;
const LONGEST = { worker_id: LONG_WORKER, nonce: 'n'.repeat(64), job_id: `j${':'.repeat(127)}`, credential_id: `c${'.'.repeat(63)}` };

/** As many blanks as there may be. */
export const padded = (fields: Fields, bytes: number = BODY_BYTES.most): string => {
  const text = JSON.stringify(fields);
  return `${text.slice(0, -1)}${' '.repeat(bytes - text.length)}}`;
};
/** As Python's `json.dumps` writes it. */
export const spaced = (fields: Fields): string => `{${Object.entries(fields).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(', ')}}`;
const reversed = (fields: Fields): string => JSON.stringify(Object.fromEntries(Object.entries(fields).reverse()));

/** What a verifier takes, each for another reason. */
export const VALID: readonly Draft[] = [
  { name: 'register with the shared key', path: REGISTER, ...shared },
  { name: 'checkout with the shared key', path: CHECKOUT, ...shared, fields: JOB },
  { name: 'renew with the shared key', path: RENEW, ...shared, fields: LEASE },
  { name: 'release with the shared key', path: RELEASE, ...shared, fields: LEASE },
  { name: 'exit with the shared key', path: EXIT, ...shared },
  { name: 'register with a join token', path: REGISTER, key: JOIN_SECRET, fields: { join_id: JOIN_ID } },
  { name: 'register as a task', path: REGISTER, key: TASK_KEY, fields: { worker_id: 'pool-0123456789abcdef', task_proof: TASK_PROOF } },
  { name: 'register again with a key of its own', path: REGISTER, ...own, fields: withKeyId },
  { name: 'checkout with a key of its own', path: CHECKOUT, ...own, fields: { ...JOB, ...withKeyId } },
  { name: 'renew with a key of its own', path: RENEW, ...own, fields: { ...LEASE, ...withKeyId } },
  { name: 'release with a key of its own', path: RELEASE, ...own, fields: { ...LEASE, ...withKeyId } },
  { name: 'exit with a key of its own', path: EXIT, ...own, fields: withKeyId },
  { name: 'signed with the ring\'s previous key', path: CHECKOUT, key: SHARED.previous, fields: JOB },
  { name: 'signed with the ring\'s next key', path: CHECKOUT, key: SHARED.next, fields: JOB },
  { name: 'signed with a key of the previous master', path: CHECKOUT, key: workerKeyOf(MASTER.previous, WORKER, KEY_ID), fields: { ...JOB, ...withKeyId } },
  { name: 'fields in another order', path: CHECKOUT, ...shared, fields: JOB, write: reversed },
  { name: 'blanks behind colons and commas', path: CHECKOUT, ...shared, fields: JOB, write: spaced },
  { name: 'blanks all around', path: CHECKOUT, ...shared, fields: JOB, write: (fields) => `  ${spaced(fields).replaceAll(':', ' :').replaceAll(',', ' ,')}  ` },
  { name: 'the longest fields in the longest body', path: CHECKOUT, ...shared, fields: LONGEST, write: padded },
  { name: 'the longest fields with a key of its own', path: CHECKOUT, key: workerKeyOf(MASTER.current, LONG_WORKER, KEY_ID), fields: { ...LONGEST, ...withKeyId } },
  { name: 'the shortest fields', path: CHECKOUT, ...shared, fields: { worker_id: 'w', job_id: '1', credential_id: 'c' } },
  { name: 'a credential that is called default', path: CHECKOUT, ...shared, fields: { ...JOB, credential_id: 'default' } },
  { name: 'a nonce of zeros, as many as stand for a signature', path: CHECKOUT, ...shared, fields: { ...JOB, nonce: ZERO_SIGNATURE }, write: reversed },
  { name: 'as old as may be', path: CHECKOUT, ...shared, fields: { ...JOB, timestamp: String(NOW - WINDOW_SECONDS) } },
  { name: 'as far ahead as may be', path: CHECKOUT, ...shared, fields: { ...JOB, timestamp: String(NOW + WINDOW_SECONDS) } },
  { name: 'a host header with a port', path: CHECKOUT, ...shared, fields: JOB, sentHost: `${HOST}:8443` },
  { name: 'a host header in upper case', path: CHECKOUT, ...shared, fields: JOB, sentHost: HOST.toUpperCase() },
  { name: 'a content type with its charset', path: CHECKOUT, ...shared, fields: JOB, contentType: 'application/json; charset=utf-8' },
];
