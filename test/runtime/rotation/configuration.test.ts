import { readRotation } from '../../../src/runtime/rotation/configuration';
import { RotationError } from '../../../src/runtime/rotation/ports';
import { ROTATION_VARIABLE, type RotationConfiguration } from '../../../src/secrets/contract';

const ANY = { secretArn: 'arn', isRolledOut: true, metricName: 'Core/Key' };
const RING = { ...ANY, kind: 'ring', format: 'hex' } as const;
const REDIS = { ...ANY, kind: 'redis-user', userId: 'core', userName: 'core', host: 'redis.internal', port: 6379 } as const;
const POSTGRES = { ...ANY, kind: 'postgres-user', role: 'core', adminSecretArn: 'arn', host: 'db.internal', port: 5432, dbname: 'core', caPath: '/ca.pem' } as const;

const read = (value: unknown): RotationConfiguration => readRotation({ [ROTATION_VARIABLE]: typeof value === 'string' ? value : JSON.stringify(value) });

function refusal(value: unknown): string {
  try {
    read(value);
  } catch (error) {
    expect(error).toBeInstanceOf(RotationError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('it was taken');
}

describe('the configuration of a rotation', () => {
  test.each([RING, { ...RING, format: 'base64url' }, REDIS, POSTGRES, { ...POSTGRES, ca: 'PEM' }])('of each kind is taken as it is', (configuration) => {
    expect(read(configuration)).toEqual(configuration);
  });

  test.each<[string, unknown, string]>([
    ['no JSON', 'canary', 'ROTATION must be JSON.'],
    ['of no kind', ANY, 'ROTATION.kind must be one of the kinds that the contract names.'],
    ['of an unknown kind', { ...RING, kind: 'canary' }, 'ROTATION.kind must be one of the kinds that the contract names.'],
    ['without its secret', { ...RING, secretArn: undefined }, 'ROTATION.secretArn is missing.'],
    ['with an empty host', { ...REDIS, host: '' }, 'ROTATION.host must not be empty.'],
    ['with a port that is none', { ...REDIS, port: 70_000 }, 'ROTATION.port must be at most 65535.'],
    ['of another format', { ...RING, format: 'canary' }, 'ROTATION.format must be one of hex, base64url.'],
    ['with what belongs to another kind', { ...RING, host: 'canary' }, 'ROTATION.host is not known; remove it.'],
    ['that does not say whether it is rolled out', { ...POSTGRES, isRolledOut: 'canary' }, 'ROTATION.isRolledOut must be of type boolean.'],
  ])('%s is refused in one line without what was there', (_case, value, line) => {
    expect(refusal(value)).toBe(line);
  });

  test('that is not there is said to be missing', () => {
    expect(() => readRotation({})).toThrow('ROTATION is missing.');
    expect(() => readRotation({ [ROTATION_VARIABLE]: '' })).toThrow('ROTATION is missing.');
  });
});
