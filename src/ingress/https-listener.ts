import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RESPONSE_HEADER_ATTRIBUTES } from './response-headers';
import { SSL_POLICIES, type TlsFloor } from './tls-floor';

export interface HttpsListenerProps {
  readonly port: number;
  readonly certificate: ICertificate;
  readonly tlsFloor: TlsFloor;
  readonly mutualAuthentication?: elbv2.MutualAuthentication;
}

/** A listener that speaks TLS, answers 404 to whatever no rule takes, and puts security headers on every answer. */
export function addHttpsListener(loadBalancer: elbv2.ApplicationLoadBalancer, id: string, props: HttpsListenerProps): elbv2.ApplicationListener {
  const listener = loadBalancer.addListener(id, {
    port: props.port,
    protocol: elbv2.ApplicationProtocol.HTTPS,
    certificates: [elbv2.ListenerCertificate.fromCertificateManager(props.certificate)],
    sslPolicy: SSL_POLICIES[props.tlsFloor],
    mutualAuthentication: props.mutualAuthentication,
    open: false,
    defaultAction: notFound(),
  });
  for (const [key, value] of Object.entries(RESPONSE_HEADER_ATTRIBUTES)) listener.setAttribute(key, value);
  return listener;
}

/** A listener on port 80 that does nothing but send callers to HTTPS for good (TLS-4). */
export function addRedirectListener(loadBalancer: elbv2.ApplicationLoadBalancer): elbv2.ApplicationListener {
  return loadBalancer.addListener('Redirect', {
    port: 80,
    protocol: elbv2.ApplicationProtocol.HTTP,
    open: false,
    defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
  });
}

export function notFound(): elbv2.ListenerAction {
  return elbv2.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not found' });
}
