import * as fs from 'node:fs';
import { CONTROL_IDS, type ControlId, CONTROLS, familyOf } from '../controls';
import { ALARM_ATTACKS } from '../drill/alarms';
import { ATTACKS } from '../drill/attacks';
import { drill as run } from '../drill/drill';
import { EmulatorError } from '../drill/emulator/emulator';
import { InexpressibleError } from '../drill/edge/envoy/inexpressible';
import { UntranslatableError } from '../drill/edge/translate';
import { EVERY_ATTACK } from '../drill/every-attack';
import { digestsOf, EvidenceError, readEvidence, writeEvidence } from '../drill/evidence-file';
import { KEEPING_ATTACKS } from '../drill/keeping';
import { messageOf } from '../drill/message-of';
import { NETWORK_ATTACKS } from '../drill/network';
import { ToolboxError } from '../drill/toolbox/toolbox-error';
import { drillText, isPassed } from '../report/drill-text';
import type { KnownAttack } from '../report/known-attack';
import type { Paint } from '../report/paint';
import { keeperIn } from './drill-keeper';
import { makeKey } from './drill-key-maker';
import { readInput } from './inputs';
import { parametersFrom, recorded } from './parameters';
import { UsageError } from './usage-error';

export interface DrillOptions {
  readonly control?: string;
  readonly family?: string;
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly prove?: boolean;
  /** `Name=Value` pairs. */
  readonly parameter: readonly string[];
}

/** What stands in where the app leaves its environment open. */
const SOMEWHERE = { account: '111122223333', region: 'eu-central-1' };

/** Attacks a cloud assembly on this machine; true where everything was withstood. */
export async function drill(folder: string, options: DrillOptions, paint: Paint, print: (text: string) => void, say: (line: string) => void): Promise<boolean> {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`${folder} is a file: a drill needs the folder that cdk synth writes, usually cdk.out.`);
  const isChosen = choice(options);
  const { templates, assets, environment } = readInput(folder);
  const parameters = parametersFrom(options.parameter, templates);
  const digests = digestsOf(folder, templates);
  const done = await explained(() => run({
    templates,
    assets,
    ...SOMEWHERE,
    ...environment,
    parameters,
    attacks: ATTACKS.filter(isChosen),
    networkAttacks: NETWORK_ATTACKS.filter(isChosen),
    keepingAttacks: KEEPING_ATTACKS.filter(isChosen),
    alarmAttacks: ALARM_ATTACKS.filter(isChosen),
    prove: options.prove === true,
    keeper: keeperIn,
    makeKey,
    say,
  }));
  try {
    const evidence = { ...done.evidence, templates: digests, parameters: recorded(parameters, templates) };
    print(options.json ? `${JSON.stringify(evidence, undefined, 2)}\n` : drillText(evidence, paint));
    // Evidence of a part would leave the report with less than it had.
    if (!EVERY_ATTACK.every(isChosen)) say('Only a part was tried, so no evidence is written.');
    else {
      if (!options.prove && holdsProofs(folder, digests)) say('The proofs of an earlier run are not in this evidence: --prove makes new ones.');
      say(`Wrote ${await explained(() => writeEvidence(folder, evidence))}. Next: npx cdk-secure-core report ${folder}`);
    }
    if (options.keep) await untilInterrupted(done.addresses, say);
    return isPassed(evidence);
  } finally {
    await done.stop();
  }
}

/** Whether this run is about to replace proofs that still hold; what cannot be read holds none. */
function holdsProofs(folder: string, digests: ReturnType<typeof digestsOf>): boolean {
  try {
    return readEvidence(folder, digests)?.proofs.some(({ verdict }) => verdict === 'succeeded') ?? false;
  } catch (error) {
    if (error instanceof EvidenceError) return false;
    throw error;
  }
}

/** Which attacks the options ask for: at least one of all. */
function choice({ control, family }: DrillOptions): (attack: Pick<KnownAttack, 'control'>) => boolean {
  if (control !== undefined && !(CONTROL_IDS as string[]).includes(control)) throw new UsageError(`--control ${control}: there is no such control; docs/controls.md lists them, such as TLS-2.`);
  const families = new Set(CONTROL_IDS.map(familyOf));
  if (family !== undefined && !families.has(family)) throw new UsageError(`--family ${family}: there is no such family, only ${[...families].join(', ')}.`);
  const isChosen = ({ control: attacked }: Pick<KnownAttack, 'control'>): boolean => (
    [undefined, attacked].includes(control as ControlId | undefined) && [undefined, familyOf(attacked)].includes(family)
  );
  if (EVERY_ATTACK.some(isChosen)) return isChosen;
  if (control !== undefined && family !== undefined && familyOf(control) !== family) throw new UsageError(`--control ${control} is not in --family ${family}: give one of the two.`);
  const reasoned = CONTROL_IDS.find((id) => id === control);
  const reason = reasoned && CONTROLS[reasoned].unattacked;
  if (reason !== undefined) throw new UsageError(`--control ${reasoned} has no attack: ${reason}.`);
  const attacked = [...new Set(EVERY_ATTACK.map((attack) => attack.control))].join(', ');
  throw new UsageError(`No attack is known for ${[control, family].filter((given) => given !== undefined).join(' and ')} yet; there are some for ${attacked}.`);
}

const EXPECTED = [EmulatorError, EvidenceError, InexpressibleError, ToolboxError, UntranslatableError];

/** What the templates or this machine do not allow is the user's to know in one sentence, and no defect. */
async function explained<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (EXPECTED.some((kind) => error instanceof kind)) throw new UsageError(messageOf(error));
    throw error;
  }
}

/** The supervisor ends the process at Ctrl-C, so this promise is left open. */
function untilInterrupted(addresses: readonly string[], say: (line: string) => void): Promise<never> {
  say(['Kept until Ctrl-C:', ...addresses.map((address) => `  ${address}`)].join('\n'));
  return new Promise(() => {
    setInterval(() => undefined, 60_000);
  });
}
