import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { makeKey } from '../../src/cli/drill-key-maker';
import { readInput } from '../../src/cli/inputs';
import { startEdge } from '../../src/drill/edge/envoy/edge';
import { translate } from '../../src/drill/edge/translate';
import { ground } from '../../src/drill/emulator/ground';
import { onlyGraph } from '../../src/drill/emulator/only-graph';
import { type GateGround, Grounds } from '../../src/drill/gate/ground';
import { openHouse } from '../../src/drill/gate/house';
import type { DrillTable } from '../../src/drill/gate/table';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { type ChatCore, startChatCore } from '../../src/drill/services/chat-core';
import { startIssuer } from '../../src/drill/services/issuer';
import { createPki } from '../../src/drill/services/pki';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { SOMEWHERE, synthesizeTrial, type TrialProps } from './core';

/** A gate as its synthesized task definition has it, with all that it needs, on this machine. */
export interface Stand {
  /** Where the gate itself listens; its certificate is made in its memory, so that nobody can vouch for it. */
  readonly gatePort: number;
  /** Where the load balancer's stand-in listens, which knows the name in the template alone. */
  readonly edgePort: number;
  /** Who vouches for the edge. */
  readonly edgeCaPem: string;
  /** The same, as a file. */
  readonly edgeCaFile: string;
  readonly core: ChatCore;
  /** What the gate reads: keys, what is revoked, and the lockdown. */
  readonly table: DrillTable;
  /** Makes an API key as `cdk-secure-core keys create` does, and returns it. */
  makeKey(...scopes: string[]): Promise<string>;
  /** What the gate has written so far. */
  gateOutput(): string;
  stop(): Promise<void>;
}

/** Which gate, and who hears of what is being done. */
export interface StandProps extends TrialProps {
  /** @default - nobody */
  readonly say?: (line: string) => void;
  /** What the gate stands on, with whatever a test puts between. @default - as it is */
  readonly between?: (ground: GateGround) => GateGround;
}

/** Synthesizes a Core, and starts its gate behind an edge and before a sample Core. Everything ends with this process. */
export async function openStand({ say = () => undefined, between = (ground) => ground, ...trial }: StandProps): Promise<Stand> {
  const toolbox = await openToolbox(say);
  const supervisor = await Supervisor.open();
  try {
    say('Synthesizing a SecureCore …');
    const folder = path.join(supervisor.folder, 'cdk.out');
    synthesizeTrial(folder, trial);
    const { templates, assets } = readInput(folder);
    const model = translate(onlyGraph(templates.map((template) => ground(template, { ...SOMEWHERE, parameters: new Map() }))));
    say('Starting an emulated DynamoDB, a Redis with TLS and the template\'s users, a sample Core, and the gate as its task definition has it …');
    const [pki, core, issuer] = await Promise.all([createPki(), startChatCore(), startIssuer()]);
    supervisor.onStop(() => core.stop());
    supervisor.onStop(() => issuer.stop());
    const house = await openHouse(model, { supervisor, ground: between(new Grounds({ supervisor, toolbox, pki }).fresh), assets, core, issuer, pki, makeKey });
    const edge = await startEdge(model, { supervisor, envoy: toolbox.envoy, pki, core, gates: house.gates, issuer });
    const edgeCaFile = path.join(supervisor.folder, 'edge-authority.pem');
    await writeFile(edgeCaFile, pki.serverCaPem);
    const [listener] = model.listeners;
    const [gate] = house.gates;
    const [gatePort] = gate?.ports ?? [];
    if (listener === undefined || gate === undefined || gatePort === undefined) throw new Error('The template has no gate behind a listener.');
    return {
      gatePort,
      edgePort: edge.address(listener).port,
      edgeCaPem: pki.serverCaPem,
      edgeCaFile,
      core,
      table: gate.table,
      makeKey: (...scopes) => gate.makeKey({ prefix: 'ctx_', scopes }),
      gateOutput: () => gate.output(),
      stop: () => supervisor.stop(),
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}
