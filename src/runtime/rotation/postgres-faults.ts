import { isJsonObject } from '../shared/json-object';
import { RotationError } from './ports';

/** What a code of PostgreSQL, of TLS or of the network means; who is meant is said by the one who asked. */
const MEANINGS: readonly { readonly codes: RegExp; readonly code: string; readonly says: string }[] = [
  { codes: /^28(000|P01)$/, code: 'POSTGRES_NOT_LET_IN', says: 'it does not let the login in, because its password is another one, it may not log in, or it is not there' },
  { codes: /^42501$/, code: 'POSTGRES_FORBIDDEN', says: 'that is not allowed; who makes logins needs CREATEROLE, the ADMIN option on the role and its logins, and to own the database' },
  { codes: /^3D000$/, code: 'POSTGRES_NO_DATABASE', says: 'it has no such database' },
  { codes: /^(53|57P0|57014|55P03|25P0[34])/, code: 'POSTGRES_BUSY', says: 'it has no time or no room for that at the moment' },
  { codes: /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_|ERR_SSL_)/, code: 'POSTGRES_UNTRUSTED', says: 'it cannot prove who it is; nothing was said to it' },
  { codes: /^(E[A-Z]+|08...)$/, code: 'POSTGRES_UNREACHABLE', says: 'it does not answer, or stopped to' },
];

/** What has no code: the words are the client's own. */
const WORDS: readonly { readonly words: RegExp; readonly code: string; readonly says: string }[] = [
  { words: /does not support SSL|establishing an SSL/, code: 'POSTGRES_UNTRUSTED', says: 'it offers no TLS; nothing was said to it' },
  { words: /timeout|terminated|not queryable|closed/i, code: 'POSTGRES_UNREACHABLE', says: 'it does not answer, or stopped to' },
];

/**
 * A failure in our own words and with the code of the cause alone: what PostgreSQL says may repeat the statement, in which a verifier stands.
 *
 * @param doing what was tried, to follow "PostgreSQL could not be made to"
 */
export function postgresFault(doing: string, error: unknown): RotationError {
  if (error instanceof RotationError) return error;
  const { code: given, message } = isJsonObject(error) ? error : {};
  const cause = typeof given === 'string' && /^\w+$/.test(given) ? given : undefined;
  const meaning = cause === undefined ? undefined : MEANINGS.find(({ codes }) => codes.test(cause));
  const { code, says } = meaning ?? WORDS.find(({ words }) => typeof message === 'string' && words.test(message)) ?? { code: 'POSTGRES_FAILED', says: 'it failed' };
  return new RotationError(code, `PostgreSQL could not be made to ${doing}: ${says}${cause === undefined ? '' : ` (${cause})`}.`);
}
