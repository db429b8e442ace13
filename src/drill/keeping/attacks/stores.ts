import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { Resource } from '../../../checks/template/resource';
import { isJsonMap } from '../../../checks/template/template';
import { messageOf } from '../../message-of';
import { startPlainFront } from '../../services/plain-front';
import { aclUsersOf, type RedisParts } from '../../services/redis';
import { defineKeepingAttack, type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import { redisSession } from '../redis-session';
import { PLAIN_DATABASE, PLAIN_MEMCACHED, REDIS_PREFERS_TLS, REDIS_WITHOUT_TLS, REDIS_WITHOUT_USERS } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { CACHE_CLUSTER, DATABASE, DATABASE_PARAMETERS, REPLICATION_GROUP } from '../types';

const ANSWER_MS = 3000;
/** PostgreSQL protocol 3.0 (documentation, "Message Formats", StartupMessage). */
const PROTOCOL = 196_608;
/** What asks for a password, and what refuses (documentation, "Message Formats"). */
const [AUTHENTICATION, REFUSAL] = ['R', 'E'];
/** The code of `no pg_hba.conf entry for host …, no encryption`, as Amazon RDS answers too (RDS guide, "Requiring an SSL connection to a PostgreSQL DB instance"). */
const NO_ENTRY = 'C28000';
/** From 15 on `rds.force_ssl` is 1 where nobody sets it (RDS guide, "Requiring an SSL connection to a PostgreSQL DB instance"). */
const FORCED_FROM = 15;

/** What comes back for some bytes before anybody hangs up. */
function told(port: number, bytes: Buffer | string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (heard: Buffer): void => {
      socket.destroy();
      resolve(heard);
    };
    socket.once('connect', () => socket.write(bytes)).once('data', end).once('close', () => end(Buffer.alloc(0)))
      .once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? end(Buffer.alloc(0)) : reject(error)))
      .setTimeout(ANSWER_MS, () => end(Buffer.alloc(0)));
  });
}

function startup(user: string, database: string): Buffer {
  const body = Buffer.from(['user', user, 'database', database, '', ''].join('\0'), 'utf8');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + head.length, 0);
  head.writeInt32BE(PROTOCOL, 4);
  return Buffer.concat([head, body]);
}

/** The parameters of a database's own group, or of the group that everybody has. */
export function parametersOf(scene: Pick<KeepingScene, 'graph' | 'propertiesOf'>, database: Resource): Record<string, string> {
  const group = scene.graph.ofType(DATABASE_PARAMETERS).find((candidate) => scene.graph.pointingAt(candidate, DATABASE, 'DBParameterGroupName').includes(database));
  const { EngineVersion: version } = scene.propertiesOf(database);
  const isForced = version === undefined || Number.parseInt(String(version), 10) >= FORCED_FROM;
  const set = group === undefined ? {} : scene.propertiesOf(group).Parameters;
  const written = isJsonMap(set) ? Object.entries(set).map(([name, value]) => [name, String(value)] as const) : [];
  return { 'rds.force_ssl': isForced ? '1' : '0', ...Object.fromEntries(written.filter(([name]) => name === 'rds.force_ssl')) };
}

const OF_A_REDIS = { evidence: 'template-intent', needs: 'Redis or Valkey cluster', targets: redisCaches } as const;

