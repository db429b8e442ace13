import type { Fragment } from './fragment';

/** The load balancer's wildcards: `*` is any number of characters, `?` is exactly one. `any` says which characters those may be. */
export function wildcards(pattern: string, any: string): string {
  return pattern.replaceAll(/[\s\S]/gu, (character) => {
    if (character === '*') return `${any}*`;
    return character === '?' ? any : literally(character);
  });
}

/** As above, but a backslash takes the meaning from a wildcard, as it does in a query alone (elasticloadbalancing API_QueryStringConditionConfig). */
export function queryWildcards(pattern: string, any: string): string {
  return pattern.split(/(\\[*?])/).map((part) => (/^\\[*?]$/.test(part) ? literally(part.slice(1)) : wildcards(part, any))).join('');
}

/** The text itself, as a regular expression of Envoy's (RE2). */
export function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

export function oneOf(alternatives: readonly string[]): string {
  return `(?:${alternatives.join('|')})`;
}

/** Addresses as Envoy writes them. */
export function ranges(cidrs: readonly string[]): Fragment[] {
  return cidrs.map((cidr) => {
    const [address = '', length] = cidr.split('/');
    return { address_prefix: address, prefix_len: length === undefined ? (address.includes(':') ? 128 : 32) : Number(length) };
  });
}
