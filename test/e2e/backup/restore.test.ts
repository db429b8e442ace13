import { Supervisor } from '../../../src/drill/processes/supervisor';
import { createPki } from '../../../src/drill/services/pki';
import { type RunningPostgres, startPostgres } from '../../../src/drill/services/postgres';
import { postgresUserStrategy } from '../../../src/runtime/rotation/postgres-user';
import { archived, type Archive, archiveIn, baseBackup, type BaseBackup, forget, restoredTo } from '../../support/point-in-time';
import { asLogin } from '../../support/postgres';
import { generated, loginIn, noted, rotationOf, type TestRotation } from '../../support/postgres-rotation';

/**
 * What Amazon RDS does with the backups of a database, done here with a real PostgreSQL: a copy, all that was written since, and a new server that does it
 * again up to a moment. Neither AWS Backup nor Amazon RDS runs here: that their copies are like this one is theirs to prove, by the restore tests of
 * `Backups`. What is proven is that a Core's data, and the roles that `PostgresUser` makes, survive such a restore, and how their logins work again.
 */

const ROWS = 5000;

interface Row {
  readonly id: number;
  readonly note: string;
}

let supervisor: Supervisor;
let archive: Archive;
let backup: BaseBackup;
let postgres: RunningPostgres;
let restored: RunningPostgres;
let rotation: TestRotation;
let role: string;
/** Current when the moment came; the one that came after it; and what was in the table at the moment. */
let [atMoment, afterwards] = ['', ''];
let expected: readonly Row[] = [];

const rowsOf = (server: RunningPostgres, secret: string): Promise<Row[]> =>
  asLogin(server, loginIn(secret), async (client) => (await client.query<Row>(`SELECT id, note FROM ${role}_notes ORDER BY id`)).rows);

/** On another server than its secret names, as after a restore. */
const on = (server: RunningPostgres): TestRotation => {
  const configuration = { ...rotation.configuration, port: server.port };
  return { configuration, strategy: postgresUserStrategy(configuration, { admin: () => Promise.resolve(server.admin), log: noted }) };
};

async function rotated({ strategy }: TestRotation, current: string): Promise<string> {
  const pending = await strategy.create(current);
  await strategy.set({ current, pending });
  await strategy.test(pending);
  return pending;
}

beforeAll(async () => {
  const pki = await createPki();
  supervisor = await Supervisor.open();
  archive = await archiveIn(supervisor.folder);
  postgres = await startPostgres({ supervisor, pki, parameters: { ...archive.parameters, 'rds.force_ssl': '1' } });
  rotation = rotationOf(postgres);
  ({ role } = rotation.configuration);
  const secret = generated(role);
  const first = await rotation.strategy.ensure(secret) ?? secret;
  await asLogin(postgres, loginIn(first), async (client) => {
    await client.query(`CREATE TABLE ${role}_notes (id integer PRIMARY KEY, note text NOT NULL)`);
    await client.query(`INSERT INTO ${role}_notes SELECT n, 'before the copy ' || n FROM generate_series(1, $1) AS n`, [ROWS]);
  });
  backup = await baseBackup(postgres, supervisor.folder);
  atMoment = await rotated(rotation, first);
  await asLogin(postgres, loginIn(atMoment), async (client) => {
    await client.query(`UPDATE ${role}_notes SET note = 'changed' WHERE id <= 10`);
    await client.query(`INSERT INTO ${role}_notes VALUES (${ROWS + 1}, 'after the copy')`);
  });
  expected = await rowsOf(postgres, atMoment);
  const until = await asLogin(postgres, postgres.superuser, async (client) => (await client.query<{ until: string }>('SELECT clock_timestamp()::text AS until')).rows[0]?.until ?? '');
  afterwards = await rotated(rotation, atMoment);
  // As a migration that was meant for another database: what was lost, and what was written in the meantime.
  await asLogin(postgres, loginIn(afterwards), async (client) => {
    await client.query(`INSERT INTO ${role}_notes VALUES (${ROWS + 2}, 'too late')`);
    await client.query(`DROP TABLE ${role}_notes`);
  });
  await archived(postgres);
  const since = performance.now();
  restored = await restoredTo(postgres, { supervisor, backup, archive, until });
  console.info(`${restored.engine}: ${ROWS + 1} rows restored to ${until} in ${Math.round(performance.now() - since)} ms (here, not on Amazon RDS)`);
});

afterAll(async () => {
  await supervisor.stop();
  await forget(backup);
});

test('The table is gone where it was dropped, and there again where it was not dropped yet', async () => {
  await expect(rowsOf(postgres, afterwards)).rejects.toMatchObject({ code: '42P01' });
  await expect(rowsOf(restored, atMoment)).resolves.toHaveLength(ROWS + 1);
});

test('Every row is as it was at the moment: those of the copy, those that were written after it, and none that came later', async () => {
  const rows = await rowsOf(restored, atMoment);
  expect(rows).toEqual(expected);
  expect(rows[0]).toEqual({ id: 1, note: 'changed' });
  expect(rows.at(-1)).toEqual({ id: ROWS + 1, note: 'after the copy' });
});

test('The role owns what it owned, and nobody logs in as it', async () => {
  const facts = await asLogin(restored, restored.superuser, async (client) => (await client.query(
    'SELECT tableowner AS owner, rolcanlogin AS login FROM pg_tables JOIN pg_roles ON rolname = tableowner WHERE tablename = $1', [`${role}_notes`],
  )).rows as unknown[]);
  expect(facts).toEqual([{ owner: role, login: false }]);
});

test('TLS is asked for as before', async () => {
  await expect(asLogin(restored, loginIn(atMoment), () => Promise.resolve(), { ssl: false })).rejects.toMatchObject({ code: '28000' });
});

describe('Logins', () => {
  test('are those of the moment: what was renewed after it lets nobody in', async () => {
    expect(loginIn(afterwards).username).not.toBe(loginIn(atMoment).username);
    await expect(asLogin(restored, loginIn(afterwards), () => Promise.resolve())).rejects.toMatchObject({ code: expect.stringMatching(/^28/) as string });
  });

  test('are renewed by the next rotation, whatever the secret holds: the administrator lets the other login in', async () => {
    const next = await rotated(on(restored), afterwards);
    await expect(rowsOf(restored, next)).resolves.toEqual(expected);
    expect(loginIn(next)).toMatchObject({ port: restored.port, username: loginIn(atMoment).username });
    // Held by the value that is current in the restored server as well, which the new password has replaced.
    await expect(asLogin(restored, loginIn(atMoment), () => Promise.resolve())).rejects.toMatchObject({ code: '28P01' });
    const { strategy } = on(restored);
    await expect(strategy.retire({ current: next, previous: afterwards })).resolves.toEqual({ outcome: 'retired' });
  });

  test('are let in again as the secret has them by a deployment', async () => {
    await on(restored).strategy.ensure(afterwards);
    await expect(rowsOf(restored, afterwards)).resolves.toEqual(expected);
  });
});

test('The first server is left as it was', async () => {
  await expect(asLogin(postgres, loginIn(afterwards), async (client) => (await client.query('SELECT current_user::text AS role')).rows as unknown[])).resolves.toEqual([{ role }]);
});
