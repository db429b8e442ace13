import { BROKER_VARIABLE, type BrokerConfiguration } from '../../../../src/broker/contract';
import type { Json, JsonMap } from '../../../../src/checks/template/template';
import type { Saboteur } from '../../../../src/drill/attack';
import { mapOf, mapsIn } from '../../../../src/drill/json';
import {
  CREDENTIAL_TOLD, ECHO_BROKER, ENDLESS_LEASES, FIRST_TO_CLAIM, LOG_ELSEWHERE, MIGRATING_FOR_EVER, SHARED_KEY, TALKATIVE_BROKER, WINDOW_OF_A_DAY, WORKERS_READ_TABLES,
} from '../../../../src/drill/keeping/broker-saboteurs';
import { OWN_KEYS, SHARED, workersTemplate } from '../../../e2e/drill/fixtures/workers';

/** Properties of every resource without a protection. */
function without(saboteur: Saboteur, phase = OWN_KEYS): (logicalId: string) => JsonMap {
  const after = saboteur.sabotage(workersTemplate(phase).body);
  if (after === undefined) throw new Error(`${saboteur.name} finds nothing.`);
  return (logicalId) => mapOf(mapOf(mapOf(after.Resources)[logicalId]).Properties);
}

const ORIGINAL = (logicalId: string): JsonMap => mapOf(mapOf(mapOf(workersTemplate().body.Resources)[logicalId]).Properties);

/** What a broker is told, with names for what only a deployment knows. */
function toldBy(properties: JsonMap): BrokerConfiguration {
  const { [BROKER_VARIABLE]: text } = mapOf(mapOf(properties.Environment).Variables);
  const [, parts] = mapOf(text)['Fn::Join'] as unknown as [string, readonly Json[]];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : String(mapOf(part).Ref))).join('')) as BrokerConfiguration;
}

test.each<[Saboteur, Partial<BrokerConfiguration>]>([
  [WINDOW_OF_A_DAY, { windowSeconds: 86_400 }],
  [FIRST_TO_CLAIM, { binding: 'first-to-claim' }],
  [ENDLESS_LEASES, { leases: { ttlSeconds: 315_360_000, longestSeconds: 315_360_000, onExit: 'revoke' } }],
  [SHARED_KEY, { phase: { kind: 'shared-key', shared: { ring: 'staging/ring' } } }],
  [MIGRATING_FOR_EVER, { phase: { kind: 'migration', shared: { ring: 'staging/ring' }, own: { ring: 'staging/ring', keyLifeSeconds: 43_200, tokenSeconds: 600 }, until: '2099-01-01' } }],
])('$name changes that alone of what a broker is told', (saboteur, change) => {
  const properties = without(saboteur);
  expect(toldBy(properties('Broker'))).toEqual({ ...toldBy(ORIGINAL('Broker')), tables: { jobs: 'Jobs', state: 'State' }, ...change });
  expect(properties('Other')).toEqual(ORIGINAL('Other'));
});

test('where all share a key, none is taken away, and no migration begins', () => {
  for (const saboteur of [SHARED_KEY, MIGRATING_FOR_EVER]) expect(saboteur.sabotage(workersTemplate(SHARED).body)).toBeUndefined();
});

test('a migration keeps what is shared, and ends later', () => {
  const { own } = OWN_KEYS;
  const migration: JsonMap = { kind: 'migration', shared: { ring: 'staging/shared' }, own: own ?? {}, until: '2030-01-01' };
  expect(toldBy(without(MIGRATING_FOR_EVER, migration)('Broker')).phase).toEqual({ ...migration, until: '2099-01-01' });
});

test('a broker that is replaced has its code in the template, and all else as it was', () => {
  for (const saboteur of [ECHO_BROKER, TALKATIVE_BROKER]) {
    const { Code, Handler, ...rest } = without(saboteur)('Broker');
    expect({ Code, Handler }).toEqual({ Code: { ZipFile: expect.stringContaining('exports.handler') as unknown }, Handler: 'index.handler' });
    expect({ ...rest, Code: ORIGINAL('Broker').Code, Handler }).toEqual(ORIGINAL('Broker'));
  }
});

test('a log elsewhere is one that nobody named', () => {
  expect(without(LOG_ELSEWHERE)('Broker')).not.toHaveProperty('LoggingConfig');
});

test('workers alone are told a credential, and alone may read tables', () => {
  const [pool] = mapsIn(without(CREDENTIAL_TOLD)('Pool').ContainerDefinitions);
  expect(pool?.Secrets).toEqual([{ Name: 'DEVICE_LOGIN', ValueFrom: { Ref: 'Router' } }]);
  expect(without(CREDENTIAL_TOLD)('Core')).toEqual(ORIGINAL('Core'));
  const properties = without(WORKERS_READ_TABLES);
  expect(mapsIn(properties('PoolRole').Policies)).toMatchObject([{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Scan'], Resource: '*' }] } }]);
  for (const role of ['CoreRole', 'BrokerRole']) expect(properties(role)).toEqual({});
});
