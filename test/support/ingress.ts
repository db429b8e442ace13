import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IpProtocol, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IApplicationLoadBalancerTarget, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, DependencyGroup, type IDependable } from 'constructs';
import { Access, Authorizer, Callers, type IPrivateNetwork, Route, SecureIngress } from '../../src';
import type { SecureIngressProps } from '../../src/ingress/ingress-props';
import { certificate, JWT } from './remote-core';

/** A network of the simplest kind, that remembers which names it was asked for. */
export class TestNetwork extends Construct implements IPrivateNetwork {
  public readonly vpc: Vpc;
  public readonly ingressSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
  public readonly coreSubnets = this.ingressSubnets;
  public readonly dataSubnets = this.ingressSubnets;
  public readonly publicSubnets?: { subnetType: SubnetType };
  public readonly awsServices: IDependable = new DependencyGroup();
  public readonly names: string[] = [];

  public constructor(scope: Construct, id: string, public readonly ingressReachesInternet = true, isPublic = false, dualStack = false) {
    super(scope, id);
    const subnets = [{ name: 'Ingress', subnetType: SubnetType.PRIVATE_ISOLATED }, ...(isPublic ? [{ name: 'Public', subnetType: SubnetType.PUBLIC }] : [])];
    this.vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: subnets, ipProtocol: dualStack ? IpProtocol.DUAL_STACK : undefined });
    this.publicSubnets = isPublic ? { subnetType: SubnetType.PUBLIC } : undefined;
  }

  public allowToAwsServices(): void {
    // Nothing here runs.
  }

  public allowNames(...names: string[]): void {
    this.names.push(...names);
  }
}

export const TARGET: IApplicationLoadBalancerTarget = { attachToApplicationTargetGroup: () => ({ targetType: TargetType.IP }) };

/** An ingress by itself, with whatever a test lays over it; nothing is forwarded yet. */
export function secureIngress(stack: Stack, props: Partial<SecureIngressProps> = {}): SecureIngress {
  return new SecureIngress(stack, 'Ingress', {
    network: props.network ?? new TestNetwork(stack, 'Network', true, props.internetFacing, props.dualStack),
    domainName: 'core.acme.internal',
    certificate: props.certificate ?? certificate(stack),
    callers: Callers.cidrs('10.20.0.0/16'),
    authorizer: Authorizer.jwt(JWT),
    routes: [Route.post('/v1/evaluate', { access: Access.authenticated() }), Route.get('/v1/models', { access: Access.authenticated() })],
    ...props,
  });
}

/** The template of an ingress that forwards to a target. */
export function ingressTemplate(props: Partial<SecureIngressProps> = {}, stack: Stack = new Stack()): Template {
  secureIngress(stack, props).forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
  return Template.fromStack(stack);
}

/** What the load balancer's security group is known by. */
export const LOAD_BALANCER_GROUP = { GroupDescription: 'Load balancer in front of the Core' };

interface Rule {
  readonly Priority: number;
  readonly Conditions: readonly { readonly Field: string; readonly [config: string]: unknown }[];
  readonly Actions: readonly { readonly Type: string }[];
}

/** Listener rules by logical id. */
export function rulesOf(template: Template): Record<string, Rule> {
  const rules = template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule') as Record<string, { Properties: Rule }>;
  return Object.fromEntries(Object.entries(rules).map(([id, { Properties }]) => [id, Properties]));
}

export function priorities(template: Template): Record<string, number> {
  return Object.fromEntries(Object.entries(rulesOf(template)).map(([id, { Priority }]) => [id, Priority]));
}
