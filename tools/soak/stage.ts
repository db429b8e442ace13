import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { readInput } from '../../src/cli/inputs';
import { scrape } from '../../src/drill/gate/scrape';
import { artefactOf } from '../../src/drill/gate/artefact';
import { Grounds } from '../../src/drill/gate/ground';
import { configurationOf, type GateModel } from '../../src/drill/gate/model';
import { secretsOf } from '../../src/drill/gate/secrets';
import { gatesOf } from '../../src/drill/gate/translate';
import { ground } from '../../src/drill/emulator/ground';
import { onlyGraph } from '../../src/drill/emulator/only-graph';
import { withFreePort } from '../../src/drill/processes/free-port';
import { type ManagedProcess, Supervisor } from '../../src/drill/processes/supervisor';
import { createPki } from '../../src/drill/services/pki';
import { type RunningRedis, startRedis } from '../../src/drill/services/redis';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { CONFIGURATION_VARIABLE, type GateConfiguration, type PolicyRoute } from '../../src/gate/contract';
import { asUser } from '../../test/support/redis';
import { KEYS_ALONE, SOMEWHERE, synthesizeTrial } from '../trial/core';
import { type SoakCore, startSoakCore } from './core';
import { Pairs } from './pairs';
import { RunningTrail } from './trail';

/** A gate under load. */
export interface SoakGate {
  readonly port: number;
  readonly trail: RunningTrail;
  /** Names without labels, summed. */
  scrape(): Promise<ReadonlyMap<string, number>>;
  /** As ECS ends a task: by SIGTERM. @returns its exit code */
  end(): Promise<number | null>;
}

export interface SoakStage {
  readonly gates: readonly SoakGate[];
  readonly core: SoakCore;
  readonly pairs: Pairs;
  readonly keys: readonly string[];
  /** All leases that Redis knows of, whoever took them. */
  leases(): Promise<number>;
  stop(): Promise<void>;
}

const GATES = 2;
const KEY_PREFIX = 'ctx_';
/** Longer than anybody soaks, in seconds. */
const KEY_LIFE = 7 * 24 * 3600;
const STARTUP_MS = 60_000;
/** To end by itself once it has been told to; more than it needs with nothing under way. */
const END_MS = 20_000;

const route = (method: PolicyRoute['method'], route: string, more: Partial<PolicyRoute> = {}): PolicyRoute => (
  { method, path: route, subtree: false, access: { kind: 'authenticated' }, tier: 'light', streams: false, ...more }
);
const ROUTES: readonly PolicyRoute[] = [
  route('GET', '/v1/light'), route('POST', '/v1/heavy', { tier: 'heavy' }), route('GET', '/v1/stream', { streams: true }), route('GET', '/v1/slow'), route('GET', '/v1/live'),
];

