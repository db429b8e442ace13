import type { AttackResult } from '../attack';
import { contains } from './addresses';
import { defineNetworkAttack, hostsIn, type NetworkAttack, type NetworkTarget } from './attack';
import { type Caller, callersOf, frontDoors, isWide, STRANGER_KEY } from './cast';
import type { HostModel, VpcModel } from './model';
import { INTERNET, INTERNET_PORTS, RESOLVER } from './names';
import {
  FIREWALL_LETS_PASS, GROUP_PORTS_OPEN, GROUPS_OPEN, INTERNET_FACING, NEIGHBOURS_LISTED, ON_THE_INTERNET, PUBLIC_WAYS_OUT, RESOLVER_ANSWERS, STORE_PORTS_OPEN, WAYS_OUT,
} from './saboteurs';
import { type Attempt, type NetworkScene, shown, SOMEBODY } from './scene';

/** What the source documents name as ports that must not be met (CX-52 … CX-56, NT-72), and what is found open most often. */
const SWEEP = [22, 80, 443, 3000, 3001, 3306, 3389, 5432, 6379, 6380, 8000, 8080, 8084, 8443, 9090, 11_211];
/** PostgreSQL, Redis and its replicas, Prometheus, memcached. */
const STORE_PORTS = [5432, 6379, 6380, 9090, 11_211];
/** A name that nobody lists: `.invalid` is never anybody's (RFC 2606). */
const UNLISTED = 'secrets.exfiltration.invalid';

const isBehind = (vpc: VpcModel, { key }: HostModel): boolean => vpc.hosts.some(({ front }) => front?.targets.includes(key));
const isLoadBalancer = ({ front }: HostModel): boolean => front !== undefined && front.ports.length > 0;

/** Of the databases that a Core keeps its data in (NT-40), and of those that take its place elsewhere. */
const DATABASE_PORTS = [5432, 3306, 1433, 1521];
const isDatabase = ({ role, ports }: HostModel): boolean => role === 'store' && ports.some((port) => DATABASE_PORTS.includes(port));

/** All of these from all of those; anything that gets through is a success. */
async function tried(target: NetworkTarget, scene: NetworkScene, attempts: readonly Attempt[]): Promise<AttackResult> {
  if (attempts.length === 0) throw new Error('there is nobody left who could try it.');
  const through = await scene.through(attempts);
  const [first] = through;
  if (first === undefined) return { verdict: 'withstood', saw: attempts.length === 1 ? 'The one attempt did not get through.' : `None of ${attempts.length} attempts got through.` };
  const what = `${first.port}${first.speaks === undefined ? '' : ` (${first.speaks})`}`;
  const edge = `from ${shown(target.vpc, first.from)} to ${shown(target.vpc, first.to)} on port ${what}`;
  return { verdict: 'succeeded', saw: `${through.length} of ${attempts.length} attempts got through, the first ${edge}.` };
}

function fromAll(callers: readonly Caller[], to: HostModel, ports: readonly number[]): Attempt[] {
  return callers.filter((from) => from !== to.key).flatMap((from) => [...new Set(ports)].map((port) => ({ from, to: to.key, port })));
}

/** Whoever is not of the deployment and has not been named. */
function strangers(vpc: VpcModel, scene: NetworkScene): Caller[] {
  const named = new Set(vpc.hosts.flatMap((host) => callersOf(vpc, host)).flatMap((caller) => (typeof caller === 'string' ? [] : [caller.address])));
  return [SOMEBODY, STRANGER_KEY, ...scene.cast.outside.filter(({ address, via }) => via === 'peer' && !named.has(address))];
}

/** Everybody outside, every caller and every load balancer; on a store's own ports without those whose programs are told where it is. */
function uninvited(vpc: VpcModel, scene: NetworkScene, host: HostModel, ports: readonly number[]): Attempt[] {
  const all = fromAll([...allCallers(vpc), ...strangers(vpc, scene), ...vpc.hosts.filter(isLoadBalancer).map(({ key }) => key)], host, ports);
  return all.filter(({ from, port }) => !(typeof from === 'string' && host.clients?.includes(from) === true && host.ports.includes(port)));
}

function allCallers(vpc: VpcModel): Caller[] {
  return vpc.hosts.filter(isLoadBalancer).flatMap((host) => callersOf(vpc, host));
}

/** Whether a load balancer is meant for the whole internet. */
function isForEverybody(host: HostModel, vpc: VpcModel): boolean {
  return host.front?.internetFacing === true && frontDoors(vpc, host).some(({ peer }) => peer.kind === 'cidr' && isWide(peer.cidr));
}

