import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer, type ApplicationLoadBalancerProps, ApplicationListener, ApplicationProtocol, ApplicationTargetGroup, ListenerAction, ListenerCertificate,
  NetworkLoadBalancer, TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { type IConstruct } from 'constructs';

export const CERTIFICATE = ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000');

/** The one network of the stack. */
function vpc(stack: Stack): Vpc {
  const made = stack.node.tryFindChild('Vpc');
  return made instanceof Vpc ? made : new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
}

/** An application load balancer as the CDK makes it. */
export function alb(stack: Stack, props: Partial<ApplicationLoadBalancerProps> = {}): ApplicationLoadBalancer {
  return new ApplicationLoadBalancer(stack, 'Alb', { vpc: vpc(stack), ...props });
}

export function nlb(stack: Stack): NetworkLoadBalancer {
  return new NetworkLoadBalancer(stack, 'Nlb', { vpc: vpc(stack) });
}

export function albTargets(stack: Stack): ApplicationTargetGroup {
  return new ApplicationTargetGroup(stack, 'Targets', { vpc: vpc(stack), port: 8443, protocol: ApplicationProtocol.HTTPS, targetType: TargetType.IP });
}

/** An HTTPS listener as the CDK makes it; answers 404 unless told otherwise. */
export function albListener(stack: Stack, defaultAction: ListenerAction = ListenerAction.fixedResponse(404)): ApplicationListener {
  return alb(stack).addListener('Https', { port: 443, certificates: [CERTIFICATE], open: false, defaultAction });
}

/** What a construct comes down to, for overrides. */
export function resourceOf(construct: IConstruct): CfnResource {
  return construct.node.defaultChild as CfnResource;
}
