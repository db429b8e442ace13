import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import { App, Stack } from 'aws-cdk-lib';
import { PrivateNetwork } from '../../src';
import { TemplateGraph } from '../../src/checks/template/template-graph';
import { treeTemplates } from '../../src/checks/tree-templates';
import { SecureRedis } from '../../src/data/secure-redis';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { createPki } from '../../src/drill/services/pki';
import { type AclUser, aclUsersOf, findRedis, type RedisParts, type RunningRedis, startRedis } from '../../src/drill/services/redis';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { GATE_REDIS_COMMANDS } from '../../src/gate/redis-commands';
import { ENV } from './network-stack';

/** A Redis of this machine and those who may use it. */
export interface RedisStage {
  readonly redis: RunningRedis;
  readonly gate: AclUser;
  /** Whom no template has: may do everything, so that tests can look inside. */
  readonly inspector: AclUser;
  stop(): Promise<void>;
}

/** The users of a SecureRedis that a gate uses, as its synthesized template has them. */
export function gateUsers(): AclUser[] {
  const app = new App();
  const stack = new Stack(app, 'Redis', { env: ENV });
  const redis = new SecureRedis(stack, 'Redis', { network: new PrivateNetwork(stack, 'Network') });
  redis.addUser('Gate', { keyPrefix: 'gate', commands: GATE_REDIS_COMMANDS });
  return aclUsersOf(new TemplateGraph(treeTemplates(app)));
}

/** What serves as Redis, by name: the installed one and the toolbox's. Where none is installed, `npm test` has said so. */
export const ENGINES: readonly (readonly [string, Pick<RedisParts, 'env'>])[] = [...(findRedis() === undefined ? [] : [['the installed Redis', {}] as const]), ["the toolbox's Valkey", { env: {} }]];

/** A real Redis with TLS, these users and the inspector. */
export async function setRedis(users: readonly AclUser[] = gateUsers(), options: Pick<RedisParts, 'env'> = {}): Promise<RedisStage> {
  const gate = users.find(({ userName }) => userName !== 'default');
  if (!gate) throw new Error('The template lets nobody in.');
  const inspector: AclUser = { userName: 'inspector', accessString: 'on ~* &* +@all', keyPrefixes: [''], password: randomUUID() };
  const [supervisor, toolbox, pki] = await Promise.all([Supervisor.open(), openToolbox(() => undefined), createPki()]);
  try {
    const redis = await startRedis({ supervisor, toolbox, pki, users: [...users, inspector], ...options });
    return { redis, gate, inspector, stop: () => supervisor.stop() };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

export type Ask = (...command: string[]) => Promise<unknown>;

interface Reachable {
  readonly redis: Pick<RunningRedis, 'host' | 'port' | 'caPem'>;
}

/** Logs in, asks, and goes. */
export async function asUser<T>({ redis }: Reachable, user: Pick<AclUser, 'userName' | 'password'> | undefined, use: (ask: Ask) => Promise<T>): Promise<T> {
  const client = createClient({
    username: user?.userName,
    password: user?.password,
    socket: { host: redis.host, port: redis.port, tls: true, ca: redis.caPem, reconnectStrategy: false },
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use((...command) => client.sendCommand(command));
  } finally {
    client.destroy();
  }
}
