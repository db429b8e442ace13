// expect: Property 'routes' is missing
// control: NET-7
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type Callers, Ingress } from '../../../src';

/** Everything would be forwarded. */
export const unsafe = (certificate: ICertificate, callers: Callers): Ingress => Ingress.internal({ domainName: 'core.acme.internal', certificate, callers });
