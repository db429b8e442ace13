import { mkdtemp, writeFile } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { withFreePort } from '../processes/free-port';
import { lastLines } from '../processes/last-lines';
import type { ManagedProcess, Supervisor } from '../processes/supervisor';
import { ToolboxError } from '../toolbox/toolbox-error';
import { isExecutable } from './is-executable';
import type { Pki } from './pki';

/** What a Memcached needs to be the template's. */
export interface MemcachedParts {
  readonly supervisor: Supervisor;
  /** Its certificate, and the authority that vouches for it. Without it, it speaks to everybody in the clear, as ElastiCache does without in-transit encryption. */
  readonly tls?: Pick<Pki, 'server' | 'serverCaPem'>;
  /** Where the program is looked for. @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
}

/** A real Memcached on this machine. It knows no passwords: whoever reaches it is let in. */
export interface RunningMemcached {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Absent where it speaks without TLS. */
  readonly caPem?: string;
  readonly engine: string;
  stop(): Promise<void>;
}

export const MEMCACHED_WANTED = 'Memcached 1.5.13 or newer with TLS (Debian: memcached)';

const HOST = '127.0.0.1';
const PATIENCE_MS = 60_000;
const POLL_MS = 10;
const SHOWN_LINES = 5;
const ANSWER_MS = 1000;
/** Where root starts it, it demands to be told as whom to run; as every program of a drill, as the one who started that. */
const AS_ROOT = ['-u', 'root'];

/** Where the program is; undefined where there is none. Whether it speaks TLS is known only when it is started. */
export function findMemcached(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '').map((folder) => path.join(folder, 'memcached')).find(isExecutable);
}

/** Starts a Memcached and waits until it answers. Throws a ToolboxError where none is installed. */
export async function startMemcached({ supervisor, tls, env }: MemcachedParts): Promise<RunningMemcached> {
  const program = findMemcached(env);
  if (program === undefined) throw new ToolboxError(`The drill needs ${MEMCACHED_WANTED} on the PATH to stand for the template's cache, and none was found.`);
  const withTls = tls ? ['--enable-ssl', '-o', await certificateOptions(supervisor.folder, tls)] : [];
  return withFreePort(async (port) => {
    const started = supervisor.start('memcached', program, [
      ...(process.getuid?.() === 0 ? AS_ROOT : []), '-l', HOST, '-p', String(port), '-U', '0', '-m', '64', '-t', '2', ...withTls,
    ]);
    try {
      const engine = await untilItAnswers(started, port, tls?.serverCaPem);
      return { host: HOST, port, ...(tls && { caPem: tls.serverCaPem }), engine: `${engine} ${tls ? 'with its own TLS' : 'without TLS'}`, stop: () => started.stop() };
    } catch (error) {
      await started.stop();
      throw error;
    }
  });
}

/** Files that nobody else may read, for its options take no text. */
async function certificateOptions(within: string, { server }: Pick<Pki, 'server'>): Promise<string> {
  const folder = await mkdtemp(path.join(within, 'memcached-'));
  const write = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const [certificate, key] = await Promise.all([write('server.pem', server.certificatePem), write('server.key', server.privateKeyPem)]);
  return `ssl_chain_cert=${certificate},ssl_key=${key}`;
}

async function untilItAnswers(started: ManagedProcess, port: number, caPem: string | undefined): Promise<string> {
  const said = (): string => lastLines(started.output(), SHOWN_LINES).trim();
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const version = await askVersion(port, caPem);
    if (version !== undefined) return `Memcached ${version}`;
    const hasEnded = await Promise.race([started.exited.then(() => true), after(POLL_MS, false)]);
    if (hasEnded) throw new Error(`Memcached on port ${port} ended before it served: ${said()}`);
    if (Date.now() > deadline) throw new Error(`Memcached on port ${port} did not serve within ${PATIENCE_MS / 1000} seconds: ${said()}`);
  }
}

/** What it says of itself; nothing where nobody answers, or somebody whom the authority does not vouch for. */
function askVersion(port: number, caPem: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket: Socket = caPem === undefined ? connectPlain(port, HOST) : connectTls({ host: HOST, port, ca: caPem });
    let answer = '';
    const end = (version?: string): void => {
      socket.destroy();
      resolve(version);
    };
    socket
      .once(caPem === undefined ? 'connect' : 'secureConnect', () => socket.write('version\r\n'))
      .on('data', (bytes: Buffer) => {
        answer += bytes.toString('latin1');
        if (answer.includes('\n')) end(/^VERSION (\S+)/.exec(answer)?.[1]);
      })
      .once('error', () => end())
      .once('close', () => end())
      .setTimeout(ANSWER_MS, () => end());
  });
}
