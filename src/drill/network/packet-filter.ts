import type { Cast } from './cast';
import type { HostModel, PermissionModel, VpcModel } from './model';
import { INTERNET, namespaceOf, NOWHERE, PEER, RESOLVER } from './names';

const ESTABLISHED = 'ct state established,related accept';
/** In place of AWS's silence: whoever waits for nothing cannot tell a lost packet from a refused one. */
const REFUSE = 'reject with icmp type admin-prohibited';

/**
 * Security groups and the internet gateway, as the router's packet filter. A packet between two hosts passes what its sender may send, then
 * what its receiver lets in; answers pass both, for groups remember connections (VPC guide, "Security groups").
 */
export function routerRules(vpc: VpcModel, cast: Cast): string {
  const hosts = vpc.hosts.map((host) => ({ host, name: namespaceOf(vpc, host.key) }));
  const groups = vpc.groups.map((group, index) => ({ group, name: `g${index}` }));
  const nameOf = (key: string): string | undefined => groups.find(({ group }) => group.key === key)?.name;
  const published = vpc.hosts.flatMap(({ address, publicAddress }) => (publicAddress === undefined ? [] : [{ address, publicAddress }]));
  const sides = ['in', 'out'] as const;
  const base = [
    chain('send', [
      'type filter hook forward priority 0; policy drop;', ESTABLISHED, `oifname "${NOWHERE}" ${REFUSE}`, `iifname { "${INTERNET}", "${PEER}" } accept`,
      ...hosts.map(({ name }) => `iifname "${name}" goto out_${name}`),
    ]),
    chain('receive', [
      'type filter hook forward priority 10; policy drop;', ESTABLISHED,
      `oifname "${INTERNET}" iifname "${PEER}" ${REFUSE}`, `oifname "${INTERNET}" ip saddr @published accept`, `oifname "${INTERNET}" ${REFUSE}`,
      `oifname "${PEER}" iifname "${INTERNET}" ${REFUSE}`, `oifname "${PEER}" accept`, ...hosts.map(({ name }) => `oifname "${name}" goto in_${name}`),
    ]),
    chain('router_itself', [
      'type filter hook input priority 0; policy drop;', ESTABLISHED, 'iifname "lo" accept', 'ip protocol icmp accept', `ip daddr ${RESOLVER} udp dport 53 accept`, REFUSE,
    ]),
    chain('to_private', ['type nat hook prerouting priority -100;', ...published.map(({ address, publicAddress }) => `iifname "${INTERNET}" ip daddr ${publicAddress} dnat to ${address}`)]),
    chain('to_public', ['type nat hook postrouting priority 100;', ...published.map(({ address, publicAddress }) => `oifname "${INTERNET}" ip saddr ${address} snat to ${publicAddress}`)]),
  ];
  const sets = groups.map(({ group, name }) => setOf(name, vpc.hosts.filter(({ groups: carried }) => carried?.includes(group.key)).map(({ address }) => address)));
  return `
table ip vpc {
${[setOf('published', published.map(({ address }) => address)), ...sets].join('\n')}
${groups.flatMap(({ group, name }) => sides.map((side) => chain(`${side}_${name}`, (side === 'in' ? group.ingress : group.egress).flatMap((one) => permitted(one, side, cast, nameOf))))).join('\n')}
${hosts.flatMap(({ host, name }) => sides.map((side) => chain(`${side}_${name}`, judged(host, side, nameOf)))).join('\n')}
${base.join('\n')}
}
`;
}

/** One group that lets it pass is enough, and none refuses. */
function judged({ groups }: HostModel, side: 'in' | 'out', nameOf: (key: string) => string | undefined): string[] {
  if (groups === undefined) return ['accept'];
  return [...groups.flatMap((key) => nameOf(key) ?? []).map((name) => `jump ${side}_${name}`), REFUSE];
}

function permitted({ protocol, from, to, peer }: PermissionModel, side: 'in' | 'out', cast: Cast, nameOf: (key: string) => string | undefined): string[] {
  const from_ = side === 'in' ? 'ip saddr' : 'ip daddr';
  const ports = protocol === 'all' ? '' : protocol === 'icmp' ? 'ip protocol icmp ' : from === undefined ? `ip protocol ${protocol} ` : `${protocol} dport ${from}-${to ?? from} `;
  return sourcesOf(peer, cast, nameOf).map((source) => `${from_} ${source} ${ports}accept`);
}

function sourcesOf(peer: PermissionModel['peer'], cast: Cast, nameOf: (key: string) => string | undefined): string[] {
  if (peer.kind === 'cidr') return [peer.cidr];
  if (peer.kind === 'prefix-list') return [...peer.cidrs ?? cast.outside.flatMap(({ address, prefixList }) => (prefixList === peer.key ? [address] : []))];
  const name = nameOf(peer.key);
  return name === undefined ? [] : [`@${name}`];
}

function chain(name: string, rules: readonly string[]): string {
  return `  chain ${name} {\n${rules.map((rule) => `    ${rule}\n`).join('')}  }`;
}

/** A set may be empty, but not say so. */
function setOf(name: string, addresses: readonly string[]): string {
  return `  set ${name} { type ipv4_addr; ${addresses.length === 0 ? '' : `elements = { ${addresses.join(', ')} };`} }`;
}
