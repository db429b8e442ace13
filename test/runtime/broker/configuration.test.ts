import { readBrokerConfiguration, readExitConfiguration, readSweepConfiguration } from '../../../src/runtime/broker/configuration';
import { CONFIGURATION, PHASE_3, read } from './world';

const ARN = CONFIGURATION.secretArns;

test('what a construct writes is read whole, and credentials are found by their ids', () => {
  const { byId, ...rest } = read(CONFIGURATION);
  expect(rest).toEqual(CONFIGURATION);
  expect([...byId.values()]).toEqual([
    { id: 'router', kind: 'ssh', store: 'secrets-manager', secretArn: `${ARN}test/credentials/router/ssh-AbCdEf`, rotates: false },
    { id: 'switch', kind: 'snmp', store: 'secrets-manager', secretArn: `${ARN}switch-AbCdEf`, rotates: true },
    { id: 'portal', kind: 'api_key', store: 'parameter-store', parameter: '/portal' },
  ]);
  expect(read(PHASE_3).phase).toEqual(PHASE_3.phase);
});

const phase = (changes: object): object => ({ ...CONFIGURATION, phase: { ...CONFIGURATION.phase, ...changes } });
const migration = (until: string): object => phase({ kind: 'migration', own: PHASE_3.phase.own, until });

test('a migration has a date', () => {
  expect(() => read(migration('2027-01-15'))).not.toThrow();
  expect(() => read(migration('canary'))).toThrow('BROKER_CONFIGURATION.phase.until');
});

test.each<[string, object]>([
  ['.phase', phase({ kind: 'canary' })], ['.phase.own', phase({ own: PHASE_3.phase.own })], ['.version', { ...CONFIGURATION, version: 2 }], ['.canary', { ...CONFIGURATION, canary: 'canary' }],
  ['.host', { ...CONFIGURATION, host: 'Canary' }], ['.credentials', { ...CONFIGURATION, credentials: [] }],
  ['.windowSeconds', { ...CONFIGURATION, windowSeconds: 0 }], ['.requestsPerMinute', { ...CONFIGURATION, requestsPerMinute: 1.5 }],
  ['.leases.ttlSeconds', { ...CONFIGURATION, leases: { ...CONFIGURATION.leases, ttlSeconds: -1 } }], ['.binding', { ...CONFIGURATION, binding: 'canary' }],
  ['.credentials[0]', { ...CONFIGURATION, credentials: ['canary'] }], ['.credentials[1]', { ...CONFIGURATION, credentials: ['credentials/a/ssh', { id: 'a', kind: 'ssh', secret: 'canary' }] }],
  ['.credentials[0]', { ...CONFIGURATION, credentials: [{ id: 'a', kind: 'ssh', secret: 'canary', parameter: '/canary' }] }],
])('what is wrong is named by its place, %s, and not repeated', (place, configuration) => {
  let message = '';
  try {
    read(configuration);
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain(`BROKER_CONFIGURATION${place}`);
  if (place !== '.canary') expect(message).not.toMatch(/canary/i);
});

test('the others are read as strictly', () => {
  const exit = { version: 1, region: 'eu-central-1', stateTable: 'state', pools: [{ cluster: 'arn:aws:ecs:eu-central-1:111122223333:cluster/c', group: 'service:s', prefix: 'pool' }] };
  const sweep = { version: 1, region: 'eu-central-1', stateTable: 'state', secretArns: ARN, credentials: [{ id: 'switch', secret: 'switch-AbCdEf' }] };
  expect(readExitConfiguration({ BROKER_EXIT: JSON.stringify(exit) })).toEqual(exit);
  expect(readSweepConfiguration({ BROKER_SWEEP: JSON.stringify(sweep) })).toEqual(sweep);
  expect(() => readExitConfiguration({ BROKER_EXIT: JSON.stringify({ ...exit, pools: [{ cluster: 'c', group: 'g' }] }) })).toThrow('BROKER_EXIT.pools[0].prefix is missing');
  expect(() => readSweepConfiguration({ BROKER_SWEEP: JSON.stringify({ ...sweep, more: 1 }) })).toThrow('BROKER_SWEEP.more is not known');
  expect(() => readBrokerConfiguration({})).toThrow('BROKER_CONFIGURATION is missing');
});
