import { createHash } from 'node:crypto';
import { CONTENT_TYPE, METHOD, PROTOCOL_VERSION, ROUTES, ZERO_SIGNATURE } from '../../src/broker/protocol/contract';
import { canonicalOf, digestOf } from '../../src/runtime/broker/canonical';
import { joinSecret, workerKeyOf } from '../../src/runtime/broker/keys';
import { signatureOf } from '../../src/runtime/broker/signature';
import type { KeyRing } from '../../src/secrets/contract';

/** Nothing here is random or secret: whoever runs the generator gets the same file. */
export const HOST = 'broker.example.com';
export const NOW = 1_767_225_600;
export const WINDOW_SECONDS = 60;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const ringOf = (name: string): KeyRing => {
  const [current, previous, next] = ['current', 'previous', 'next'].map((field) => sha256(`${name} ${field}`).toString('base64url'));
  if (current === undefined || previous === undefined || next === undefined) throw new Error('There are three.');
  return { current, previous, next };
};
export const SHARED = ringOf('vectors of the worker protocol: shared key');
export const MASTER = ringOf('vectors of the worker protocol: master');

export const shortId = (name: string): string => sha256(name).subarray(0, 16).toString('base64url');
export const longId = (name: string): string => sha256(name).toString('base64url');

export const WORKER = 'worker-1';
export const KEY_ID = shortId('key of worker-1');
export const JOIN_ID = shortId('join token of worker-1');
export const OWN_KEY = workerKeyOf(MASTER.current, WORKER, KEY_ID);
export const JOIN_SECRET = joinSecret(MASTER.current, WORKER, JOIN_ID);
const STS_HEADERS = { 'authorization': 'as AWS Signature Version 4 has it', 'x-amz-date': '20260101T000000Z', 'x-amz-security-token': 'of the task' };
export const TASK_PROOF = Buffer.from(JSON.stringify(STS_HEADERS)).toString('base64url');
export const TASK_KEY = sha256(TASK_PROOF).toString('hex');
export const JOB = { job_id: 'job-7', credential_id: 'core-router' };
export const LEASE = { ...JOB, lease_id: longId('a lease') };
export const { register: { path: REGISTER }, checkout: { path: CHECKOUT }, renew: { path: RENEW }, release: { path: RELEASE }, exit: { path: EXIT } } = ROUTES;

export type Fields = Readonly<Record<string, unknown>>;

/** A request, as far as the signature goes. */
export interface Draft {
  readonly name: string;
  readonly path: string;
  readonly key: string;
  /** Beside the common ones, or in their place; what is undefined is left out. */
  readonly fields?: Fields;
  /** As it is signed. */
  readonly host?: string;
  readonly method?: string;
  readonly contentType?: string;
  /** As the header has it. @default - as it is signed */
  readonly sentHost?: string;
  readonly query?: string;
  /** How the body is written; with zeros for a signature. */
  readonly write?: (fields: Fields) => string;
  /** What is signed in the place of the canonical string. */
  readonly canonical?: (canonical: string) => string;
  /** What is sent in the place of the signature. */
  readonly signature?: (signature: string, canonical: string) => string;
  /** What becomes of the body after it was signed. */
  readonly body?: (body: string) => string;
}

export interface Vector {
  readonly name: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly content_type: string;
  readonly key: string;
  readonly body_with_zeros: string;
  readonly body_sha256: string;
  readonly canonical: string;
  readonly signature: string;
  readonly body: string;
}

/** The path of a vector is as it is sent, with its query. */
export function vectorOf(draft: Draft): Vector {
  const { name, path, key, host = HOST, method = METHOD, contentType = CONTENT_TYPE, write = JSON.stringify } = draft;
  const fields: Fields = {
    version: PROTOCOL_VERSION, worker_id: WORKER, timestamp: String(NOW), nonce: shortId(`nonce: ${name}`), ...draft.fields, hmac_signature: ZERO_SIGNATURE,
  };
  const zeroed = write(fields);
  const digest = digestOf(zeroed);
  const text = (field: string): string => String(fields[field] ?? '');
  const plain = canonicalOf({ path, host, workerId: text('worker_id'), timestamp: text('timestamp'), nonce: text('nonce'), bodyDigest: digest });
  const canonical = draft.canonical?.(plain) ?? plain;
  const made = signatureOf(key, canonical);
  const signature = draft.signature?.(made, canonical) ?? made;
  const signed = zeroed.replace(ZERO_SIGNATURE, signature);
  return {
    name,
    method,
    host: draft.sentHost ?? host,
    path: `${path}${draft.query ?? ''}`,
    content_type: contentType,
    key,
    body_with_zeros: zeroed,
    body_sha256: digest,
    canonical,
    signature,
    body: draft.body?.(signed) ?? signed,
  };
}
