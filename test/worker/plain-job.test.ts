import { randomBytes, randomUUID } from 'node:crypto';
import { plainJob } from '../../src/worker';

const IDS = { job_id: 'backup:2026-11-23.042', credential_id: 'core-router' };

test.each<[string, object]>([
  ['ids alone', {}],
  ['what a job is about', { device: 'router-07.berlin.example.com', vendor: 'cisco_ios', port: 22, dry_run: false, retries: null }],
  ['lists and objects', { steps: [{ command: 'show interfaces GigabitEthernet0/0/1.100' }], window: { from: '2026-11-23T10:00:00.000Z' } }],
  ['an UUID and an address', { trace: randomUUID(), address: '2001:db8:85a3::8a2e:370:7334' }],
  ['a path and a name', { file: '/configs/site-a/router_berlin_01.cfg', host: 'very-long-name-of-a-host.region-7.example.com' }],
  ['what is told of credentials', { credential_ids: ['core-router', 'edge-switch'], token_count: 700, config_hash: 'a3f5'.repeat(16) }],
  ['where a credential is', { secret_arn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core' }],
  ['pairs and labels', {
    settings: [{ name: 'hostname', value: 'router-07' }, { key: 'token_count', value: 700 }, { name: 'Reset password counter', value: 5 }, { field: 'password', value: null }, { name: 'password' }],
  }],
  ['command lines', {
    command: 'sshpass -e ssh -p 22 router-07.example.com', checks: ['ping -c 3 10.0.0.1', 'snmpwalk -v3 -l authPriv router-07', 'tcpdump -A -X -c 10'],
    argv: ['ansible-playbook', '--ask-pass', 'site.yml', '--token-file', '/run/token', '-c', 'ssh', '--no-password', 'router-07', '--limit', 'berlin'],
  }],
  ['names that are short, and no password', { pw_id: 100, cwd: '/srv', mpls: { pwClass: 'vpls' }, power: 'on' }],
  ['a sentence', { description: 'Save the configurations of all routers in Berlin before the maintenance window of Monday begins.' }],
])('a job with %s passes, as a copy', (_, fields) => {
  const job = { ...IDS, ...fields };
  expect(plainJob(job)).toEqual(job);
  expect(plainJob(job)).not.toBe(job);
});

test.each<[string, string, object]>([
  ['a password by its name', 'job.password', { password: 'hunter2' }],
  ['a community of SNMP', 'job.community', { community: 's3cr3t-community' }],
  ['one that is deep', 'job.device.snmp.authPassword', { device: { snmp: { authPassword: 'x' } } }],
  ['one in a list', 'job.devices[1].secret', { devices: [{}, { secret: 'x' }] }],
  ['a whole object of them', 'job.credentials', { credentials: { username: 'operator' } }],
  ['a private key', 'job.note', { note: '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----' }],
  ['a signed token', 'job.note', { note: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl' }],
  ['a key of AWS', 'job.note', { note: 'AKIAIOSFODNN7EXAMPLE' }],
  ['a URL with a user', 'job.target', { target: 'https://operator:hunter2@router.example.com/' }],
  ['a line of a device\'s configuration', 'job.command', { command: 'snmp-server community s3cr3t-community RO' }],
  ['a pair', 'job.settings[1].value', { settings: [{ name: 'user', value: 'operator' }, { name: 'password', value: 'hunter2' }] }],
  ['a pair with a key', 'job.Value', { Key: 'Community', Value: 's3cr3t-community' }],
  ['a pair with a label', 'job.input.value', { input: { field: 'SNMP community', value: 's3cr3t-community' } }],
  ['a pair of more', 'job.input.value', { input: { value: { user: 'operator' }, key: 'credentials' } }],
  ['an option in a list', 'job.argv', { argv: ['login', '--password', 'hunter2'] }],
  ['an option of SNMP in a list', 'job.argv', { argv: ['poll', '-community', 's3cr3t-community', 'router-07'] }],
  ['an option in a line', 'job.command', { command: 'poll --pw hunter2 router-07' }],
  ['sshpass in a line', 'job.command', { command: 'sshpass -p hunter2 ssh router-07' }],
  ['sshpass in a list', 'job.steps[0]', { steps: [['sshpass', '-phunter2', 'ssh', 'router-07']] }],
  ['snmpget in a line', 'job.command', { command: 'snmpget -v2c -c s3cr3t-community router-07 sysName.0' }],
  ['snmpget in a list', 'job.argv', { argv: ['snmpget', '-v', '2c', '-c', 's3cr3t-community', 'router-07'] }],
  ['snmpwalk with a passphrase', 'job.command', { command: 'snmpwalk -v3 -u operator -A hunter2-hunter2 router-07' }],
  ['pw', 'job.pw', { pw: 'hunter2' }],
  ['a pw of something', 'job.enablePw', { enablePw: 'hunter2' }],
  ['pwd', 'job.device.pwd', { device: { pwd: 'hunter2' } }],
  ['a German one', 'job.geraete_passwort', { geraete_passwort: 'hunter2' }],
  ['what is random', 'job.note', { note: randomBytes(32).toString('base64url') }],
  ['what is random in a sentence', 'job.note', { note: `use ${randomBytes(24).toString('base64')} for it` }],
  ['a secret for a name', 'job.*', { [`x-${randomBytes(32).toString('base64url')}`]: true }],
  ['the address of a person', 'job.contact', { contact: 'somebody@example.com' }],
])('a job with %s is refused: its place is said, and its value is not', (_, place, fields) => {
  let message = '';
  try {
    plainJob({ ...IDS, ...fields });
  } catch (error) {
    message = error instanceof TypeError ? error.message : '';
  }
  expect(message).toMatch(new RegExp(`^${place.replace(/[.*[\]]/g, '\\$&')}: looks like a secret`));
  const values = JSON.stringify(Object.values(fields)).match(/[\w+/=-]{7,}/g) ?? [];
  for (const value of values.filter((one) => !/^(authPassword|username)$/.test(one))) expect(message).not.toContain(value);
});

test.each<[string, unknown]>([
  ['nothing', undefined], ['null', null], ['a text', 'job'], ['a list', [IDS]],
  ['no job_id', { credential_id: 'c1' }], ['no credential_id', { job_id: 'j1' }], ['an id that is none', { ...IDS, job_id: 'a b' }], ['an id that is no text', { ...IDS, job_id: 7 }],
  ['what is too deep', { ...IDS, a: { b: { c: { d: {} } } } }], ['lists that are too deep', { ...IDS, a: [[[[[1]]]]] }], ['too much', { ...IDS, note: 'a '.repeat(9000) }],
])('%s is no job', (_, job) => {
  expect(() => plainJob(job)).toThrow(TypeError);
});

test('it is what would be sent that is judged', () => {
  expect(() => plainJob({ ...IDS, note: { toJSON: () => ({ password: 'hunter2' }) } })).toThrow('job.note.password');
});

test('key material is taken for what it is, in hexadecimal digits and in base64', () => {
  for (let round = 0; round < 200; round += 1) {
    for (const encoding of ['hex', 'base64url'] as const) expect(() => plainJob({ ...IDS, note: randomBytes(32).toString(encoding) })).toThrow('job.note');
  }
  expect(() => plainJob({ ...IDS, note: '/3Jk9dLq0pWmXvB7nTzRy5UeHcG1aSf8iKoQ2lMxPwE=' })).toThrow('job.note');
});

test('a random id is an id', () => {
  const job = { job_id: randomBytes(32).toString('hex'), credential_id: `c${randomBytes(24).toString('base64url')}` };
  expect(plainJob(job)).toEqual(job);
});
