import { AUDIT_KEY_VARIABLE, CORE_KEY_VARIABLE, CONFIGURATION_VARIABLE, REDIS_PASSWORD_VARIABLE, SHARED_SECRET_VARIABLE, VARIABLE_PREFIX, type GateConfiguration } from '../../gate/contract';
import { CONFIGURATION } from './configuration-schema';
import { firstFault, placeOf } from './configuration-fault';

export interface GateSecrets {
  readonly auditKey: string;
  readonly redisPassword?: string;
  readonly coreKey?: string;
  readonly sharedSecret?: string;
}

export interface ReadConfiguration {
  readonly configuration: GateConfiguration;
  readonly secrets: GateSecrets;
}

/** Why the gate does not start; its message is one line that names the place, and no value. */
export class ConfigurationError extends Error {
  public constructor(place: string, demand: string) {
    super(`${place}: ${demand}`);
  }
}

/** Of what goes into an HMAC with SHA-256: less than its own output is guessed offline (RFC 7518, 3.2; RFC 2104, 3). */
const MIN_HMAC_KEY_BYTES = 32;
const isLongEnough = (value: string): string | undefined => (Buffer.byteLength(value) >= MIN_HMAC_KEY_BYTES ? undefined : `must hold at least ${MIN_HMAC_KEY_BYTES} bytes`);

/** Each secret, with the variable that holds it and when it has to be there. */
const SECRETS: readonly {
  readonly name: keyof GateSecrets;
  readonly variable: string;
  readonly isNeeded: (configuration: GateConfiguration) => boolean;
  readonly fault?: (value: string) => string | undefined;
}[] = [
  { name: 'redisPassword', variable: REDIS_PASSWORD_VARIABLE, isNeeded: ({ rate }) => rate !== undefined },
  {
    name: 'coreKey',
    variable: CORE_KEY_VARIABLE,
    isNeeded: ({ core }) => core.keyHeader !== undefined,
    // Else every request would fail, when it is too late to say why.
    fault: (value) => (/^[\x21-\x7e]+$/.test(value) ? undefined : 'must be printable ASCII without blanks, since it travels in a header'),
  },
  {
    name: 'sharedSecret',
    variable: SHARED_SECRET_VARIABLE,
    isNeeded: ({ identity }) => identity.tokens.some(({ keys }) => keys.source === 'secret'),
    fault: isLongEnough,
  },
  // A guessed key would name every caller in the log.
  { name: 'auditKey', variable: AUDIT_KEY_VARIABLE, isNeeded: () => true, fault: isLongEnough },
];

const VARIABLES = new Set([CONFIGURATION_VARIABLE, ...SECRETS.map(({ variable }) => variable)]);

/** What the environment says, checked whole. @throws ConfigurationError on the first fault */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): ReadConfiguration {
  const unknown = Object.keys(environment).filter((name) => name.startsWith(VARIABLE_PREFIX) && !VARIABLES.has(name)).sort()[0];
  if (unknown !== undefined) throw new ConfigurationError(placeOf([unknown]), 'is no variable of the gate; remove it');
  const configuration = parseConfiguration(environment[CONFIGURATION_VARIABLE]);
  return { configuration, secrets: readSecrets(environment, configuration) };
}

/** What the gate is told beside its secrets. @throws ConfigurationError on the first fault, which repeats no value */
export function parseConfiguration(json: string | undefined): GateConfiguration {
  if (json === undefined || json === '') throw new ConfigurationError(CONFIGURATION_VARIABLE, 'is missing');
  const result = CONFIGURATION.safeParse(fromJson(json), { reportInput: true });
  if (result.success) return result.data;
  const { path, demand } = firstFault(result.error.issues);
  throw new ConfigurationError(placeOf([CONFIGURATION_VARIABLE, ...path]), demand);
}

function fromJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // The parser's own message quotes what it met.
    throw new ConfigurationError(CONFIGURATION_VARIABLE, 'must be JSON');
  }
}

function readSecrets(environment: Readonly<Record<string, string | undefined>>, configuration: GateConfiguration): GateSecrets {
  const secrets: Partial<GateSecrets> = Object.fromEntries(SECRETS.flatMap(({ name, variable, isNeeded, fault }) => {
    const value = environment[variable];
    if (!isNeeded(configuration)) {
      if (value !== undefined) throw new ConfigurationError(variable, 'is set, but nothing in the configuration uses it; remove it');
      return [];
    }
    if (value === undefined || value === '') throw new ConfigurationError(variable, 'is missing, but the configuration needs it');
    const demand = fault?.(value);
    if (demand !== undefined) throw new ConfigurationError(variable, demand);
    return [[name, value]];
  }));
  return { ...secrets, auditKey: secrets.auditKey ?? '' };
}
