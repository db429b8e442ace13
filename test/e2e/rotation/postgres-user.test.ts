import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningPostgres } from '../../../src/drill/services/postgres';
import { scramVerifier } from '../../../src/runtime/rotation/scram';
import { asLogin, hasInstalledPostgres, openAs, setPostgres } from '../../support/postgres';
import { configurationOf, expectDiscretion, failureOf, generated, loginIn, type Rotations, rotationOf, type RotationStage, setRotations } from '../../support/postgres-rotation';

let stage: RotationStage;
let postgres: RunningPostgres;
let on: Rotations;

beforeAll(async () => {
  stage = await setRotations();
  ({ postgres, on } = stage);
});
afterAll(() => stage.stop());

describe('At a deployment', () => {
  test('What was generated becomes a whole secret that somebody can log in with, over TLS, as the role', async () => {
    const { configuration: { role, host, port, dbname }, current } = await on.deployed();
    const login = loginIn(current);
    expect(login).toEqual({
      username: `${role}_a`,
      password: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      host,
      port,
      dbname,
      url: `postgresql://${role}_a:${login.password}@${host}:${port}/${dbname}?sslmode=verify-full&sslrootcert=%2Fetc%2Fssl%2Frds.pem`,
    });
    await expect(on.actsAs(current)).resolves.toBe(role);
  });

  test('A second one changes nothing that the first one made', async () => {
    const { strategy, current, configuration: { role } } = await on.deployed();
    await asLogin(postgres, loginIn(current), (client) => client.query(`CREATE TABLE ${role}_kept (id integer)`));
    await expect(strategy.ensure(current)).resolves.toBeUndefined();
    await expect(asLogin(postgres, loginIn(current), (client) => client.query(`SELECT * FROM ${role}_kept`))).resolves.toMatchObject({ rowCount: 0 });
  });

  test('One in the middle of a rotation leaves the other login alone', async () => {
    const rotation = await on.deployed();
    const pending = await on.proven(rotation, rotation.current);
    await rotation.strategy.ensure(rotation.current);
    await expect(on.actsAs(pending)).resolves.toBe(rotation.configuration.role);
  });

  test('Neither role nor login may do more than an application needs, and nobody logs in as the role', async () => {
    const { configuration: { role } } = await on.deployed();
    const rows = await asLogin(postgres, postgres.superuser, async (client) => (await client.query(
      'SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname LIKE $1 ORDER BY 1', [`${role}%`],
    )).rows as unknown[]);
    const nothing = { rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolreplication: false, rolbypassrls: false };
    expect(rows).toEqual([{ rolname: role, rolcanlogin: false, ...nothing }, { rolname: `${role}_a`, rolcanlogin: true, ...nothing }]);
  });

  test('It needs no right that PUBLIC happens to have', async () => {
    await on.asAdmin(`REVOKE CONNECT ON DATABASE ${postgres.dbname} FROM PUBLIC`, 'REVOKE ALL ON SCHEMA public FROM PUBLIC');
    try {
      const rotation = await on.deployed();
      await expect(on.actsAs(await on.rotated(rotation, rotation.current))).resolves.toBe(rotation.configuration.role);
    } finally {
      await on.asAdmin(`GRANT CONNECT ON DATABASE ${postgres.dbname} TO PUBLIC`, 'GRANT USAGE ON SCHEMA public TO PUBLIC');
    }
  });
});

