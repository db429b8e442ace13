import { type Duration, Stack, Tags } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Authorizer } from '../authorizer/authorizer';
import { invalidProp } from '../invalid-prop';
import { EXPOSURE_TAG } from '../lockdown/contract';
import type { IPrivateNetwork } from '../network/private-network';
import { checkSameRegion } from '../same-region';
import { Size, SIZING } from '../size';
import { checkLogBucket, ownLogBucket, recordRequests } from './access-logs';
import { aliasRecords } from './alias-record';
import { checkCertificate } from './certificate-checks';
import type { Door } from './door';
import { Exposure } from './exposure';
import { Forwarding, type GuardedListener } from './forwarding';
import { addHttpsListener, addRedirectListener } from './https-listener';
import type { IIngress } from './ingress';
import { allowOwnName, checkIngress, hostsOf, STREAM_IDLE_TIMEOUT } from './ingress-checks';
import type { IngressTargetProps, SecureIngressProps } from './ingress-props';
import { OWN_PRIORITIES, placed } from './priorities';
import { PrivateLink } from './private-link';
import type { Route } from './route';
import { isTls13, TlsFloor } from './tls-floor';
import { type AddressBudget, WebAcl } from './web-acl';

type OwnListener = GuardedListener & { readonly listener: elbv2.ApplicationListener };

/**
 * A load balancer that speaks TLS, limits floods, and forwards only declared routes, once its authorizer has let a request through.
 *
 * Neither the listeners nor the security group is handed out: a second action on the one, or a second member of the other,
 * would reach the target without the authorizer.
 */
export class SecureIngress extends Construct implements IIngress {
  /** The load balancer, for DNS records: `route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(ingress.loadBalancer))`. */
  public readonly loadBalancer: elbv2.ILoadBalancerV2;

  /** The load balancer's metrics. */
  public readonly metrics: elbv2.IApplicationLoadBalancerMetrics;

  /** The web ACL in front of it. */
  public readonly webAcl: WebAcl;

  /** Where the load balancer stands. */
  public readonly network: IPrivateNetwork;

  /** Whether callers reach the target at all. */
  public readonly exposure: Exposure;

  /** How callers prove who they are: on port 443, and on the additional listener. */
  public readonly authorizers: Authorizer[];

  /** What is forwarded. */
  public readonly routes: Route[];

  /** The cookie of people who log in at the load balancer and see the admin plane; without one it is answered 404. */
  public readonly adminCookieName?: string;

  /** What the web ACL lets one address send. */
  public readonly addressBudget?: AddressBudget;

  /** For how long a stream may be silent. */
  public readonly streamIdleTimeout: Duration;

  /** What consumers make their endpoints to; nothing unless `Callers.privateLink` is among the callers. */
  public readonly endpointService?: ec2.IVpcEndpointService;

  private readonly certificate: ICertificate;
  private readonly connections: ec2.Connections;
  private readonly deletionProtection: boolean;
  private readonly listeners: readonly OwnListener[];
  private readonly redirect?: elbv2.ApplicationListener;
  private readonly forwarding: Forwarding;

