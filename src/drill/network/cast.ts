import { addressIn, contains, isPrivate, sizeOf } from './addresses';
import type { GroupModel, HostModel, PermissionModel, VpcModel } from './model';

/** Addresses that no VPC has: kept for documentation (RFC 5737). */
export const INTERNET_HOST = '198.51.100.7';
export const PUBLIC_BLOCK = '203.0.113.0/24';

/** Somebody who calls from outside the VPC. */
export interface Outsider {
  readonly address: string;
  /** A peer's network is connected to the VPC, as an office or another VPC is. */
  readonly via: 'internet' | 'peer';
  /** The list that this address stands for, where the templates do not say what is on it. */
  readonly prefixList?: string;
}

/** The people of a drill. They are chosen from the templates as they are, and stay the same when a protection is taken away. */
export interface Cast {
  readonly outside: readonly Outsider[];
  /** Workloads of the drill's own, each with a group of its own or one that callers carry. */
  readonly inside: readonly HostModel[];
  readonly groups: readonly GroupModel[];
}

/** A caller: somebody outside, or the key of a host. */
export type Caller = Outsider | string;

export const STRANGER_KEY = 'drill/stranger';

/** Where strangers and callers behind wide blocks may come from; the first one that fits is taken. */
const NEIGHBOURS = ['10.254.0.7', '172.30.254.7', '192.168.254.7', '100.66.254.7', '198.18.0.7'];
const PASSERS_BY = ['198.51.100.50', '10.222.0.50', '172.29.0.50', '192.168.222.50', '100.64.0.50'];
const LISTED = ['198.18.1.1', '198.18.1.2', '198.18.1.3', '198.18.1.4'];
/** Shorter prefixes let in so many that naming them names nobody. */
const WIDEST_NAMED_PREFIX = 8;
const ALL: PermissionModel = { protocol: 'all', peer: { kind: 'cidr', cidr: '0.0.0.0/0' } };

/** What the groups of a load balancer let in on the ports that callers are meant to use. */
export function frontDoors(vpc: VpcModel, host: HostModel): readonly PermissionModel[] {
  const ports = host.front?.ports ?? [];
  return vpc.groups.filter(({ key }) => host.groups?.includes(key)).flatMap(({ ingress }) => ingress)
    .filter(({ protocol, from = 0, to = from }) => protocol === 'all' || (protocol === 'tcp' && ports.some((port) => from <= port && port <= to)));
}

export function isWide(cidr: string): boolean {
  return Number(cidr.split('/')[1]) < WIDEST_NAMED_PREFIX;
}

/** Everybody who is needed to attack a VPC. */
export function castOf(vpc: VpcModel): Cast {
  const fronts = vpc.hosts.filter(({ front }) => front !== undefined);
  const doors = fronts.flatMap((host) => frontDoors(vpc, host));
  const listed = doors.flatMap(({ peer }) => (peer.kind === 'cidr' ? [peer.cidr] : peer.kind === 'prefix-list' ? peer.cidrs ?? [] : []));
  const neighbour = NEIGHBOURS.find((address) => ![vpc.cidr, ...listed.filter((cidr) => !isWide(cidr))].some((cidr) => contains(cidr, address)));
  const outside = [
    ...(neighbour === undefined ? [] : [{ address: neighbour, via: 'peer' } as const]),
    ...fronts.flatMap((host) => callersOf(vpc, host)).filter((caller) => typeof caller !== 'string'),
  ];
  const table = vpc.hosts[0]?.table ?? '';
  const workload = (key: string, address: string, group: string): HostModel => (
    { key, place: vpc.place, role: 'workload', address, table, groups: [group], ports: [] }
  );
  const carriers = doors.flatMap(({ peer }) => (peer.kind === 'group' && carriersOf(vpc, peer.key).length === 0 ? [peer.key] : []));
  return {
    outside: outside.filter(({ address }, index) => outside.findIndex((other) => other.address === address) === index),
    inside: [
      workload(STRANGER_KEY, strangerAddress(vpc), STRANGER_KEY),
      ...[...new Set(carriers)].map((group, index) => workload(`drill/${group}`, addressIn(vpc.cidr, sizeOf(vpc.cidr) - 3 - index), group)),
    ],
    groups: [STRANGER_KEY, ...new Set(carriers)].filter((key) => !vpc.groups.some((group) => group.key === key)).map((key) => ({ key, ingress: [], egress: [ALL] })),
  };
}

/** The VPC with the drill's own workloads in it. */
export function withCast(vpc: VpcModel, cast: Cast): VpcModel {
  return { ...vpc, hosts: [...vpc.hosts, ...cast.inside], groups: [...vpc.groups, ...cast.groups] };
}

/** Who is meant to call a load balancer: one for everything that its groups let in. */
export function callersOf(vpc: VpcModel, host: HostModel): readonly Caller[] {
  return frontDoors(vpc, host).flatMap(({ peer }): Caller[] => {
    if (peer.kind === 'group') return carriersOf(vpc, peer.key).length > 0 ? carriersOf(vpc, peer.key) : [`drill/${peer.key}`];
    if (peer.kind === 'prefix-list' && peer.cidrs === undefined) return [{ address: standIn(vpc, peer.key), via: 'peer', prefixList: peer.key }];
    const cidrs = peer.kind === 'cidr' ? [peer.cidr] : peer.cidrs ?? [];
    return cidrs.flatMap((cidr): Caller[] => {
      const address = someoneIn(cidr);
      if (contains(vpc.cidr, address)) return contains(cidr, strangerAddress(vpc)) ? [STRANGER_KEY] : [];
      return [{ address, via: host.front?.internetFacing === true && !isPrivate(address) ? 'internet' : 'peer' }];
    });
  });
}

/** The last one of the VPC: the template's own hosts are counted from the first. */
function strangerAddress({ cidr }: VpcModel): string {
  return addressIn(cidr, sizeOf(cidr) - 2);
}

function carriersOf(vpc: VpcModel, group: string): string[] {
  return vpc.hosts.filter(({ groups }) => groups?.includes(group)).map(({ key }) => key);
}

function someoneIn(cidr: string): string {
  return PASSERS_BY.find((address) => isWide(cidr) && contains(cidr, address)) ?? addressIn(cidr, sizeOf(cidr) > 2 ? 1 : 0);
}

function standIn(vpc: VpcModel, list: string): string {
  const lists = [...new Set(vpc.groups.flatMap(({ ingress }) => ingress).flatMap(({ peer }) => (peer.kind === 'prefix-list' ? [peer.key] : [])))];
  return LISTED[lists.indexOf(list) % LISTED.length] ?? '198.18.1.1';
}
