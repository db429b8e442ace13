// expect: Property 'connections' is private
// control: NET-2
import type { SecureIngress } from '../../../src';

/** The Core trusts whoever carries its load balancer's security group. */
export const unsafe = (ingress: SecureIngress): unknown => ingress.connections.securityGroups[0];
