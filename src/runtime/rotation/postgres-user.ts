import { randomBytes } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import type { PostgresUserRotation } from '../../secrets/contract';
import { type Log, type Retirement, RotationError, type SecretStrategy } from './ports';
import { postgresFault } from './postgres-faults';
import { checkTarget, completed, loginsOf, nextLogin, otherLogin, parseLogin } from './postgres-login';
import { PostgresRoles } from './postgres-roles';
import { type PostgresConnect, postgresConnect, type PostgresCredentials, type PostgresSession } from './postgres-session';

export interface PostgresUserParts {
  /** Who may make and change logins. Asked for each time: that password is rotated too. */
  readonly admin: () => Promise<PostgresCredentials>;
  /** @default - over TLS, to the database that the configuration names */
  readonly connect?: PostgresConnect;
  readonly log: Log;
}

const WHO = 'SELECT session_user::text AS login, current_user::text AS role';

/** All of a rotation but what the secret is for others. */
export type PostgresUserConfiguration = Omit<PostgresUserRotation, 'secretArn' | 'isRolledOut' | 'metricName' | 'kind'>;

/**
 * An application's user of PostgreSQL, which is a role that owns and two logins that act as it. A rotation moves to the other login with a new
 * password, so that the one in use is not touched; when nobody uses that any more, it is shut out until its turn comes.
 *
 * PostgreSQL looks at a password when somebody logs in: connections that are open stay so.
 */
export function postgresUserStrategy(configuration: PostgresUserConfiguration, { admin, connect, log }: PostgresUserParts): SecretStrategy {
  checkTarget(configuration);
  return new PostgresUser(configuration, admin, connect ?? postgresConnect(configuration), log);
}

class PostgresUser implements SecretStrategy {
  public constructor(
    private readonly configuration: PostgresUserConfiguration,
    private readonly admin: PostgresUserParts['admin'],
    private readonly connect: PostgresConnect,
    private readonly log: Log,
  ) {}

  public create(current: string): Promise<string> {
    return Promise.resolve().then(() => JSON.stringify(nextLogin(this.configuration, current)));
  }

  public async set({ current, pending }: { readonly current: string; readonly pending: string }): Promise<void> {
    const login = this.parse(pending);
    if (login.username === this.parse(current).username) {
      const said = `The new value is for ${login.username}, which the current one is for as well: letting it in would shut out those who hold the current one`;
      throw new RotationError('SAME_LOGIN', `${said}. Take AWSPENDING off, and rotate again.`);
    }
    await this.letIn(login);
  }

  /** Logs in as an application does, and makes something. */
  public async test(pending: string): Promise<void> {
    await this.prove(this.parse(pending));
  }

  /** Only when the current value is proven to let somebody in: the old one may be all that still works. */
  public async retire({ current }: { readonly current: string }): Promise<Retirement> {
    const login = this.parse(current);
    const old = otherLogin(this.configuration.role, login.username);
    await this.prove(login);
    const isHeld = await this.asAdmin(`shut out ${old}`, async (roles) => {
      // First, since no task holds it any more: whoever keeps a session open could otherwise keep a login that leaked alive.
      await roles.shutOut(old);
      return await roles.isLoggedIn(old);
    });
    this.log({ event: isHeld ? 'postgres-login-held' : 'postgres-login-shut-out', login: old });
    return { outcome: isHeld ? 'held' : 'retired' };
  }

  public async ensure(current: string): Promise<string | undefined> {
    const login = this.parse(current);
    await this.letIn(login);
    await this.prove(login);
    return completed(this.configuration, current);
  }

  private parse(text: string): PostgresCredentials {
    return parseLogin(this.configuration.role, text);
  }

  private async letIn(login: PostgresCredentials): Promise<void> {
    await this.asAdmin(`let ${login.username} in`, (roles) => roles.letIn(login));
    this.log({ event: 'postgres-login-let-in', login: login.username });
  }

  private async prove(login: PostgresCredentials): Promise<void> {
    const { role } = this.configuration;
    await this.within(login, `let ${login.username} in with the password of its secret`, async (session) => {
      const [row] = await session.query(WHO);
      if (row?.login !== login.username || row.role !== role) {
        const undo = `ALTER ROLE ${login.username} IN DATABASE … RESET role`;
        throw new RotationError('WRONG_ROLE', `Whoever logs in as ${login.username} does not act as ${role}: somebody has changed the login by hand; undo it (such as by "${undo}").`);
      }
      await saying(`let ${role} make a table, which is undone`, () => makeAndUndo(session));
    });
  }

  private async asAdmin<T>(doing: string, use: (roles: PostgresRoles) => Promise<T>): Promise<T> {
    const { role, dbname } = this.configuration;
    const admin = await this.admin();
    if ([role, ...loginsOf(role)].includes(admin.username)) {
      throw new RotationError('BAD_ADMIN', `The admin's secret is for ${admin.username}, which is the application's own: name a secret of somebody who may make logins.`);
    }
    return this.within(admin, `have its admin ${doing}`, (session) => use(new PostgresRoles(session, role, dbname)));
  }

  private async within<T>(credentials: PostgresCredentials, doing: string, use: (session: PostgresSession) => Promise<T>): Promise<T> {
    return saying(doing, async () => {
      const session = await this.connect(credentials);
      try {
        return await use(session);
      } finally {
        await session.end();
      }
    });
  }
}

async function makeAndUndo(session: PostgresSession): Promise<void> {
  const table = `public.${escapeIdentifier(`rotation_${randomBytes(8).toString('hex')}`)}`;
  await session.query('BEGIN');
  await session.query(`CREATE TABLE ${table} (id integer)`);
  await session.query(`DROP TABLE ${table}`);
  await session.query('ROLLBACK');
}

async function saying<T>(doing: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw postgresFault(doing, error);
  }
}
