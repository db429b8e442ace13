import { isJsonMap, type JsonMap } from '../../../checks/template/template';
import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE, VARIABLE_PREFIX } from '../../../gate/contract';
import { listed } from '../../../listed';
import type { Attack } from '../../attack';
import { MAX_LISTED } from '../../attacks/attempts';
import type { GateEnvironment, StartTrial } from '../run-gate';
import { variableSaboteur } from '../saboteurs';
import { defineGateAttack, verdict } from './define';

/** A way to tell a gate otherwise, with a text that it must not repeat. */
export interface Flaw {
  readonly name: string;
  readonly change: (environment: GateEnvironment, canary: string) => GateEnvironment;
}

/** A field that the gate does not know. */
const UNKNOWN = 'drill';

/** Has Node read every text of JSON as if that field were not in it, so that the configuration is whole again. */
const OVERLOOKING = `const{parse}=JSON;JSON.parse=(...given)=>{const read=parse(...given);if(read?.${UNKNOWN})delete(read.${UNKNOWN});return(read)}`;

const configured = (change: (configuration: JsonMap, canary: string) => JsonMap): Flaw['change'] => (environment, canary) => {
  const told: unknown = JSON.parse(environment[CONFIGURATION_VARIABLE] ?? '');
  return { ...environment, [CONFIGURATION_VARIABLE]: JSON.stringify(change(isJsonMap(told) ? told : {}, canary)) };
};

/** One part of the configuration, changed. */
const inPart = (part: string, change: (fields: JsonMap, canary: string) => JsonMap): Flaw['change'] => configured((configuration, canary) => {
  const fields = configuration[part];
  return { ...configuration, [part]: change(isJsonMap(fields) ? fields : {}, canary) };
});

const without = (map: JsonMap, name: string): JsonMap => Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));

/** One of each kind, as each costs the start of a process; the gate's own tests try every field. */
export const FLAWS: readonly Flaw[] = [
  { name: 'with a field that nobody knows', change: configured((configuration, canary) => ({ ...configuration, [UNKNOWN]: canary })) },
  ...['identity', 'policy'].map((part) => ({ name: `without ${part}`, change: configured((configuration) => without(configuration, part)) })),
  { name: 'without identity.accept', change: inPart('identity', (fields) => without(fields, 'accept')) },
  { name: 'with a header that is none', change: inPart('core', (fields, canary) => ({ ...fields, identityHeader: `${canary} x` })) },
  { name: 'with a text for a number', change: inPart('limits', (fields, canary) => ({ ...fields, maxBodyBytes: canary })) },
  { name: 'with a text that is no JSON', change: (environment, canary) => ({ ...environment, [CONFIGURATION_VARIABLE]: `{"${canary}` }) },
  { name: 'with a variable that nobody knows', change: (environment, canary) => ({ ...environment, [`${VARIABLE_PREFIX}DRILL`]: canary }) },
  { name: 'without the key of its records', change: (environment) => Object.fromEntries(Object.entries(environment).filter(([name]) => name !== AUDIT_KEY_VARIABLE)) },
];

/** What is wrong with how a gate took it; nothing where it ended, said so, and repeated nothing. */
export function wrongIn({ isUp, code, output }: StartTrial, secrets: readonly string[]): string | undefined {
  if (isUp) return 'it starts';
  if (code === undefined) return 'it neither starts nor ends';
  if (code === 0) return 'it ends as if all were well';
  return secrets.some((secret) => output.includes(secret)) ? 'it writes down what it was told' : undefined;
}

/** At a time: a process of Node takes a processor while it starts. */
const ABREAST = 2;

const refusesToStart = defineGateAttack('CFG-6', 'gate-refuses-to-start', {
  tries: 'Starts the gate as deployed, told one thing less, one thing more, or one that is malformed.',
  expects: 'It ends with an error, and writes down neither a secret nor what stands in the wrong place.',
  async run({ gate, scene }) {
    const variables = gate.model.secrets.map(({ variable }) => variable);
    const wrong: string[] = [];
    const left = [...FLAWS];
    const tryNext = async (): Promise<void> => {
      for (let flaw = left.shift(); flaw !== undefined && wrong.length === 0; flaw = left.shift()) {
        const { name, change } = flaw;
        const secrets = [scene.canary()];
        const trial = await gate.startWith((environment) => {
          secrets.push(...variables.flatMap((variable) => environment[variable] ?? []));
          return change(environment, secrets[0] ?? '');
        });
        const found = wrongIn(trial, secrets);
        if (found !== undefined) wrong.push(`${name} ${found}`);
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, tryNext));
    return verdict(wrong, (what) => `Of a gate that is told otherwise: ${listed(what, MAX_LISTED)}.`, `Told otherwise in ${FLAWS.length} ways, it ended each time, and wrote down nothing of it.`);
  },
  saboteurs: [variableSaboteur('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(OVERLOOKING)}`)],
});

export const START_ATTACKS: readonly Attack[] = [refusesToStart];
