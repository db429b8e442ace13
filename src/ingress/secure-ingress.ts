import { Duration, Stack, Token } from 'aws-cdk-lib';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { Authorizer } from '../authorizer/authorizer';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';
import { checkSameRegion } from '../same-region';
import type { Callers } from './callers';
import { RESPONSE_HEADER_ATTRIBUTES } from './response-headers';
import { checkTarget } from './target-checks';
import { SSL_POLICIES, TlsFloor } from './tls-floor';
import { WebAcl, type WebAclProps } from './web-acl';

/** The name, the certificate and the callers of an ingress. */
export interface IngressProps {
  /**
   * The host name that callers use; requests for another one are answered 404.
   *
   * Point it at the load balancer, for instance with a Route 53 alias record.
   */
  readonly domainName: string;

  /** The certificate for the host name, from AWS Certificate Manager in the same region. */
  readonly certificate: acm.ICertificate;

  /** Who may connect (NET-2). */
  readonly callers: Callers;

  /**
   * The oldest TLS that is spoken.
   *
   * @default TlsFloor.TLS_1_3
   */
  readonly tlsFloor?: TlsFloor;

  /**
   * How much one source address may ask for.
   *
   * @default - the defaults of WebAclProps
   */
  readonly webAcl?: WebAclProps;
}

/** How to build an ingress by itself. */
export interface SecureIngressProps extends IngressProps {
  /** Where the load balancer stands. */
  readonly network: IPrivateNetwork;

  /** Who a caller must prove to be. */
  readonly authorizer: Authorizer;
}

/** What the ingress forwards to. */
export interface IngressTargetProps {
  /** The port that the target listens on. */
  readonly port: number;

  /** The path that answers 200 while the target is well, such as `/health`. */
  readonly healthCheckPath: string;
}

/**
 * An internal load balancer that speaks TLS, limits floods, and forwards only what its authorizer has let through.
 *
 * Port 80 stays closed (TLS-4): a redirect would let a client send its token in clear once.
 *
 * Neither the listener nor the security group is handed out: a second action on the one, or a second member of the other,
 * would reach the target without the authorizer.
 */
export class SecureIngress extends Construct {
  /** The load balancer, for DNS records: `route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(ingress.loadBalancer))`. */
  public readonly loadBalancer: elbv2.ILoadBalancerV2;

  /** The load balancer's metrics. */
  public readonly metrics: elbv2.IApplicationLoadBalancerMetrics;

  /** The web ACL in front of it. */
  public readonly webAcl: WebAcl;

  /** Where the load balancer stands. */
  public readonly network: IPrivateNetwork;

  private readonly connections: ec2.Connections;
  private readonly listener: elbv2.ApplicationListener;
  private readonly domainName: string;
  private readonly authorizer: Authorizer;

  public constructor(scope: Construct, id: string, props: SecureIngressProps) {
    super(scope, id);
    checkDomainName(this, props.domainName);
    checkSameRegion(this, 'certificate', regionOf(this, props.certificate));
    checkSameRegion(this, 'network', Stack.of(props.network).region);
    if (props.authorizer.fetchesKeysFromInternet && !props.network.ingressReachesInternet) {
      throw invalidProp(this, 'network.ingressReachesInternet', false,
        'The load balancer fetches the authorizer\'s signing keys from the internet: build the PrivateNetwork with ingressReachesInternet: true.');
    }
    this.domainName = props.domainName;
    this.authorizer = props.authorizer;
    this.network = props.network;
    const { vpc } = props.network;
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Load balancer in front of the Core', allowAllOutbound: false });
    // The address of an issuer is not known in advance; without this the load balancer answers 500.
    if (props.authorizer.fetchesKeysFromInternet) group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'Signing keys of the issuer');
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: props.network.ingressSubnets,
      securityGroup: group,
      internetFacing: false,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.STRICTEST,
      xffHeaderProcessingMode: elbv2.XffHeaderProcessingMode.APPEND,
      wafFailOpen: false,
    });
    this.loadBalancer = loadBalancer;
    this.metrics = loadBalancer.metrics;
    this.listener = loadBalancer.addListener('Https', {
      port: 443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [elbv2.ListenerCertificate.fromCertificateManager(props.certificate)],
      sslPolicy: SSL_POLICIES[props.tlsFloor ?? TlsFloor.TLS_1_3],
      open: false,
      defaultAction: elbv2.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not found' }),
    });
    for (const [key, value] of Object.entries(RESPONSE_HEADER_ATTRIBUTES)) this.listener.setAttribute(key, value);
    this.webAcl = new WebAcl(this, 'WebAcl', props.webAcl);
    this.webAcl.protect(loadBalancer);
    this.connections = new ec2.Connections({ securityGroups: [group], defaultPort: ec2.Port.HTTPS });
    props.callers._bind(this, this.connections, ec2.Port.HTTPS);
  }

  /**
   * Lets a workload connect, as one more caller. It still has to prove who it is.
   *
   * @param caller in this VPC or a peered one
   */
  public grantInvoke(caller: ec2.IConnectable): void {
    // From the caller's side, so that a caller in another stack leaves this one as it is.
    caller.connections.allowToDefaultPort({ connections: this.connections }, 'Callers');
  }

  /**
   * Forwards requests for the host name to a target, once the authorizer has let them through.
   *
   * An ingress has one target.
   */
  public forwardTo(target: elbv2.IApplicationLoadBalancerTarget, props: IngressTargetProps): void {
    if (this.node.tryFindChild('Target')) throw new Error(`${this.node.path}: forwardTo was called twice. An ingress has one target: build a second SecureIngress.`);
    checkTarget(this, props);
    const targetGroup = new elbv2.ApplicationTargetGroup(this, 'Target', {
      vpc: this.network.vpc,
      targetType: elbv2.TargetType.IP,
      protocol: elbv2.ApplicationProtocol.HTTP,
      port: props.port,
      targets: [target],
      healthCheck: { path: props.healthCheckPath, healthyHttpCodes: '200', interval: Duration.seconds(15), timeout: Duration.seconds(5) },
    });
    new elbv2.ApplicationListenerRule(this, 'Forward', {
      listener: this.listener,
      priority: 1000,
      conditions: [elbv2.ListenerCondition.hostHeaders([this.domainName])],
      action: this.authorizer._bind(this, elbv2.ListenerAction.forward([targetGroup])),
    });
  }
}

const DOMAIN_NAME = /^(?=.{1,128}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

function checkDomainName(scope: Construct, domainName: string): void {
  if (Token.isUnresolved(domainName) || DOMAIN_NAME.test(domainName)) return;
  throw invalidProp(scope, 'domainName', domainName, 'Name a host such as core.acme.internal: no scheme, port, path or wildcard, at most 128 characters.');
}

/** An imported certificate knows its region only by its ARN. */
function regionOf(scope: Construct, { certificateArn }: acm.ICertificate): string {
  if (Token.isUnresolved(certificateArn)) return certificateArn;
  const region = /^arn:[a-z-]+:acm:([a-z0-9-]+):\d{12}:certificate\/.+$/.exec(certificateArn)?.[1];
  if (region === undefined) throw invalidProp(scope, 'certificate', certificateArn, 'Name a certificate of AWS Certificate Manager, arn:aws:acm:<region>:<account>:certificate/<id>.');
  return region;
}