/** The VPC's own block among the callers makes a neighbour of everybody in it. */
function isNamed(caller: Caller, host: HostModel, { vpc, cast }: { readonly vpc: VpcModel; readonly cast: NetworkScene['cast'] }): boolean {
  const address = typeof caller === 'string' ? [...vpc.hosts, ...cast.inside].find(({ key }) => key === caller)?.address : caller.address;
  return address !== undefined && frontDoors(vpc, host).some(({ peer }) => peer.kind === 'cidr' && !isWide(peer.cidr) && contains(peer.cidr, address));
}

const ADDRESSES = [
  defineNetworkAttack('NET-1', 'from-the-internet', {
    tries: 'Somebody on the internet dials the Core and the stores, on their own ports and on usual ones.',
    expects: 'No connection stands: they have no public address, or no way leads to it.',
    needs: 'service or store in a VPC of theirs with a load balancer',
    targets: (model) => hostsIn(model, ({ role }) => role === 'service' || role === 'store'),
    run: (target, scene) => tried(target, scene, fromAll([SOMEBODY], target.host, [...target.host.ports, ...SWEEP])),
    saboteurs: [ON_THE_INTERNET],
  }),
  defineNetworkAttack('NET-2', 'unlisted-callers', {
    tries: 'Callers that no rule names dial the load balancer: another workload in the VPC, a connected network, the internet.',
    expects: 'No connection stands.',
    needs: 'load balancer that is for named callers only',
    targets: (model) => hostsIn(model, (host, vpc) => isLoadBalancer(host) && !isForEverybody(host, vpc)),
    run: (target, scene) => tried(target, scene, fromAll(
      strangers(target.vpc, scene).filter((caller) => !isNamed(caller, target.host, { vpc: target.vpc, cast: scene.cast })), target.host, target.host.front?.ports ?? [],
    )),
    saboteurs: [GROUPS_OPEN, NEIGHBOURS_LISTED],
  }),
  defineNetworkAttack('NET-2', 'past-the-load-balancer', {
    tries: 'Callers dial the Core itself: those who may call the load balancer, another workload in the VPC, a connected network, the internet.',
    expects: 'No connection stands: the Core takes them from the load balancer alone.',
    needs: 'service behind a load balancer',
    targets: (model) => hostsIn(model, (host, vpc) => isBehind(vpc, host)),
    run: (target, scene) => tried(target, scene, fromAll([...allCallers(target.vpc), ...strangers(target.vpc, scene)], target.host, target.host.ports)),
    saboteurs: [GROUPS_OPEN, NEIGHBOURS_LISTED],
  }),
  defineNetworkAttack('NET-3', 'other-ports', {
    tries: 'Callers that are let in, and others, dial the load balancer on ports that are not meant for them.',
    expects: 'No connection stands, and none is refused by the load balancer: nothing but its own ports is let through to it.',
    needs: 'load balancer with listeners',
    targets: (model) => hostsIn(model, isLoadBalancer),
    run: (target, scene) => {
      const meant = target.host.front?.ports ?? [];
      const ports = [...SWEEP, ...target.vpc.hosts.flatMap(({ ports: own }) => own), ...target.host.ports].filter((port) => !meant.includes(port));
      return tried(target, scene, fromAll([...callersOf(target.vpc, target.host), ...strangers(target.vpc, scene)], target.host, ports));
    },
    saboteurs: [GROUPS_OPEN, STORE_PORTS_OPEN],
  }),
  defineNetworkAttack('NET-4', 'stores', {
    tries: 'Everybody but the workloads dials where stores and monitors listen: callers, other workloads, connected networks, the internet, the load balancer.',
    expects: 'No connection stands.',
    needs: 'store or service in a VPC of theirs with a load balancer',
    targets: (model) => hostsIn(model, ({ role }) => role === 'service' || role === 'store'),
    run: (target, scene) => {
      const { vpc, host } = target;
      // What a service is there for is attacked as NET-2.
      const ports = host.role === 'store' ? [...STORE_PORTS, ...host.ports] : STORE_PORTS.filter((port) => !host.ports.includes(port));
      return tried(target, scene, uninvited(vpc, scene, host, ports));
    },
    saboteurs: [STORE_PORTS_OPEN],
  }),
  defineNetworkAttack('DAT-3', 'database', {
    tries: 'Everybody but the workloads dials the database: callers, other workloads, connected networks, the internet, the load balancer.',
    expects: 'No connection stands.',
    needs: 'database in a VPC of theirs with a load balancer',
    targets: (model) => hostsIn(model, isDatabase),
    run: (target, scene) => tried(target, scene, uninvited(target.vpc, scene, target.host, target.host.ports)),
    saboteurs: [STORE_PORTS_OPEN, GROUPS_OPEN],
  }),
];

