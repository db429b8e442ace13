import { accessSync, constants, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { withFreePort } from '../processes/free-port';
import { lastLines } from '../processes/last-lines';
import type { ManagedProcess, Supervisor } from '../processes/supervisor';
import { ToolboxError } from '../toolbox/toolbox-error';
import { type AclUser, aclFile } from './redis-acl';
import type { Pki } from './pki';

export type { AclUser };
export { aclUsersOf } from './redis-acl';

/** What a Redis needs to be one of the template's. */
export interface RedisParts {
  readonly supervisor: Supervisor;
  /** Nobody else can log in. */
  readonly users: readonly AclUser[];
  /** Its certificate, and the authority that vouches for it. */
  readonly pki: Pick<Pki, 'server' | 'serverCaPem'>;
}

/** A real Redis on this machine that speaks TLS only, as the users of a template meet it. */
export interface RunningRedis {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly caPem: string;
  readonly users: readonly AclUser[];
  /** Which program it is, with its version. */
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
const PROGRAMS = ['redis-server', 'redis-check-rdb'];
export const REDIS_WANTED = 'Redis 7 with TLS (Debian: redis-tools or redis-server)';

const HOST = '127.0.0.1';
const PATIENCE_MS = 10_000;
const POLL_MS = 10;
const SHOWN_LINES = 5;

/** Where the program is; undefined where there is none. */
export function findRedis(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return PROGRAMS.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

/** Starts a Redis with TLS and the users given, and waits until it serves. */
export async function startRedis({ supervisor, users, pki }: RedisParts): Promise<RunningRedis> {
  const program = findRedis();
  if (program === undefined) throw new ToolboxError(`The drill needs ${REDIS_WANTED} on the PATH, and none was found.`);
  const folder = await mkdtemp(path.join(supervisor.folder, 'redis-'));
  const inFolder = (name: string): string => path.join(folder, name);
  await symlink(program, inFolder('redis-server'));
  const write = (name: string, text: string): Promise<void> => writeFile(inFolder(name), text, { mode: 0o600 });
  await Promise.all([write('users.acl', aclFile(users)), write('server.pem', pki.server.certificatePem), write('server.key', pki.server.privateKeyPem)]);

  const start = async (port: number): Promise<ManagedProcess> => {
    await Promise.all([write('redis.conf', configuration(folder, port)), rm(inFolder('redis.log'), { force: true })]);
    const started = supervisor.start('redis', inFolder('redis-server'), [inFolder('redis.conf')]);
    await ready(started, inFolder('redis.log'), port);
    return started;
  };
  const [first, port] = await withFreePort(async (free): Promise<[ManagedProcess, number]> => [await start(free), free]);
  let running = first;
  return {
    host: HOST,
    port,
    caPem: pki.serverCaPem,
    users,
    engine: `Redis ${/Redis version=([\d.]+)/.exec(readFileSync(inFolder('redis.log'), 'utf8'))?.[1] ?? 'of an unknown version'}, with its own TLS`,
    freeze: () => process.kill(running.pid, 'SIGSTOP'),
    thaw: () => process.kill(running.pid, 'SIGCONT'),
    kill: async () => {
      process.kill(running.pid, 'SIGKILL');
      await running.exited;
    },
    restart: async () => {
      running = await start(port);
    },
    stop: () => running.stop(),
  };
}

/** Redis takes options from a file only where they hold passwords or are many; nothing is written to disk by it but its log. */
function configuration(folder: string, port: number): string {
  const at = (name: string): string => path.join(folder, name);
  const options: Readonly<Record<string, string>> = {
    'bind': HOST,
    'port': '0',
    'tls-port': String(port),
    'tls-cert-file': at('server.pem'),
    'tls-key-file': at('server.key'),
    'tls-auth-clients': 'no',
    // What ElastiCache accepts for in-transit encryption.
    'tls-protocols': '"TLSv1.2 TLSv1.3"',
    'aclfile': at('users.acl'),
    'acl-pubsub-default': 'resetchannels',
    'dir': folder,
    'logfile': at('redis.log'),
    'save': '""',
    'appendonly': 'no',
    'maxmemory': '64mb',
    'maxmemory-policy': 'noeviction',
    'daemonize': 'no',
  };
  return Object.entries(options).map(([name, value]) => `${name} ${value}`).join('\n');
}

async function ready(started: ManagedProcess, log: string, port: number): Promise<void> {
  const words = (): string => lastLines(`${read(log)}\n${started.output()}`, SHOWN_LINES).trim();
  const deadline = Date.now() + PATIENCE_MS;
  while (!read(log).includes('Ready to accept connections')) {
    const hasEnded = await Promise.race([started.exited.then(() => true), after(POLL_MS, false)]);
    if (hasEnded) throw new Error(`Redis ended before it served port ${port}: ${words()}`);
    if (Date.now() > deadline) {
      await started.stop();
      throw new Error(`Redis did not serve within ${PATIENCE_MS / 1000} seconds: ${words()}`);
    }
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
