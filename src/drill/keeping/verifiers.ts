import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import type { Resource } from '../../checks/template/resource';
import { isJsonMap, type JsonMap } from '../../checks/template/template';
import { RING_FIELDS, ROTATION_VARIABLE } from '../../secrets/contract';
import { beside } from '../beside';
import { codeOf, messageOf } from '../message-of';
import { startElastiCacheUsers } from '../services/elasticache-users';
import { aclUsersOf, cachesOf } from '../services/redis';
import { permit } from './permit';
import { redisSession } from './redis-session';
import { valueOf } from './reading';
import { type KeepingScene, variablesOf } from './scene';
import { CACHE_USER } from './types';

/** Whoever lets somebody in by a secret, and where the function that rotates it finds him. */
export interface Verifier {
  /** Variables of the function. */
  readonly instead: Readonly<Record<string, string>>;
  /** @param now the secret as it is at the moment */
  letsIn(value: string, now: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** @param rotator the function that rotates the secret */
export type OpenVerifier = (scene: KeepingScene, secretArn: string, rotator: Resource) => Promise<Verifier>;

const nothing = (): Promise<void> => Promise.resolve();

/** What the function is configured with. */
async function settingsOf(scene: KeepingScene, rotator: Resource): Promise<JsonMap> {
  return fieldsOf((await variablesOf(scene, rotator))[ROTATION_VARIABLE] ?? '{}');
}

function fieldsOf(json: string): JsonMap {
  const fields: unknown = JSON.parse(json);
  return isJsonMap(fields) ? fields : {};
}

/** A program that knows the ring as it is now, and is sent the first of one that it was. */
export const ringVerifier: OpenVerifier = () => Promise.resolve({
  instead: {},
  letsIn: (value, now) => Promise.resolve(RING_FIELDS.some((field) => fieldsOf(now)[field] === fieldsOf(value).current && fieldsOf(value).current !== undefined)),
  stop: nothing,
});

/** A Redis with the users of the template, whose passwords the API of ElastiCache changes. */
export const redisVerifier: OpenVerifier = async (scene, secretArn, rotator) => {
  const settings = await settingsOf(scene, rotator);
  const [userId, userName] = [String(settings.userId), String(settings.userName)];
  const password = await valueOf(scene.aws, secretArn) ?? '';
  const users = aclUsersOf(scene.graph, [cacheOf(scene, rotator, userId)]).map((user) => (user.userName === userName ? { ...user, password } : user));
  const inspector = { userName: 'drill-inspector', accessString: 'on ~* &* +@all', keyPrefixes: [''], password };
  const redis = await scene.stores.redis({ users: [...users, inspector] });
  const tell = redisSession(redis, inspector);
  const api = await startElastiCacheUsers((name, passwords) => tell('ACL', 'SETUSER', name, 'resetpass', ...passwords.map((text) => `>${text}`)), { [userId]: { userName, password } });
  return {
    instead: {
      [ROTATION_VARIABLE]: JSON.stringify({ ...settings, host: redis.host, port: redis.port }),
      AWS_ENDPOINT_URL_ELASTICACHE: api.endpoint,
      NODE_EXTRA_CA_CERTS: await scene.stores.authorities(),
    },
    letsIn: (value) => redisSession(redis, { userName, password: value })('PING').then(() => true, (error: unknown) => {
      const said = messageOf(error);
      // A user without the command is one who was let in.
      if (said.startsWith('NOPERM')) return true;
      if (said.startsWith('WRONGPASS')) return false;
      throw error;
    }),
    stop: async () => {
      await api.stop();
      await redis.stop();
    },
  };
};

/** The cache that a user logs in to: each has users of its own, and some of them have the same names. */
function cacheOf(scene: KeepingScene, rotator: Resource, userId: string): Resource {
  const named = scene.graph.ofType(CACHE_USER).filter((user) => [scene.id(user), scene.propertiesOf(user).UserId].includes(userId));
  const [cache] = beside(named, rotator.template.name).flatMap((user) => cachesOf(scene.graph, user));
  if (cache === undefined) throw new Error(`no cache of the templates lets the user ${userId} in.`);
  return cache;
}

/** As PostgreSQL refuses a login, and one that may not log in any more (documentation, "PostgreSQL Error Codes"). */
const REFUSALS = ['28P01', '28000'];

/** A PostgreSQL that takes logins with TLS alone. */
export const postgresVerifier: OpenVerifier = async (scene, _, rotator) => {
  const settings = await settingsOf(scene, rotator);
  const { host, port, dbname, caPem, admin } = await scene.stores.postgres({ 'rds.force_ssl': '1' }, rotator.template.name);
  const adminSecretArn = await adminSecret(scene, String(settings.adminSecretArn), rotator, JSON.stringify(admin));
  return {
    instead: { [ROTATION_VARIABLE]: JSON.stringify({ ...settings, adminSecretArn, host, port, dbname, ca: caPem }) },
    letsIn: async (value) => {
      const { username, password } = fieldsOf(value);
      const client = new Client({ host, port, database: dbname, user: String(username), password: String(password), ssl: { ca: caPem } });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return true;
      } catch (error) {
        if (REFUSALS.includes(codeOf(error))) return false;
        throw error;
      } finally {
        await client.end();
      }
    },
    stop: nothing,
  };
};

/** The secret of who may make logins, with the one of this PostgreSQL in it. Where Amazon RDS would make it, nobody does here: then there is one of the drill's, which the function may read. */
async function adminSecret(scene: KeepingScene, SecretId: string, rotator: Resource, SecretString: string): Promise<string> {
  if (await valueOf(scene.aws, SecretId) !== undefined) {
    await scene.aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    return SecretId;
  }
  const { ARN = '' } = await scene.aws.secrets.send(new CreateSecretCommand({ Name: `drill-admin-${rotator.template.name}-${rotator.logicalId}`, SecretString }));
  await permit(scene, rotator, ['secretsmanager:GetSecretValue'], ARN);
  return ARN;
}
