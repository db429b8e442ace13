import { mkdir, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { freePort } from '../../src/drill/processes/free-port';
import type { ManagedProcess, Supervisor } from '../../src/drill/processes/supervisor';
import type { Pki } from '../../src/drill/services/pki';
import type { AclUser } from '../../src/drill/services/redis';
import { aclFile } from '../../src/drill/services/redis-acl';
import { until } from './limiter';
import { asUser, type Ask } from './redis';

/** One server of a cluster on loopback. */
export interface ClusterNode {
  readonly port: number;
  readonly name: string;
  readonly process: ManagedProcess;
  ask<T>(use: (command: Ask) => Promise<T>): Promise<T>;
  kill(): Promise<void>;
}

export interface ClusterParts {
  readonly supervisor: Supervisor;
  readonly pki: Pki;
  readonly users: readonly AclUser[];
  /** Who may do everything. */
  readonly inspector: AclUser;
  /** A Redis that has TLS. */
  readonly program: string;
  /** Each with a part of the slots. */
  readonly masters: number;
}

const SLOTS = 16_384;
const HOST = '127.0.0.1';

/** Real servers, divided as a cluster is, with TLS among them too. The last one takes the place of the first where that is gone. */
export async function startCluster({ masters, ...parts }: ClusterParts): Promise<ClusterNode[]> {
  const nodes = await Promise.all(Array.from({ length: masters + 1 }, (_, index) => startNode(index, parts)));
  const [first] = nodes;
  const replica = nodes[masters];
  if (!first || !replica) throw new Error('There are no servers.');
  await Promise.all(nodes.slice(0, masters).map((node, index) => node.ask((command) => {
    const from = Math.floor((index * SLOTS) / masters);
    const to = Math.floor(((index + 1) * SLOTS) / masters) - 1;
    return command('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
  })));
  for (const node of nodes.slice(1)) {
    const bus = /@(\d+)/.exec(String(await node.ask((command) => command('CLUSTER', 'NODES'))))?.[1] ?? '';
    await first.ask((command) => command('CLUSTER', 'MEET', HOST, String(node.port), bus));
  }
  await until(() => all(nodes, 'CLUSTER NODES', (text) => text.trim().split('\n').length === nodes.length && !text.includes('handshake')));
  await replica.ask(async (command) => command('CLUSTER', 'REPLICATE', String(await first.ask((ofFirst) => ofFirst('CLUSTER', 'MYID')))));
  await until(() => all([replica], 'INFO replication', (text) => text.includes('master_link_status:up')));
  await until(() => all(nodes, 'CLUSTER INFO', (text) => text.includes('cluster_state:ok')));
  return nodes;
}

async function all(nodes: readonly ClusterNode[], question: string, isSo: (answer: string) => boolean): Promise<true | undefined> {
  const answers = await Promise.all(nodes.map((node) => node.ask((command) => command(...question.split(' ')))));
  return answers.every((answer) => isSo(String(answer))) || undefined;
}

async function startNode(index: number, { supervisor, pki, users, inspector, program }: Omit<ClusterParts, 'masters'>): Promise<ClusterNode> {
  const name = `node-${index}`;
  const folder = path.join(supervisor.folder, name);
  const at = (file: string): string => path.join(folder, file);
  const [port, bus] = [await freePort(), await freePort()];
  await mkdir(folder, { mode: 0o700 });
  const options: Readonly<Record<string, string>> = {
    'bind': HOST,
    'port': '0',
    'tls-port': String(port),
    'tls-cert-file': at('server.pem'),
    'tls-key-file': at('server.key'),
    'tls-ca-cert-file': at('ca.pem'),
    // Among themselves servers of a cluster show certificates, whatever they demand of others.
    'tls-client-cert-file': at('client.pem'),
    'tls-client-key-file': at('client.key'),
    'tls-auth-clients': 'no',
    'tls-replication': 'yes',
    'tls-cluster': 'yes',
    'cluster-enabled': 'yes',
    'cluster-port': String(bus),
    'cluster-announce-ip': HOST,
    'cluster-node-timeout': '1500',
    'repl-diskless-sync-delay': '0',
    'masteruser': inspector.userName,
    'masterauth': inspector.password,
    'aclfile': at('users.acl'),
    'dir': folder,
    'save': '""',
    'logfile': at('redis.log'),
  };
  const client = await pki.certificateFor('CN=a server of the cluster');
  const write = (file: string, text: string): Promise<void> => writeFile(at(file), text, { mode: 0o600 });
  await Promise.all([
    write('users.acl', aclFile([...users, inspector])),
    write('server.pem', pki.server.certificatePem),
    write('server.key', pki.server.privateKeyPem),
    write('client.pem', client.certificatePem),
    write('client.key', client.privateKeyPem),
    write('ca.pem', `${pki.serverCaPem}\n${pki.clientCaPem}`),
    write('redis.conf', Object.entries(options).map(([option, value]) => `${option} ${value}`).join('\n')),
    symlink(program, at('redis-server')),
  ]);
  const started = supervisor.start(name, at('redis-server'), [at('redis.conf')]);
  const ask = <T>(use: (command: Ask) => Promise<T>): Promise<T> => asUser({ redis: { host: HOST, port, caPem: pki.serverCaPem } }, inspector, use);
  await until(() => ask((command) => command('PING')).catch(() => undefined));
  return {
    port,
    name,
    process: started,
    ask,
    kill: async () => {
      process.kill(started.pid, 'SIGKILL');
      await started.exited;
    },
  };
}
