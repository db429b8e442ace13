import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as postgres from '../../../src/runtime/rotation/postgres-user';
import { strategyOf } from '../../../src/runtime/rotation/strategies';
import type { PostgresUserRotation } from '../../../src/secrets/contract';
import { hex, ringText } from '../../support/rotations';

const ANY = { secretArn: 'arn', isRolledOut: true, metricName: 'Core/Key' };
/** Amazon's, whose authorities are known. */
const HOST = 'core.abcdefghijkl.eu-central-1.rds.amazonaws.com';
const POSTGRES: PostgresUserRotation = { ...ANY, kind: 'postgres-user', role: 'core', adminSecretArn: 'admin-arn', host: HOST, port: 5432, dbname: 'core', caPath: '/ca.pem' };

const secrets = new SecretsManagerClient({ region: 'eu-central-1' });
const parts = { secrets, elastiCache: new ElastiCacheClient({ region: 'eu-central-1' }), log: () => undefined };
afterEach(() => jest.restoreAllMocks());

function adminIs(SecretString: string | undefined): { readonly asked: () => unknown[]; readonly admin: () => Promise<unknown> } {
  const send = (jest.spyOn(secrets, 'send') as unknown as jest.SpyInstance<Promise<object>, [GetSecretValueCommand]>).mockResolvedValue({ SecretString });
  const made = jest.spyOn(postgres, 'postgresUserStrategy');
  strategyOf(POSTGRES, parts);
  return { asked: () => send.mock.calls.map(([{ input }]) => input), admin: () => made.mock.calls[0]?.[1].admin() ?? Promise.reject(new Error('it was not made')) };
}

describe('what the steps mean', () => {
  test.each(['hex', 'base64url'] as const)('for a ring depends on its format (%s)', async (format) => {
    const strategy = strategyOf({ ...ANY, kind: 'ring', format }, parts);
    const good = format === 'hex' ? ringText(hex('a'), hex('b'), hex('c')) : ringText('a'.repeat(43), 'b'.repeat(43), 'c'.repeat(43));
    await expect(strategy.test(good)).resolves.toBeUndefined();
    await expect(strategy.test(good.replaceAll('a', '!'))).rejects.toMatchObject({ code: 'NOT_A_RING' });
  });

  test('for a user of Redis is a password of its own', async () => {
    const strategy = strategyOf({ ...ANY, kind: 'redis-user', userId: 'core', userName: 'core', host: 'redis.internal', port: 6379 }, parts);
    expect(await strategy.create('current')).toMatch(/^[A-Za-z0-9]{64}$/);
  });

  test('for a user of PostgreSQL needs an admin, whose secret is read each time', async () => {
    const { asked, admin } = adminIs(JSON.stringify({ username: 'postgres', password: 'canary', engine: 'postgres' }));
    expect(asked()).toEqual([]);
    for (const answered of [await admin(), await admin()]) expect(answered).toEqual({ username: 'postgres', password: 'canary' });
    expect(asked()).toEqual([{ SecretId: 'admin-arn' }, { SecretId: 'admin-arn' }]);
  });

  const NO_ADMINS = [undefined, '', 'canary', '{"username":"canary"}', '{"username":"","password":"canary"}', '{"username":"canary","password":1}'];
  test.each(NO_ADMINS)('for a user of PostgreSQL is refused without one (%s)', async (text) => {
    const { admin } = adminIs(text);
    const error: unknown = await admin().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'NO_ADMIN' });
    expect(String(error)).not.toContain('canary');
  });
});
