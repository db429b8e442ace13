// expect: Property 'loadBalancer' is missing
// control: TLS-7, RTL-1
import type { IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Ingress, type Route } from '../../../src';

/** Whether a web ACL stands before it could not be asked. */
export const unsafe = (listener: IApplicationListener, routes: Route[]): Ingress => Ingress.existing({ listener, domainName: 'core.acme.internal', routes });