/** Two gates of one synthesized template with the routes of the soak, on a Redis with TLS and an emulated table. Everything ends with this process. */
export async function openSoak(callers: number, say: (line: string) => void): Promise<SoakStage> {
  const [toolbox, supervisor, pki, core] = await Promise.all([openToolbox(say), Supervisor.open(), createPki(), startSoakCore()]);
  supervisor.onStop(() => core.stop());
  try {
    const folder = path.join(supervisor.folder, 'cdk.out');
    synthesizeTrial(folder, { authorizer: KEYS_ALONE });
    const { templates, assets } = readInput(folder);
    const [model] = gatesOf(onlyGraph(templates.map((template) => ground(template, { ...SOMEWHERE, parameters: new Map() }))));
    if (model === undefined) throw new Error('The template has no gate.');
    const inspector = { userName: 'inspector', accessString: 'on ~* &* +@all', keyPrefixes: [''], password: randomUUID() };
    const users = [...model.storeUsers.map((user) => ({ ...user, password: randomBytes(32).toString('base64url') })), inspector];
    const [{ address, table }, redis] = await Promise.all([new Grounds({ supervisor, toolbox, pki }).fresh.tableOf(model), startRedis({ supervisor, toolbox, pki, users })]);
    const validUntil = Math.floor(Date.now() / 1000) + KEY_LIFE;
    const keys = await Promise.all(Array.from({ length: callers }, async () => (await table.mintKey({ prefix: KEY_PREFIX, scopes: [], validUntil })).text));
    const authorities = path.join(supervisor.folder, 'redis-authority.pem');
    await writeFile(authorities, redis.caPem);
    const environment = {
      ...model.environment, ...secretsOf(model, redis), NODE_EXTRA_CA_CERTS: authorities,
      AWS_ENDPOINT_URL_DYNAMODB: address.endpoint, AWS_REGION: address.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test',
    };
    const pairs = new Pairs();
    const start = (): Promise<SoakGate> => withFreePort((port) => withFreePort(async (metricsPort) => {
      const trail = new RunningTrail(pairs);
      const configuration = soaked(model, { port, metricsPort, corePort: core.port, table: { name: address.name, region: address.region }, redis });
      const { file } = artefactOf(model, assets);
      const started = supervisor.start('gate', process.execPath, [file, ...model.command], { ...environment, [CONFIGURATION_VARIABLE]: JSON.stringify(configuration) }, trail.hear);
      await ready(metricsPort, started);
      return { port, trail, scrape: () => scrape(metricsPort), end: () => end(started) };
    }));
    const gates: SoakGate[] = [];
    for (let gate = 0; gate < GATES; gate++) gates.push(await start());
    return { gates, core, pairs, keys, leases: () => asUser({ redis }, inspector, countLeases), stop: () => supervisor.stop() };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

interface Places {
  readonly port: number;
  readonly metricsPort: number;
  readonly corePort: number;
  readonly table: GateConfiguration['table'];
  readonly redis: Pick<RunningRedis, 'host' | 'port'>;
}

/** The template's configuration with addresses of this machine, and the routes of the soak. */
function soaked(model: GateModel, { port, metricsPort, corePort, table, redis: { host, port: redisPort } }: Places): GateConfiguration {
  const configuration = configurationOf(model);
  if (configuration.rate === undefined) throw new Error('The gate of the template counts nothing, so that there are no leases to watch.');
  const redis = { ...configuration.rate.redis, host, port: redisPort };
  return {
    ...configuration,
    port,
    table,
    core: { ...configuration.core, port: corePort },
    policy: { ...configuration.policy, routes: ROUTES },
    metrics: { ...configuration.metrics, port: metricsPort },
    rate: { ...configuration.rate, redis },
  };
}

async function ready(metricsPort: number, started: ManagedProcess): Promise<void> {
  const state = { ended: false };
  void started.exited.then(() => { state.ended = true; });
  for (const deadline = Date.now() + STARTUP_MS; Date.now() < deadline && !state.ended;) {
    const answered = await scrape(metricsPort).then(() => true, () => false);
    // What follows the metrics in its start is the gate itself.
    if (answered && started.output().includes('"listening"')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The gate did not start: ${started.output().trim().split('\n').at(-1) ?? ''}`);
}

async function end({ pid, exited }: ManagedProcess): Promise<number | null> {
  process.kill(pid, 'SIGTERM');
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), END_MS);
  const isLate = new Promise<never>((_, reject) => late.signal.addEventListener('abort', () => reject(new Error('The gate did not end.'))));
  return Promise.race([exited, isLate]).finally(() => clearTimeout(timer));
}

async function countLeases(ask: (...command: string[]) => Promise<unknown>): Promise<number> {
  let cursor = '0';
  let count = 0;
  do {
    const [next, keys] = await ask('SCAN', cursor, 'MATCH', '*:streams', 'COUNT', '1000') as [string, string[]];
    for (const key of keys) count += Number(await ask('ZCARD', key));
    cursor = next;
  } while (cursor !== '0');
  return count;
}
