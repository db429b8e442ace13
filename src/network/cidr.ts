/** 10.0.0.0/8 is the widest private IPv4 block: any other block of that width, and any wider one, takes in other people's networks. */
const WIDEST_IPV4_PREFIX = 8;
const WIDEST_PRIVATE_IPV4 = /^10\./;
/** IPv6 has no such block but fc00::/7, all of which is private; the shortest prefix a registry hands out is /12. */
const WIDEST_IPV6_PREFIX = 12;
/** fc00::/7, written out; `fc::/7` is another block, and `fd00::/0` is everything, since bits past the prefix do not count. */
const PRIVATE_IPV6 = /^f[cd][0-9a-f]{2}:/i;
const PRIVATE_IPV6_PREFIX = 7;

/** Whether a CIDR block takes in so much of the internet that a few like it take in all of it; undefined where the text is no CIDR block. */
export function isWorldOpen(cidr: string): boolean | undefined {
  const match = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(cidr.trim());
  if (!match) return undefined;
  const [, address = '', prefixText = ''] = match;
  const prefix = Number(prefixText);
  if (!address.includes(':')) return prefix < WIDEST_IPV4_PREFIX || (prefix === WIDEST_IPV4_PREFIX && !WIDEST_PRIVATE_IPV4.test(address));
  return prefix < (PRIVATE_IPV6.test(address) ? PRIVATE_IPV6_PREFIX : WIDEST_IPV6_PREFIX);
}

/** Whether the prefix alone bounds a block whose address only a deployment knows, such as `${Address}/32`. */
export function isBoundedByPrefix(partial: string): boolean {
  const prefix = /\/(\d{1,3})$/.exec(partial)?.[1];
  return prefix !== undefined && Number(prefix) >= WIDEST_IPV6_PREFIX;
}
