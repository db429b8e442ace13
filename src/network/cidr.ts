/** Anything wider than 10.0.0.0/8, the widest private IPv4 block, takes in other people's networks. */
const WIDEST_IPV4_PREFIX = 8;
/** The shortest IPv6 prefix that a registry hands out; fc00::/7 may be wider, since all of it is private. */
const WIDEST_IPV6_PREFIX = 12;

/** Whether a CIDR block takes in (most of) the internet; undefined where the text is no CIDR block. */
export function isWorldOpen(cidr: string): boolean | undefined {
  const match = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(cidr.trim());
  if (!match) return undefined;
  const [, address = '', prefixText = ''] = match;
  const prefix = Number(prefixText);
  if (!address.includes(':')) return prefix < WIDEST_IPV4_PREFIX;
  return prefix < WIDEST_IPV6_PREFIX && !/^f[cd]/i.test(address);
}
