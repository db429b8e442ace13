import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { connect } from 'node:tls';
import type { AuditRecord } from '../../audit/contract';
import { CONFIGURATION_VARIABLE, type GateConfiguration, type KeySetConfiguration } from '../../gate/contract';
import { isPortTaken, withFreePort } from '../processes/free-port';
import type { ManagedProcess, Supervisor } from '../processes/supervisor';
import { configurationOf, type GateModel } from './model';
import { GateOutput } from './output';
import type { TableAddress } from './table';

/** What a gate needs to know of this machine, and no template can say. */
export interface GateSurroundings {
  readonly supervisor: Supervisor;
  /** The bundled service. */
  readonly entry: string;
  readonly core: { readonly port: number };
  readonly table: TableAddress;
  /** Where it is met, which may be on the way to it, and who vouches for it. */
  readonly store?: { readonly host: string; readonly port: number; readonly caPem: string };
  /** What Secrets Manager would fill in, the same for every task. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where an issuer's keys are served by HTTPS, for gates that fetch them. */
  readonly keySetUri: (keys: KeySetConfiguration) => string;
  /** Who vouches for it. */
  readonly caPem: string;
}

/** One process of a gate. */
export interface GateProcess {
  readonly port: number;
  /** Absent where nobody can ask for its metrics. */
  readonly metricsPort?: number;
  /** All that it has written so far. */
  output(): string;
  records(): readonly AuditRecord[];
  /** At once, as a task that fails does. */
  kill(): Promise<void>;
  /** As a task that is replaced does: it ends what is under way, and writes what it has counted. Throws where it does not end. */
  leave(): Promise<void>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const STARTUP_MS = 60_000;
const POLL_MS = 20;
/** ECS waits as long before it kills (Amazon ECS, ContainerDefinition, stopTimeout); nobody keeps a gate of a drill that long. */
const LEAVING_MS = 30_000;

let gates = 0;

/** What a gate is told when it starts, by variable. */
export type GateEnvironment = Readonly<Record<string, string>>;

/** What became of a gate that was told otherwise than its task definition says. */
export interface StartTrial {
  /** Whether it accepted connections. */
  readonly isUp: boolean;
  /** How it ended by itself; undefined where it did not. */
  readonly code?: number | null;
  /** All that it has written. */
  readonly output: string;
}

interface Launched {
  readonly started: ManagedProcess;
  readonly output: GateOutput;
  readonly configuration: GateConfiguration;
}

async function launched(gate: GateModel, ports: Ports, around: GateSurroundings, change: (environment: GateEnvironment) => GateEnvironment = (same) => same): Promise<Launched> {
  gates += 1;
  const output = new GateOutput();
  const configuration = moved(configurationOf(gate), ports, around);
  const authorities = path.join(around.supervisor.folder, `gate-${gates}.ca.pem`);
  await writeFile(authorities, [around.caPem, around.store?.caPem ?? ''].join('\n'), { mode: 0o600 });
  const started = around.supervisor.start(`gate ${gate.place.logicalId}`, process.execPath, [around.entry, ...gate.command], {
    ...change({ ...gate.environment, ...around.secrets, [CONFIGURATION_VARIABLE]: JSON.stringify(configuration) }),
    NODE_EXTRA_CA_CERTS: authorities,
    // Of Node and of the SDK, about versions: a gate that cannot start is known by its own last words.
    NODE_NO_WARNINGS: '1',
    // The SDK's own variables; without a way to real credentials, as the clean environment has none.
    AWS_ENDPOINT_URL_DYNAMODB: around.table.endpoint,
    AWS_REGION: around.table.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }, output.hear);
  return { started, output, configuration };
}

/** Starts a gate as its task definition says, and waits until it accepts connections. Throws with its own words where it does not start. */
export function runGate(gate: GateModel, around: GateSurroundings): Promise<GateProcess> {
  return withFreePort((port) => withFreePort(async (metricsPort) => {
    const { started, output, configuration } = await launched(gate, { port, metricsPort }, around);
    const state = { isOver: false };
    void started.exited.then(() => {
      state.isOver = true;
    });
    try {
      await accepting(port, started);
      return {
        port,
        metricsPort: configuration.metrics.port,
        output: () => output.text(),
        records: () => output.records(),
        kill: async () => {
          process.kill(started.pid, 'SIGKILL');
          await started.exited;
        },
        leave: async () => {
          // Nobody else's number by then.
          if (!state.isOver) process.kill(started.pid, 'SIGTERM');
          const isOver = await Promise.race([started.exited.then(() => true), after(LEAVING_MS, false, { ref: false })]);
          if (!isOver) throw new Error(`The gate did not end within ${LEAVING_MS / 1000} seconds of being told to.`);
        },
        stop: () => started.stop(),
      };
    } catch (error) {
      await started.stop();
      throw error;
    }
  }));
}

/** Starts a gate that is told otherwise, to see whether it does; it is over when this resolves. */
export function tryGate(gate: GateModel, around: GateSurroundings, change: (environment: GateEnvironment) => GateEnvironment): Promise<StartTrial> {
  return withFreePort((port) => withFreePort(async (metricsPort) => {
    const { started, output } = await launched(gate, { port, metricsPort }, around, change);
    try {
      const isUp = await accepting(port, started).then(() => true, () => false);
      if (isPortTaken(started.output())) throw new Error('Its address is already in use.');
      const code = isUp ? undefined : await Promise.race([started.exited, after(0, undefined, { ref: false })]);
      return { isUp, ...(code !== undefined && { code }), output: output.text() };
    } finally {
      await started.stop();
    }
  }));
}

interface Ports {
  readonly port: number;
  readonly metricsPort: number;
}

/**
 * The configuration of the template with addresses of this machine in the place of those of AWS, and nothing else changed: the gate's ports, the Core's,
 * the store's host and port, the table's name and region, and where key sets are fetched that the gate fetches itself.
 */
function moved(configuration: GateConfiguration, { port, metricsPort }: Ports, { core, table, store, keySetUri }: GateSurroundings): GateConfiguration {
  const { identity, rate, metrics } = configuration;
  return {
    ...configuration,
    port,
    core: { ...configuration.core, port: core.port },
    table: { name: table.name, region: table.region },
    identity: { ...identity, tokens: identity.tokens.map((token) => ({ ...token, keys: { ...token.keys, uri: keySetUri(token.keys) } })) },
    metrics: { ...metrics, ...(metrics.port !== undefined && { port: metricsPort }) },
    ...(rate && { rate: { ...rate, redis: { ...rate.redis, ...(store && { host: store.host, port: store.port }) } } }),
  };
}

async function accepting(port: number, started: ManagedProcess): Promise<void> {
  const state = { ended: false };
  void started.exited.then(() => {
    state.ended = true;
  });
  const deadline = Date.now() + STARTUP_MS;
  while (Date.now() < deadline) {
    if (state.ended) throw new Error(`The gate ended before it was ready: ${isPortTaken(started.output()) ? 'its address is already in use' : lastWordsOf(started)}`);
    if (await shakesHands(port)) return;
    await after(POLL_MS);
  }
  throw new Error(`The gate was not ready within ${STARTUP_MS / 1000} seconds: ${lastWordsOf(started)}`);
}

function lastWordsOf(started: ManagedProcess): string {
  return started.output().trim().split('\n').slice(-3).join(' ') || 'it said nothing';
}

function shakesHands(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port, rejectUnauthorized: false });
    const end = (isReady: boolean): void => {
      socket.destroy();
      resolve(isReady);
    };
    socket.once('secureConnect', () => end(true)).once('error', () => end(false));
    socket.setTimeout(1000, () => end(false));
  });
}
