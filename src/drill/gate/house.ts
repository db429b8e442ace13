import type { AuditRecord } from '../../audit/contract';
import type { KeySetConfiguration } from '../../gate/contract';
import type { GateBehind } from '../edge/envoy/bootstrap';
import type { EdgeModel, Place } from '../edge/model';
import type { AssetFiles } from '../emulator/assets';
import type { Supervisor } from '../processes/supervisor';
import type { IssuerService } from '../services/issuer';
import type { Pki } from '../services/pki';
import { type Relay, startRelay } from '../services/relay';
import type { SampleCore } from '../services/sample-core';
import { artefactOf } from './artefact';
import { checkOf } from './callers';
import type { GateGround } from './ground';
import { configurationOf, type GateModel } from './model';
import { type GateEnvironment, type GateProcess, type GateSurroundings, runGate, type StartTrial, tryGate } from './run-gate';
import { scrape } from './scrape';
import { secretsOf } from './secrets';
import type { DrillTable, MakeKey, MintOptions, TableAddress } from './table';
import { isReached, samePlace } from './translate';

/** A gate as it runs: its tasks, and what they read. */
export interface RunningGate extends GateBehind {
  readonly table: DrillTable;
  /** Has a key made as its keeper makes them, and returns its text. */
  makeKey(options: Pick<MintOptions, 'prefix' | 'scopes'>): Promise<string>;
  /** All that its tasks have written so far. */
  output(): string;
  /** What they have recorded so far, one task after the other. */
  records(): readonly AuditRecord[];
  /** What each task says of itself where Prometheus asks: none where nobody can ask. */
  scrape(): Promise<readonly ReadonlyMap<string, number>[]>;
  /** Starts one task more that is told otherwise; none of the others feels it. */
  startWith(change: (environment: GateEnvironment) => GateEnvironment): Promise<StartTrial>;
  /** The way to its store, which is its alone, while others may share the store. Absent where it counts nothing. */
  readonly wayToStore?: Pick<Relay, 'cut' | 'freeze' | 'heal'>;
  readonly tasks: readonly Pick<GateProcess, 'port' | 'kill' | 'leave' | 'output'>[];
}

/** The gates behind one edge. */
export interface GateHouse {
  readonly gates: readonly RunningGate[];
  /** Throws where no such gate runs. */
  at(place: Place): RunningGate;
  stop(): Promise<void>;
}

export interface HouseParts {
  readonly supervisor: Supervisor;
  readonly ground: GateGround;
  readonly assets: AssetFiles;
  readonly core: Pick<SampleCore, 'port'>;
  readonly issuer: IssuerService;
  readonly pki: Pick<Pki, 'server' | 'serverCaPem'>;
  /** Whoever makes API keys. @default - the drill's own hand */
  readonly makeKey?: MakeKey;
}

/** Where no template has a gate. */
export const NO_GATES: GateHouse = {
  gates: [],
  at: ({ stack, logicalId }) => {
    throw new Error(`No gate of ${stack}/${logicalId} runs.`);
  },
  stop: () => Promise.resolve(),
};

/** What is denied has to be denied by every task, so there is more than one. */
const TASKS = 2;

/** Starts every gate that callers of some templates get to. One that no rule leads to any more has its table, and no task: nobody would call it. */
export async function openHouse(model: EdgeModel, parts: HouseParts): Promise<GateHouse> {
  const { gates: models = [] } = model;
  if (models.length === 0) return NO_GATES;
  const processes: GateProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.stop()));
  };
  try {
    const gates = await Promise.all(models.map((gate) => (isReached(model, gate) ? open(gate, parts, processes) : closed(gate, parts))));
    return {
      gates,
      at: (place) => {
        const found = gates.find((gate) => samePlace(gate.place, place));
        if (found === undefined) throw new Error(`No gate of ${place.stack}/${place.logicalId} runs.`);
        return found;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function closed(model: GateModel, { ground, issuer, makeKey }: HouseParts): Promise<RunningGate> {
  const { address, table } = await ground.tableOf(model);
  for (const token of configurationOf(model).identity.tokens) issuer.jwksPath(token.keys.uri);
  return {
    place: model.place, ports: [], metricsPorts: [], tasks: [], table, makeKey: makerAt(address, table, makeKey), output: () => '', records: () => [], scrape: () => Promise.resolve([]),
    startWith: () => Promise.reject(new Error('Nobody gets to this gate, so no task of it is started.')),
  };
}

function makerAt(address: TableAddress, table: DrillTable, makeKey?: MakeKey): RunningGate['makeKey'] {
  return async (options) => (makeKey === undefined ? (await table.mintKey(options)).text : makeKey(address, options));
}

async function open(model: GateModel, { supervisor, ground, assets, core, issuer, pki, makeKey }: HouseParts, processes: GateProcess[]): Promise<RunningGate> {
  const { identity } = configurationOf(model);
  const [{ address, table }, store] = await Promise.all([ground.tableOf(model), ground.storeOf(model)]);
  const bySource = (source: KeySetConfiguration['source']): string[] => identity.tokens.filter(({ keys }) => keys.source === source).map((token) => checkOf(token).jwksEndpoint);
  const way = store && await startRelay(store.port);
  if (way) supervisor.onStop(() => way.stop());
  const secrets = secretsOf(model, store);
  // Named before anybody asks, so that there are keys to be had.
  for (const token of identity.tokens) issuer.jwksPath(token.keys.uri);
  for (const uri of bySource('mirror')) await table.setKeySet(uri, issuer.keySet(uri));
  const served = bySource('https').length === 0 ? undefined : await issuer.serveSecurely(pki.server);
  if (served) supervisor.onStop(() => served.stop());
  const around: GateSurroundings = {
    supervisor,
    entry: artefactOf(model, assets).file,
    core,
    table: address,
    ...(store && way && { store: { host: store.host, port: way.port, caPem: store.caPem } }),
    secrets,
    keySetUri: ({ source, uri }) => (source === 'https' && served ? `https://127.0.0.1:${served.port}${issuer.jwksPath(uri)}` : uri),
    caPem: pki.serverCaPem,
  };
  const started = await Promise.all(Array.from({ length: TASKS }, async () => {
    const process = await runGate(model, around);
    processes.push(process);
    return process;
  }));
  const metricsPorts = started.flatMap(({ metricsPort }) => metricsPort ?? []);
  return {
    place: model.place,
    ports: started.map(({ port }) => port),
    metricsPorts,
    tasks: started,
    table,
    makeKey: makerAt(address, table, makeKey),
    output: () => started.map((process) => process.output()).join('\n'),
    records: () => started.flatMap((process) => process.records()),
    scrape: () => Promise.all(metricsPorts.map(scrape)),
    startWith: (change) => tryGate(model, around, change),
    ...(way && { wayToStore: way }),
  };
}
