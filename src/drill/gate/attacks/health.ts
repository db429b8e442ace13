import { GATE_HEALTH_PATH } from '../../../gate/contract';
import { listed } from '../../../listed';
import type { Attack, AttackResult } from '../../attack';
import { answerTo, marked, MAX_LISTED } from '../../attacks/attempts';
import type { WireAnswer } from '../../scene';
import { GATE_BYPASSED } from '../saboteurs';
import { type AtGate, defineGateAttack, withoutHeader } from './define';

/** Ways to spell what begins like a path that strangers may ask, and is another one. */
const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => `${path}/`, (path) => `${path}/details`, (path) => `${path}z`, (path) => `/${path}`, (path) => path.toUpperCase(), (path) => `${path}%2f..%2fv1`, (path) => `${path}/../v1/models`,
  (path) => `${path};v1`, (path) => `/v1${path}`,
];

/** More than a word or two tells something. */
const WORDS = 64;
/** Of versions, addresses and settings. */
const TELLING = /\d+\.\d+|version|node|redis|postgres|uptime|host|config/i;

function tells({ body, headers }: WireAnswer): boolean {
  return body.length > WORDS || TELLING.test(body) || 'x-powered-by' in headers;
}

/** What strangers may ask of this gate. */
function open({ gate: { configuration: { core } } }: AtGate): string[] {
  return [GATE_HEALTH_PATH, ...(core.publicHealth ? [core.healthCheckPath] : [])];
}

const health = defineGateAttack('MON-8', 'gate-health', {
  tries: 'Asks for the health of gate and Core as a stranger, by the exact paths and by many that look like them.',
  expects: 'The exact paths say whether all is well and nothing else; none of the others is answered well, and no request of a stranger reaches the Core.',
  needs: 'gate behind a listener that asks nobody for a certificate',
  matches: (_, verifiesClients) => !verifiesClients,
  async run(at): Promise<AttackResult> {
    const { gate, scene } = at;
    const bare = { ...withoutHeader(await gate.request(), 'authorization', gate.configuration.identity.key?.header ?? 'x-api-key'), method: 'GET' };
    const found: string[] = [];
    for (const path of open(at)) {
      for (const [index, spelled] of [path, ...SPELLINGS.map((spell) => spell(path))].entries()) {
        const canary = scene.canary();
        const answer = await answerTo(scene, gate.open, marked({ ...bare, path: spelled }, canary));
        if (scene.reached(canary) > 0) found.push(`${spelled} reaches the Core`);
        else if (answer !== undefined && index > 0 && answer.status < 400) found.push(`${spelled} is answered ${answer.status}`);
        else if (answer !== undefined && index === 0 && tells(answer)) found.push(`${spelled} tells more than whether all is well`);
      }
    }
    if (found.length > 0) return { verdict: 'succeeded', saw: `Somebody whom nobody knows finds that ${listed(found, MAX_LISTED)}.` };
    return { verdict: 'withstood', saw: `Of ${open(at).length * (SPELLINGS.length + 1)} requests none reached the Core, and what was answered says nothing but whether all is well.` };
  },
  saboteurs: [GATE_BYPASSED],
});

export const HEALTH_ATTACKS: readonly Attack[] = [health];
