// expect: Property 'attachToApplicationTargetGroup' is missing in type 'IBaseService'
// control: IDN-1, NET-2
import { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { SecureCore } from '../../../src';

export function unsafe(core: SecureCore, listener: ApplicationListener): void {
  listener.addTargets('Bypass', { port: 80, targets: [core.service] });
}
