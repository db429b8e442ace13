// expect: Property 'callers' is missing
// control: NET-2
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IngressProps, Route } from '../../../src';

export function unsafe(certificate: ICertificate, routes: Route[]): IngressProps {
  return { domainName: 'core.acme.internal', certificate, routes };
}
