const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Hex and base64, also as it stands in a URL; 32 characters are the shortest that a key of 128 bits takes in hex. */
const KEY_MATERIAL = /^(?:[A-Za-z0-9+/_=-]|%2[bBfF]|%3[dD]){32,}$/;

/** Random hex holds 3.5 bits a character or more, and random base64 over 4.3; numbers counted up and words of a path hold less. */
const MIN_HEX_BITS = 3;
const MIN_BASE64_BITS = 4;

/** Whether a text may be key material of 128 bits or more. An UUID is taken for an identifier. */
export function looksRandom(text: string): boolean {
  if (UUID.test(text) || !KEY_MATERIAL.test(text)) return false;
  return bitsPerCharacter(text) >= (/^[0-9a-fA-F]+$/.test(text) ? MIN_HEX_BITS : MIN_BASE64_BITS);
}

/** Shannon entropy, in bits a character. */
export function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}
