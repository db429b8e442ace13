import type { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RotationConfiguration } from '../../secrets/contract';
import { memberOf, parseJsonObject } from '../shared/json-object';
import { waitAwake } from '../shared/wait';
import { type Log, RotationError, type SecretStrategy } from './ports';
import { postgresUserStrategy } from './postgres-user';
import { AwsRedisUsers } from './redis-aws-users';
import { redisLogin } from './redis-login';
import { redisUserStrategy } from './redis-user';
import { ringStrategy } from './ring';

export interface StrategyParts {
  readonly secrets: SecretsManagerClient;
  readonly elastiCache: ElastiCacheClient;
  readonly log: Log;
}

/** What the steps mean for this kind of secret. */
export function strategyOf(configuration: RotationConfiguration, { secrets, elastiCache, log }: StrategyParts): SecretStrategy {
  switch (configuration.kind) {
    case 'ring': return ringStrategy(configuration.format);
    case 'redis-user': return redisUserStrategy(configuration, { users: new AwsRedisUsers(elastiCache), login: redisLogin(configuration), wait: waitAwake, log });
    case 'postgres-user': return postgresUserStrategy(configuration, { admin: () => adminOf(secrets, configuration.adminSecretArn), log });
  }
}

/** Read anew each time, since it is rotated as well. */
async function adminOf(client: SecretsManagerClient, SecretId: string): Promise<{ readonly username: string; readonly password: string }> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  const admin = parseJsonObject(SecretString ?? '') ?? {};
  const [username, password] = [memberOf(admin, 'username'), memberOf(admin, 'password')];
  if (typeof username === 'string' && username !== '' && typeof password === 'string' && password !== '') return { username, password };
  throw new RotationError('NO_ADMIN', `The secret ${SecretId} must be JSON with "username" and "password" of who may make and change logins.`);
}
