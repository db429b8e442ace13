import type { NotEmulated, Place } from '../edge/model';

/** The networks of some templates. Read from the templates alone; the addresses are theirs, and exist in namespaces only. */
export interface NetworkModel {
  readonly vpcs: readonly VpcModel[];
  readonly notEmulated: readonly NotEmulated[];
}

/** One VPC: nothing leads from one to another. */
export interface VpcModel {
  readonly place: Place;
  /** The block that holds every subnet. */
  readonly cidr: string;
  readonly tables: readonly TableModel[];
  readonly groups: readonly GroupModel[];
  readonly hosts: readonly HostModel[];
  readonly firewalls: readonly FirewallModel[];
  /** What the VPC's resolver refuses, in order; empty where it answers for every name. */
  readonly names: readonly NameRule[];
}

/** A route table. The way to the VPC's own addresses is always there and not named. */
export interface TableModel {
  readonly key: string;
  readonly routes: readonly RouteModel[];
}

export interface RouteModel {
  readonly cidr: string;
  /** A host's key where it is a NAT gateway or a firewall's endpoint. */
  readonly to: 'internet' | { readonly host: string };
}

export interface GroupModel {
  readonly key: string;
  readonly ingress: readonly PermissionModel[];
  readonly egress: readonly PermissionModel[];
}

export interface PermissionModel {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'all';
  /** Both absent where all ports are meant. */
  readonly from?: number;
  readonly to?: number;
  readonly peer: PeerModel;
}

export type PeerModel =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'group'; readonly key: string }
  /** Its addresses where the templates have the list; otherwise it is only a name. */
  | { readonly kind: 'prefix-list'; readonly key: string; readonly cidrs?: readonly string[] };

export type HostRole = 'load-balancer' | 'service' | 'store' | 'endpoint' | 'workload' | 'nat' | 'firewall';

/** Whatever has an address in the VPC. Of what stands in several subnets, the first one is built: they differ in nothing else here. */
export interface HostModel {
  /** `<stack>/<logical id>`. */
  readonly key: string;
  readonly place: Place;
  readonly role: HostRole;
  readonly address: string;
  /** Absent where the internet cannot name it. */
  readonly publicAddress?: string;
  readonly table: string;
  /** Absent where security groups do not apply: NAT gateways and firewalls. */
  readonly groups?: readonly string[];
  /** TCP ports on which it answers. */
  readonly ports: readonly number[];
  /** Of a task with a gate: where its Core listens, which is for the gate alone. Here it listens to everybody, since no template says that it does not (NET-6). */
  readonly corePort?: number;
  /** Of a store: the keys of services whose programs are told where it is. */
  readonly clients?: readonly string[];
  /** Of a load balancer: the ports that callers are meant to use, and the hosts that it forwards to. */
  readonly front?: { readonly ports: readonly number[]; readonly internetFacing: boolean; readonly targets: readonly string[] };
}

/** A Network Firewall that lets traffic out by the names that it asks for. */
export interface FirewallModel {
  /** The key of its host. */
  readonly host: string;
  readonly lists: readonly DomainListModel[];
  /** TCP ports that it looks at; what goes to others is dropped before. Absent where it looks at all of them. */
  readonly ports?: readonly number[];
  /** What becomes of that which no list names: all of it is dropped, or only that which asks for a name, or nothing. */
  readonly unlisted: 'dropped' | 'dropped-by-name' | 'passed';
}

export interface DomainListModel {
  readonly kinds: readonly ('TLS_SNI' | 'HTTP_HOST')[];
  /** As domain lists have them: `.example.com` stands for the name and everything below it. */
  readonly names: readonly string[];
  /** The blocks whose list it is. */
  readonly home: readonly string[];
}

/** A rule of the resolver's DNS Firewall. `*.example.com` stands for everything below the name, `*` for every name. */
export interface NameRule {
  readonly action: 'allow' | 'block';
  readonly names: readonly string[];
}
