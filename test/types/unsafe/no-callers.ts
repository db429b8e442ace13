// expect: Property 'callers' is missing
// control: NET-2
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IngressProps } from '../../../src';

export function unsafe(certificate: ICertificate): IngressProps {
  return { domainName: 'core.acme.internal', certificate };
}
