import { format, inspect } from 'node:util';
import { readCredential } from '../../src/worker/device-credential';
import { Lease } from '../../src/worker/lease';

const CANARY = 'canary-of-a-device-01';
const PEM = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'Y2FuYXJ5'.repeat(4)}\n-----END OPENSSH PRIVATE KEY-----\n`;

const VALUES = [
  { kind: 'ssh', username: 'operator', password: CANARY },
  { kind: 'ssh', username: 'operator', private_key: PEM },
  { kind: 'ssh', username: 'operator', private_key: PEM, passphrase: CANARY },
  { kind: 'snmp', version: '3', username: 'operator', auth_protocol: 'SHA-256', auth_password: CANARY, priv_protocol: 'AES', priv_password: CANARY },
  { kind: 'snmp', version: '2c', community: CANARY },
  { kind: 'api_key', api_key: CANARY, header: 'x-device-key' },
] as const;
const SECRETS = [CANARY, PEM, JSON.stringify(PEM).slice(1, -1), 'Y2FuYXJ5'];

function leaseOf(value: unknown, ask: ConstructorParameters<typeof Lease>[0]['ask'] = () => Promise.resolve({})): Lease {
  const now = Math.floor(Date.now() / 1000);
  return new Lease({ jobId: 'job-1', credentialId: 'c1', leaseId: 'l'.repeat(43), credential: readCredential(value), expiresAt: now + 60, renewableUntil: now + 600, leaseSeconds: 60, ask });
}

/** Everything that somebody may print a value with. */
const PRINTED: readonly (readonly [string, (value: object) => string | undefined])[] = [
  ['JSON', (value) => JSON.stringify(value)],
  ['JSON of a copy', (value) => JSON.stringify({ ...value })],
  ['inspect', (value) => inspect(value)],
  ['inspect of all that is hidden', (value) => inspect(value, { showHidden: true, depth: Infinity, showProxy: true })],
  ['inspect without what classes say of themselves', (value) => inspect(value, { customInspect: false, showHidden: true, depth: Infinity })],
  ['inside of something', (value) => inspect({ value: [value] }, { depth: Infinity })],
  ['%o, %O, %j and %s', (value) => format('%o %O %j %s', value, value, value, value)],
  ['its names and values', (value) => inspect([Object.entries(value), Object.values(value)], { depth: Infinity })],
  ['an error that names it', (value) => inspect(new Error('failed', { cause: value }), { depth: Infinity })],
];

describe.each(VALUES)('a credential such as %j', (value) => {
  test.each(PRINTED)('is not shown by %s, nor is its lease', (_, print) => {
    const lease = leaseOf(value);
    for (const shown of [print(lease), print(lease.credential)]) for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  test('is read by the names of its fields', () => {
    const { credential } = leaseOf(value);
    expect(Object.entries(value).map(([name]) => [name, Reflect.get(credential, name) as unknown])).toEqual(Object.entries(value));
  });

  test('cannot be changed', () => {
    const { credential } = leaseOf(value);
    expect(Reflect.set(credential, 'kind', 'other')).toBe(false);
  });
});

test('what is printed says that something is left out', () => {
  expect(JSON.parse(JSON.stringify(leaseOf(VALUES[0])))).toMatchObject({ jobId: 'job-1', credentialId: 'c1', credential: '[REDACTED]' });
  expect(JSON.parse(JSON.stringify(leaseOf(VALUES[0]).credential))).toEqual({ kind: 'ssh', username: 'operator', password: '[REDACTED]' });
});

test.each([
  undefined, null, 'text', {}, { kind: 'telnet', password: CANARY }, { kind: 'ssh', username: 'operator' }, { kind: 'ssh', username: 'operator', password: CANARY, more: 'x' },
  { kind: 'ssh', username: 'operator', password: 7 }, { kind: 'snmp', version: '2c', community: 'public' }, { kind: 'api_key', api_key: 'short' }, { kind: 'constructor' },
])('%j is no credential, and the error does not show it', (value) => {
  expect(() => readCredential(value)).toThrow(/^(?!.*canary).*none of the known forms/);
});

test('a lease that was released has no credential', async () => {
  const lease = leaseOf(VALUES[0]);
  await lease.release();
  expect(() => lease.credential).toThrow('released');
});

test('it lasts as long as the broker says, also where this machine\'s clock is behind', () => {
  const now = Math.floor(Date.now() / 1000);
  const options = { jobId: 'job-1', credentialId: 'c1', leaseId: 'l'.repeat(43), credential: readCredential(VALUES[0]), renewableUntil: now + 600, ask: () => Promise.resolve({}) };
  expect(new Lease({ ...options, expiresAt: now + 120, leaseSeconds: 60 }).remainingMs).toBeLessThanOrEqual(60_000);
  expect(new Lease({ ...options, expiresAt: now + 20, leaseSeconds: 60 }).remainingMs).toBeLessThanOrEqual(20_000);
});

test('a renewal moves its end, and never beyond what is renewable', async () => {
  const now = Math.floor(Date.now() / 1000);
  const lease = leaseOf(VALUES[0], () => Promise.resolve({ expiresAt: now + 600 }));
  expect(lease.isRenewable).toBe(true);
  await lease.renew();
  expect(lease.expiresAt).toEqual(new Date((now + 600) * 1000));
  expect(lease.isRenewable).toBe(false);
});
