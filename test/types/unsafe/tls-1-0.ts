// expect: Type 'SslPolicy.LEGACY' is not assignable to type 'TlsFloor
// control: TLS-2
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Callers, IngressProps, Route } from '../../../src';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';

export function unsafe(certificate: ICertificate, callers: Callers, routes: Route[]): IngressProps {
  return { domainName: 'core.acme.internal', certificate, callers, routes, tlsFloor: SslPolicy.LEGACY };
}
