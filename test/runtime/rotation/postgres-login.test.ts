import { RotationError } from '../../../src/runtime/rotation/ports';
import { checkTarget, completed, loginsOf, nextLogin, otherLogin, parseLogin, type PostgresTarget } from '../../../src/runtime/rotation/postgres-login';

const TARGET: PostgresTarget = { role: 'app', host: 'db.example.test', port: 5432, dbname: 'nodetool', caPath: '/etc/ssl/rds bundle.pem' };
const PASSWORD = 'a'.repeat(20);

function failureOf(act: () => unknown): RotationError {
  try {
    act();
  } catch (error) {
    if (error instanceof RotationError) return error;
    throw error;
  }
  throw new Error('It does not fail.');
}

describe('The next login', () => {
  test('Is the other one, with the same way to the database', () => {
    const a = nextLogin(TARGET, JSON.stringify({ username: 'app_b', password: PASSWORD }));
    const b = nextLogin(TARGET, JSON.stringify(a));
    expect([a.username, b.username]).toEqual(['app_a', 'app_b']);
    expect(b).toMatchObject({ host: 'db.example.test', port: 5432, dbname: 'nodetool' });
  });

  test('Has a password of 40 letters and digits, another one each time', () => {
    const passwords = Array.from({ length: 50 }, () => nextLogin(TARGET, JSON.stringify({ username: 'app_a', password: PASSWORD })).password);
    expect(new Set(passwords).size).toBe(50);
    for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9]{40}$/);
    // 2000 draws of 62: that one of them is missing is less likely than that this machine fails.
    expect(new Set(passwords.join('')).size).toBe(62);
  });

  test('Has a URL that says all of it, and demands that the server proves its name', () => {
    const { password, url } = nextLogin(TARGET, JSON.stringify({ username: 'app_a', password: PASSWORD }));
    const read = new URL(url);
    expect([read.protocol, read.username, read.password, read.hostname, read.port, read.pathname]).toEqual(['postgresql:', 'app_b', password, 'db.example.test', '5432', '/nodetool']);
    expect(Object.fromEntries(read.searchParams)).toEqual({ sslmode: 'verify-full', sslrootcert: '/etc/ssl/rds bundle.pem' });
  });

  test('Of two logins each is the other one of the other', () => {
    expect(loginsOf('app')).toEqual(['app_a', 'app_b']);
    expect(loginsOf('app').map((login) => otherLogin('app', login))).toEqual(['app_b', 'app_a']);
  });
});

describe('A secret', () => {
  test('As it was generated is completed', () => {
    expect(JSON.parse(completed(TARGET, JSON.stringify({ username: 'app_a', password: PASSWORD })) ?? '')).toEqual({
      username: 'app_a',
      password: PASSWORD,
      host: 'db.example.test',
      port: 5432,
      dbname: 'nodetool',
      url: `postgresql://app_a:${PASSWORD}@db.example.test:5432/nodetool?sslmode=verify-full&sslrootcert=%2Fetc%2Fssl%2Frds%20bundle.pem`,
    });
  });

  test('That is whole stays as it is', () => {
    const whole = completed(TARGET, JSON.stringify({ username: 'app_a', password: PASSWORD })) ?? '';
    expect(completed(TARGET, whole)).toBeUndefined();
  });

  test('That leads to another database, since restored from a snapshot, is led to this one', () => {
    const whole = completed(TARGET, JSON.stringify({ username: 'app_a', password: PASSWORD })) ?? '';
    expect(JSON.parse(completed({ ...TARGET, host: 'new.example.test' }, whole) ?? '')).toMatchObject({ host: 'new.example.test', url: expect.stringContaining('@new.example.test:') as string });
  });

  test('With characters that a URL would read otherwise has them escaped there', () => {
    const password = 'p@ss:w/rd?#%&+="\'<>';
    const { url } = JSON.parse(completed(TARGET, JSON.stringify({ username: 'app_a', password: `${password}${PASSWORD}` })) ?? '') as { url: string };
    expect(decodeURIComponent(new URL(url).password)).toBe(`${password}${PASSWORD}`);
  });

  test.each([
    ['no JSON', 'canary-0123456789-0123456789'],
    ['a list', '["app_a", "canary-0123456789-0123456789"]'],
    ['no username', JSON.stringify({ password: 'canary-0123456789-0123456789' })],
    ["somebody else's username", JSON.stringify({ username: 'postgres', password: 'canary-0123456789-0123456789' })],
    ['the username of the role', JSON.stringify({ username: 'app', password: 'canary-0123456789-0123456789' })],
    ['no password', JSON.stringify({ username: 'app_a', url: 'canary' })],
    ['a short password', JSON.stringify({ username: 'app_a', password: 'canary-0123456789-0' })],
    ['a password with a blank', JSON.stringify({ username: 'app_a', password: 'canary 0123456789-0123456789' })],
    ['a password beyond ASCII', JSON.stringify({ username: 'app_a', password: 'canary-ä-0123456789-0123456789' })],
    ['two passwords', '{"username":"app_a","password":"canary-0123456789-0123456789","password":"canary-0123456789-0123456780"}'],
  ])('With %s is refused, and not repeated', (_name, text) => {
    const failure = failureOf(() => parseLogin('app', text));
    expect(failure.code).toBe('BAD_SECRET');
    expect(failure.message).not.toContain('canary');
  });
});

describe('A role', () => {
  test.each(['app', 'nodetool_user', '_x', 'a1', 'a'.repeat(61)])('Called %s can be rotated', (role) => {
    expect(() => checkTarget({ ...TARGET, role })).not.toThrow();
  });

  test.each(['', 'App', '1a', 'a-b', 'a b', 'a"b', "a'b", 'a;b', 'a$b', 'ä', 'a\n', 'a'.repeat(62), 'pg_monitor', 'rds_superuser', 'rdsadmin', 'postgres', 'public', 'none', 'current_user'])(
    'Called %j is refused', (role) => {
      expect(failureOf(() => checkTarget({ ...TARGET, role })).code).toBe('BAD_ROLE');
    },
  );

  test.each(['', 'a\0b', 'a'.repeat(64)])('Of a database called %j is refused', (dbname) => {
    expect(failureOf(() => checkTarget({ ...TARGET, dbname })).code).toBe('BAD_DATABASE');
  });
});
