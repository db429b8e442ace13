// expect: Property 'attachToApplicationTargetGroup' is missing in type 'IService'
import { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { SecureCore } from '../../../src';

export function unsafe(core: SecureCore, listener: ApplicationListener): void {
  listener.addTargets('Bypass', { port: 80, targets: [core.service] });
}