const WAYS_OUT_ATTACKS = [
  defineNetworkAttack('NET-5', 'unlisted-hosts', {
    tries: 'The Core dials a host on the internet that nobody has listed: by name over TLS and HTTP, without a name, in plain text, on other ports.',
    expects: 'Nothing that it says arrives.',
    needs: 'service in a VPC of theirs with a load balancer',
    targets: (model) => hostsIn(model, ({ role }) => role === 'service'),
    run: (target, scene) => tried(target, scene, [
      ...INTERNET_PORTS.map((port) => ({ from: target.host.key, to: INTERNET, port })),
      { from: target.host.key, to: INTERNET, port: 443, speaks: 'tls', name: UNLISTED },
      { from: target.host.key, to: INTERNET, port: 443, speaks: 'tls' },
      { from: target.host.key, to: INTERNET, port: 80, speaks: 'http', name: UNLISTED },
    ]),
    saboteurs: [WAYS_OUT, PUBLIC_WAYS_OUT, FIREWALL_LETS_PASS],
  }),
  defineNetworkAttack('NET-5', 'dns-tunnel', {
    tries: 'The Core asks the VPC\'s resolver for a name that carries what it wants to tell to the name\'s owner.',
    expects: 'The resolver refuses, and asks nobody.',
    needs: 'service in a VPC of theirs with a load balancer',
    targets: (model) => hostsIn(model, ({ role }) => role === 'service'),
    run: (target, scene) => tried(target, scene, [{ from: target.host.key, to: RESOLVER, port: 53, speaks: 'dns', name: UNLISTED }]),
    saboteurs: [RESOLVER_ANSWERS],
  }),
];

const TOPOLOGY = [
  defineNetworkAttack('NET-6', 'past-the-gate', {
    tries: 'Everybody dials the port on which the Core listens to its gate: the load balancer, whoever may call it, every other host of the VPC, connected networks, the internet.',
    expects: 'No connection stands, though the Core listens to everybody here: nothing but the gate in its own task gets to it.',
    needs: 'task with a gate in a VPC of theirs with a load balancer',
    targets: (model) => hostsIn(model, ({ corePort }) => corePort !== undefined),
    run: (target, scene) => {
      const { vpc, host } = target;
      const everybody = new Set([...vpc.hosts.map(({ key }) => key), ...allCallers(vpc), ...strangers(vpc, scene)]);
      return tried(target, scene, fromAll([...everybody], host, host.corePort === undefined ? [] : [host.corePort]));
    },
    saboteurs: [GROUP_PORTS_OPEN, GROUPS_OPEN],
  }),
  defineNetworkAttack('NET-7', 'internal', {
    tries: 'Somebody on the internet dials the load balancer.',
    expects: 'No connection stands: it is internal.',
    needs: 'internal load balancer',
    targets: (model) => hostsIn(model, (host) => isLoadBalancer(host) && host.front?.internetFacing === false),
    run: (target, scene) => tried(target, scene, fromAll([SOMEBODY], target.host, target.host.front?.ports ?? [])),
    saboteurs: [INTERNET_FACING],
  }),
  defineNetworkAttack('NET-7', 'other-edges', {
    tries: 'Every other host of the VPC dials the Core and the stores: endpoints, functions, gateways, stores, services that are not meant.',
    expects: 'No connection stands besides caller to load balancer, load balancer to Core, and workload to store.',
    needs: 'service behind a load balancer and no store',
    targets: (model) => hostsIn(model, (host, vpc) => host.role === 'store' || isBehind(vpc, host)),
    run: (target, scene) => {
      const { vpc, host } = target;
      const isMeant = (other: HostModel): boolean => (host.role === 'store' ? other.role === 'service' || other.role === 'workload' : other.front?.targets.includes(host.key) === true);
      return tried(target, scene, fromAll([...vpc.hosts.filter((other) => !isMeant(other)).map(({ key }) => key), STRANGER_KEY], host, host.ports));
    },
    saboteurs: [GROUPS_OPEN, NEIGHBOURS_LISTED],
  }),
];

/** Every attack of the network, in the order of the controls. */
export const NETWORK_ATTACKS: readonly NetworkAttack[] = [...ADDRESSES, ...WAYS_OUT_ATTACKS, ...TOPOLOGY];
