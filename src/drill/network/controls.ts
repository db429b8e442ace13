import { attempted, betweenLooks, type Outcome } from '../attempted';
import { contains } from './addresses';
import type { NetworkAttack, NetworkTarget } from './attack';
import { callersOf, isWide } from './cast';
import type { HostModel, VpcModel } from './model';
import { INTERNET } from './names';
import { type Attempt, type NetworkScene, SOMEBODY } from './scene';

/** An attack between two rounds of connections that have to stand: a network that carries nothing withstands everything. */
export function betweenControls(attack: NetworkAttack, target: NetworkTarget, scene: NetworkScene): Promise<Outcome> {
  const control = { name: 'connections that have to stand', look: () => missing(target, scene) };
  return attempted(() => betweenLooks(control, (line) => scene.note(line), () => attack.run(target, scene)));
}

/** Callers reach their load balancers, load balancers their targets, and whoever is on the internet the internet; undefined where all of them do. */
async function missing({ vpc }: NetworkTarget, scene: NetworkScene): Promise<string | undefined> {
  const attempts: Attempt[] = [
    { from: SOMEBODY, to: INTERNET, port: 443 },
    ...vpc.hosts.flatMap((host) => (host.front === undefined ? [] : [
      ...callersOf(vpc, host).slice(0, 1).flatMap((from) => host.front?.ports.slice(0, 1).map((port) => ({ from, to: host.key, port })) ?? []),
      ...host.front.targets.flatMap((key) => (vpc.hosts.find((other) => other.key === key)?.ports ?? []).slice(0, 1).map((port) => ({ from: host.key, to: key, port }))),
    ])),
  ];
  attempts.push(...waysOut(vpc));
  const through = await scene.through(attempts);
  const lost = attempts.find((attempt) => !through.includes(attempt));
  return lost && `a connection to ${lost.to}:${lost.port} that is meant to stand does not.`;
}

/** Whoever stands behind a firewall and may send HTTPS reaches a name that is listed for it. */
function waysOut(vpc: VpcModel): Attempt[] {
  return vpc.firewalls.flatMap(({ host: firewall, lists }) => lists.flatMap(({ kinds, names, home }) => {
    const [name] = names;
    // The Core rather than the load balancer: it is whom the attacks on egress are about.
    const from = [...vpc.hosts].sort((a, b) => Number(b.role === 'service') - Number(a.role === 'service'))
      .find((host) => home.some((cidr) => contains(cidr, host.address)) && isBehind(vpc, host, firewall) && maySendHttps(vpc, host));
    if (from === undefined || name === undefined || !kinds.includes('TLS_SNI')) return [];
    return [{ from: from.key, to: INTERNET, port: 443, speaks: 'tls', name: name.replace(/^\./, '') } as const];
  }));
}

function isBehind(vpc: VpcModel, { table }: HostModel, firewall: string): boolean {
  return vpc.tables.some(({ key, routes }) => key === table && routes.some(({ to }) => to !== 'internet' && to.host === firewall));
}

function maySendHttps(vpc: VpcModel, { groups }: HostModel): boolean {
  return vpc.groups.filter(({ key }) => groups?.includes(key)).flatMap(({ egress }) => egress)
    .some(({ protocol, from = 0, to = 65_535, peer }) => (protocol === 'all' || (protocol === 'tcp' && from <= 443 && 443 <= to)) && peer.kind === 'cidr' && isWide(peer.cidr));
}
