import { BOUNDS, credentialOf, DEFAULTS, migrationEnd, secretArnOf } from '../../../src/broker/contract';
import { CREDENTIAL_FORMS } from '../../../src/broker/forms/contract';
import { dueKey, nonceEnd } from '../../../src/broker/items/contract';
import { FIELDS, REFUSAL_NAMES, ROUTE_NAMES, ROUTES } from '../../../src/broker/protocol/contract';
import { REASONS } from '../../../src/broker/operations/contract';

const ARNS = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:';

test.each([
  ['production/credentials/core-router/ssh-AbCdEf', 'core-router', 'ssh'],
  ['production/credentials/core-router/ssh', 'core-router', 'ssh'],
  ['credentials/a/api_key', 'a', 'api_key'],
  ['a/credentials/b/credentials/c.d_e/snmp', 'c.d_e', 'snmp'],
])('%s says what it is', (name, id, kind) => {
  expect(credentialOf(ARNS, name)).toEqual({ id, kind, store: 'secrets-manager', secretArn: `${ARNS}${name}`, rotates: false });
});

test.each([
  '', 'production/core-router/ssh', 'credentials/ssh', 'credentials/a/telnet', 'credentials/a/ssh-AbCdE', 'credentials/-a/ssh', 'xcredentials/a/ssh', 'credentials/a/ssh/',
])('"%s" does not', (name) => {
  expect(credentialOf(ARNS, name)).toBeUndefined();
});

test('whatever else has another name says so itself', () => {
  const elsewhere = 'arn:aws:secretsmanager:eu-west-1:210987654321:secret:x-AbCdEf';
  expect(credentialOf(ARNS, { id: 'a', kind: 'ssh', secret: 'x-AbCdEf', rotates: true })).toEqual({ id: 'a', kind: 'ssh', store: 'secrets-manager', secretArn: `${ARNS}x-AbCdEf`, rotates: true });
  expect(credentialOf(ARNS, { id: 'a', kind: 'ssh', secret: elsewhere })).toMatchObject({ secretArn: elsewhere, rotates: false });
  expect(credentialOf(ARNS, { id: 'a', kind: 'snmp', parameter: '/x' })).toEqual({ id: 'a', kind: 'snmp', store: 'parameter-store', parameter: '/x' });
  expect(secretArnOf(ARNS, elsewhere)).toBe(elsewhere);
});

test('a migration is over when its day begins', () => {
  expect(migrationEnd('2026-03-01')).toBe(Date.UTC(2026, 2, 1) / 1000);
  for (const text of ['', '2026-3-1', '2026-13-01', '2026-03-01T00:00:00Z', 'tomorrow']) expect(migrationEnd(text)).toBeNaN();
});

test('a nonce is kept until its request is too old, be the clock as far ahead as it may', () => {
  const [timestamp, window] = [1000, 60];
  const lastTaken = timestamp + window;
  expect(nonceEnd(timestamp, window)).toBeGreaterThan(lastTaken);
});

test('what is due sorts by time', () => {
  const keys = [dueKey(999_999_999, { credential: 'z', job: 'j' }), dueKey(1_000_000_000, { credential: 'a', job: 'j' })];
  expect([...keys].sort((one, other) => (one.sk < other.sk ? -1 : 1))).toEqual(keys);
});

test('what is taken by default is within bounds', () => {
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const [least, most] = Object.entries(BOUNDS).find(([bound]) => bound === name)?.[1] ?? [NaN, NaN];
    expect(value).toBeGreaterThanOrEqual(least);
    expect(value).toBeLessThanOrEqual(most);
  }
});

test('the longest request of every route fits into a body', () => {
  const longest: Readonly<Record<string, number>> = {
    worker_id: 64, nonce: 64, hmac_signature: 64, timestamp: 10, version: 1, job_id: 128, credential_id: 64, lease_id: 43, key_id: 22, join_id: 22, task_proof: 3000,
  };
  expect(Object.keys(longest).sort()).toEqual(Object.keys(FIELDS).sort());
  for (const [name, length] of Object.entries(longest)) {
    const { pattern } = Object.entries(FIELDS).find(([field]) => field === name)?.[1] ?? { pattern: '' };
    const form = new RegExp(`^(?:${pattern})$`);
    const text = name === 'version' ? '1' : '1'.repeat(length);
    expect(form.test(text)).toBe(true);
    expect(form.test(`${text}1`)).toBe(false);
  }
  const all = Object.entries(longest).reduce((sum, [name, length]) => sum + name.length + length + 6, 2);
  expect(all).toBeLessThanOrEqual(4096);
});

test('every reason is told as one of the refusals, and no two routes share a path', () => {
  for (const refusal of Object.values(REASONS)) expect(REFUSAL_NAMES).toContain(refusal);
  expect(new Set(ROUTE_NAMES.map((name) => ROUTES[name].path)).size).toBe(ROUTE_NAMES.length);
});

describe('forms of credentials', () => {
  const PEM = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEA'.repeat(4)}\n-----END OPENSSH PRIVATE KEY-----\n`;
  const isOf = (kind: keyof typeof CREDENTIAL_FORMS, value: Readonly<Record<string, string>>): boolean => CREDENTIAL_FORMS[kind].some((form) =>
    Object.keys(value).every((name) => Object.hasOwn(form, name))
    && Object.entries(form).every(([name, { pattern, isAlways }]) => (value[name] === undefined ? !isAlways : new RegExp(`^(?:${pattern})$`, 'u').test(value[name]))));

  test.each([
    ['ssh', { username: 'netops', password: 'päss wörd "quoted" \\' }],
    ['ssh', { username: 'netops', private_key: PEM }],
    ['ssh', { username: 'netops', private_key: PEM.replaceAll('\n', '\r\n'), passphrase: 'open' }],
    ['snmp', { version: '3', username: 'netops', auth_protocol: 'SHA', auth_password: 'eight-ch', priv_protocol: 'AES', priv_password: 'eight-ch' }],
    ['snmp', { version: '2c', community: 'publicity' }],
    ['api_key', { api_key: 'k'.repeat(16), header: 'X-Auth-Token' }],
  ] as const)('%s: %j', (kind, value) => expect(isOf(kind, value)).toBe(true));

  test.each([
    ['ssh', { username: 'netops' }],
    ['ssh', { username: 'netops', password: '' }],
    ['ssh', { username: 'netops', password: 'a\nb' }],
    ['ssh', { username: 'netops', password: 'p', private_key: PEM }],
    ['ssh', { username: 'netops', private_key: PEM.replace('PRIVATE', 'PUBLIC') }],
    ['snmp', { version: '3', username: 'netops', auth_protocol: 'MD5', auth_password: 'eight-ch', priv_protocol: 'AES', priv_password: 'eight-ch' }],
    ['snmp', { version: '3', username: 'netops', auth_protocol: 'SHA', auth_password: 'seven-c', priv_protocol: 'AES', priv_password: 'eight-ch' }],
    ['snmp', { version: '2c', community: 'Public' }],
    ['snmp', { version: '2c', community: 'private' }],
    ['snmp', { version: '1', community: 'campus' }],
    ['api_key', { api_key: 'k'.repeat(15) }],
    ['api_key', { api_key: 'k'.repeat(16), header: 'X Auth' }],
  ] as const)('not %s: %j', (kind, value) => expect(isOf(kind, value)).toBe(false));
});
