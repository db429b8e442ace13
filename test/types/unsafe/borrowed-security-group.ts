// expect: Property 'connections' is private
import type { SecureCore } from '../../../src';

/** The Core trusts whoever carries its load balancer's security group. */
export const unsafe = (core: SecureCore): unknown => core.ingress.connections.securityGroups[0];
