import { RotationError } from '../../../src/runtime/rotation/ports';
import { postgresFault } from '../../../src/runtime/rotation/postgres-faults';

const withCode = (code: string, message = 'canary'): Error => Object.assign(new Error(message), { code });

test.each([
  ['28P01', 'POSTGRES_NOT_LET_IN'],
  ['28000', 'POSTGRES_NOT_LET_IN'],
  ['42501', 'POSTGRES_FORBIDDEN'],
  ['3D000', 'POSTGRES_NO_DATABASE'],
  ['53300', 'POSTGRES_BUSY'],
  ['57P03', 'POSTGRES_BUSY'],
  ['57014', 'POSTGRES_BUSY'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'POSTGRES_UNTRUSTED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'POSTGRES_UNTRUSTED'],
  ['CERT_HAS_EXPIRED', 'POSTGRES_UNTRUSTED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'POSTGRES_UNTRUSTED'],
  ['ECONNREFUSED', 'POSTGRES_UNREACHABLE'],
  ['ENOTFOUND', 'POSTGRES_UNREACHABLE'],
  ['08006', 'POSTGRES_UNREACHABLE'],
  ['XX000', 'POSTGRES_FAILED'],
])('%s is called %s, and the code of the cause is said', (cause, code) => {
  const fault = postgresFault('do it', withCode(cause));
  expect(fault).toBeInstanceOf(RotationError);
  expect(fault.code).toBe(code);
  expect(fault.message).toMatch(new RegExp(`^PostgreSQL could not be made to do it: .* \\(${cause}\\)\\.$`));
});

test.each([
  ['The server does not support SSL connections', 'POSTGRES_UNTRUSTED'],
  ['timeout expired', 'POSTGRES_UNREACHABLE'],
  ['Connection terminated unexpectedly', 'POSTGRES_UNREACHABLE'],
  ['Query read timeout', 'POSTGRES_UNREACHABLE'],
  ['something else', 'POSTGRES_FAILED'],
])('Without a code, "%s" is called %s', (message, code) => {
  expect(postgresFault('do it', new Error(message)).code).toBe(code);
});

const TALKATIVE = Object.assign(withCode('XX000'), { detail: 'canary', where: 'canary', internalQuery: 'canary' });

test.each([withCode('42601', "at or near 'canary'"), TALKATIVE, withCode('canary: no code'), new Error('canary'), 'canary', null])(
  'Nothing that others say is repeated (%#)', (error) => {
    const fault = postgresFault('do it', error);
    expect(`${fault.message} ${JSON.stringify(fault)} ${String(fault.cause)}`).not.toContain('canary');
  },
);

test('What is said in our own words stays as it is', () => {
  const own = new RotationError('OWN', 'Our own words.');
  expect(postgresFault('do it', own)).toBe(own);
});
