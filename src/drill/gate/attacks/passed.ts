import { randomBytes } from 'node:crypto';
import { passedHeaderOf } from '../../../gate/headers/contract';
import { listed } from '../../../listed';
import type { Attack } from '../../attack';
import { answerTo, marked, MAX_LISTED } from '../../attacks/attempts';
import type { WireRequest } from '../../scene';
import type { CoreAnswer } from '../../services/sample-core';
import { GATE_BYPASSED } from '../saboteurs';
import { defineGateAttack } from './define';

/** What a Core is to see of its callers' credentials: nothing, or one header with the very one that was verified. */
export interface Seen {
  /** Of the caller's own, without their schemes. */
  readonly own: readonly string[];
  /** What nobody has verified. */
  readonly forged: string;
  /** Where the configuration passes a credential. */
  readonly passedHeader?: string;
}

/** In whichever case: TGEFD compares it in lower case. */
export const withoutScheme = (value: string): string => value.replace(/^bearer /i, '');

/** Names of the headers in which a Core received a credential that it is not to see. */
export function leaksIn(received: CoreAnswer['headers'], { own, forged, passedHeader }: Seen): string[] {
  return Object.entries(received).filter(([name, values]) => {
    const isWhole = name === passedHeader && values.length === 1 && own.includes(withoutScheme(values[0] ?? ''));
    return values.some((value) => value.includes(forged) || (!isWhole && own.some((credential) => value.includes(credential))));
  }).map(([name]) => name);
}

/** What a request shows in the headers that carry credentials, without the scheme. */
function ownOf({ headers }: WireRequest, carriers: readonly string[]): string[] {
  return Object.entries(headers).filter(([name]) => carriers.includes(name.toLowerCase())).map(([, value]) => withoutScheme(value));
}

/** As a caller may write a header's name: as it is, as a second one of that name, and as some servers read it. */
const SPELLINGS: readonly ((name: string) => string)[] = [(name) => name, (name) => name.toUpperCase(), (name) => name.replaceAll('-', '_')];

const passed = defineGateAttack('IDN-7', 'gate-passed-credentials', {
  tries: 'Sends good requests with a second credential, which nobody has verified, in each header that carries one, and looks at what the Core receives.',
  expects: 'The Core sees no credential but the verified one, and that only in the one header in which the configuration passes it.',
  async run({ gate, scene }) {
    const { core, identity } = gate.configuration;
    const passedHeader = passedHeaderOf(core.passes);
    const carriers = [...new Set(['authorization', 'x-api-key', identity.key?.header, core.keyHeader, passedHeader].filter((name) => name !== undefined))];
    const through: string[] = [];
    let arrived = 0;
    for (const name of new Set(carriers.flatMap((carrier) => SPELLINGS.map((spell) => spell(carrier))))) {
      const forged = `${identity.key?.prefix ?? ''}${randomBytes(24).toString('hex')}`;
      const good = await gate.request();
      const canary = scene.canary();
      const request = { ...good, headers: { ...good.headers, [name]: /^authorization$/i.test(name) ? `Bearer ${forged}` : forged } };
      const answer = await answerTo(scene, gate.open, marked(request, canary));
      if (scene.reached(canary) === 0 || answer === undefined) continue;
      arrived += 1;
      const { headers } = JSON.parse(answer.body) as CoreAnswer;
      through.push(...leaksIn(headers, { own: ownOf(good, carriers), forged, passedHeader }).map((leak) => `${leak} beside ${name}`));
    }
    if (through.length > 0) return { verdict: 'succeeded', saw: `The Core received a credential that is not for it in ${listed(through, MAX_LISTED)}.` };
    return { verdict: 'withstood', saw: `Of ${carriers.length} headers, in ${SPELLINGS.length} spellings each, ${arrived} requests reached the Core, none with a credential that is not for it.` };
  },
  saboteurs: [GATE_BYPASSED],
});

export const PASSED_ATTACKS: readonly Attack[] = [passed];
