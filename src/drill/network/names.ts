import type { VpcModel } from './model';

/** Namespaces that every network has. */
export const ROUTER = 'router';
export const INTERNET = 'internet';
export const PEER = 'peer';
/** A wire of the router's that ends nowhere. The kernel would say that there is no way too, but after a few times it falls silent. */
export const NOWHERE = 'nowhere';
/** Of the resolver in every VPC (VPC guide, "Understanding Amazon DNS"); no security group and no route is asked on the way there. */
export const RESOLVER = '169.254.169.253';
/** What a host on the internet listens on: the ways out that egress filters are known to leave open. */
export const INTERNET_PORTS = [22, 53, 80, 443, 8443] as const;

/** The namespace of a host, by its place in the model; interfaces of the router are called after it. */
export function namespaceOf(vpc: VpcModel, key: string): string {
  const index = vpc.hosts.findIndex((host) => host.key === key);
  if (index < 0) throw new Error(`The network has no host ${key}.`);
  return `h${index}`;
}
