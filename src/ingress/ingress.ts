import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import type { Authorizer } from '../authorizer/authorizer';
import type { IPrivateNetwork } from '../network/private-network';
import type { Size } from '../size';
import { ExistingIngress, type ExistingIngressOptions } from './existing-ingress';
import type { Exposure } from './exposure';
import type { IngressProps, IngressTargetProps } from './ingress-props';
import type { Route } from './route';
import { SecureIngress } from './secure-ingress';
import type { AddressBudget } from './web-acl-props';

/** The way in: a load balancer that lets nobody through who has not proven who they are. */
export interface IIngress extends IConstruct {
  /** Where the load balancer and its targets stand. */
  readonly network: IPrivateNetwork;

  /** The load balancer, for DNS records. */
  readonly loadBalancer: elbv2.ILoadBalancerV2;

  /** The load balancer's metrics; of one that is shared, those of its other targets too. */
  readonly metrics: elbv2.IApplicationLoadBalancerMetrics;

  /** Whether callers are let in at all. */
  readonly exposure: Exposure;

  /** How callers prove who they are: one for each listener. */
  readonly authorizers: Authorizer[];

  /** What is forwarded. */
  readonly routes: Route[];

  /**
   * The cookie of people who log in at the load balancer and see the admin plane.
   *
   * @default - nobody does: the admin plane is answered 404
   */
  readonly adminCookieName?: string;

  /**
   * What the web ACL in front lets one address send.
   *
   * @default - nobody knows: the web ACL was not built here
   */
  readonly addressBudget?: AddressBudget;

  /** For how long a stream may be silent. */
  readonly streamIdleTimeout: Duration;

  /**
   * Lets a workload connect, as one more caller. It still has to prove who it is.
   *
   * @param caller in this VPC or a peered one
   */
  grantInvoke(caller: ec2.IConnectable): void;

  /** Forwards the declared routes to a target, once the authorizer has let a request through. An ingress has one target. */
  forwardTo(target: elbv2.IApplicationLoadBalancerTarget, props: IngressTargetProps): void;

  /**
   * Lets the number of tasks follow the requests that the target takes.
   *
   * Handing out the target group instead would let it be reached from a second load balancer. Nothing happens while exposure is off.
   *
   * @param tasks of the service that is the target
   * @param requestsPerTask a minute
   */
  scaleOnRequests(tasks: ecs.ScalableTaskCount, requestsPerTask: number): void;

  /**
   * What the load balancer tells of the target, such as `HealthyHostCount`. Nothing while exposure is off, and before it was forwarded to.
   *
   * @param metricName one of the load balancer's that has the dimension `TargetGroup`
   */
  metricTarget(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric | undefined;

  /** Days until the certificate expires, told once or twice a day. Nothing where the certificate is not known here. */
  metricDaysToExpiry(props?: cloudwatch.MetricOptions): cloudwatch.Metric | undefined;
}

/** What a Core's ingress is built from, besides its own props. */
export interface IngressContext {
  readonly network: IPrivateNetwork;
  readonly authorizer: Authorizer;
  readonly exposure: Exposure;
  readonly size: Size;
  /** For logs that can take one. */
  readonly encryptionKey?: kms.IKey;
}

type Build = (scope: Construct, id: string, context: IngressContext) => IIngress;

/** What stands in front of a Core: a load balancer of its own, or one that is there already. */
export class Ingress {
  /** A load balancer without a public address. */
  public static internal(props: IngressProps): Ingress {
    return new Ingress(false, props, (parent, id, context) => new SecureIngress(parent, id, { ...props, ...context }));
  }

  /** A load balancer with public addresses, in a network with public subnets. Who may connect is still the callers' to say. */
  public static internetFacing(props: IngressProps): Ingress {
    return new Ingress(true, props, (parent, id, context) => new SecureIngress(parent, id, { ...props, ...context, internetFacing: true }));
  }

  /**
   * A listener that is there already.
   *
   * Name the network that its load balancer stands in; the size and the key have nothing to say about it.
   */
  public static existing(props: ExistingIngressOptions): Ingress {
    return new Ingress(false, {}, (parent, id, { network, authorizer, exposure }) => new ExistingIngress(parent, id, { ...props, network, authorizer, exposure }));
  }

  private constructor(
    /**
     * Whether it has public addresses, and its network needs a tier for them.
     *
     * @internal
     */
    public readonly _isInternetFacing: boolean,
    private readonly others: Pick<IngressProps, 'admin' | 'additionalListener'>,
    private readonly build: Build,
  ) {}

  /**
   * Who callers prove to be beside the Core's own authorizer.
   *
   * @internal
   */
  public get _otherAuthorizers(): readonly Authorizer[] {
    return this.others.additionalListener ? [this.others.additionalListener.authorizer] : [];
  }

  /**
   * Whether it reaches public servers on behalf of others than the authorizer, such as an identity provider's for the admin plane.
   *
   * @internal
   */
  public get _reachesInternet(): boolean {
    return this.others.admin !== undefined || this._otherAuthorizers.some(({ fetchesKeysFromInternet }) => fetchesKeysFromInternet);
  }

  /**
   * Builds it.
   *
   * @internal
   */
  public _bind(scope: Construct, id: string, context: IngressContext): IIngress {
    return this.build(scope, id, context);
  }
}
