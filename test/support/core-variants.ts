import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { ApplicationLoadBalancer, ApplicationProtocol, ListenerAction, ListenerCertificate, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Access, AdminSession, AdminUsers, Authorizer, Callers, ClientAddress, CognitoIssuer, type CoreContainerProps, Egress, Exposure,
  GateProof, Ingress, LlmProvider, PrivateNetwork, Route, SecureCore, Size, TlsFloor, WebAcl,
} from '../../src';
import type { Template } from '../../src/checks/template/template';
import { RESPONSE_HEADER_ATTRIBUTES } from '../../src/ingress/response-headers';
import { alarmTopic, certificate, image, JWT, remoteCore } from './remote-core';

const DOMAIN = 'core.acme.com';
const ROUTES = [
  Route.post('/v1/evaluate', { access: Access.scope('core/evaluate'), heavy: true, promptSized: true }),
  Route.get('/v1/models', { access: Access.authenticated() }),
  Route.post('/oauth/token', { access: Access.authenticated(), takesCredentials: true }),
];

/** Limits that a flood of a moment exceeds, and that leave one caller what his plan grants: less would be refused at synthesis. */
const LIMITS = { rateLimit: 600, heavyRateLimit: 100 };

const container = (stack: Stack): CoreContainerProps => ({ image: image(stack), port: 8000, healthCheckPath: '/health' });

/** Everything that a Core can have at its edge, on the open internet. */
function internet(stack: Stack): void {
  const authorities = Bucket.fromBucketName(stack, 'Authorities', 'authorities');
  new SecureCore(stack, 'Core', {
    container: container(stack),
    alarmTopic: alarmTopic(stack),
    ingress: Ingress.internetFacing({
      domainName: DOMAIN,
      certificate: certificate(stack),
      callers: Callers.internet({ reason: 'Customers call from anywhere.' }),
      tlsFloor: TlsFloor.TLS_1_3,
      routes: ROUTES,
      admin: AdminSession.cognito(new AdminUsers(stack, 'Admins', { domainName: DOMAIN })),
      additionalListener: {
        port: 8443,
        authorizer: Authorizer.mtls({ caBundle: { bucket: authorities, key: 'authorities.pem' }, revocationList: { bucket: authorities, key: 'revoked.crl' } }),
      },
      redirectHttp: true,
      webAcl: {
        clientAddress: ClientAddress.forwarded({ header: 'true-client-ip', proxies: ['192.0.2.0/24'] }),
        keyHeader: 'x-api-key',
        ...LIMITS,
        credentialRateLimit: 50,
        keyRateLimit: 150,
        keylessRateLimit: 2000,
      },
    }),
    authorizer: Authorizer.jwt({ ...JWT, scope: 'core/invoke' }),
    gate: { certificateScopes: { 'CN=platform,O=Acme': ['core/evaluate'] } },
    egress: Egress.providers(LlmProvider.ANTHROPIC).and(Egress.allowDomains(['.models.example'])),
  });
}

/** A load balancer that is there already, with a listener and a web ACL of the app. */
function existing(stack: Stack): void {
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const loadBalancer = new ApplicationLoadBalancer(stack, 'Shared', { vpc: network.vpc, vpcSubnets: network.ingressSubnets, dropInvalidHeaderFields: true });
  const listener = loadBalancer.addListener('Https', {
    protocol: ApplicationProtocol.HTTPS,
    certificates: [ListenerCertificate.fromCertificateManager(certificate(stack))],
    sslPolicy: SslPolicy.TLS13_13,
    open: false,
    defaultAction: ListenerAction.fixedResponse(404, { contentType: 'text/plain' }),
  });
  for (const [key, value] of Object.entries(RESPONSE_HEADER_ATTRIBUTES)) listener.setAttribute(key, value);
  new WebAcl(stack, 'WebAcl', { routes: ROUTES, ...LIMITS }).protect(loadBalancer);
  new SecureCore(stack, 'Core', {
    container: container(stack),
    alarmTopic: alarmTopic(stack),
    network,
    authorizer: Authorizer.jwt(JWT),
    ingress: Ingress.existing({ loadBalancer, listener, domainName: DOMAIN, routes: ROUTES }),
  });
}

/** A Core in each of the ways that an app may have it. */
export const CORE_VARIANTS: Readonly<Record<string, (stack: Stack) => void>> = {
  'on the open internet': internet,
  'behind PrivateLink, of size DEV': (stack) => void remoteCore(stack, {
    size: Size.DEV,
    ingress: { routes: ROUTES, webAcl: LIMITS, callers: Callers.privateLink({ allowedPrincipals: [new ArnPrincipal('arn:aws:iam::222233334444:root')] }) },
  }),
  'with its exposure off': (stack) => void remoteCore(stack, { ingress: { routes: ROUTES }, exposure: Exposure.OFF }),
  'with an issuer of its own, that reaches providers': (stack) => void remoteCore(stack, {
    ingress: { routes: ROUTES, webAcl: LIMITS },
    authorizer: Authorizer.cognito(new CognitoIssuer(stack, 'Issuer', { scopes: ['invoke'], callers: [{ name: 'platform' }] }), { scope: 'invoke' }),
    egress: Egress.providers(LlmProvider.OPENAI, LlmProvider.HUGGING_FACE),
  }),
  'at a listener of the app': existing,
  'that gives out keys and knows roles': (stack) => void remoteCore(stack, {
    ingress: { routes: [Route.get('/v1/models', { access: Access.scope('core/read') }), Route.post('/v1/evaluate', { access: Access.role('operator') })], webAcl: LIMITS },
    authorizer: Authorizer.gateOnly(GateProof.jwt({ ...JWT, rolesClaim: 'groups' }), GateProof.apiKeys()),
    gate: { roles: { operator: ['core/evaluate'], reader: ['core/read'] } },
  }),
};

/** The richest of them. */
export function internetCoreTemplate(): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'RemoteCore');
  internet(stack);
  return { name: stack.stackName, body: Assertions.fromStack(stack).toJSON() };
}
