import type { Property } from '../template/property';

/** Ingress that lets in more than anybody's own network: wider than 10.0.0.0/8, the widest private IPv4 block. */
const WIDEST_IPV4_PREFIX = 8;
/** IPv6 has no such block but fc00::/7, all of which is private; the shortest prefix a registry hands out is /12. */
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

/** One thing a security group lets in, written inline or as a resource of its own. */
export interface IngressRule {
  /** The properties of the rule, wherever they are written. */
  readonly at: Property;
}

/** The ports a rule opens; all of them where the protocol is -1. */
export function portsOf(rule: IngressRule): { readonly from: number; readonly to: number } {
  const protocol = rule.at.get('IpProtocol').text();
  const from = rule.at.get('FromPort').number();
  const to = rule.at.get('ToPort').number();
  if (protocol === '-1' || from === undefined || from < 0) return { from: 0, to: 65_535 };
  return { from, to: to ?? from };
}
