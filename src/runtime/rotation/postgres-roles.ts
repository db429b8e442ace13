import { escapeIdentifier, escapeLiteral } from 'pg';
import { RotationError } from './ports';
import type { PostgresCredentials, PostgresSession } from './postgres-session';
import { scramVerifier } from './scram';

/** From here on a membership says by itself whether it may be acted as and is inherited (release notes of PostgreSQL 16). */
const MEMBERSHIP_OPTIONS_SINCE = 160_000;

const ROLES = 'SELECT rolname, rolcanlogin, rolcreatedb, rolcreaterole, rolsuper OR rolreplication OR rolbypassrls AS istoostrong FROM pg_roles';

interface RoleRow {
  readonly rolname: string;
  readonly rolcanlogin: boolean;
  readonly rolcreatedb: boolean;
  readonly rolcreaterole: boolean;
  /** What only a superuser can give, and take away. */
  readonly istoostrong: boolean;
}

/** What somebody who may make roles does with one role and its logins. Every change is one transaction, and may be made again. */
export class PostgresRoles {
  public constructor(private readonly session: PostgresSession, private readonly role: string, private readonly dbname: string) {}

  /** Makes the role, and lets one login in as it, with this password and no other. Nothing else is touched. */
  public async letIn({ username, password }: PostgresCredentials): Promise<void> {
    await this.changing(async () => {
      const roles = await this.find(this.role, username);
      await this.ensureRole(roles.get(this.role));
      await this.ensureLogin(username, password, roles.get(username));
      await this.session.query(`GRANT ${escapeIdentifier(this.role)} TO ${escapeIdentifier(username)}${await this.membershipOptions()}`);
      await this.session.query(`ALTER ROLE ${escapeIdentifier(username)} SET role = ${escapeLiteral(this.role)}`);
    });
  }

  /** Whether somebody is logged in. Everybody may see who is (documentation of `pg_stat_activity`). */
  public async isLoggedIn(username: string): Promise<boolean> {
    const rows = await this.session.query('SELECT 1 FROM pg_stat_activity WHERE usename = $1 LIMIT 1', [username]);
    return rows.length > 0;
  }

  /** Nobody logs in as it any more, and there is no password to. Whoever is logged in stays so. */
  public async shutOut(username: string): Promise<void> {
    await this.changing(async () => {
      const roles = await this.find(username);
      if (roles.has(username)) await this.session.query(`ALTER ROLE ${escapeIdentifier(username)} NOLOGIN PASSWORD NULL`);
    });
  }

  /** One after the other, for two that change the same row fail. What is not committed when it fails is undone by the session's end. */
  private async changing(change: () => Promise<void>): Promise<void> {
    await this.session.query('BEGIN');
    await this.session.query("SELECT pg_advisory_xact_lock(hashtext('cdk-secure-core rotation'), hashtext($1))", [this.role]);
    await change();
    await this.session.query('COMMIT');
  }

  private async find(...names: readonly string[]): Promise<ReadonlyMap<string, RoleRow>> {
    const those = names.map((_, index) => `$${index + 1}`).join(', ');
    const rows = await this.session.query(`${ROLES} WHERE rolname IN (${those})`, names) as readonly RoleRow[];
    const strong = rows.find(({ istoostrong }) => istoostrong);
    if (strong) {
      throw new RotationError('ROLE_TOO_STRONG', `${strong.rolname} is a superuser, or may replicate or pass by row security; what an application logs in as may not: take that away by hand.`);
    }
    return new Map(rows.map((row) => [row.rolname, row]));
  }

  /** It owns what the application makes, so that either login can use what the other one made. */
  private async ensureRole(found: RoleRow | undefined): Promise<void> {
    const role = escapeIdentifier(this.role);
    if (!found) await this.session.query(`CREATE ROLE ${role} NOLOGIN`);
    else if (found.rolcanlogin || found.rolcreatedb || found.rolcreaterole) await this.session.query(`ALTER ROLE ${role} ${['NOLOGIN', ...lessened(found)].join(' ')}`);
    const [has] = await this.session.query(
      "SELECT has_database_privilege($1, $2, 'CONNECT') AS connects, has_schema_privilege($1, 'public', 'USAGE') AND has_schema_privilege($1, 'public', 'CREATE') AS creates",
      [this.role, this.dbname],
    );
    if (has?.connects !== true) await this.session.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(this.dbname)} TO ${role}`);
    if (has?.creates !== true) await this.session.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${role}`);
  }

  private async ensureLogin(username: string, password: string, found: RoleRow | undefined): Promise<void> {
    const options = ['LOGIN', 'INHERIT', ...(found ? lessened(found) : []), "VALID UNTIL 'infinity'", `PASSWORD ${escapeLiteral(scramVerifier(password))}`];
    await this.session.query(`${found ? 'ALTER' : 'CREATE'} ROLE ${escapeIdentifier(username)} ${options.join(' ')}`);
  }

  private async membershipOptions(): Promise<string> {
    const [row] = await this.session.query("SELECT current_setting('server_version_num')::int AS version");
    return Number(row?.version) >= MEMBERSHIP_OPTIONS_SINCE ? ' WITH INHERIT TRUE, SET TRUE' : '';
  }
}

/** Only what is there is taken away: whoever does not have these himself may not even say them. */
function lessened({ rolcreatedb, rolcreaterole }: RoleRow): string[] {
  return [...(rolcreatedb ? ['NOCREATEDB'] : []), ...(rolcreaterole ? ['NOCREATEROLE'] : [])];
}
