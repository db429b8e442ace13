import type { Property } from '../template/property';

/** What Secrets Manager picks from, unless told otherwise (API reference, GetRandomPassword). */
const ALPHABETS: readonly (readonly [excludedBy: string, characters: string])[] = [
  ['ExcludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['ExcludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['ExcludeNumbers', '0123456789'],
  ['ExcludePunctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
];

/** How long a generated value is where nothing says so. */
const DEFAULT_LENGTH = 32;

/** What a generated value comes to. */
export interface Strength {
  readonly length: number;
  /** Of how many characters each one is picked. */
  readonly alphabet: number;
  readonly bits: number;
}

/** The strength of what `GenerateSecretString` makes. */
export function strengthOf(generated: Property): Strength {
  const kept = ALPHABETS.filter(([flag]) => generated.get(flag).flag() !== true).map(([, characters]) => characters).join('');
  const all = generated.get('IncludeSpace').flag() === true ? `${kept} ` : kept;
  const excluded = generated.get('ExcludeCharacters').text() ?? '';
  const alphabet = Array.from(all).filter((character) => !excluded.includes(character)).length;
  const length = generated.get('PasswordLength').number() ?? DEFAULT_LENGTH;
  return { length, alphabet, bits: length * Math.log2(Math.max(1, alphabet)) };
}
