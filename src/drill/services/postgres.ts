import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { Client } from 'pg';
import { withFreePort } from '../processes/free-port';
import { lastLines } from '../processes/last-lines';
import type { ManagedProcess, Supervisor } from '../processes/supervisor';
import type { Pki } from './pki';
import { findPostgres, otherUser, type PostgresLookup, type PostgresPrograms, type PostgresUser } from './postgres-programs';

/** What a PostgreSQL needs to be the template's. */
export interface PostgresParts {
  readonly supervisor: Supervisor;
  /** Its certificate, for `127.0.0.1` and `localhost`, and the authority that vouches for it. */
  readonly pki: Pick<Pki, 'server' | 'serverCaPem'>;
  /**
   * As a parameter group of Amazon RDS names them. `rds.force_ssl` decides whether connections without TLS are taken, as it does there; others that
   * begin with `rds.` mean nothing outside of it.
   *
   * @default - { 'rds.force_ssl': '1' }, as it is with PostgreSQL 15 and newer
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The database that the admin owns. @default 'nodetool', as the checklist names it (NT-40) */
  readonly dbname?: string;
  /** Where the programs are looked for. @default - everywhere */
  readonly lookup?: PostgresLookup;
}

export interface PostgresCredentials {
  readonly username: string;
  readonly password: string;
}

