import { randomUUID } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { createClient } from '@redis/client';
import type { AclUser } from '../../src/drill/services/redis';
import { AwsRedisUsers } from '../../src/runtime/rotation/redis-aws-users';
import { redisLogin } from '../../src/runtime/rotation/redis-login';
import { redisUserStrategy } from '../../src/runtime/rotation/redis-user';
import { waitAwake } from '../../src/runtime/shared/wait';
import { startElastiCacheUsers } from '../../test/support/elasticache-users';
import { type RedisStage, setRedis } from '../../test/support/redis';
import { connectsAnew, type LoadService, type OpenKind, Refused } from './kind';

const USER_ID = 'load-user';
/** Nobody but one, who may ask for one thing. */
const USERS: readonly AclUser[] = [
  { userName: 'default', accessString: 'off -@all', keyPrefixes: [], password: randomUUID() },
  { userName: 'load', accessString: 'on ~load:* resetchannels -@all +llen', keyPrefixes: ['load:'], password: randomUUID() },
];
/** A user of ElastiCache is `modifying` for so long here; and the rotation waits so much less than it would there. */
const MODIFYING_MS = 40;
const FASTER = 20;

/** A user of a real Redis with TLS and ACLs, whose passwords are changed by what stands in for ElastiCache. */
export const openRedisUser: OpenKind = async ({ log }) => {
  const stage = await setRedis(USERS);
  const { gate: { userName, password }, redis: { host, port, caPem, engine } } = stage;
  const aws = await startElastiCacheUsers(stage, { [USER_ID]: { userName, password } });
  aws.modifyingMs = MODIFYING_MS;
  const login = redisLogin({ host, port, userName }, caPem);
  return {
    name: `redis-user (${engine})`,
    strategy: redisUserStrategy({ userId: USER_ID, userName }, { users: new AwsRedisUsers(aws.client), login, wait: (ms) => waitAwake(ms / FASTER), log }),
    first: password,
    services: [clients(stage)],
    isLetIn: login,
    log: () => '',
    stop: async () => {
      await aws.stop();
      await stage.stop();
    },
  };
};

function clients({ redis: { host, port, caPem }, gate: { userName } }: RedisStage): LoadService {
  // Made once, since making one costs as much as a connection.
  const secureContext = createSecureContext({ ca: caPem });
  const connected = async (password: string): Promise<ReturnType<typeof createClient>> => {
    const client = createClient({
      username: userName, password, disableClientInfo: true, maintNotifications: 'disabled', disableOfflineQueue: true,
      socket: { host, port, tls: true, secureContext, reconnectStrategy: false },
    });
    // Whoever waits for an answer is told.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      if (client.isOpen) client.destroy();
      throw error;
    }
    return client as ReturnType<typeof createClient>;
  };
  const ask = async (client: ReturnType<typeof createClient>): Promise<void> => {
    const answer: unknown = await client.sendCommand(['LLEN', 'load:none']);
    if (answer !== 0) throw new Refused('Redis answers something else than was asked for.');
  };
  return {
    name: 'clients',
    start: async (password, turn) => {
      const kept = connectsAnew(turn) ? undefined : await connected(password);
      return {
        ask: async () => {
          if (kept) return ask(kept);
          const client = await connected(password);
          try {
            await ask(client);
          } finally {
            client.destroy();
          }
        },
        stop: () => Promise.resolve(kept?.destroy()),
      };
    },
  };
}
