import { mkdtemp, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { withFreePort } from '../processes/free-port';
import type { ManagedProcess, Supervisor } from '../processes/supervisor';
import type { Toolbox } from '../toolbox/toolbox';
import { isExecutable } from './is-executable';
import type { Pki } from './pki';
import { type AclUser, aclFile } from './redis-acl';
import { installedRedis, type RedisEngine, toolboxRedis, UnfitRedis } from './redis-engines';

export type { AclUser };
export { aclUsersOf, cachesOf } from './redis-acl';

/** What a Redis needs to be one of the template's. */
export interface RedisParts {
  readonly supervisor: Supervisor;
  /** Nobody else can log in. */
  readonly users: readonly AclUser[];
  /** Whether whoever does not log in may do everything. @default false */
  readonly isOpen?: boolean;
  /** Its certificate, and the authority that vouches for it. */
  readonly pki: Pick<Pki, 'server' | 'serverCaPem'>;
  /** What serves where no Redis with TLS is installed. */
  readonly toolbox: Pick<Toolbox, 'valkey' | 'envoy'>;
  /** Where an installed one is looked for. @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
}

/** A real Redis on this machine that speaks TLS only, as the users of a template meet it. */
export interface RunningRedis {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly caPem: string;
  readonly users: readonly AclUser[];
  /** Which programs it is, with their versions. */
  readonly engine: string;
  /** It keeps its connections and answers nobody. */
  freeze(): void;
  thaw(): void;
  /** At once, as a node that fails does; what it counted is gone. */
  kill(): Promise<void>;
  /** After a kill, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** One program under several names: as `redis-server` it serves. Debian puts the file itself, without a system service, into redis-tools. */
const PROGRAMS = ['redis-server', 'redis-check-rdb', 'valkey-server'];
export const REDIS_WANTED = 'Redis 7 with TLS (Debian: redis-tools or redis-server)';

const HOST = '127.0.0.1';

/** Where the program is; undefined where there is none. Whether it speaks TLS is known only when it is started. */
export function findRedis(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return PROGRAMS.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

/** Starts a Redis with TLS and the users given, and waits until it serves: the installed one, or the toolbox's where none is installed or it has no TLS. */
export async function startRedis({ toolbox, env, ...parts }: RedisParts): Promise<RunningRedis> {
  const program = findRedis(env);
  if (program !== undefined) {
    try {
      return await start(installedRedis(program), parts);
    } catch (error) {
      if (!(error instanceof UnfitRedis)) throw error;
    }
  }
  return start(toolboxRedis(toolbox), parts);
}

async function start(engine: RedisEngine, { supervisor, users, isOpen, pki }: Pick<RedisParts, 'supervisor' | 'users' | 'isOpen' | 'pki'>): Promise<RunningRedis> {
  const folder = await mkdtemp(path.join(supervisor.folder, 'redis-'));
  const write = (name: string, text: string): Promise<void> => writeFile(path.join(folder, name), text, { mode: 0o600 });
  await Promise.all([write('users.acl', aclFile(users, isOpen)), write('server.pem', pki.server.certificatePem), write('server.key', pki.server.privateKeyPem)]);

  let processes: ManagedProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((started) => started.stop()));
  };
  const startOn = async (port: number): Promise<string> => {
    processes = [];
    const run = (name: string, command: string, args: readonly string[]): ManagedProcess => {
      const started = supervisor.start(name, command, args);
      processes.push(started);
      return started;
    };
    try {
      return await engine({ host: HOST, port, folder, caPem: pki.serverCaPem, run });
    } catch (error) {
      await stop();
      throw error;
    }
  };
  const signal = (name: NodeJS.Signals): void => processes.forEach(({ pid }) => process.kill(pid, name));
  const [name, port] = await withFreePort(async (free) => [await startOn(free), free] as const);
  return {
    host: HOST,
    port,
    caPem: pki.serverCaPem,
    users,
    engine: name,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    kill: async () => {
      signal('SIGKILL');
      await Promise.all(processes.map(({ exited }) => exited));
    },
    restart: async () => {
      await startOn(port);
    },
    stop,
  };
}
