import { mkdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { ManagedProcess, Supervisor } from '../../processes/supervisor';
import type { IssuerService } from '../../services/issuer';
import type { Pki } from '../../services/pki';
import type { SampleCore } from '../../services/sample-core';
import type { EdgeModel, ListenerModel } from '../model';
import { bootstrap, type GateBehind } from './bootstrap';
import { writeLiveFilters } from './live';
import type { LiveAddresses } from './waf';

export interface RunningEdge {
  address(listener: ListenerModel): { readonly host: string; readonly port: number };
  /** Gives live sets other addresses, all at once, without a restart. Resolves when the edge has been told; it acts a moment later. */
  setAddresses(addresses: LiveAddresses): Promise<void>;
  stop(): Promise<void>;
}

export interface EdgeSurroundings {
  readonly supervisor: Supervisor;
  /** Path of the executable. */
  readonly envoy: string;
  readonly pki: Pki;
  readonly core: Pick<SampleCore, 'port'>;
  /** @default - there are none */
  readonly gates?: readonly GateBehind[];
  readonly issuer: IssuerService;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 10;

let edges = 0;

/** Starts an Envoy that behaves to its callers as the load balancers and web ACLs of the model would, and waits until it does. */
export async function startEdge(model: EdgeModel, { supervisor, envoy, ...around }: EdgeSurroundings): Promise<RunningEdge> {
  edges += 1;
  const config = path.join(supervisor.folder, `edge-${edges}.json`);
  const adminAddress = path.join(supervisor.folder, `edge-${edges}.admin`);
  const folder = path.join(supervisor.folder, `edge-${edges}.live`);
  await mkdir(folder, { mode: 0o700 });
  const live = { folder, addresses: () => [] };
  await writeLiveFilters(model, live);
  // The server's private key is in it.
  await writeFile(config, JSON.stringify(bootstrap(model, { ...around, live })), { mode: 0o600 });
  const started = supervisor.start('envoy', envoy, [
    '--config-path', config, '--admin-address-path', adminAddress,
    '--concurrency', '1', '--disable-hot-restart', '--log-level', 'error',
  ]);
  const ports = await portsWhenReady(model, adminAddress, started).catch(async (error: unknown) => {
    await started.stop();
    throw error;
  });
  return {
    address: (listener) => {
      const index = model.listeners.findIndex(({ place }) => place.stack === listener.place.stack && place.logicalId === listener.place.logicalId);
      const port = ports[index];
      if (port === undefined) throw new Error(`The edge has no listener ${listener.place.stack}/${listener.place.logicalId}; it was started for another model.`);
      return { host: '127.0.0.1', port };
    },
    setAddresses: (addresses) => writeLiveFilters(model, { folder, addresses }),
    stop: () => started.stop(),
  };
}

async function portsWhenReady({ listeners }: EdgeModel, adminAddress: string, started: ManagedProcess): Promise<number[]> {
  let ended: { readonly code: number | null } | undefined;
  void started.exited.then((code) => {
    ended = { code };
  });
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    if (ended) throw new Error(`Envoy ended with ${ended.code ?? 'a signal'} before it was ready: ${wordsOf(started)}`);
    const ports = await readPorts(adminAddress);
    if (ports?.length === listeners.length) return ports;
    await after(POLL_MS);
  }
  throw new Error(`Envoy was not ready within ${PATIENCE_MS / 1000} seconds: ${wordsOf(started)}`);
}

/** Envoy quotes what it does not take of its configuration, and the server's private key is in that. */
function wordsOf(started: ManagedProcess): string {
  return started.output().replaceAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '(a private key)').trim() || 'it said nothing';
}

interface ListenerStatus {
  readonly name: string;
  readonly local_address: { readonly socket_address: { readonly port_value: number } };
}

/** By the order of the model; undefined as long as Envoy does not work. */
async function readPorts(adminAddress: string): Promise<number[] | undefined> {
  const admin = await readFile(adminAddress, 'utf8').catch(() => '');
  if (admin === '') return undefined;
  const [ready, listeners] = await Promise.all(['ready', 'listeners?format=json'].map((page) => fetch(`http://${admin}/${page}`).catch(() => undefined)));
  if (!ready?.ok || !listeners?.ok) return undefined;
  const { listener_statuses: statuses = [] } = await listeners.json() as { readonly listener_statuses?: readonly ListenerStatus[] };
  return [...statuses].sort((a, b) => Number(a.name) - Number(b.name)).map(({ local_address: { socket_address: { port_value: port } } }) => port);
}
