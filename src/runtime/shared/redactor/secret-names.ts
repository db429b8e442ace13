/** `always`: whatever stands under such a name is a secret. `tokens`, which are also what models count: unless it is a figure. `if-random`: where it looks like a key. */
export type NameGrade = 'always' | 'unless-figure' | 'if-random';

/** Words, or ends of words that were written together (`clientsecret`), of which one makes a name secret. */
const SECRET_WORD = /(?:password|passwd|passphrase|passcode|secret|token|credential|cookie|authorization|apikey|accesskey|privatekey|secretkey|jwt|dsn)s?$/;
const SECRET_WHOLE_WORDS = new Set(['pwd', 'psk', 'otp', 'auth', 'bearer', 'sig', 'signature', 'dbpass', 'userpass']);
/** Besides a secret, what test runners and models count. */
const COUNTED = new Set(['tokens', 'pass']);

/** What stands before `key` where that is a credential. */
const KEY_OWNERS = new Set([
  'api', 'access', 'account', 'admin', 'application', 'auth', 'client', 'core', 'encryption', 'hmac', 'host', 'license', 'master', 'private', 'secret', 'server', 'service', 'session',
  'shared', 'signing', 'ssh', 'subscription', 'symmetric', 'tls', 'webhook', 'write',
]);
/** What stands before `key` where it is none, however random it looks. */
const HARMLESS_KEYS = new Set(['cache', 'dedup', 'deduplication', 'foreign', 'group', 'idempotency', 'object', 'partition', 'primary', 'public', 'routing', 's3', 'sort', 'translation']);
const PERHAPS = new Set(['key', 'keys', 'nonce', 'salt', 'seed', 'sid', 'ticket', 'sessionid', 'jsessionid', 'phpsessid', 'verifier']);

/** A name that ends so tells something about a secret and not the secret: `secretArn`, `token_expires_in`, `keyId`. */
const ABOUT = new Set([
  'age', 'alg', 'algorithm', 'alias', 'arn', 'arns', 'at', 'attempts', 'count', 'days', 'enabled', 'endpoint', 'error', 'expiration', 'expires', 'expiry', 'field', 'file', 'header', 'hint',
  'id', 'ids', 'in', 'index', 'kind', 'length', 'limit', 'manager', 'max', 'ms', 'name', 'names', 'path', 'policy', 'prefix', 'remaining', 'required', 'rotation', 'seconds', 'size', 'spec',
  'state', 'status', 'ttl', 'type', 'uri', 'url', 'usage', 'use', 'used', 'valid', 'version',
]);

/** Longer names are judged by their end. */
const MAX_NAME_LENGTH = 80;

/** Judges a name by its words, however they are put together: DB_PASSWORD, dbPassword, db.password, x-api-key. */
export function gradeOf(name: string): NameGrade | undefined {
  const words = wordsOf(name.slice(-MAX_NAME_LENGTH));
  const last = words.at(-1);
  if (last === undefined || ABOUT.has(last)) return undefined;
  const before = words.at(-2) ?? '';
  if (COUNTED.has(last)) return 'unless-figure';
  if (words.some((word) => SECRET_WORD.test(word) || SECRET_WHOLE_WORDS.has(word))) return 'always';
  if ((last === 'key' || last === 'keys') && KEY_OWNERS.has(before)) return 'always';
  return PERHAPS.has(last) && !HARMLESS_KEYS.has(before) ? 'if-random' : undefined;
}

/** Headers whose whole line is a secret, blanks and commas included. */
export function fillsItsLine(name: string): boolean {
  return /^(?:(?:proxy-)?authorization|(?:set-)?cookie2?)$/i.test(name);
}

function wordsOf(name: string): string[] {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');
}
