// expect: Property 'connections' is private
// control: NET-2
import type { SecureCore } from '../../../src';

/** The Core trusts whoever carries its load balancer's security group. */
export const unsafe = (core: SecureCore): unknown => core.ingress.connections.securityGroups[0];
