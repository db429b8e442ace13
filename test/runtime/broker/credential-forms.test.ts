import { credentialIn } from '../../../src/runtime/broker/credential-forms';
import type { DeviceCredentialName } from '../../../src/broker/forms/contract';

const PEM = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEA'.repeat(8)}\n-----END OPENSSH PRIVATE KEY-----\n`;
const V3 = { version: '3', username: 'operator', auth_protocol: 'SHA-256', auth_password: '0123456789', priv_protocol: 'AES-256', priv_password: 'abcdefghij' };

test.each<[DeviceCredentialName, object]>([
  ['ssh', { username: 'operator', password: 'p' }],
  ['ssh', { username: 'operator', password: 'a<b>c, which is random' }],
  ['ssh', { username: 'operator', private_key: PEM }],
  ['ssh', { username: 'operator', private_key: PEM, passphrase: 'p' }],
  ['snmp', V3],
  ['snmp', { version: '2c', community: 'k7Q' }],
  ['api_key', { api_key: '0123456789abcdef' }],
  ['api_key', { api_key: '0123456789abcdef', header: 'X-Api-Key' }],
])('%s is given as it is, with its kind', (kind, value) => {
  expect(credentialIn(JSON.stringify(value), kind)).toEqual({ kind, ...value });
});

test.each<[DeviceCredentialName, unknown]>([
  ['ssh', undefined], ['ssh', 'operator:p'], ['ssh', ['p']], ['ssh', null], ['ssh', {}],
  ['ssh', { username: 'operator' }], ['ssh', { username: '', password: 'p' }], ['ssh', { username: 'operator', password: 1 }], ['ssh', { username: 'operator', password: '' }],
  ['ssh', { username: 'operator', password: 'p', note: 'x' }], ['ssh', { username: 'operator', password: 'p', private_key: PEM }], ['ssh', { username: 'operator', password: 'two\nlines' }],
  ['ssh', { username: 'operator', private_key: 'not a key' }], ['ssh', { username: 'operator', password: 'changeme' }], ['ssh', { username: 'operator', password: '<password>' }],
  ['ssh', { username: 'operator', password: 'YOUR_PASSWORD_HERE' }], ['ssh', { kind: 'ssh', username: 'operator', password: 'p' }],
  ['snmp', { ...V3, auth_password: 'short' }], ['snmp', { ...V3, auth_protocol: 'MD5' }], ['snmp', { ...V3, priv_protocol: 'DES' }], ['snmp', { ...V3, priv_password: undefined }],
  ['snmp', { version: '2c', community: 'public' }], ['snmp', { version: '2c', community: 'PRIVATE' }], ['snmp', { version: '1', community: 'k7Q' }],
  ['api_key', { api_key: 'short' }], ['api_key', { api_key: '0123456789abcdef', header: 'X: y' }], ['api_key', { username: 'operator', password: 'p' }],
])('%s of another form is none: %j', (kind, value) => {
  expect(credentialIn(typeof value === 'string' ? value : JSON.stringify(value), kind)).toBeUndefined();
});

test('a name that stands twice makes it none: of two readers, one would believe the other one', () => {
  expect(credentialIn('{"username":"operator","password":"one","password":"two"}', 'ssh')).toBeUndefined();
});
