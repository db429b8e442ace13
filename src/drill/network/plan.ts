import { type Cast, INTERNET_HOST, PUBLIC_BLOCK } from './cast';
import { firewallProgram, firewallRules } from './firewall';
import type { HostModel, VpcModel } from './model';
import { INTERNET, INTERNET_PORTS, namespaceOf, NOWHERE, PEER, RESOLVER, ROUTER } from './names';
import { routerRules } from './packet-filter';

/** What the agent builds. */
export interface WireSpec {
  readonly namespaces: readonly { readonly name: string; readonly forwards?: boolean; readonly ip: readonly string[]; readonly nft?: string }[];
  readonly listeners: readonly { readonly namespace: string; readonly address: string; readonly port: number; readonly name: string }[];
  readonly programs: readonly { readonly namespace: string; readonly command: readonly string[]; readonly port: number }[];
  readonly names: VpcModel['names'];
  readonly router: string;
  readonly resolver: string;
  readonly stranger: string;
}

/** The far end of every wire: link-local, so that it is no address of any VPC. */
const GATEWAY = '169.254.0.1';
/** Where the kernel's tables for route tables begin. */
const FIRST_TABLE = 1000;
const NOWHERE_TABLE = 999;
/** A VPC and the people around it, as namespaces: one a host, one for the router, one for the internet, one for a network that is connected to the VPC. */
export function planOf(vpc: VpcModel, cast: Cast, envoy: string): WireSpec {
  const links = vpc.hosts.map((host, index) => ({ host, name: `h${index}` }));
  const internet = cast.outside.filter(({ via }) => via === 'internet').map(({ address }) => address);
  const peers = cast.outside.filter(({ via }) => via === 'peer').map(({ address }) => address);
  return {
    // The router first: it lays every wire, and the far ends get their addresses after that.
    namespaces: [
      { name: ROUTER, forwards: true, ip: routerSetup(vpc, peers, links), nft: routerRules(vpc, cast) },
      outsideOf(INTERNET, [INTERNET_HOST, ...internet], `route add ${PUBLIC_BLOCK} via ${GATEWAY} dev eth0`),
      outsideOf(PEER, peers, `route add default via ${GATEWAY} dev eth0`),
      ...links.map(({ host, name }) => hostNamespace(vpc, host, name)),
    ],
    listeners: [
      ...links.flatMap(({ host, name }) => listeningOf(host).map((port) => ({ namespace: name, address: host.address, port, name: host.key }))),
      ...INTERNET_PORTS.map((port) => ({ namespace: INTERNET, address: INTERNET_HOST, port, name: INTERNET })),
    ],
    programs: vpc.firewalls.map((firewall) => ({ namespace: namespaceOf(vpc, firewall.host), ...firewallProgram(firewall, envoy) })),
    names: vpc.names,
    router: ROUTER,
    resolver: RESOLVER,
    stranger: INTERNET_HOST,
  };
}

function listeningOf({ ports, corePort }: HostModel): number[] {
  return [...new Set([...ports, ...(corePort === undefined ? [] : [corePort])])];
}

function outsideOf(name: string, addresses: readonly string[], route: string): WireSpec['namespaces'][number] {
  return { name, ip: [...addresses.map((address) => `addr add ${address}/32 dev eth0`), ...wireUp(), route] };
}

function hostNamespace(vpc: VpcModel, host: HostModel, name: string): WireSpec['namespaces'][number] {
  const firewall = vpc.firewalls.find((one) => one.host === host.key);
  return {
    name,
    ip: [`addr add ${host.address}/32 dev eth0`, ...wireUp(), `route add default via ${GATEWAY} dev eth0`],
    ...(host.role === 'nat' ? { forwards: true, nft: NAT_GATEWAY } : {}),
    ...(firewall ? { forwards: true, nft: firewallRules(firewall) } : {}),
  };
}

function wireUp(): string[] {
  return ['link set lo up', 'link set eth0 up', `route add ${GATEWAY} dev eth0`];
}

function routerSetup(vpc: VpcModel, peers: readonly string[], links: readonly { readonly host: HostModel; readonly name: string }[]): string[] {
  const devices = [INTERNET, PEER, ...links.map(({ name }) => name)];
  const tableOf = new Map(vpc.tables.map(({ key }, index) => [key, FIRST_TABLE + index]));
  // Whoever is connected to the VPC has a way back from every subnet: the reading that favours the attacker.
  const local = [...links.map(({ host, name }) => `${host.address}/32 dev ${name}`), ...peers.map((address) => `${address}/32 dev ${PEER}`)];
  return [
    'link set lo up',
    `addr add ${RESOLVER}/32 dev lo`,
    ...devices.flatMap((name) => [`link add ${name} type veth peer name eth0 netns ${name}`, `addr add ${GATEWAY}/32 dev ${name}`, `link set ${name} up`]),
    ...[...tableOf.values(), 'main'].flatMap((table) => local.map((way) => `route add ${way} table ${table}`)),
    `link add ${NOWHERE} type veth peer name ${NOWHERE}-end`,
    `link set ${NOWHERE} up`,
    `link set ${NOWHERE}-end up`,
    `route add default dev ${NOWHERE} table ${NOWHERE_TABLE}`,
    `route add default dev ${INTERNET}`,
    `route add ${PUBLIC_BLOCK} dev ${NOWHERE}`,
    ...vpc.tables.flatMap(({ key, routes }) => routes.map(({ cidr, to }) => (
      `route add ${cidr} ${wayTo(vpc, to)} table ${tableOf.get(key)}`
    ))),
    ...links.flatMap(({ host, name }, index) => [
      `rule add iif ${name} lookup ${tableOf.get(host.table)} pref ${FIRST_TABLE + index}`,
      `rule add iif ${name} lookup ${NOWHERE_TABLE} pref ${2 * FIRST_TABLE + index}`,
    ]),
  ];
}

function wayTo(vpc: VpcModel, to: VpcModel['tables'][number]['routes'][number]['to']): string {
  if (to === 'internet') return `dev ${INTERNET}`;
  const { address } = vpc.hosts.find(({ key }) => key === to.host) ?? {};
  return `via ${address} dev ${namespaceOf(vpc, to.host)} onlink`;
}

/** It passes on what came from the VPC, and answers to that. */
const NAT_GATEWAY = `
table ip nat_gateway {
  chain forward { type filter hook forward priority 0; policy accept; ct state invalid drop; }
  chain postrouting { type nat hook postrouting priority 100; masquerade; }
}
`;
