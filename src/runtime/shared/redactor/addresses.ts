/** How people write an address where the sign itself is not allowed: percent-encoded, with another sign for the percent, or in words. */
const SIGN = String.raw`(?:@|[%=._-]40|[._-]at[._-])`;
/** Any may follow a real `@`; behind words, what countries have and what is common, or versions and file types would be domains. */
const ENDING = 'com|org|net|edu|gov|mil|int|info|biz|name|dev|app|cloud|email|online|site|tech|xyz|[a-z]{2}';
const DOT = String.raw`(?:\.|%2e|[_=-]2e)`;
const REAL = /[\w.+%-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![a-z0-9])/i;
const SPELLED = new RegExp(String.raw`[a-z0-9][\w.+%=-]{0,63}?${SIGN}(?:[a-z][a-z0-9-]{0,61}[a-z0-9]${DOT}){1,8}(?:${ENDING})(?![a-z0-9])`, 'i');

const BASE64 = /^[A-Za-z0-9+/_-]{8,}={0,2}$/;
const HEX = /^(?:[0-9a-f]{2}){6,}$/i;

/**
 * Whether a short name, such as the id of a request, is the address of a person, as it is or in an encoding that anybody undoes (TG-65).
 *
 * @param name of at most some hundred characters
 */
export function isAddress(name: string): boolean {
  return [name, ...decoded(name)].some((text) => REAL.test(text) || SPELLED.test(text));
}

function decoded(name: string): string[] {
  const encodings: BufferEncoding[] = [...(BASE64.test(name) ? ['base64url' as const] : []), ...(HEX.test(name) ? ['hex' as const] : [])];
  // Random bytes are hardly ever text alone, so that an id which decodes to an address by chance is none.
  return encodings.map((encoding) => Buffer.from(name, encoding).toString('latin1')).filter((text) => /^[\x20-\x7e]+$/.test(text));
}
