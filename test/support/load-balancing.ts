import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnListener, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** An internal application load balancer, as short as CloudFormation takes it. */
export function loadBalancer(stack: Stack, props: Partial<ConstructorParameters<typeof CfnLoadBalancer>[2]> = {}, id = 'LoadBalancer'): CfnLoadBalancer {
  return new CfnLoadBalancer(stack, id, { scheme: 'internal', type: 'application', ...props });
}

export function targetGroup(stack: Stack, props: Partial<ConstructorParameters<typeof CfnTargetGroup>[2]> = {}): CfnTargetGroup {
  return new CfnTargetGroup(stack, 'TargetGroup', { protocol: 'HTTPS', port: 8443, targetType: 'ip', ...props });
}

/** An HTTPS listener that answers 404, with whatever a test lays over it. */
export function httpsListener(stack: Stack, props: Partial<ConstructorParameters<typeof CfnListener>[2]> = {}): CfnListener {
  return new CfnListener(stack, 'Listener', {
    loadBalancerArn: props.loadBalancerArn ?? loadBalancer(stack).ref,
    protocol: 'HTTPS',
    port: 443,
    certificates: [{ certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000' }],
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    defaultActions: [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }],
    ...props,
  });
}

/** A value that only a deployment knows. */
export function deployTimeValue(stack: Stack, id = 'DeployTime'): string {
  return new CfnParameter(stack, id).valueAsString;
}
