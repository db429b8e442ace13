import { type Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { LOGIN_SUFFIXES } from '../secrets/contract';
import { isWhole } from '../whole-number';
import { RESERVED_ROLES, ROLE_NAME } from './contract';

/** Of identifiers (PostgreSQL documentation, "Identifiers and Key Words": NAMEDATALEN - 1). */
const MAX_IDENTIFIER = 63;

/** Written without quotes everywhere, so in the one case that PostgreSQL folds them to. */
const IDENTIFIER = /^[a-z][a-z0-9_]*$/;

/** Databases that every server has (Amazon RDS guide, "Creating a PostgreSQL DB instance"). */
const TAKEN_DATABASE: readonly string[] = ['template0', 'template1', 'rdsadmin'];

/** Two weeks are long enough to notice what went wrong over a holiday (issue 8); more than 35 Amazon RDS does not keep (API CreateDBInstance). */
export const BACKUP_DAYS = { least: 14, most: 35 } as const;

/** PEM, with nothing else in it that somebody might have meant to keep. */
const CERTIFICATES = /^(\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----)+\s*$/;

export function checkDatabase(scope: IConstruct, database: string): void {
  if (Token.isUnresolved(database) || !IDENTIFIER.test(database) || database.length > MAX_IDENTIFIER || TAKEN_DATABASE.includes(database)) {
    throw invalidProp(scope, 'database', database,
      `Begin with a lower-case letter, and use lower-case letters, digits and underscores only, ${MAX_IDENTIFIER} at most; ${TAKEN_DATABASE.join(', ')} are taken.`);
  }
}

export function checkRole(scope: IConstruct, role: string): void {
  if (Token.isUnresolved(role) || !ROLE_NAME.test(role)) {
    const longest = MAX_IDENTIFIER - LOGIN_SUFFIXES[0].length;
    const logins = LOGIN_SUFFIXES.map((end) => `<role>${end}`).join(' and ');
    const rule = `use lower-case letters, digits and underscores only, ${longest} at most: its logins are ${logins}.`;
    throw invalidProp(scope, 'role', role, `Begin with a lower-case letter or an underscore, and ${rule}`);
  }
  if (RESERVED_ROLES.test(role)) throw invalidProp(scope, 'role', role, 'PostgreSQL or Amazon RDS has it already: choose another one.');
}

export function checkBackupRetention(scope: IConstruct, retention: Duration): void {
  const { least, most } = BACKUP_DAYS;
  if (retention.isUnresolved() || !isWhole(retention.toDays({ integral: false }), least, most)) {
    throw invalidProp(scope, 'backupRetention', retention.isUnresolved() ? 'a token' : retention.toHumanString(), `Name whole days from ${least} to ${most}.`);
  }
}

/** Hosts whose authorities are known: the name tells the region, which one of China's or a name of one's own does not (see src/runtime/rotation/postgres-authorities.ts). */
const KNOWN_HOST = /\.[a-z]{2}(-[a-z]+)+-\d\.rds\.amazonaws\.com$/;

export function checkAuthorities(scope: IConstruct, ca: string | undefined, host: string): void {
  if (ca === undefined) {
    if (Token.isUnresolved(host) || KNOWN_HOST.test(host)) return;
    throw invalidProp(scope, 'ca', ca, `Name the authorities that vouch for ${host} as PEM: only those of <name>.<region>.rds.amazonaws.com are known.`);
  }
  if (Token.isUnresolved(ca) || !CERTIFICATES.test(ca)) {
    // Whoever gives a private key by mistake does not want to read it again.
    throw invalidProp(scope, 'ca', 'no list of certificates', 'Name the authorities as PEM, one or more blocks of -----BEGIN CERTIFICATE-----, and nothing else.');
  }
}
