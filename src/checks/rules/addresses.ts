import type { Property } from '../template/property';

/** Ingress that lets in more than anybody's own network: wider than 10.0.0.0/8, the widest private IPv4 block. */
const WIDEST_IPV4_PREFIX = 8;
/** IPv6 has no such block but fc00::/7, all of which is private; the shortest prefix a registry hands out is /12. */
const WIDEST_IPV6_PREFIX = 12;
/** fc00::/7, written out; `fc::/7` is another block, and `fd00::/0` is everything, since bits past the prefix do not count. */
const PRIVATE_IPV6 = /^f[cd][0-9a-f]{2}:/i;
const PRIVATE_IPV6_PREFIX = 7;

/** Whether a CIDR block takes in (most of) the internet; undefined where the text is no CIDR block. */
export function isWorldOpen(cidr: string): boolean | undefined {
  const match = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(cidr.trim());
  if (!match) return undefined;
  const [, address = '', prefixText = ''] = match;
  const prefix = Number(prefixText);
  if (!address.includes(':')) return prefix < WIDEST_IPV4_PREFIX;
  return prefix < (PRIVATE_IPV6.test(address) ? PRIVATE_IPV6_PREFIX : WIDEST_IPV6_PREFIX);
}

/** Whether the prefix alone bounds a block whose address only a deployment knows, such as `${Address}/32`. */
export function isBoundedByPrefix(partial: string): boolean {
  const prefix = /\/(\d{1,3})$/.exec(partial)?.[1];
  return prefix !== undefined && Number(prefix) >= WIDEST_IPV6_PREFIX;
}

/** One thing a security group lets in, written inline or as a resource of its own. */
export interface IngressRule {
  /** The properties of the rule, wherever they are written. */
  readonly at: Property;
}

/** Protocols that EC2 reads a rule's ports for; any other opens all of them. */
const PORT_PROTOCOLS = new Set(['tcp', '6', 'udp', '17', 'icmp', '1', 'icmpv6', '58']);

/** The ports a rule opens; all of them where the protocol is -1 or one without ports. */
export function portsOf(rule: IngressRule): { readonly from: number; readonly to: number } {
  const protocol = rule.at.get('IpProtocol').text() ?? '-1';
  const from = rule.at.get('FromPort').number();
  const to = rule.at.get('ToPort').number();
  if (!PORT_PROTOCOLS.has(protocol.toLowerCase()) || from === undefined || from < 0) return { from: 0, to: 65_535 };
  return { from, to: to ?? from };
}
