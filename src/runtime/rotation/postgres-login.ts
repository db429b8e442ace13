import { randomInt } from 'node:crypto';
import { RESERVED_ROLES, ROLE_NAME } from '../../data/contract';
import { LOGIN_SUFFIXES, type PostgresLogin, type PostgresUserRotation } from '../../secrets/contract';
import { type JsonObject, memberOf, parseJsonObject } from '../shared/json-object';
import { RotationError } from './ports';

/** Where logins lead to, and as whom. */
export type PostgresTarget = Pick<PostgresUserRotation, 'role' | 'host' | 'port' | 'dbname' | 'caPath'>;

/** No characters that a URL, a shell or a statement would read otherwise. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 238 bits; the checklist asks for 20 (NT-41). */
const PASSWORD_LENGTH = 40;
const LEAST_LENGTH = 20;
/** Of ASCII, for which no normal form has to be made, and no longer than programs take. */
const PASSWORD = new RegExp(`^[\\x21-\\x7e]{${LEAST_LENGTH},256}$`);

/** Refuses what no login can be made for, before anything is asked of anybody. */
export function checkTarget({ role, dbname }: PostgresTarget): void {
  if (!ROLE_NAME.test(role) || RESERVED_ROLES.test(role)) {
    const rule = 'take up to 61 of a to z, 0 to 9 and _, no digit first, and none that PostgreSQL or Amazon RDS keeps to itself';
    throw new RotationError('BAD_ROLE', `${JSON.stringify(role)} is no name of a role whose logins can be rotated: ${rule}.`);
  }
  // A NUL would end it in the protocol.
  if (dbname === '' || dbname.includes('\0') || Buffer.byteLength(dbname) > 63) throw new RotationError('BAD_DATABASE', 'The name of the database has to be of 1 to 63 bytes.');
}

/** The login with a new password that takes the place of this one. */
export function nextLogin(target: PostgresTarget, current: string): PostgresLogin {
  const password = Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return complete(target, otherLogin(target.role, parseLogin(target.role, current).username), password);
}

export function loginsOf(role: string): readonly [string, string] {
  const [a, b] = LOGIN_SUFFIXES;
  return [role + a, role + b];
}

/** Of the two logins of a role, the one that this is not. */
export function otherLogin(role: string, username: string): string {
  const [a, b] = loginsOf(role);
  return username === a ? b : a;
}

/** Who may log in, as a secret says it. Whatever else stands in it is not asked for. */
export function parseLogin(role: string, text: string): Pick<PostgresLogin, 'username' | 'password'> {
  const login = parseJsonObject(text);
  const [username, password] = login ? [memberOf(login, 'username'), memberOf(login, 'password')] : [];
  if (typeof username !== 'string' || !loginsOf(role).includes(username)) {
    throw new RotationError('BAD_SECRET', `The secret has to be JSON whose "username" is one of ${loginsOf(role).join(' and ')}.`);
  }
  if (typeof password !== 'string' || !PASSWORD.test(password)) {
    throw new RotationError('BAD_SECRET', `The secret has to be JSON whose "password" is of ${LEAST_LENGTH} to 256 printable characters of ASCII.`);
  }
  return { username, password };
}

/** The whole of a secret, or nothing where it is whole already. */
export function completed(target: PostgresTarget, text: string): string | undefined {
  const { username, password } = parseLogin(target.role, text);
  const login = complete(target, username, password);
  const given: JsonObject = parseJsonObject(text) ?? {};
  const isWhole = Object.entries(login).every(([name, value]) => memberOf(given, name) === value);
  return isWhole ? undefined : JSON.stringify(login);
}

function complete({ host, port, dbname, caPath }: PostgresTarget, username: string, password: string): PostgresLogin {
  const [user, secret, database, authorities] = [username, password, dbname, caPath].map(encodeURIComponent);
  return { username, password, host, port, dbname, url: `postgresql://${user}:${secret}@${host}:${port}/${database}?sslmode=verify-full&sslrootcert=${authorities}` };
}
