import { Annotations, type Duration, Fn, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ApplicationLoadBalancer, CfnListener, CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { AdminSession } from '../authorizer/admin-session';
import type { Authorizer, EdgeProof } from '../authorizer/authorizer';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';
import { isWhole } from '../whole-number';
import { existingFaults } from './existing-faults';
import { Exposure } from './exposure';
import { Forwarding } from './forwarding';
import type { IIngress } from './ingress';
import { allowOwnName, checkDomainName, checkWayOut, hostsOf, STREAM_IDLE_TIMEOUT } from './ingress-checks';
import type { IngressTargetProps } from './ingress-props';
import { placed, SHARED_SPAN, sharedPriorities } from './priorities';
import type { Route } from './route';
import { checkRoutes } from './route-checks';

/** A load balancer that is there already, with what is to be forwarded from it. */
export interface ExistingIngressOptions {
  /** An HTTPS listener whose default action forwards nothing; of a load balancer with its own web ACL. */
  readonly listener: elbv2.IApplicationListener;

  /**
   * The certificate that the listener shows for the host name, of AWS Certificate Manager: an alarm says when it is not renewed in time.
   *
   * @default - its owner watches it
   */
  readonly certificate?: ICertificate;

  /** The load balancer that the listener belongs to. */
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;

  /** The host name that callers use; it must be covered by a certificate of the listener. Rules for other names are left alone. */
  readonly domainName: string;

  /** What is forwarded; anything else for the host name is left to the listener's other rules. */
  readonly routes: Route[];

  /**
   * Who may see `/admin` and what is below it.
   *
   * @default - nobody: it is answered 404
   */
  readonly admin?: AdminSession;

  /**
   * The first of the 10000 priorities that its rules take up; 1 to 40001. No other rule of the listener may have one of them.
   *
   * @default 1
   */
  readonly priorityBase?: number;

  /**
   * Whether the load balancer is meant to have public addresses.
   *
   * @default false
   */
  readonly internetFacing?: boolean;
}

/** How to build it by itself. */
export interface ExistingIngressProps extends ExistingIngressOptions {
  /** The network that the load balancer stands in. */
  readonly network: IPrivateNetwork;

  /** Who a caller must prove to be: by a token, since a listener that is there already cannot start asking for certificates. */
  readonly authorizer: Authorizer;

  /**
   * Whether callers reach the target at all (INC-1).
   *
   * @default Exposure.ON
   */
  readonly exposure?: Exposure;
}

/** The highest priority of a rule (ELB API, CreateRule). */
const MAX_PRIORITY = 50_000;

/**
 * Routes on a listener that is there already.
 *
 * What the listener and the load balancer are like is verified when the app is synthesized, as far as the app makes them; of what is imported
 * a warning says what could not be verified.
 */
export class ExistingIngress extends Construct implements IIngress {
  /** The load balancer, for DNS records. */
  public readonly loadBalancer: elbv2.ILoadBalancerV2;

  /** The load balancer's metrics, those of its other targets included. */
  public readonly metrics: elbv2.IApplicationLoadBalancerMetrics;

  /** Where the load balancer stands. */
  public readonly network: IPrivateNetwork;

  /** Whether callers reach the target at all. */
  public readonly exposure: Exposure;

  /** How callers prove who they are: on the listener. */
  public readonly authorizers: Authorizer[];

  /** What is forwarded. */
  public readonly routes: Route[];

  /** The cookie of people who log in at the load balancer and see the admin plane; without one it is answered 404. */
  public readonly adminCookieName?: string;

  /** For how long a stream may be silent behind the load balancer, whose own limit is its owner's. */
  public readonly streamIdleTimeout: Duration = STREAM_IDLE_TIMEOUT;

  private readonly certificate?: ICertificate;
  private readonly listener: elbv2.IApplicationListener;
  private readonly forwarding: Forwarding;

  public constructor(scope: Construct, id: string, props: ExistingIngressProps) {
    super(scope, id);
    const base = props.priorityBase ?? 1;
    checkExisting(this, props, base);
    this.loadBalancer = props.loadBalancer;
    this.metrics = props.loadBalancer.metrics;
    this.network = props.network;
    this.exposure = props.exposure ?? Exposure.ON;
    this.authorizers = [props.authorizer];
    this.routes = [...props.routes];
    this.adminCookieName = props.admin?._cookieName;
    this.certificate = props.certificate;
    this.listener = props.listener;
    allowOwnName(this, props.network, props.domainName);
    const proof = this.proofOf(props.authorizer);
    const admin = props.admin?._bind(this, props.domainName);
    this.letOut(props);
    this.verify(props, { from: base, to: base + SHARED_SPAN - 1 });
    const plan = sharedPriorities(base);
    this.forwarding = new Forwarding(this, {
      network: props.network,
      exposure: this.exposure,
      domainName: props.domainName,
      loadBalancerName: nameInMetrics(props.loadBalancer),
      routes: placed(props.routes, plan),
      plan,
      listeners: [{ id: 'Routes', listener: props.listener, proof, admin }],
      streamIdleTimeout: this.streamIdleTimeout,
      isGateOnly: false,
      isForFunction: false,
    });
  }

  /**
   * Lets a workload connect to the listener, as one more caller. It still has to prove who it is. Nothing happens while exposure is off.
   *
   * @param caller in this VPC or a peered one
   */
  public grantInvoke(caller: ec2.IConnectable): void {
    if (this.exposure === Exposure.ON) caller.connections.allowToDefaultPort(this.listener, 'Callers');
  }

  /** Forwards the declared routes to a target, once the authorizer has let a request through. Nothing happens while exposure is off. */
  public forwardTo(target: elbv2.IApplicationLoadBalancerTarget, props: IngressTargetProps): void {
    this.forwarding.to(target, props);
  }

  /**
   * Lets the number of tasks follow the requests that the target takes. Nothing happens while exposure is off.
   *
   * @param tasks of the service that is the target
   * @param requestsPerTask a minute
   */
  public scaleOnRequests(tasks: ScalableTaskCount, requestsPerTask: number): void {
    this.forwarding.scale(tasks, requestsPerTask);
  }

  /**
   * What the load balancer tells of the target, such as `HealthyHostCount`. Nothing while exposure is off, and before it was forwarded to.
   *
   * @param metricName one of the load balancer's that has the dimension `TargetGroup`
   */
  public metricTarget(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric | undefined {
    return this.forwarding.metric(metricName, props);
  }

  /** Days until the certificate expires, told once or twice a day. Nothing where it was not named. */
  public metricDaysToExpiry(props?: cloudwatch.MetricOptions): cloudwatch.Metric | undefined {
    return this.certificate?.metricDaysToExpiry(props);
  }

  private proofOf(authorizer: Authorizer): EdgeProof {
    if (authorizer._isGateOnly) {
      throw invalidProp(this, 'authorizer', 'Authorizer.gateOnly',
        'It forwards before anybody has proven anything, and who reaches a load balancer that is there already is not known: take Ingress.internal, whose callers are named.');
    }
    if (authorizer._isForFunction) {
      throw invalidProp(this, 'authorizer', 'for a function', 'It asks nobody, and who reaches a load balancer that is there already is not known: a CredentialBroker brings its own.');
    }
    const proof = authorizer._bind(this);
    if (!proof.mutualAuthentication) return proof;
    throw invalidProp(this, 'authorizer', 'by client certificates',
      'A listener asks every caller for one or none, so it cannot start to on a listener with other rules: take Ingress.internal, with an additionalListener where some callers have tokens.');
  }

  private letOut(props: ExistingIngressProps): void {
    const hosts = hostsOf(props);
    if (hosts.length === 0) return;
    props.network.allowNames(...hosts);
    const { connections } = props.loadBalancer;
    if (connections.securityGroups.some(({ allowAllOutbound }) => !allowAllOutbound)) connections.allowToAnyIpv4(ec2.Port.HTTPS, 'Issuers and identity providers');
  }

  private verify({ listener, loadBalancer, internetFacing }: ExistingIngressProps, priorities: { readonly from: number; readonly to: number }): void {
    const [listenerResource, loadBalancerResource] = [listener.node.defaultChild, loadBalancer.node.defaultChild];
    const ownListener = CfnListener.isCfnListener(listenerResource) ? listenerResource : undefined;
    const ownLoadBalancer = CfnLoadBalancer.isCfnLoadBalancer(loadBalancerResource) ? loadBalancerResource : undefined;
    const unseen = [
      ...(ownListener ? [] : ['the listener: that it speaks HTTPS by a TLS 1.3 policy, that its default action forwards nothing, that it sends the security headers']),
      ...(ownLoadBalancer ? [] : ['the load balancer: its scheme, its request hygiene, its web ACL, that it reaches the authorizer\'s provider']),
    ];
    if (unseen.length > 0) {
      Annotations.of(this).addWarningV2('cdk-secure-core:existing-ingress',
        `Imported, so not verified: ${unseen.join('; ')}. Run "cdk-secure-core check" on the template that makes it.`);
    }
    this.node.addValidation({
      validate: () => {
        const faults = existingFaults({ scope: this, listenerArn: listener.listenerArn, listener: ownListener, loadBalancer: ownLoadBalancer, internetFacing: internetFacing ?? false, priorities });
        return faults.length === 0 ? [] : [`${this.node.path}: the listener or its load balancer is not fit for this. ${faults.join('; ')}.`];
      },
    });
  }
}

/** Of one that is imported it is the end of its ARN (ELB guide, "CloudWatch metrics"). */
function nameInMetrics(loadBalancer: elbv2.IApplicationLoadBalancer): string {
  return loadBalancer instanceof ApplicationLoadBalancer ? loadBalancer.loadBalancerFullName : Fn.select(1, Fn.split('loadbalancer/', loadBalancer.loadBalancerArn));
}

function checkExisting(scope: Construct, props: ExistingIngressProps, base: number): void {
  checkDomainName(scope, props.domainName);
  checkRoutes(scope, props.routes, 1, props.admin !== undefined);
  checkWayOut(scope, props.network, props.internetFacing ?? false, hostsOf(props));
  const highest = MAX_PRIORITY - SHARED_SPAN + 1;
  if (!isWhole(base, 1, highest)) throw invalidProp(scope, 'priorityBase', base, `Name a whole number from 1 to ${highest}.`);
  const { vpc } = props.loadBalancer;
  if (vpc && vpc.vpcId !== props.network.vpc.vpcId) {
    throw invalidProp(scope, 'network', Token.isUnresolved(props.network.vpc.vpcId) ? 'another VPC' : `of ${props.network.vpc.vpcId}`,
      'The load balancer stands in another VPC than the network: name the network that it stands in.');
  }
}
