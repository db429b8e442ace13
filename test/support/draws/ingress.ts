import { aws_logs as logs, Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import fc from 'fast-check';
import {
  Access, Callers, ClientAddress, type ForwardedAddressProps, HttpsOrigin, type IngressOptions, type InternetCallersProps, type PrivateLinkCallersProps, Route, type RouteOptions,
  TlsFloor, type WebAclOptions,
} from '../../../src';
import { built, type Draw, either, factoriesOf, flag, listOf, mapped, memberOf, perhaps, propsOf, type Site, someOf, text, whole } from './draw';
import { aBucket, ACCOUNT, aGroup, aKey, DOMAIN, REGION, seconds } from './values';

const blocks = listOf(text(['10.20.0.0/16', '10.30.0.0/16', '192.168.7.0/24'], '10.20.0.0/33', 'acme.com'), 1, 3);

export const someCallers: Draw<Callers> = factoriesOf<typeof Callers, Callers>('Callers', {
  securityGroups: built('group', (site) => Callers.securityGroups(aGroup(site))),
  cidrs: mapped(blocks, 'blocks', (entries) => Callers.cidrs(...entries)),
  prefixLists: mapped(text(['pl-0123456789abcdef0'], 'pl'), 'list', (id) => Callers.prefixLists(id)),
  privateLink: mapped(propsOf<PrivateLinkCallersProps>('PrivateLinkCallersProps', {
    allowedPrincipals: built('account', () => [new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:root`)]),
    acceptanceRequired: perhaps(flag),
  }), 'private link', (props) => Callers.privateLink(props)),
  internet: mapped(propsOf<InternetCallersProps>('InternetCallersProps', { reason: text(['Partners without fixed addresses call it.'], ' ') }), 'internet',
    (props) => Callers.internet(props)),
  granted: built('granted', () => Callers.granted()),
}, 'internet');

const scopeName = text(['core/evaluate', 'chat', 'metrics'], '*', 'two words');
const plainAccess = mapped(scopeName, 'scope', (scope) => Access.scope(scope));
const anAccess: Draw<Access> = factoriesOf<typeof Access, Access>('Access', {
  authenticated: built('authenticated', () => Access.authenticated()),
  scope: plainAccess,
  role: mapped(text(['admin', 'analyst'], ' '), 'role', (role) => Access.role(role)),
  allOf: mapped(listOf(plainAccess, 1, 3), 'all', (conditions) => Access.allOf(...conditions)),
  anyOf: mapped(listOf(plainAccess, 1, 3), 'any', (conditions) => Access.anyOf(...conditions)),
}, 'role');

/** What a profile lets somebody say of a route whose access and weight it says itself. */
export const openRouteOptions: Draw<RouteOptions> = propsOf<RouteOptions>('RouteOptions of tgefd', {
  access: perhaps(anAccess, 1), heavy: perhaps(flag, 1), promptSized: perhaps(flag), streams: perhaps(flag), takesCredentials: perhaps(flag),
});
const routeOptions: Draw<RouteOptions> = propsOf<RouteOptions>('RouteOptions', {
  access: perhaps(anAccess, 98), promptSized: perhaps(flag), heavy: perhaps(flag), streams: perhaps(flag), takesCredentials: perhaps(flag),
});

/** A route by each of the ways to write one. */
function routeAt(path: string, options: Draw<RouteOptions>): Draw<Route> {
  const at = (make: (where: string, given: RouteOptions) => Route): Draw<Route> => fc.tuple(text([path], `${path}/../b`, 'v1', '/*'), options).map(([where, given]) => ({
    shown: [where.shown, given.shown],
    make: (site: Site) => make(where.make(site), given.make(site)),
  }));
  return factoriesOf<typeof Route, Route>('Route', {
    get: at((where, given) => Route.get(where, given)),
    post: at((where, given) => Route.post(where, given)),
    put: at((where, given) => Route.put(where, given)),
    patch: at((where, given) => Route.patch(where, given)),
    delete: at((where, given) => Route.delete(where, given)),
    subtree: at((where, given) => Route.subtree(where, given)),
  });
}

/** Routes that differ in their path. */
export function routesAt(paths: readonly string[], options: Draw<RouteOptions> = routeOptions): Draw<Route[]> {
  return someOf(paths.map((path) => routeAt(path, options)));
}

const anOrigin = text(['https://app.acme.com', 'https://admin.acme.com', 'https://acme.org'], 'http://app.acme.com', '*', 'https://localhost');
export const someOrigins: Draw<HttpsOrigin[]> = listOf(mapped(anOrigin, 'origin', (origin) => HttpsOrigin.of(origin)), 1, 2);

const aClientAddress: Draw<ClientAddress> = factoriesOf<typeof ClientAddress, ClientAddress>('ClientAddress', {
  source: built('source', () => ClientAddress.source()),
  forwarded: mapped(propsOf<ForwardedAddressProps>('ForwardedAddressProps', { header: text(['true-client-ip'], 'X-Forwarded-For'), proxies: blocks }), 'forwarded',
    (props) => ClientAddress.forwarded(props)),
});

export const aWebAcl: Draw<WebAclOptions> = propsOf<WebAclOptions>('WebAclOptions', {
  rateLimit: perhaps(whole(6000, 60_000)),
  heavyRateLimit: perhaps(whole(600, 1000)),
  credentialRateLimit: perhaps(whole(10, 1000)),
  rateWindow: perhaps(mapped(text(['60', '120', '300', '600'], '61'), 'window', (count) => Duration.seconds(Number(count)))),
  clientAddress: perhaps(aClientAddress),
  keyHeader: perhaps(text(['x-api-key'], 'a b'), 95),
  keyRateLimit: perhaps(whole(600, 1000), 20),
  keylessRateLimit: perhaps(whole(600, 1000), 20),
  logGroup: perhaps(built('log group', (site) => logs.LogGroup.fromLogGroupName(site.place('WafLog'), 'Named', 'aws-waf-logs-core')), 10),
  logRetention: perhaps(either(built('three months', () => logs.RetentionDays.THREE_MONTHS), built('six months', () => logs.RetentionDays.SIX_MONTHS)), 10),
  logEncryptionKey: perhaps(aKey, 10),
});

export const anIngress: Draw<IngressOptions> = propsOf<IngressOptions>('IngressOptions', {
  domainName: text([DOMAIN], 'Core.Acme.internal', 'https://core.acme.internal'),
  certificate: built('certificate', (site) => site.one('certificate',
    () => Certificate.fromCertificateArn(site.stack, 'Certificate', `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6`))),
  callers: someCallers,
  tlsFloor: perhaps(memberOf('TlsFloor', TlsFloor)),
  webAcl: perhaps(aWebAcl),
  redirectHttp: perhaps(flag),
  streamIdleTimeout: perhaps(seconds(60, 4000)),
  accessLogBucket: perhaps(aBucket, 20),
  aliasZone: perhaps(built('zone', (site) => HostedZone.fromHostedZoneAttributes(site.place('Zone'), 'Named', { hostedZoneId: 'Z0123456789ABC', zoneName: 'acme.internal' }))),
  dualStack: perhaps(flag, 5),
  deletionProtection: perhaps(flag),
});
