import { startEdge } from './edge/envoy/edge';
import type { EdgeModel, ListenerModel } from './edge/model';
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
  stop(): Promise<void>;
}

export interface Stage {
  /** @param keeper who keeps the addresses of live sets; the edge alone, unless told otherwise */
  start(model: EdgeModel, keeper?: AddressKeeper): Promise<StagedEdge>;
}

/** What stands behind and beside every edge: a Core, an issuer, certificates. It ends with the supervisor. */
export async function setStage(supervisor: Supervisor, toolbox: Toolbox): Promise<Stage> {
  const [pki, core, issuer] = await Promise.all([createPki(), startSampleCore(), startIssuer()]);
  supervisor.onStop(() => core.stop());
  supervisor.onStop(() => issuer.stop());
  return {
    start: async (model, keeper) => {
      const edge = await startEdge(model, { supervisor, envoy: toolbox.envoy, pki, core, issuer });
      return {
        open: (transcript) => openScene({ model, edge, switches: switchesOf(model, edge, keeper), core, issuer, pki, toolbox }, transcript),
        addressOf: (listener) => `${listener.tls ? 'https' : 'http'}://${edge.address(listener).host}:${edge.address(listener).port}`,
        stop: () => edge.stop(),
      };
    },
  };
}
