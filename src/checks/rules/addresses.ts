import type { Property } from '../template/property';

/** One thing a security group lets in, written inline or as a resource of its own. */
export interface IngressRule {
  /** The properties of the rule, wherever they are written. */
  readonly at: Property;
}

/** Protocols that EC2 reads a rule's ports for; any other opens all of them. */
const PORT_PROTOCOLS = new Set(['tcp', '6', 'udp', '17']);

/** What these carry reaches no port: their rules have message types where others have ports. */
const ICMP = new Set(['icmp', '1', 'icmpv6', '58']);

/** The ports a rule opens: none for ICMP, all of them where the protocol is -1 or another one without ports. */
export function portsOf(rule: IngressRule): { readonly from: number; readonly to: number } | undefined {
  const protocol = (rule.at.get('IpProtocol').text() ?? '-1').toLowerCase();
  if (ICMP.has(protocol)) return undefined;
  const from = rule.at.get('FromPort').number();
  const to = rule.at.get('ToPort').number();
  if (!PORT_PROTOCOLS.has(protocol) || from === undefined || from < 0) return { from: 0, to: 65_535 };
  return { from, to: to ?? from };
}