/** A real PostgreSQL on this machine. */
export interface RunningPostgres {
  readonly host: '127.0.0.1';
  /** A relay in front of it (`startRelay(port)`) cuts or freezes the network; the certificate is good for that too. */
  readonly port: number;
  readonly caPem: string;
  readonly dbname: string;
  /** What Amazon RDS gives its customers: makes roles and databases and owns the database, and is no superuser. */
  readonly admin: PostgresCredentials;
  /** Whom Amazon RDS keeps to itself: may do everything, so that tests can look inside. */
  readonly superuser: PostgresCredentials;
  /** Which program it is, with its version. */
  readonly engine: string;
  /** All that the server has written to its log since it was started first. */
  log(): string;
  /** At once, as an instance that fails does. */
  kill(): Promise<void>;
  /** After a kill or a stop, on the same port, with all that was committed. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const PATIENCE_MS = 60_000;
const POLL_MS = 10;
const SHOWN_LINES = 8;
const FORCE_SSL = 'rds.force_ssl';
const RDS_PREFIX = 'rds.';
const SUPERUSER = 'drill_superuser';
const ADMIN = 'drill_admin';
const READY = 'database system is ready to accept connections';

/** Starts a PostgreSQL with TLS, which outlives neither the supervisor nor its folder, and waits until it serves. */
export async function startPostgres({ supervisor, pki, parameters = { [FORCE_SSL]: '1' }, dbname = 'nodetool', lookup }: PostgresParts): Promise<RunningPostgres> {
  const programs = findPostgres(lookup);
  const user = otherUser();
  const folder = await privateFolder(supervisor.folder, user);
  const [admin, superuser] = [credentials(ADMIN), credentials(SUPERUSER)];
  let written = '';
  let running: ManagedProcess | undefined;

  const startOn = async (port: number): Promise<void> => {
    const since = written.length;
    const args = ['-D', path.join(folder, 'data'), '-c', `port=${port}`];
    running = start(supervisor, user, 'postgres', programs.postgres, args, (text) => {
      written += text;
    });
    await until(() => written.includes(READY, since), running, `PostgreSQL on port ${port}`, () => written.slice(since));
  };
  const stop = async (): Promise<void> => {
    await running?.stop();
  };
  try {
    await initialize({ supervisor, user, programs, folder, pki, parameters, superuser });
    const port = await withFreePort(async (free) => {
      await startOn(free);
      return free;
    });
    const server = { host: HOST, port, caPem: pki.serverCaPem } as const;
    const engine = await makeAdmin({ ...server, superuser, admin, dbname });
    return {
      ...server,
      dbname,
      admin,
      superuser,
      engine,
      log: () => written,
      kill: async () => {
        if (!running) return;
        process.kill(running.pid, 'SIGKILL');
        await running.exited;
      },
      restart: () => startOn(port),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In the supervisor's folder, which removes it; the other user gets into that by its group, and cannot see what else is in it. */
async function privateFolder(within: string, user: PostgresUser | undefined): Promise<string> {
  const folder = await mkdtemp(path.join(within, 'postgres-'));
  if (user) {
    await chown(within, 0, user.gid);
    await chmod(within, 0o710);
    await chown(folder, user.uid, user.gid);
  }
  return folder;
}

function start(supervisor: Supervisor, user: PostgresUser | undefined, name: string, program: string, args: readonly string[], onOutput?: (text: string) => void): ManagedProcess {
  const [command = program, ...all] = [...user?.prefix ?? [], program, ...args];
  return supervisor.start(name, command, all, {}, onOutput);
}

interface Initialization extends Required<Pick<PostgresParts, 'supervisor' | 'pki' | 'parameters'>> {
  readonly user: PostgresUser | undefined;
  readonly programs: PostgresPrograms;
  readonly folder: string;
  readonly superuser: PostgresCredentials;
}

async function initialize({ supervisor, user, programs, folder, pki, parameters, superuser }: Initialization): Promise<void> {
  const at = (name: string): string => path.join(folder, name);
  const write = async (name: string, text: string): Promise<void> => {
    await writeFile(at(name), text, { mode: 0o600 });
    if (user) await chown(at(name), user.uid, user.gid);
  };
  await mkdir(at('data'), { mode: 0o700 });
  if (user) await chown(at('data'), user.uid, user.gid);
  await Promise.all([write('password', superuser.password), write('server.pem', pki.server.certificatePem), write('server.key', pki.server.privateKeyPem)]);
  const initdb = start(supervisor, user, 'initdb', programs.initdb, [
    '-D', at('data'), '--username', superuser.username, '--pwfile', at('password'), '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync',
  ]);
  const code = await initdb.exited;
  await rm(at('password'));
  if (code !== 0) throw new Error(`initdb ended with ${code ?? 'a signal'}: ${lastLines(initdb.output(), SHOWN_LINES).trim()}`);
  await Promise.all([
    write('data/pg_hba.conf', `${parameters[FORCE_SSL] === '0' ? 'host' : 'hostssl'} all all ${HOST}/32 scram-sha-256\n`),
    write('data/postgresql.auto.conf', configuration({
      listen_addresses: HOST,
      unix_socket_directories: '',
      ssl: 'on',
      ssl_cert_file: at('server.pem'),
      ssl_key_file: at('server.key'),
      // What Amazon RDS accepts (User Guide, "Using SSL with a PostgreSQL DB instance").
      ssl_min_protocol_version: 'TLSv1.2',
      password_encryption: 'scram-sha-256',
      // Nobody will miss it after the power has failed.
      fsync: 'off',
      shared_buffers: '16MB',
      ...Object.fromEntries(Object.entries(parameters).filter(([name]) => !name.startsWith(RDS_PREFIX))),
    })),
  ]);
}

function configuration(options: Readonly<Record<string, string>>): string {
  return Object.entries(options).map(([name, value]) => {
    if (!/^[a-z_][a-z0-9_.]*$/i.test(name) || /[\n\r\\]/.test(value)) throw new Error(`${name} is no parameter of PostgreSQL that can be written to its configuration.`);
    return `${name} = '${value.replaceAll("'", "''")}'\n`;
  }).join('');
}

type Making = Pick<RunningPostgres, 'host' | 'port' | 'caPem' | 'admin' | 'superuser' | 'dbname'>;

/** What Amazon RDS does while it makes an instance. Resolves to what the server is. */
async function makeAdmin({ host, port, caPem, admin, superuser, dbname }: Making): Promise<string> {
  const client = new Client({ host, port, database: 'postgres', user: superuser.username, password: superuser.password, ssl: { ca: caPem } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    // Its passwords are letters and digits.
    await client.query(`CREATE ROLE ${client.escapeIdentifier(admin.username)} LOGIN CREATEDB CREATEROLE PASSWORD '${admin.password}'`);
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(dbname)} OWNER ${client.escapeIdentifier(admin.username)}`);
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return `PostgreSQL ${rows[0]?.server_version ?? 'of an unknown version'} with its own TLS`;
  } finally {
    await client.end();
  }
}

function credentials(username: string): PostgresCredentials {
  return { username, password: randomBytes(24).toString('hex') };
}

async function until(isReady: () => boolean, started: ManagedProcess, who: string, output: () => string): Promise<void> {
  const said = (): string => lastLines(output(), SHOWN_LINES).trim();
  const deadline = Date.now() + PATIENCE_MS;
  while (!isReady()) {
    const hasEnded = await Promise.race([started.exited.then(() => true), after(POLL_MS, false)]);
    if (hasEnded) throw new Error(`${who} ended before it served: ${said()}${started.output() === '' ? '' : `\n${lastLines(started.output(), SHOWN_LINES)}`}`);
    if (Date.now() > deadline) throw new Error(`${who} did not serve within ${PATIENCE_MS / 1000} seconds: ${said()}`);
  }
}
