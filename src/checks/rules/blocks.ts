import { isBoundedByPrefix, isWorldOpen } from '../../network/cidr';
import type { Property } from '../template/property';
import { Reference } from '../template/value';

const PREFIX_LIST = 'AWS::EC2::PrefixList';

/** Types whose own block is bounded whatever it is: AWS gives a VPC /16 at most. */
const NETWORKS = new Set(['AWS::EC2::VPC', 'AWS::EC2::Subnet']);

/** The blocks of a VPC or a subnet, one of them taken out of the list: AWS gives a VPC /44 at most. */
const OWN_IPV6 = /^\$\{\w+\.Ipv6CidrBlocks\}$/;

/** What a NAT gateway translates: the last 32 bits are an IPv4 address (RFC 6052; VPC guide, "DNS64 and NAT64"). */
const NAT64 = /^64:ff9b::[0-9a-f:.]*\/(\d{1,3})$/i;
const NAT64_PREFIX = 96;

/** Whether a destination is (most of) the internet, that of IPv4 behind a NAT gateway too; undefined where the text is no CIDR block. */
export function isWideDestination(cidr: string): boolean | undefined {
  const prefix = NAT64.exec(cidr.trim())?.[1];
  return isWorldOpen(prefix === undefined ? cidr : `0.0.0.0/${Math.max(0, Number(prefix) - NAT64_PREFIX)}`);
}

/** Whether a block that only a deployment knows is bounded for certain. */
export function isBoundedBlock(cidr: Property): boolean {
  const { value } = cidr;
  if (value instanceof Reference && value.attribute === 'CidrBlock' && NETWORKS.has(value.resource.type)) return true;
  const { text, complete } = cidr.partialText();
  return !complete && (isBoundedByPrefix(text) || OWN_IPV6.test(text));
}

/** The blocks of a prefix list of the templates; one that is not at hand was at least somebody's choice. */
export function entriesOf(prefixList: Property): Property[] {
  const list = prefixList.value instanceof Reference ? prefixList.value.resource : undefined;
  return list?.type === PREFIX_LIST ? list.prop('Entries').items().map((entry) => entry.get('Cidr')) : [];
}
