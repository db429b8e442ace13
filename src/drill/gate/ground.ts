import { randomBytes } from 'node:crypto';
import type { Emulator } from '../emulator/emulator';
import { startMinistack } from '../emulator/ministack';
import type { Supervisor } from '../processes/supervisor';
import type { Pki } from '../services/pki';
import { type RunningRedis, startRedis } from '../services/redis';
import type { Toolbox } from '../toolbox/toolbox';
import { configurationOf, type GateModel, type StoreUser } from './model';
import { DrillTable, type TableAddress } from './table';

/** What gates of a drill stand on. */
export interface GateGround {
  /** The table that a gate is to use, and that is there when this resolves. */
  tableOf(gate: GateModel): Promise<{ readonly address: TableAddress; readonly table: DrillTable }>;
  /** In the place of ElastiCache: it speaks TLS, and knows the users of the templates. Undefined where the gate counts nothing. */
  storeOf(gate: GateModel): Promise<RunningRedis | undefined>;
}

export interface GroundParts {
  readonly supervisor: Supervisor;
  readonly toolbox: Pick<Toolbox, 'ministack' | 'valkey' | 'envoy'>;
  readonly pki: Pick<Pki, 'server' | 'serverCaPem'>;
  /** Where the templates have been deployed. @default - nowhere: an engine of its own is started for tables alone */
  readonly emulator?: () => Promise<Emulator>;
}

const SOMEWHERE = { account: '111122223333', region: 'eu-central-1' };

/** One engine and one store for each set of users, started when first asked for and shared by all edges of a drill. */
export class Grounds {
  private engine?: Promise<Emulator>;
  private readonly stores = new Map<string, Promise<RunningRedis>>();

  public constructor(private readonly parts: GroundParts) {}

  /** The deployed table, for the templates as they are. */
  public readonly deployed: GateGround = {
    tableOf: (gate) => this.table(configurationOf(gate).table),
    storeOf: (gate) => this.store(gate),
  };

  /** An empty table for every gate: weakened templates are not deployed, and one edge must not feel what is written for another. */
  public readonly fresh: GateGround = {
    tableOf: () => this.table({ name: `drill-${randomBytes(8).toString('hex')}` }),
    storeOf: (gate) => this.store(gate),
  };

  /** Likewise, with a store for each gate that nobody else uses: gates that are killed are missed by all that share one. */
  public readonly apart: GateGround = {
    tableOf: (gate) => this.fresh.tableOf(gate),
    storeOf: async (gate) => (configurationOf(gate).rate === undefined ? undefined : this.startStore(gate.storeUsers)),
  };

  /** Which programs have served as stores, each named once. */
  public async storeEngines(): Promise<readonly string[]> {
    // One that a weakened template kept from starting has been told of there.
    const stores = await Promise.allSettled(this.stores.values());
    return [...new Set(stores.flatMap((store) => (store.status === 'fulfilled' ? [store.value.engine] : [])))];
  }

  /** Where a region is left open, as in a template that is not deployed, it is the engine's. */
  private async table({ name, region }: { readonly name: string; readonly region?: string }): Promise<{ readonly address: TableAddress; readonly table: DrillTable }> {
    const engine = await this.emulator();
    const address = { endpoint: engine.endpoint, region: region ?? engine.region, name };
    const table = new DrillTable(address);
    this.parts.supervisor.onStop(() => table.close());
    if (!await table.exists()) await table.create();
    return { address, table };
  }

  private emulator(): Promise<Emulator> {
    this.engine ??= this.parts.emulator?.() ?? startMinistack({ supervisor: this.parts.supervisor, ministack: this.parts.toolbox.ministack, ...SOMEWHERE });
    return this.engine;
  }

  private async store(gate: GateModel): Promise<RunningRedis | undefined> {
    if (configurationOf(gate).rate === undefined) return undefined;
    const key = JSON.stringify(gate.storeUsers);
    const store = this.stores.get(key) ?? this.startStore(gate.storeUsers);
    this.stores.set(key, store);
    return store;
  }

  private startStore(users: readonly StoreUser[]): Promise<RunningRedis> {
    const { supervisor, toolbox, pki } = this.parts;
    return startRedis({ supervisor, toolbox, pki, users: users.map((user) => ({ ...user, password: randomBytes(32).toString('base64url') })) });
  }
}
