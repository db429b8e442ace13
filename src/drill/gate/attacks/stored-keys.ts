import { createHash } from 'node:crypto';
import type { Attack } from '../../attack';
import { type Attempt, gotThrough, MAX_LISTED } from '../../attacks/attempts';
import { listed } from '../../../listed';
import { GATE_BYPASSED } from '../saboteurs';
import { routesFor, together, wantsOf } from '../wants';
import { defineGateAttack, takesKeys, withHeader, withoutHeader } from './define';

/** So much of a key is more than chance. */
const PART = 16;

/** Forms of a key in which somebody who reads a table would have it: the whole, what is secret of it, either end, and as other programs write bytes. */
export function formsOf(key: string, prefix: string): Readonly<Record<string, string>> {
  const secret = key.slice(prefix.length);
  const bytes = Buffer.from(key);
  return {
    'the key': key,
    'the key without its prefix': secret,
    'the beginning of the key': secret.slice(0, PART),
    'the end of the key': secret.slice(-PART),
    'the key in base64': bytes.toString('base64').replace(/=+$/, ''),
    'the key in hexadecimal': bytes.toString('hex'),
    'the secret bytes in hexadecimal': Buffer.from(secret, 'base64url').toString('hex'),
  };
}

/** Everything that the table says in an item about the key, as texts. */
function wordsAbout(stored: string, digest: string): string[] {
  const textsIn = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
  };
  return (JSON.parse(stored) as unknown[]).map(textsIn).filter((texts) => texts.some((text) => text.includes(digest))).flat();
}

const storedKeys = defineGateAttack('IDN-8', 'gate-stored-keys', {
  tries: 'Has the `keys` command make a key, looks for it in the table and in what the gate has written, and calls with everything that the table says about it.',
  expects: 'The key is nowhere but in the hands of its owner, and whoever reads the table opens nothing.',
  needs: 'gate that takes API keys',
  matches: takesKeys,
  async run({ gate, scene, tryAll }) {
    const { policy, identity } = gate.configuration;
    const { header = 'x-api-key', prefix = '' } = identity.key ?? {};
    const { method, path } = gate.draft();
    const { scopes } = together(routesFor(policy, method, path).map(({ access }) => wantsOf(access)));
    // The command makes no key that is good for nothing.
    const key = await gate.makeKey({ prefix, scopes: scopes.length > 0 ? scopes : ['drill'] });
    const base = withoutHeader(await gate.request({ proof: 'key' }), header);
    if (!await gotThrough(scene, gate.open, withHeader(base, header, key))) throw new Error('the key that was made opened nothing');
    const stored = await gate.stored();
    const places: Readonly<Record<string, string>> = { 'the table': stored, 'the gate\'s log': gate.output() };
    const found = Object.entries(places).flatMap(([place, all]) => Object.entries(formsOf(key, prefix)).filter(([, text]) => all.includes(text)).map(([name]) => `${name} in ${place}`));
    if (found.length > 0) return { verdict: 'succeeded', saw: `Whoever looks finds ${listed(found, MAX_LISTED)}.` };
    const digest = createHash('sha256').update(key).digest('hex');
    const words = wordsAbout(stored, digest);
    if (words.length === 0) throw new Error('the table does not have the key that was made');
    const shown = [...new Set([...words, ...words.map((word) => `${prefix}${word}`), `${prefix}${Buffer.from(digest, 'hex').toString('base64url')}`])];
    return tryAll(shown.map((text, index): Attempt => ({ name: `what the table says about the key (${index + 1})`, request: withHeader(base, header, text) })));
  },
  saboteurs: [GATE_BYPASSED],
});

export const STORED_KEY_ATTACKS: readonly Attack[] = [storedKeys];
