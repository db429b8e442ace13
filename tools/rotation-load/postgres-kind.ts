import { randomBytes } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { DatabaseError, type Client } from 'pg';
import { postgresUserStrategy } from '../../src/runtime/rotation/postgres-user';
import type { PostgresLogin } from '../../src/secrets/contract';
import { asLogin, openAs, type PostgresStage, setPostgres } from '../../test/support/postgres';
import { connectsAnew, type LoadService, type OpenKind, Refused } from './kind';

const ROLE = 'load_app';
/** `invalid_password` and `invalid_authorization_specification` (PostgreSQL, appendix A). */
const NOT_LET_IN: readonly (string | undefined)[] = ['28P01', '28000'];

const loginIn = (value: string): PostgresLogin => JSON.parse(value) as PostgresLogin;

/** A user of a real PostgreSQL with TLS, which writes every statement and every login to its log. */
export const openPostgresUser: OpenKind = async ({ log }) => {
  const stage = await setPostgres({ parameters: { log_connections: 'on', max_connections: '200' } });
  const { postgres } = stage;
  const { host, port, dbname, caPem: ca, admin, engine } = postgres;
  return {
    name: `postgres-user (${engine})`,
    strategy: postgresUserStrategy({ role: ROLE, adminSecretArn: 'arn', host, port, dbname, ca, caPath: '/etc/ssl/rds.pem' }, { admin: () => Promise.resolve(admin), log }),
    first: JSON.stringify({ username: `${ROLE}_a`, password: randomBytes(20).toString('hex') }),
    services: [clients(stage)],
    isLetIn: async (value) => {
      try {
        await asLogin(postgres, loginIn(value), ask);
        return true;
      } catch (error) {
        if (error instanceof DatabaseError && NOT_LET_IN.includes(error.code)) return false;
        throw error;
      }
    },
    log: () => postgres.log(),
    stop: () => stage.stop(),
  };
};

async function ask(client: Client): Promise<void> {
  const { rows: [row] } = await client.query<{ role: string }>('SELECT current_user::text AS role');
  if (row?.role !== ROLE) throw new Refused('Somebody acts as another role than the application.');
}

function clients({ postgres }: PostgresStage): LoadService {
  // Made once, since making one costs as much as a connection.
  const ssl = { secureContext: createSecureContext({ ca: postgres.caPem }) };
  return {
    name: 'clients',
    start: async (value, turn) => {
      const login = loginIn(value);
      const kept = connectsAnew(turn) ? undefined : await openAs(postgres, login, { ssl });
      let last: Promise<void> = Promise.resolve();
      return {
        ask: () => {
          if (!kept) return asLogin(postgres, login, ask, { ssl });
          // One thing at a time, as a connection does it.
          last = last.catch(() => undefined).then(() => ask(kept));
          return last;
        },
        stop: async () => {
          await kept?.end();
        },
      };
    },
  };
}
