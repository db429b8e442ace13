import { Duration, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AlbListenerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import type { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';

/** Consumers of an endpoint service. */
export interface PrivateLinkCallersProps {
  /** Who may make an endpoint to the service: accounts, users or roles, `new iam.ArnPrincipal('arn:aws:iam::111122223333:root')`. */
  readonly allowedPrincipals: ArnPrincipal[];

  /**
   * Whether each endpoint waits until somebody accepts it.
   *
   * @default true
   */
  readonly acceptanceRequired?: boolean;
}

/** What an endpoint service stands in front of. */
export type PrivateLinkProps = PrivateLinkCallersProps & {
  readonly network: IPrivateNetwork;
  /** The security group of the application load balancer. */
  readonly connections: ec2.Connections;
  /** What consumers reach. */
  readonly listeners: readonly elbv2.ApplicationListener[];
  /** What answers health checks: port 80, redirecting. */
  readonly probe: elbv2.ApplicationListener;
  readonly deletionProtection: boolean;
  /** Whether traffic is passed on. */
  readonly isOpen: boolean;
};

/** Refuses a service that nobody, or everybody, could make an endpoint to. */
export function checkPrivateLink(scope: IConstruct, { allowedPrincipals }: PrivateLinkCallersProps): void {
  if (allowedPrincipals.length === 0) {
    throw invalidProp(scope, 'Callers.privateLink.allowedPrincipals', [], 'Name the accounts that may make an endpoint, such as new iam.ArnPrincipal(\'arn:aws:iam::111122223333:root\').');
  }
  if (scope.node.tryFindChild('PrivateLink')) {
    throw invalidProp(scope, 'callers', 'Callers.privateLink twice', 'Name it once, with all of its allowedPrincipals: an ingress has one endpoint service.');
  }
  for (const { arn } of allowedPrincipals) {
    if (!Token.isUnresolved(arn) && !/^(?:arn:[a-z-]+:iam::\d{12}:(?:root|(?:user|role)\/.+)|.*\*.*)$/.test(arn)) {
      throw invalidProp(scope, 'Callers.privateLink.allowedPrincipals', arn, 'Name an account, user or role by its ARN, such as arn:aws:iam::111122223333:root.');
    }
    if (arn.includes('*')) throw invalidProp(scope, 'Callers.privateLink.allowedPrincipals', arn, 'Name each account, user or role: a wildcard lets every AWS account in.');
  }
}

/**
 * An endpoint service in front of an application load balancer: a network load balancer passes the bytes on, TLS included.
 *
 * Its security group lets nobody in, and is not asked about what comes through endpoints, so endpoints are the only way in
 * (ELB guide, "Update the security groups for your Network Load Balancer").
 */
export class PrivateLink extends Construct {
  /** What consumers make their endpoints to. */
  public readonly endpointService: ec2.IVpcEndpointService;

  public constructor(scope: Construct, id: string, props: PrivateLinkProps) {
    super(scope, id);
    const { network: { vpc, ingressSubnets } } = props;
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Endpoint service in front of the load balancer', allowAllOutbound: false });
    const loadBalancer = new elbv2.NetworkLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: ingressSubnets,
      internetFacing: false,
      // As an application load balancer always is: AWS warns of answers 503 where the two differ (ELB guide, "Application Load Balancers as targets").
      crossZoneEnabled: true,
      securityGroups: [group],
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: false,
      deletionProtection: props.deletionProtection,
    });
    if (props.isOpen) {
      for (const { port } of [...props.listeners, props.probe]) {
        props.connections.allowFrom(group, ec2.Port.tcp(port), 'Endpoint service');
      }
    }
    for (const listener of props.listeners) this.passOn(loadBalancer, listener, props);
    this.endpointService = new ec2.VpcEndpointService(this, 'Service', {
      vpcEndpointServiceLoadBalancers: [loadBalancer],
      acceptanceRequired: props.acceptanceRequired ?? true,
      allowedPrincipals: props.allowedPrincipals,
    });
  }

  private passOn(loadBalancer: elbv2.NetworkLoadBalancer, listener: elbv2.ApplicationListener, { network: { vpc }, probe }: PrivateLinkProps): void {
    const target = new AlbListenerTarget(listener);
    const targetGroup = new elbv2.NetworkTargetGroup(this, `Target${listener.port}`, {
      vpc,
      targetType: elbv2.TargetType.ALB,
      protocol: elbv2.Protocol.TCP,
      port: listener.port,
      targets: [target],
      // Over HTTPS a probe would need TLS 1.3 and, where the listener asks for one, a client certificate.
      healthCheck: { protocol: elbv2.Protocol.HTTP, port: String(probe.port), path: '/', healthyHttpCodes: '301', interval: Duration.seconds(30) },
    });
    targetGroup.node.addDependency(probe);
    loadBalancer.addListener(`Tcp${listener.port}`, { port: listener.port, protocol: elbv2.Protocol.TCP, defaultAction: elbv2.NetworkListenerAction.forward([targetGroup]) });
  }
}
