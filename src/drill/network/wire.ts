import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import * as path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ManagedProcess } from '../processes/managed-process';
import type { Supervisor } from '../processes/supervisor';
import { findPython } from '../toolbox/python';
import { AGENT } from './agent';
import type { WireSpec } from './plan';

/** One connection to be tried. */
export interface Dial {
  readonly namespace: string;
  /** Where the namespace has several addresses. */
  readonly source?: string;
  readonly address: string;
  readonly port: number;
  /** What is said once it stands. @default - a line of text */
  readonly speaks?: 'tls' | 'http' | 'dns';
  /** Whom it asks for. @default - nobody */
  readonly name?: string;
}

/**
 * `answered`: somebody was there and said who. `refused`: the host is there and nobody listens, so the network let it through. `unreachable`: the network
 * refused. `closed`: a firewall took the connection and hung up. `silent`: nobody knows.
 */
export interface DialResult {
  readonly outcome: 'answered' | 'refused' | 'unreachable' | 'closed' | 'silent';
  readonly heard: string;
}

export interface Wire {
  dial(dials: readonly Dial[]): Promise<readonly DialResult[]>;
  stop(): Promise<void>;
}

/** How namespaces are made on this machine. */
export interface Namespaces {
  readonly command: string;
  readonly args: readonly string[];
  readonly python: string;
  readonly path: string;
}

/** Where system programs are that a user's PATH may leave out. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];
const READY_MS = 30_000;
const POLL_MS = 20;
/** A user namespace first: it needs no rights, and gives none over the machine. */
const WAYS = [['--user', '--map-root-user', '--net', '--mount'], ['--net', '--mount']];

/** How this machine makes namespaces, or why it cannot, as a sentence. */
export function findNamespaces(env: NodeJS.ProcessEnv = process.env): Namespaces | string {
  if (process.platform !== 'linux') return 'Network namespaces exist on Linux only.';
  const folders = [...(env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)), ...SYSTEM_FOLDERS];
  const missing = ['unshare', 'ip', 'nft', 'mount'].filter((program) => !folders.some((folder) => existsSync(path.join(folder, program))));
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing: install the packages util-linux, iproute2 and nftables.`;
  const python = findPython(env);
  if (python === undefined) return 'No Python was found that is new enough.';
  const search = folders.join(path.delimiter);
  // All that will be needed: some machines give a namespace and no packet filter in it.
  const rules = 'table ip probe { chain c { type filter hook forward priority 0; ct state established accept; }; }';
  const probe = ['sh', '-c', `mount -t tmpfs tmpfs /run && ip link set lo up && echo "${rules}" | nft -f -`];
  const args = WAYS.find((way) => {
    try {
      execFileSync('unshare', [...way, ...probe], { env: { PATH: search }, stdio: 'ignore', timeout: READY_MS });
      return true;
    } catch {
      return false;
    }
  });
  if (args === undefined) return 'This machine lets nobody make a network namespace with a packet filter in it: run as root, or allow user namespaces.';
  return { command: 'unshare', args, python, path: search };
}

let wires = 0;

/** Builds a network; it ends with the supervisor at the latest, and with it every namespace. */
export async function startWire(spec: WireSpec, supervisor: Supervisor, { command, args, python, path: search }: Namespaces): Promise<Wire> {
  wires += 1;
  const [file, agent, socket] = ['json', 'py', 'sock'].map((ending) => path.join(supervisor.folder, `network-${wires}.${ending}`)) as [string, string, string];
  await Promise.all([writeFile(file, JSON.stringify({ ...spec, socket })), writeFile(agent, AGENT)]);
  const started = supervisor.start('the network', command, [...args, python, agent, file], { PATH: search });
  let ended: number | null | undefined;
  void started.exited.then((code) => {
    ended = code;
  });
  const deadline = Date.now() + READY_MS;
  for (;;) {
    if (ended !== undefined) throw new Error(`The network could not be built: ${started.output().trim()}`);
    if (Date.now() > deadline) throw await givenUp(started);
    // It listens once everything stands.
    if (await asked(socket, []).then(() => true, () => false)) break;
    await wait(POLL_MS);
  }
  return { dial: (dials) => asked(socket, dials), stop: () => started.stop() };
}

async function givenUp(started: ManagedProcess): Promise<Error> {
  await started.stop();
  return new Error(`The network did not stand after ${READY_MS / 1000} seconds: ${started.output().trim()}`);
}

function asked(socket: string, dials: readonly Dial[]): Promise<readonly DialResult[]> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const connection = createConnection(socket);
    connection.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    connection.on('error', reject).on('connect', () => connection.write(`${JSON.stringify(dials)}\n`));
    connection.on('end', () => {
      if (heard.endsWith('\n')) resolve(JSON.parse(heard) as DialResult[]);
      else reject(new Error('The network broke off.'));
    });
  });
}
