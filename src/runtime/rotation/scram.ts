import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own (`scram_iterations`, and the RFC 7677 minimum). More would not help: a random password of 238 bits is not guessed. */
const ITERATIONS = 4096;
/** PostgreSQL's own (SCRAM_DEFAULT_SALT_LEN). */
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/**
 * What PostgreSQL keeps of a password (RFC 5803 as its documentation of `pg_authid` writes it), so that the password itself is never in a
 * statement: `log_statement = 'ddl'` writes statements to the log. Nobody logs in with a verifier, and it does not lead back to a random password.
 *
 * @param password printable ASCII alone, of which the normal form that RFC 5802 asks for is itself
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(SALT_BYTES), iterations = ITERATIONS): string {
  const salted = pbkdf2Sync(password, salt, iterations, KEY_BYTES, 'sha256');
  const keyOf = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(keyOf('Client Key')).digest();
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${stored.toString('base64')}:${keyOf('Server Key').toString('base64')}`;
}
