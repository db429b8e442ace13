import { startEdge } from './edge/envoy/edge';
import type { EdgeModel, ListenerModel } from './edge/model';
import type { AssetFiles } from './emulator/assets';
import type { Emulator } from './emulator/emulator';
import { type GateGround, Grounds } from './gate/ground';
import { openHouse, type RunningGate } from './gate/house';
import type { MakeKey } from './gate/table';
import { withUnguarded } from './gate/unguarded';
import { openScene } from './open-scene';
import type { Supervisor } from './processes/supervisor';
import type { OpenScene } from './run-attacks';
import { startIssuer } from './services/issuer';
import { createPki } from './services/pki';
import { startSampleCore } from './services/sample-core';
import { type AddressKeeper, switchesOf } from './switches';
import type { Toolbox } from './toolbox/toolbox';

/** An edge that callers can be sent to. */
export interface StagedEdge {
  readonly open: OpenScene;
  /** As a URL, for whoever wants to look. */
  addressOf(listener: ListenerModel): string;
  /** The gates behind it. */
  readonly gates: readonly RunningGate[];
  stop(): Promise<void>;
}

export interface Stage {
  /** An edge of templates that have been deployed, and one of templates that have not, differ in what stands beside them. */
  start(model: EdgeModel, deployed?: BesideEdge): Promise<StagedEdge>;
  /** One whose gates share nothing with any others. */
  startApart(model: EdgeModel): Promise<StagedEdge>;
  /** Which programs have served as the gates' stores so far, each named once. */
  storeEngines(): Promise<readonly string[]>;
}

/** What stands beside an edge whose templates have been deployed to the emulator. */
export interface BesideEdge {
  /** Who keeps the addresses of live sets. @default - the edge alone */
  readonly keeper?: AddressKeeper;
}

/** What a stage has from outside. */
export interface StageOptions {
  /** Where templates are deployed. @default - nowhere */
  readonly emulator?: () => Promise<Emulator>;
  /** Of the assembly. @default - none: gates are this package's own */
  readonly assets?: AssetFiles;
  /** Whoever makes API keys. @default - the drill's own hand */
  readonly makeKey?: MakeKey;
}

/** What stands behind and beside every edge: a Core, an issuer, certificates. It ends with the supervisor. */
export async function setStage(supervisor: Supervisor, toolbox: Toolbox, { emulator, assets = new Map(), makeKey }: StageOptions = {}): Promise<Stage> {
  const [pki, core, issuer] = await Promise.all([createPki(), startSampleCore(), startIssuer()]);
  supervisor.onStop(() => core.stop());
  supervisor.onStop(() => issuer.stop());
  const grounds = new Grounds({ supervisor, toolbox, emulator, pki });
  const startOn = async (ground: GateGround, model: EdgeModel, deployed?: BesideEdge): Promise<StagedEdge> => {
    const house = await openHouse(model, { supervisor, ground, assets, core, issuer, pki, makeKey });
    const staged = withUnguarded(model);
    const edge = await startEdge(staged, { supervisor, envoy: toolbox.envoy, pki, core, gates: house.gates, issuer }).catch(async (error: unknown) => {
      await house.stop();
      throw error;
    });
    const switches = switchesOf(model, edge, deployed?.keeper);
    return {
      open: (transcript) => openScene({ model: staged, edge, switches, core, house, issuer, pki, toolbox }, transcript),
      addressOf: (listener) => `${listener.tls ? 'https' : 'http'}://${edge.address(listener).host}:${edge.address(listener).port}`,
      gates: house.gates,
      stop: async () => {
        await edge.stop();
        await house.stop();
      },
    };
  };
  return {
    storeEngines: () => grounds.storeEngines(),
    start: (model, deployed) => startOn(deployed ? grounds.deployed : grounds.fresh, model, deployed),
    startApart: (model) => startOn(grounds.apart, model),
  };
}
