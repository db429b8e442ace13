import { Client, type ClientConfig } from 'pg';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { createPki, type Pki } from '../../src/drill/services/pki';
import { findPostgres } from '../../src/drill/services/postgres-programs';
import { type PostgresCredentials, type PostgresParts, type RunningPostgres, startPostgres } from '../../src/drill/services/postgres';

/** A PostgreSQL of this machine. */
export interface PostgresStage {
  readonly postgres: RunningPostgres;
  readonly pki: Pki;
  stop(): Promise<void>;
}

/** A real PostgreSQL with TLS, which writes every statement to its log. */
export async function setPostgres(options: Pick<PostgresParts, 'parameters' | 'lookup'> = {}): Promise<PostgresStage> {
  const [supervisor, pki] = await Promise.all([Supervisor.open(), createPki()]);
  try {
    const postgres = await startPostgres({ supervisor, pki, ...options, parameters: { log_statement: 'all', ...options.parameters } });
    return { postgres, pki, stop: () => supervisor.stop() };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

/** Whether there is one beside what npm installed, of another version perhaps. */
export function hasInstalledPostgres(): boolean {
  try {
    return findPostgres({ embedded: false }).postgres !== '';
  } catch {
    return false;
  }
}

type Reachable = Pick<RunningPostgres, 'host' | 'port' | 'caPem' | 'dbname'>;

/** Logs in; `end()` is the caller's. */
export async function openAs(postgres: Reachable, login: PostgresCredentials, others: ClientConfig = {}): Promise<Client> {
  const client = new Client({
    host: postgres.host,
    port: postgres.port,
    database: postgres.dbname,
    user: login.username,
    password: login.password,
    ssl: { ca: postgres.caPem },
    ...others,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}

/** Logs in, asks, and goes. */
export async function asLogin<T>(postgres: Reachable, login: PostgresCredentials, use: (client: Client) => Promise<T>, others: ClientConfig = {}): Promise<T> {
  const client = await openAs(postgres, login, others);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
