import { z } from 'zod';
import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE, type GateConfiguration } from '../../../gate/contract';
import { type Check, type Judged, judgedBy, OK, okIf, type Result, unknown, wrong } from '../examine';
import type { FoundGate, Ward } from '../ward';

const ORIGIN = /^https:\/\/[a-z0-9.-]+(:\d+)?$/;

/** What needs the whole configuration; where the gate takes none, that is said once. */
const told = (judge: (configuration: GateConfiguration) => Judged) => ({ configuration }: FoundGate): Judged => (
  'fault' in configuration ? unknown('the configuration is none') : judge(configuration));

export const GATES: readonly Check<FoundGate>[] = [
  { item: 'gate.configuration', judge: ({ configuration }) => ('fault' in configuration ? wrong(`has a configuration that the gate refuses (${configuration.fault})`) : OK) },
  {
    item: 'gate.in-front',
    judge: ({ service, container }) => {
      const past = service.targets.filter((target) => target.container !== container.name).map((target) => target.container);
      return okIf(past.length === 0, `is passed by: a target group leads to ${past.join(', ')}`);
    },
  },
  { item: 'gate.remote', judge: told(({ profile }) => okIf(profile === 'remote', 'believes that it is on a developer\'s machine')) },
  { item: 'gate.proofs', judge: told(({ identity: { accept } }) => okIf(accept.length > 0 && accept.every((proofs) => proofs.length > 0), 'lets callers in who prove nothing')) },
  { item: 'gate.roles', judge: told(({ policy: { roles } }) => okIf(!Object.values(roles).flat().includes('*'), 'has a role that may do everything')) },
  { item: 'gate.limits', judge: told(({ rate }) => okIf(rate !== undefined, 'counts nobody\'s requests')) },
  { item: 'gate.cors', judge: cors },
  { item: 'gate.audit-key', judge: auditKey },
];

const CORS = z.object({ cors: z.object({ origins: z.array(z.unknown()) }) });

/** Of the text, as the gate takes no configuration with such an origin, and somebody has to be told which part it is. */
function cors({ container }: FoundGate): Judged {
  const origins = CORS.safeParse(parsed(container.environment.get(CONFIGURATION_VARIABLE))).data?.cors.origins ?? [];
  return okIf(origins.every((origin) => typeof origin === 'string' && ORIGIN.test(origin)), 'has origins that are no https://host');
}

function parsed(json = ''): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function auditKey({ service, container }: FoundGate): Judged {
  if (container.secrets.has(AUDIT_KEY_VARIABLE)) return OK;
  // Emulators lose what containers are told of secrets, which AWS never does.
  const hasLost = service.containers.every(({ secrets }) => secrets.size === 0);
  return hasLost ? unknown('no container of the task has a secret at all, as where an emulator loses them') : wrong('has no key to hash callers by');
}

export function examineGates({ gates }: Ward): Promise<readonly Result[]> {
  return Promise.resolve(gates.flatMap((gate) => judgedBy(`${gate.path}/${gate.container.name}`, { answer: gate }, GATES)));
}
