/** The worker protocol, version 1: by these tables the broker judges, the client writes, and the published page and OpenAPI are made. */

/** The first line of what is signed: a signature for another version, or another protocol, is none here. */
export const CANONICAL_VERSION = 'cdk-secure-core-worker-v1';
/** Between its lines; none at the end. */
export const CANONICAL_SEPARATOR = '\n';

/** The only method. */
export const METHOD = 'POST';
/** The only type; `charset=utf-8` may stand behind it. */
export const CONTENT_TYPE = 'application/json';
/** Of a body, in bytes. */
export const BODY_BYTES = { least: 2, most: 4096 } as const;
/** What a body is made of, whole: printable ASCII without a backslash, so that no text can be spelled in two ways. */
export const BODY_TEXT = /^[\x20-\x5b\x5d-\x7e]*$/;
/** The value of `version` in every request. */
export const PROTOCOL_VERSION = '1';
/** What stands for the signature while a body is hashed. */
export const ZERO_SIGNATURE = '0'.repeat(64);

export interface FieldFacts {
  /** What the value matches, whole; without anchors, and of JSON Schema, so nothing of a single language's. */
  readonly pattern: string;
  readonly meaning: string;
}

const ID = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';
const SHORT_ID = '[A-Za-z0-9_-]{22}';
const SECONDS = '[1-9][0-9]{9}';

/** Every field of a request. Each value is a text. */
export const FIELDS = {
  version: { pattern: PROTOCOL_VERSION, meaning: 'The version of the protocol.' },
  worker_id: { pattern: ID, meaning: 'Who asks.' },
  timestamp: { pattern: SECONDS, meaning: 'When it was signed: seconds since 1970, UTC.' },
  nonce: { pattern: '[A-Za-z0-9_-]{22,64}', meaning: 'New for every request: at least 128 random bits, in base64url.' },
  hmac_signature: { pattern: '[0-9a-f]{64}', meaning: 'HMAC-SHA-256 of the canonical string, in lower-case hexadecimal digits; not all of them zero.' },
  key_id: { pattern: SHORT_ID, meaning: 'Which key of its own the worker signs with; absent where it signs with the shared key.' },
  join_id: { pattern: SHORT_ID, meaning: 'Which join token a worker signs with, the first time.' },
  task_proof: { pattern: '[A-Za-z0-9_-]{1,3000}', meaning: 'That the worker runs in a certain task, the first time: see "Joining as a task".' },
  job_id: { pattern: '[A-Za-z0-9][A-Za-z0-9._:-]{0,127}', meaning: 'The job for which a credential is wanted, or was taken.' },
  credential_id: { pattern: ID, meaning: 'Which credential; there is no default.' },
  lease_id: { pattern: '[A-Za-z0-9_-]{43}', meaning: 'The lease, as the checkout named it. It is no secret.' },
} as const satisfies Readonly<Record<string, FieldFacts>>;
export type FieldName = keyof typeof FIELDS;

/** In every request. */
export const COMMON_FIELDS = ['version', 'worker_id', 'timestamp', 'nonce', 'hmac_signature'] as const satisfies readonly FieldName[];

/** Which key a request is signed with is said by at most one of these; where none of them stands, it is the shared one. */
export const PROOF_FIELDS = ['key_id', 'join_id', 'task_proof'] as const satisfies readonly FieldName[];
export type ProofField = (typeof PROOF_FIELDS)[number];

export interface RouteFacts {
  readonly path: string;
  readonly meaning: string;
  /** Beside the common ones; all of them have to be there. */
  readonly fields: readonly FieldName[];
  /** Of which at most one may be there. */
  readonly proofs: readonly ProofField[];
}

/** Exact paths, all by POST. */
export const ROUTES = {
  register: { path: '/worker/register', meaning: 'Joins, starts again, or has a new key made.', fields: [], proofs: ['key_id', 'join_id', 'task_proof'] },
  checkout: { path: '/credentials/checkout', meaning: 'Takes a credential for a job.', fields: ['job_id', 'credential_id'], proofs: ['key_id'] },
  renew: { path: '/credentials/renew', meaning: 'Makes a lease last longer.', fields: ['job_id', 'credential_id', 'lease_id'], proofs: ['key_id'] },
  release: { path: '/credentials/release', meaning: 'Ends a lease.', fields: ['job_id', 'credential_id', 'lease_id'], proofs: ['key_id'] },
  exit: { path: '/worker/exit', meaning: 'Says that the worker leaves.', fields: [], proofs: ['key_id'] },
} as const satisfies Readonly<Record<string, RouteFacts>>;
export type RouteName = keyof typeof ROUTES;
export const ROUTE_NAMES = ['register', 'checkout', 'renew', 'release', 'exit'] as const satisfies readonly RouteName[];
export const PATHS: readonly string[] = ROUTE_NAMES.map((name) => ROUTES[name].path);

