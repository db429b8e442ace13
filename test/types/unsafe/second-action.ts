// expect: Property 'listeners' does not exist on type 'ILoadBalancerV2'
// control: IDN-1
import type { SecureCore } from '../../../src';

export const unsafe = (core: SecureCore): unknown => core.ingress.loadBalancer.listeners;
