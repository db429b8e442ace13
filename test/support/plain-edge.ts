import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Template } from '../../src/checks/template/template';
import { CERTIFICATE } from './alb';
import { associate, rateRule, webAcl } from './web-acl';

/** Low enough for a flood of a moment, and more than the other attacks send from one address. */
export const RATE_LIMIT = 200;

const RESPONSE_HEADERS = {
  'strict_transport_security.header_value': 'max-age=63072000; includeSubDomains; preload',
  'x_content_type_options.header_value': 'nosniff',
  'x_frame_options.header_value': 'DENY',
  'server.enabled': 'false',
};

interface Edge {
  readonly stack: Stack;
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly targets: elbv2.ApplicationTargetGroup;
}

/** A load balancer behind a web ACL that blocks floods, as somebody builds it who knows the CDK and not this library. */
function edge(name: string): Edge {
  const stack = new Stack(new App({ analyticsReporting: false }), name);
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Alb', { vpc, dropInvalidHeaderFields: true });
  const targets = new elbv2.ApplicationTargetGroup(stack, 'Targets', { vpc, port: 8000, protocol: elbv2.ApplicationProtocol.HTTP, targetType: elbv2.TargetType.IP });
  const acl = webAcl(stack, [rateRule({ limit: RATE_LIMIT, evaluationWindowSec: 120 })]);
  associate(stack, loadBalancer.loadBalancerArn, acl.attrArn);
  return { stack, loadBalancer, targets };
}

function secured(listener: elbv2.ApplicationListener): elbv2.ApplicationListener {
  for (const [attribute, value] of Object.entries(RESPONSE_HEADERS)) listener.setAttribute(`routing.http.response.${attribute}`, value);
  return listener;
}

function template({ stack }: Edge): Template {
  return { name: stack.stackName, body: Assertions.fromStack(stack).toJSON() };
}

/** HTTPS with tokens on two rules, one by audience, scope and roles, one as a user pool makes them; port 80 redirects. No construct of ours. */
export function plainJwtEdge(): Template {
  const built = edge('PlainJwt');
  const { stack, loadBalancer, targets } = built;
  loadBalancer.addRedirect();
  const listener = secured(loadBalancer.addListener('Https', {
    port: 443, certificates: [CERTIFICATE], sslPolicy: elbv2.SslPolicy.TLS13_13, open: false, defaultAction: elbv2.ListenerAction.fixedResponse(404),
  }));
  const rule = (id: string, priority: number, path: string, issuer: string, additionalClaims: elbv2.CfnListenerRule.JwtValidationActionAdditionalClaimProperty[]): elbv2.CfnListenerRule => (
    new elbv2.CfnListenerRule(stack, id, {
      listenerArn: listener.listenerArn,
      priority,
      conditions: [{ field: 'path-pattern', pathPatternConfig: { values: [path] } }, { field: 'host-header', hostHeaderConfig: { values: ['*.acme.test', 'acme.test'] } }],
      actions: [
        { type: 'jwt-validation', order: 1, jwtValidationConfig: { issuer, jwksEndpoint: `${issuer}/.well-known/jwks.json`, additionalClaims } },
        { type: 'forward', order: 2, targetGroupArn: targets.targetGroupArn },
      ],
    })
  );
  rule('Api', 10, '/api/*', 'https://login.acme.test', [
    { name: 'aud', format: 'single-string', values: ['core'] },
    { name: 'scope', format: 'space-separated-values', values: ['core/invoke'] },
    { name: 'roles', format: 'string-array', values: ['operator', 'analyst'] },
  ]);
  rule('Machines', 20, '/machines', 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_drill', [
    { name: 'client_id', format: 'single-string', values: ['platform'] },
    { name: 'token_use', format: 'single-string', values: ['access'] },
  ]);
  return template(built);
}

/** A listener that asks every caller for a certificate of a trust store with a revocation list, with TLS 1.2 for a caller that has nothing newer. No construct of ours. */
export function plainMtlsEdge(): Template {
  const built = edge('PlainMtls');
  const { stack, loadBalancer, targets } = built;
  const bucket = new s3.Bucket(stack, 'Authorities');
  const trustStore = new elbv2.TrustStore(stack, 'TrustStore', { bucket, key: 'authorities.pem' });
  new elbv2.TrustStoreRevocation(stack, 'Revocation', { trustStore, revocationContents: [{ bucket, key: 'revoked.crl', revocationType: elbv2.RevocationType.CRL }] });
  secured(loadBalancer.addListener('Https', {
    port: 8443,
    protocol: elbv2.ApplicationProtocol.HTTPS,
    certificates: [CERTIFICATE],
    sslPolicy: elbv2.SslPolicy.TLS13_RES,
    mutualAuthentication: { mutualAuthenticationMode: elbv2.MutualAuthenticationMode.VERIFY, ignoreClientCertificateExpiry: false, trustStore },
    open: false,
    defaultAction: elbv2.ListenerAction.forward([targets]),
  }));
  return template(built);
}