/** What the caller of each route has proven with; `shared` where no field of `PROOF_FIELDS` stands. */
export type RequestProof =
  | { readonly kind: 'shared' }
  | { readonly kind: 'own'; readonly keyId: string }
  | { readonly kind: 'join'; readonly joinId: string }
  | { readonly kind: 'task'; readonly taskProof: string };

/** In every request that has been read. */
export interface SignedFields {
  readonly workerId: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
  readonly proof: RequestProof;
}

/** What is asked, by the names of the routes. */
export type Asked =
  | { readonly route: 'register' }
  | { readonly route: 'checkout'; readonly jobId: string; readonly credentialId: string }
  | { readonly route: 'renew' | 'release'; readonly jobId: string; readonly credentialId: string; readonly leaseId: string }
  | { readonly route: 'exit' };

/** What every refusal is, byte for byte; `unauthenticated` says the broker's time beside it. */
export const REFUSALS = {
  malformed: { status: 400, meaning: 'The request is not of this protocol. Sending it again changes nothing.' },
  unauthenticated: { status: 401, meaning: 'It is not proven who asks, or he is not let in (any more): see "After a 401". `time` shows whether your clock is off.' },
  forbidden: { status: 403, meaning: 'There is no such thing, or it is not yours: one answer for both.' },
  'not-found': { status: 404, meaning: 'No such path, or another method than POST.' },
  'too-large': { status: 413, meaning: 'The body is longer than 4096 bytes.' },
  'too-many': { status: 429, meaning: 'Too many requests of one worker. Wait as long as `retry-after` says, then send a new request.' },
  unavailable: { status: 503, meaning: 'A store does not answer, or holds no usable value. What was asked may have been done: wait as long as `retry-after` says, then send a new request.' },
} as const;
export type RefusalName = keyof typeof REFUSALS;
export const REFUSAL_NAMES = ['malformed', 'unauthenticated', 'forbidden', 'not-found', 'too-large', 'too-many', 'unavailable'] as const satisfies readonly RefusalName[];

/** Of a 503, in seconds (ours). */
export const UNAVAILABLE_RETRY_SECONDS = 5;

/** On every answer, beside what the listener sets; names in lower case. */
export const ANSWER_HEADERS = { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' } as const;
/** The broker's own, never the caller's. */
export const REQUEST_ID_HEADER = 'x-request-id';
export const RETRY_AFTER_HEADER = 'retry-after';

export interface AnswerField extends FieldFacts {
  readonly isAlways: boolean;
}
const always = (pattern: string, meaning: string): AnswerField => ({ pattern, meaning, isAlways: true });
const sometimes = (pattern: string, meaning: string): AnswerField => ({ pattern, meaning, isAlways: false });
const EXPIRES = 'When it is over: seconds since 1970, UTC.';

/** The fields of a 200, all texts; a checkout's has `credential` beside them, which is of one of the forms. */
export const ANSWERS: Readonly<Record<RouteName, Readonly<Record<string, AnswerField>>>> = {
  register: {
    worker_id: always(ID, 'Who registered.'),
    expires_at: always(SECONDS, 'Until when the worker, or its key, is known: seconds since 1970, UTC.'),
    lease_seconds: always('[1-9][0-9]{0,8}', 'How long a lease lasts unless it is renewed.'),
    key_id: sometimes(SHORT_ID, 'Of the worker\'s own key; absent with the shared key.'),
    worker_key: sometimes('[0-9a-f]{64}', 'The worker\'s own key: what it signs with from now on, as this text. It is told once.'),
  },
  checkout: {
    lease_id: always(FIELDS.lease_id.pattern, 'What to renew and to release.'),
    expires_at: always(SECONDS, EXPIRES),
    renewable_until: always(SECONDS, 'Beyond which no renewal goes: seconds since 1970, UTC.'),
  },
  renew: { lease_id: always(FIELDS.lease_id.pattern, 'As it was asked.'), expires_at: always(SECONDS, EXPIRES) },
  release: {},
  exit: {},
};

/** What stands before worker and id where a key is derived from a master; three lines, LF between. The HMAC's key is the master's text. */
export const DERIVATIONS = {
  /** Written in base64url without padding, 43 characters: the part of a join token behind the point. */
  joinSecret: 'join',
  /** Written in 64 lower-case hexadecimal digits. */
  workerKey: 'worker-key',
} as const;
/** Between the two parts of a join token: `<join_id>.<join secret>`. */
export const JOIN_TOKEN_SEPARATOR = '.';
export const JOIN_TOKEN = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** What a task signs for STS, so that the proof is of this request alone: `<host>/<worker_id>/<nonce>` in this header. The broker builds everything but what `task_proof` holds. */
export const TASK_PROOF = {
  header: 'x-worker-broker',
  body: 'Action=GetCallerIdentity&Version=2011-06-15',
  contentType: 'application/x-www-form-urlencoded; charset=utf-8',
  signedHeaders: ['content-type', 'host', 'x-amz-date', 'x-amz-security-token', 'x-worker-broker'],
  fields: ['authorization', 'x-amz-date', 'x-amz-security-token'],
} as const;
export const stsHost = (region: string): string => `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