export const STORE_ATTACKS = [
  defineKeepingAttack('DAT-2', 'plaintext', {
    tries: 'Begins to log in to a real PostgreSQL, configured as the parameter group says, without TLS',
    expects: 'It is refused before anybody is asked for a password.',
    evidence: 'template-intent',
    needs: 'PostgreSQL instance',
    targets: (model) => resourcesIn(model, [DATABASE], (database) => database.prop('Engine').partialText().text.startsWith('postgres')),
    run: async (target, scene) => {
      const server = await scene.stores.postgres(parametersOf(scene, scene.now(target)));
      scene.note(`The server is ${server.engine}.`);
      const heard = await told(server.port, startup(server.admin.username, server.dbname));
      const kind = heard.subarray(0, 1).toString('latin1');
      if (kind === AUTHENTICATION) return { verdict: 'succeeded', saw: 'It asks for a password in plain text.' };
      if (kind !== REFUSAL || !heard.includes(NO_ENTRY)) throw new Error('the server did not answer as PostgreSQL does to somebody whom it lets in only with TLS.');
      return { verdict: 'withstood', saw: 'It refuses whoever comes without TLS.' };
    },
    saboteurs: [PLAIN_DATABASE],
  }),
  defineKeepingAttack('DAT-5', 'plaintext', {
    tries: 'Speaks to a real Memcached, started as the template says, without TLS',
    expects: 'Nothing is answered.',
    evidence: 'template-intent',
    needs: 'Memcached cluster',
    targets: (model) => resourcesIn(model, [CACHE_CLUSTER], (cache) => cache.prop('Engine').text() === 'memcached'),
    run: async (target, scene) => {
      const server = await scene.stores.memcached({ tls: scene.now(target).prop('TransitEncryptionEnabled').flag() ?? false });
      scene.note(`The server is ${server.engine}.`);
      const heard = await told(server.port, 'version\r\n');
      return heard.toString('latin1').startsWith('VERSION') ? { verdict: 'succeeded', saw: 'It answers in plain text.' } : { verdict: 'withstood', saw: 'It answers nothing.' };
    },
    saboteurs: [PLAIN_MEMCACHED],
  }),
  defineKeepingAttack('DAT-4', 'plaintext', {
    tries: 'Speaks to a real Redis, which listens as the template says, without TLS',
    expects: 'Nothing is answered.',
    ...OF_A_REDIS,
    run: async (target, scene) => {
      const cache = scene.now(target);
      const redis = await scene.stores.redis(usersOf(scene, cache));
      scene.note(`The server is ${redis.engine}.`);
      const front = takesPlaintext(cache) ? await startPlainFront(redis) : undefined;
      const heard = (await told(front?.port ?? redis.port, 'PING\r\n')).toString('latin1');
      front?.stop();
      await redis.stop();
      // Whether it asks for a password or not: the password would come in the clear as well.
      return /^[+-]/.test(heard) ? { verdict: 'succeeded', saw: 'It answers in plain text.' } : { verdict: 'withstood', saw: 'It answers nothing.' };
    },
    saboteurs: [REDIS_PREFERS_TLS, REDIS_WITHOUT_TLS],
  }),
  defineKeepingAttack('DAT-4', 'without-login', {
    tries: 'Writes a key to a real Redis with the users of the template, without logging in',
    expects: 'It is refused (NOAUTH).',
    ...OF_A_REDIS,
    run: async (target, scene) => {
      const redis = await scene.stores.redis(usersOf(scene, scene.now(target)));
      scene.note(`The server is ${redis.engine}.`);
      try {
        await redisSession(redis)('SET', 'gate:drill', 'x');
        return { verdict: 'succeeded', saw: 'It is written.' };
      } catch (error) {
        const [refusal] = /^(NOAUTH|NOPERM)/.exec(messageOf(error)) ?? [];
        if (refusal !== undefined) return { verdict: 'withstood', saw: `It is refused: ${refusal}.` };
        throw error;
      } finally {
        await redis.stop();
      }
    },
    saboteurs: [REDIS_WITHOUT_USERS],
  }),
] as const;

function redisCaches(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [REPLICATION_GROUP]);
}

/** Those of its groups, or one with the token of all, or nobody in particular (ElastiCache guide, "Authenticating with the Valkey and Redis OSS AUTH command"). */
function usersOf(scene: KeepingScene, cache: Resource): Pick<RedisParts, 'users' | 'isOpen'> {
  const users = aclUsersOf(scene.graph, [cache]);
  const isOpen = users.length === 0 && !cache.prop('AuthToken').exists;
  return { users: users.length > 0 || isOpen ? users : [{ userName: 'default', accessString: 'on ~* &* +@all', keyPrefixes: [''], password: randomUUID() }], isOpen };
}

/** Encryption in transit is off where nobody turns it on, and where it is preferred both are taken (CloudFormation guide, AWS::ElastiCache::ReplicationGroup). */
function takesPlaintext(cache: Resource): boolean {
  return cache.prop('TransitEncryptionEnabled').flag() !== true || cache.prop('TransitEncryptionMode').text() === 'preferred';
}