  public constructor(scope: Construct, id: string, props: SecureIngressProps) {
    super(scope, id);
    checkIngress(this, props);
    checkCertificate(this, props.certificate, props.domainName);
    checkSameRegion(this, 'network', Stack.of(props.network).region);
    if (props.accessLogBucket) checkLogBucket(this, props.accessLogBucket);
    const sizing = SIZING[props.size ?? Size.PRODUCTION];
    this.network = props.network;
    this.certificate = props.certificate;
    this.authorizers = [props.authorizer, ...(props.additionalListener ? [props.additionalListener.authorizer] : [])];
    this.routes = [...props.routes];
    this.adminCookieName = props.admin?._cookieName;
    this.streamIdleTimeout = props.streamIdleTimeout ?? STREAM_IDLE_TIMEOUT;
    allowOwnName(this, props.network, props.domainName);
    this.exposure = props.exposure ?? Exposure.ON;
    this.deletionProtection = props.deletionProtection ?? sizing.deletionProtection;
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup(this.exposure === Exposure.ON ? hostsOf(props) : [])], defaultPort: ec2.Port.HTTPS });
    const loadBalancer = this.balance(props);
    this.loadBalancer = loadBalancer;
    this.metrics = loadBalancer.metrics;
    this.listeners = this.listen(loadBalancer, props);
    this.redirect = props.redirectHttp ? addRedirectListener(loadBalancer) : undefined;
    this.webAcl = new WebAcl(this, 'WebAcl', {
      // A log group that is brought has its key already.
      logEncryptionKey: props.webAcl?.logGroup ? undefined : props.encryptionKey,
      ...props.webAcl,
      routes: props.routes,
      credentialHeaders: this.authorizers.flatMap(({ _identity: { key } }) => key?.header ?? []),
      removalPolicy: sizing.removalPolicy,
    });
    this.addressBudget = this.webAcl.addressBudget;
    this.webAcl.protect(loadBalancer);
    recordRequests(loadBalancer, props.accessLogBucket ?? ownLogBucket(this, sizing.removalPolicy));
    if (props.aliasZone) aliasRecords(this, props.aliasZone, props.domainName, loadBalancer, props.dualStack ?? false);
    props.callers._bind(this.door(loadBalancer, props));
    const link = this.node.tryFindChild('PrivateLink');
    this.endpointService = link instanceof PrivateLink ? link.endpointService : undefined;
    this.forwarding = new Forwarding(this, {
      network: props.network,
      exposure: this.exposure,
      domainName: props.domainName,
      loadBalancerName: loadBalancer.loadBalancerFullName,
      routes: placed(props.routes, OWN_PRIORITIES),
      plan: OWN_PRIORITIES,
      listeners: this.listeners,
      streamIdleTimeout: this.streamIdleTimeout,
      isGateOnly: this.authorizers.some(({ _isGateOnly }) => _isGateOnly),
      isForFunction: props.authorizer._isForFunction,
      internetFacing: props.internetFacing,
    });
  }

  /**
   * Lets a workload connect, as one more caller. It still has to prove who it is. Nothing happens while exposure is off.
   *
   * @param caller in this VPC or a peered one
   */
  public grantInvoke(caller: ec2.IConnectable): void {
    // From the caller's side, so that a caller in another stack leaves this one as it is.
    for (const port of this.openPorts()) caller.connections.allowTo({ connections: this.connections }, port, 'Callers');
  }

  /**
   * Forwards the declared routes to a target, once the authorizer has let a request through. Nothing happens while exposure is off.
   *
   * An ingress has one target.
   */
  public forwardTo(target: elbv2.IApplicationLoadBalancerTarget, props: IngressTargetProps): void {
    this.forwarding.to(target, props);
  }

  /**
   * Forwards the declared routes to a function that asks for every proof itself. Nothing happens while exposure is off.
   *
   * @internal
   */
  public _forwardToFunction(handler: IFunction): void {
    this.forwarding.toFunction(handler);
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

  /** Days until the certificate expires, told once or twice a day. */
  public metricDaysToExpiry(props?: cloudwatch.MetricOptions): cloudwatch.Metric | undefined {
    return this.certificate.metricDaysToExpiry(props);
  }

  private securityGroup(hosts: readonly string[]): ec2.SecurityGroup {
    const { vpc } = this.network;
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Load balancer in front of the Core', allowAllOutbound: false });
    if (hosts.length > 0) {
      // The address of an issuer is not known in advance; without this the load balancer answers 500.
      group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'Issuers and identity providers');
      this.network.allowNames(...hosts);
    }
    return group;
  }

  private balance(props: SecureIngressProps): elbv2.ApplicationLoadBalancer {
    const { vpc, publicSubnets, ingressSubnets } = props.network;
    const [securityGroup] = this.connections.securityGroups;
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: props.internetFacing ? publicSubnets : ingressSubnets,
      securityGroup,
      internetFacing: props.internetFacing ?? false,
      ipAddressType: props.dualStack ? elbv2.IpAddressType.DUAL_STACK : undefined,
      deletionProtection: this.deletionProtection,
      idleTimeout: this.streamIdleTimeout,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.STRICTEST,
      xffHeaderProcessingMode: elbv2.XffHeaderProcessingMode.APPEND,
    });
    loadBalancer.setAttribute('waf.fail_open.enabled', 'false');
    // Its listeners stand below it in the tree, and have no tags in every version of their schema.
    const onlyItself = { includeResourceTypes: [elbv2.CfnLoadBalancer.CFN_RESOURCE_TYPE_NAME] };
    Tags.of(loadBalancer).add(EXPOSURE_TAG, this.exposure === Exposure.ON ? 'on' : 'off', onlyItself);
    return loadBalancer;
  }

  private listen(loadBalancer: elbv2.ApplicationLoadBalancer, { certificate, tlsFloor = TlsFloor.TLS_1_3, ...props }: SecureIngressProps): OwnListener[] {
    const listener = (prefix: string, port: number, authorizer: Authorizer, scope: Construct): OwnListener => {
      const proof = authorizer._bind(scope);
      const { mutualAuthentication } = proof;
      return { id: `${prefix}Routes`, proof, listener: addHttpsListener(loadBalancer, `${prefix}Https`, { port, certificate, tlsFloor, mutualAuthentication }) };
    };
    const first = { ...listener('', 443, props.authorizer, this), admin: props.admin?._bind(this, props.domainName) };
    if (!props.additionalListener) return [first];
    const { port, authorizer } = props.additionalListener;
    const second = listener('Additional', port, authorizer, new Construct(this, 'Additional'));
    if (second.proof.mutualAuthentication) return [first, second];
    throw invalidProp(this, 'additionalListener.authorizer', 'without client certificates',
      'Port 443 is for tokens and the additional one for certificates: name Authorizer.mtls or Authorizer.trustStore here.');
  }

  /** What callers may connect to; nothing while exposure is off. */
  private openPorts(): ec2.Port[] {
    if (this.exposure === Exposure.OFF) return [];
    return [...this.listeners.map(({ listener }) => listener), ...(this.redirect ? [this.redirect] : [])].map(({ port }) => ec2.Port.tcp(port));
  }

  private door(loadBalancer: elbv2.ApplicationLoadBalancer, { internetFacing = false, tlsFloor = TlsFloor.TLS_1_3, dualStack = false }: SecureIngressProps): Door {
    return {
      scope: this,
      loadBalancer,
      connections: this.connections,
      ports: this.openPorts(),
      dualStack,
      lackedForInternet: [
        ...(internetFacing ? [] : ['a load balancer with public addresses (Ingress.internetFacing)']),
        ...(isTls13(tlsFloor) ? [] : ['a floor of TLS 1.3 (tlsFloor)']),
      ],
      linkPrivately: (consumers) => {
        new PrivateLink(this, 'PrivateLink', {
          ...consumers,
          network: this.network,
          connections: this.connections,
          listeners: this.listeners.map(({ listener }) => listener),
          probe: this.redirect ?? addRedirectListener(loadBalancer),
          deletionProtection: this.deletionProtection,
          isOpen: this.exposure === Exposure.ON,
        });
      },
    };
  }
}