describe('A rotation', () => {
  test('Moves from one login to the other and back, again and again; the old value is refused once it is retired', async () => {
    const rotation = await on.deployed();
    const { role } = rotation.configuration;
    let { current } = rotation;
    const usernames: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const next = await on.proven(rotation, current);
      expect([await on.actsAs(current), await on.actsAs(next)]).toEqual([role, role]);
      await on.retired(rotation, { current: next, previous: current });
      await expect(on.actsAs(current)).rejects.toMatchObject({ code: expect.stringMatching(/^28(P01|000)$/) as string });
      await expect(on.actsAs(next)).resolves.toBe(role);
      usernames.push(loginIn(next).username);
      current = next;
    }
    expect(usernames).toEqual(['b', 'a', 'b', 'a', 'b'].map((suffix) => `${role}_${suffix}`));
  });

  test('What one login made, the other one uses, changes and drops', async () => {
    const rotation = await on.deployed();
    const table = `${rotation.configuration.role}_things`;
    await asLogin(postgres, loginIn(rotation.current), (client) => client.query(`CREATE TABLE ${table} (id serial PRIMARY KEY, name text)`));
    const next = await on.rotated(rotation, rotation.current);
    await asLogin(postgres, loginIn(next), async (client) => {
      await client.query(`INSERT INTO ${table} (name) VALUES ('one')`);
      await client.query(`ALTER TABLE ${table} ADD COLUMN more integer`);
      await client.query(`CREATE INDEX ON ${table} (name)`);
      await expect(client.query(`SELECT name FROM ${table}`)).resolves.toMatchObject({ rows: [{ name: 'one' }] });
      await client.query(`DROP TABLE ${table}`);
    });
  });

  test('Goes on without the current login being disturbed: who is connected stays so', async () => {
    const rotation = await on.deployed();
    const client = await openAs(postgres, loginIn(rotation.current));
    try {
      await on.proven(rotation, rotation.current);
      await expect(client.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
    } finally {
      await client.end();
    }
  });

  test('A new value for the login of the current one is refused, and nothing is changed', async () => {
    const { strategy, current } = await on.deployed();
    const forSame = JSON.stringify({ ...loginIn(current), password: 'x'.repeat(40) });
    await expect(failureOf(strategy.set({ current, pending: forSame }))).resolves.toMatchObject({ code: 'SAME_LOGIN' });
    await expect(on.actsAs(current)).resolves.toMatch(/^app_/);
  });

  test('One that was begun earlier and given up does not stand in the way of the next', async () => {
    const rotation = await on.deployed();
    const abandoned = await on.proven(rotation, rotation.current);
    const next = await on.rotated(rotation, rotation.current);
    expect(loginIn(next).username).toBe(loginIn(abandoned).username);
    await expect(on.actsAs(abandoned)).rejects.toMatchObject({ code: '28P01' });
  });

  test('Two at once wait for one another, and the last one counts', async () => {
    const { strategy, current } = await on.deployed();
    const pendings = await Promise.all(Array.from({ length: 4 }, () => strategy.create(current)));
    await Promise.all(pendings.map((pending) => strategy.set({ current, pending })));
    const outcomes = await Promise.allSettled(pendings.map((pending) => strategy.test(pending)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('Retiring', () => {
  test('Lets nobody in with the old value, and waits for whoever is logged in with it', async () => {
    const rotation = await on.deployed();
    const client = await openAs(postgres, loginIn(rotation.current));
    const next = await on.proven(rotation, rotation.current);
    const values = { current: next, previous: rotation.current };
    await expect(rotation.strategy.retire(values)).resolves.toEqual({ outcome: 'held' });
    await expect(on.actsAs(rotation.current)).rejects.toMatchObject({ code: expect.stringMatching(/^28/) as string });
    await client.query('SELECT 1');
    await client.end();
    await on.retired(rotation, values);
    await on.retired(rotation, values);
    await expect(on.actsAs(rotation.current)).rejects.toMatchObject({ code: expect.stringMatching(/^28/) as string });
  });

  test('Leaves no password of the old login behind', async () => {
    const rotation = await on.deployed();
    await on.rotated(rotation, rotation.current);
    const { username } = loginIn(rotation.current);
    const { rows } = await asLogin(postgres, postgres.superuser, (client) => client.query('SELECT rolcanlogin, rolpassword FROM pg_authid WHERE rolname = $1', [username]));
    expect(rows).toEqual([{ rolcanlogin: false, rolpassword: null }]);
  });

  test('Shuts nobody out while the current value does not let anybody in', async () => {
    const rotation = await on.deployed();
    const next = await on.proven(rotation, rotation.current);
    await on.asAdmin(`ALTER ROLE ${loginIn(next).username} NOLOGIN`);
    await expect(failureOf(rotation.strategy.retire({ current: next, previous: rotation.current }))).resolves.toMatchObject({ code: 'POSTGRES_NOT_LET_IN' });
    await expect(on.actsAs(rotation.current)).resolves.toBe(rotation.configuration.role);
  });

  test('Never touches the current login, whatever is called the previous one', async () => {
    const rotation = await on.deployed();
    await expect(rotation.strategy.retire({ current: rotation.current, previous: rotation.current })).resolves.toEqual({ outcome: 'retired' });
    await expect(on.actsAs(rotation.current)).resolves.toBe(rotation.configuration.role);
  });
});

describe('What somebody has changed by hand', () => {
  test.each<[string, (login: string, role: string) => readonly string[]]>([
    ['the next login deleted', (login) => [`DROP ROLE ${login}`]],
    ['the next login without its membership', (login, role) => [`REVOKE ${role} FROM ${login}`]],
    ['the next login acting as itself', (login) => [`ALTER ROLE ${login} RESET role`]],
    ['the next login lapsed', (login) => [`ALTER ROLE ${login} VALID UNTIL '2001-01-01'`]],
    ['the next login able to make roles', (login) => [`ALTER ROLE ${login} CREATEROLE CREATEDB`]],
    ['the role able to log in', (_login, role) => [`ALTER ROLE ${role} LOGIN`]],
  ])('%s is put right by the next rotation', async (_name, statements) => {
    const rotation = await on.deployed();
    const { role } = rotation.configuration;
    const second = await on.rotated(rotation, rotation.current);
    await on.asAdmin(...statements(`${role}_a`, role));
    const third = await on.rotated(rotation, second);
    await expect(on.actsAs(third)).resolves.toBe(role);
    const { rows } = await asLogin(postgres, postgres.superuser, (client) => client.query('SELECT 1 FROM pg_roles WHERE rolname LIKE $1 AND (rolcreaterole OR rolcreatedb)', [`${role}%`]));
    expect(rows).toEqual([]);
    const { rows: [owner] } = await asLogin(postgres, postgres.superuser, (client) => client.query<{ rolcanlogin: boolean }>('SELECT rolcanlogin FROM pg_roles WHERE rolname = $1', [role]));
    expect(owner).toEqual({ rolcanlogin: false });
  });

  test('Role and logins deleted, as after another database was restored, are made again at the next deployment', async () => {
    const { strategy, current, configuration: { role } } = await on.deployed();
    await on.asAdmin(`REVOKE ALL ON DATABASE ${postgres.dbname} FROM ${role}`, `REVOKE ALL ON SCHEMA public FROM ${role}`, `DROP ROLE ${role}_a`, `DROP ROLE ${role}`);
    await expect(strategy.ensure(current)).resolves.toBeUndefined();
    await expect(on.actsAs(current)).resolves.toBe(role);
  });

  test('A login made a superuser is refused, and stays as it is', async () => {
    const rotation = await on.deployed();
    const second = await on.rotated(rotation, rotation.current);
    await asLogin(postgres, postgres.superuser, (client) => client.query(`ALTER ROLE ${rotation.configuration.role}_a SUPERUSER`));
    const pending = await rotation.strategy.create(second);
    await expect(failureOf(rotation.strategy.set({ current: second, pending }))).resolves.toMatchObject({ code: 'ROLE_TOO_STRONG' });
    await expect(on.actsAs(second)).resolves.toBe(rotation.configuration.role);
  });

  test('A login that acts as somebody else in this database alone is not proven', async () => {
    const rotation = await on.deployed();
    const second = await on.rotated(rotation, rotation.current);
    await on.asAdmin(`ALTER ROLE ${rotation.configuration.role}_a IN DATABASE ${postgres.dbname} SET role = 'none'`);
    const pending = await rotation.strategy.create(second);
    await rotation.strategy.set({ current: second, pending });
    await expect(failureOf(rotation.strategy.test(pending))).resolves.toMatchObject({ code: 'WRONG_ROLE' });
    await expect(on.actsAs(second)).resolves.toBe(rotation.configuration.role);
  });

  test('A role that somebody else made is none that the admin may let anybody in as, which is said', async () => {
    const rotation = rotationOf(postgres);
    const { role } = rotation.configuration;
    await asLogin(postgres, postgres.superuser, (client) => client.query(`CREATE ROLE ${role}`));
    await expect(failureOf(rotation.strategy.ensure(generated(role)))).resolves.toMatchObject({ code: 'POSTGRES_FORBIDDEN', message: expect.stringContaining('ADMIN option') as string });
  });
});

test('A verifier is what the server itself would have made of the password', async () => {
  const password = randomBytes(20).toString('hex');
  await asLogin(postgres, postgres.superuser, async (client) => {
    // Not written to the log, in which no password may be found.
    await client.query("SET log_statement = 'none'");
    await client.query(`CREATE ROLE verified PASSWORD '${password}'`);
    const { rows: [row] } = await client.query<{ rolpassword: string }>("SELECT rolpassword FROM pg_authid WHERE rolname = 'verified'");
    const [, iterations = '', salt = ''] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(row?.rolpassword ?? '') ?? [];
    expect(scramVerifier(password, Buffer.from(salt, 'base64'), Number(iterations))).toBe(row?.rolpassword);
    expect(iterations).toBe('4096');
  });
});

(hasInstalledPostgres() ? test : test.skip)('The PostgreSQL of this machine, of another version, is rotated the same way', async () => {
  const other = await setPostgres({ lookup: { embedded: false } });
  try {
    const { strategy, configuration: { role } } = rotationOf(other.postgres);
    const secret = generated(role);
    let current = await strategy.ensure(secret) ?? secret;
    const ask = (value: string): Promise<unknown> => asLogin(other.postgres, loginIn(value), async (client) => (await client.query('SELECT current_user::text AS role')).rows as unknown);
    for (let turn = 0; turn < 3; turn++) {
      const pending = await strategy.create(current);
      await strategy.set({ current, pending });
      await strategy.test(pending);
      while ((await strategy.retire({ current: pending, previous: current })).outcome === 'held') await sleep(10);
      await expect(ask(pending)).resolves.toEqual([{ role }]);
      await expect(ask(current)).rejects.toMatchObject({ code: expect.stringMatching(/^28/) as string });
      current = pending;
    }
  } finally {
    await other.stop();
  }
});

test('Names that a statement or a URL would read otherwise are refused before anything is asked', () => {
  for (const role of ['', 'app"; DROP ROLE x; --', 'App', 'app user', "app'", '1app', 'pg_app', 'rdsadmin', 'postgres', 'public', 'a'.repeat(62), 'äpp', 'app\u0000']) {
    expect(() => rotationOf(postgres, { role })).toThrow(expect.objectContaining({ code: 'BAD_ROLE' }) as Error);
  }
  expect(() => rotationOf(postgres, { dbname: '' })).toThrow(expect.objectContaining({ code: 'BAD_DATABASE' }) as Error);
  expect(configurationOf(postgres, { role: 'a'.repeat(61) }).role).toHaveLength(61);
  expect(() => rotationOf(postgres, { role: 'a'.repeat(61) })).not.toThrow();
});

test('No password stands in what the server wrote, nor in what was said', () => expectDiscretion(postgres.log()));

test('What does stand in the log of a server that writes every statement is the verifier, which leads back to no password', () => {
  expect(postgres.log()).toContain('SCRAM-SHA-256$4096:');
});
