import { Duration, Stack, Token } from 'aws-cdk-lib';
import { CfnSubnet, type ISubnet } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { AdminSession } from '../authorizer/admin-session';
import type { Authorizer } from '../authorizer/authorizer';
import { checkGiven } from '../check-given';
import { checkKinds, having, instance, type Kinds, member, text } from '../check-kinds';
import { AUTHORIZER } from '../core-kinds';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';
import { isWhole } from '../whole-number';
import { Callers } from './callers';
import type { SecureIngressProps } from './ingress-props';
import { checkFunctionRoutes, checkGateOnlyRoutes, checkRoutes } from './route-checks';
import { MAX_PORT } from './target-checks';
import { TlsFloor } from './tls-floor';

/** Longer than a language model is silent, and shorter than what is given up as lost. */
export const STREAM_IDLE_TIMEOUT = Duration.minutes(15);

/** Seconds that a load balancer may wait (ELB API, LoadBalancerAttribute). */
const MAX_IDLE = 4000;

const DOMAIN_NAME = /^(?=.{1,128}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/** A name that a listener rule can compare with what a request asks for. */
export function checkDomainName(scope: IConstruct, domainName: string): void {
  if (Token.isUnresolved(domainName) || DOMAIN_NAME.test(domainName)) return;
  throw invalidProp(scope, 'domainName', domainName, 'Name a host such as core.acme.internal: no scheme, port, path or wildcard, at most 128 characters.');
}

interface Proofs {
  readonly authorizer: Authorizer;
  readonly admin?: AdminSession;
  readonly additionalListener?: { readonly authorizer: Authorizer };
}

/** Public servers that the load balancer asks by itself. */
export function hostsOf({ authorizer, admin, additionalListener }: Proofs): string[] {
  return [...new Set([...authorizer._hosts, ...(admin?._hosts ?? []), ...(additionalListener?.authorizer._hosts ?? [])])];
}

const CERTIFICATE = 'Name a certificate of AWS Certificate Manager, such as Certificate.fromCertificateArn(…): nothing is served without TLS.';
const CALLERS = 'Name who may connect, such as Callers.cidrs(\'10.20.0.0/16\').';
const INGRESS_KINDS: Kinds<SecureIngressProps> = {
  domainName: text('Name a host such as core.acme.internal.'),
  certificate: having('certificateArn', CERTIFICATE),
  callers: instance(Callers, CALLERS),
  authorizer: AUTHORIZER,
  tlsFloor: member(TlsFloor, 'Name TlsFloor.TLS_1_3 or another of its members, or leave it out: there is none below TLS 1.2.'),
  streamIdleTimeout: having('toSeconds', 'Name a Duration, or leave it out.'),
};
const INGRESS_REQUIRED = { certificate: CERTIFICATE, callers: CALLERS } as const satisfies Partial<Record<keyof SecureIngressProps, string>>;

/** Refuses what a load balancer of one's own could not do. */
export function checkIngress(scope: IConstruct, props: SecureIngressProps): void {
  const { network, additionalListener, streamIdleTimeout, internetFacing } = props;
  checkGiven(scope, props, INGRESS_REQUIRED);
  checkKinds(scope, props, INGRESS_KINDS);
  checkDomainName(scope, props.domainName);
  checkRoutes(scope, props.routes, additionalListener ? 2 : 1, props.admin !== undefined);
  if (props.authorizer._isGateOnly) checkGateOnly(scope, props);
  if (props.authorizer._isForFunction) checkForFunction(scope, props);
  if (additionalListener && !isWhole(additionalListener.port, 1024, MAX_PORT)) {
    throw invalidProp(scope, 'additionalListener.port', additionalListener.port, `Name a port from 1024 to ${MAX_PORT}; 443 is the first listener's.`);
  }
  if (streamIdleTimeout && (streamIdleTimeout.isUnresolved() || !isWhole(streamIdleTimeout.toMilliseconds() / 1000, 1, MAX_IDLE))) {
    throw invalidProp(scope, 'streamIdleTimeout', streamIdleTimeout.isUnresolved() ? 'a token' : streamIdleTimeout.toString(), `Name 1 to ${MAX_IDLE} whole seconds.`);
  }
  if (internetFacing && !network.publicSubnets) {
    throw invalidProp(scope, 'network.publicSubnets', undefined, 'A load balancer with public addresses stands in public subnets: build the PrivateNetwork with internetFacing: true.');
  }
  if (props.dualStack) checkIpv6(scope, network.vpc.selectSubnets(internetFacing ? network.publicSubnets : network.ingressSubnets).subnets);
  checkWayOut(scope, network, internetFacing ?? false, hostsOf(props));
}

/** Refuses what would let strangers further than to a gate that asks them (design of IDN-1). */
function checkGateOnly(scope: IConstruct, { routes, callers, additionalListener }: SecureIngressProps): void {
  checkGateOnlyRoutes(scope, routes);
  if (callers._areEverybody) {
    throw invalidProp(scope, 'callers', 'Callers.internet', 'With Authorizer.gateOnly the load balancer forwards before anybody has proven anything: name the callers, such as by Callers.cidrs.');
  }
  if (additionalListener?.authorizer._identity.accept.some((proofs) => proofs.every((proof) => proof === 'certificate'))) {
    throw invalidProp(scope, 'additionalListener.authorizer', 'by certificates alone',
      'The gate cannot tell which listener a request came through, and with Authorizer.gateOnly on the first one whoever claimed a certificate there would be believed: '
      + 'add withGateProof, or build a second ingress.');
  }
}

/** Refuses what would let strangers further than to the exact paths that the function takes, or anybody else than its callers to it (design of IDN-1). */
function checkForFunction(scope: IConstruct, { routes, callers, admin, additionalListener, internetFacing }: SecureIngressProps): void {
  checkFunctionRoutes(scope, routes);
  if (callers._areEverybody) throw invalidProp(scope, 'callers', 'Callers.internet', 'The load balancer asks nobody who he is: name the callers, such as by Callers.cidrs.');
  for (const [prop, given] of Object.entries({ admin, additionalListener, internetFacing: internetFacing || undefined })) {
    if (given !== undefined) throw invalidProp(scope, prop, 'given', 'The load balancer asks nobody who he is: leave it out, the function has one door and that is internal.');
  }
}

/** Refuses a load balancer that could not ask whom it has to ask: it would answer every request 500. */
export function checkWayOut(scope: IConstruct, network: IPrivateNetwork, internetFacing: boolean, hosts: readonly string[]): void {
  // In public subnets it has a way out of its own.
  if (internetFacing || network.ingressReachesInternet || hosts.length === 0) return;
  throw invalidProp(scope, 'network.ingressReachesInternet', false,
    'The load balancer asks the authorizer\'s or the admin session\'s provider on the internet: build the PrivateNetwork with ingressReachesInternet: true, '
    + 'or, for PrivateNetwork.fromVpc, state ingressReachesInternet: true once its routes lead out.');
}

/** Lets the callers of this network find the ingress: its resolver answers for no name in a private zone that is not declared. */
export function allowOwnName(scope: IConstruct, network: IPrivateNetwork, domainName: string): void {
  // A name that another stack makes would turn the dependency between the two around.
  if (Token.isUnresolved(domainName) && Stack.of(scope) !== Stack.of(network)) return;
  network.allowNames(domainName);
}

/** Refuses subnets that the app makes without an IPv6 block; a load balancer gets no IPv6 address there. */
function checkIpv6(scope: IConstruct, subnets: readonly ISubnet[]): void {
  const lacking = subnets.find(({ node: { defaultChild: made } }) => CfnSubnet.isCfnSubnet(made) && made.ipv6CidrBlock === undefined && made.ipv6IpamPoolId === undefined);
  if (lacking) throw invalidProp(scope, 'dualStack', true, `Subnet ${lacking.node.path} has no IPv6 block: leave dualStack out, or bring a network by PrivateNetwork.fromVpc whose subnets have one.`);
}
