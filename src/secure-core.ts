import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AuditTrail, type IAuditTrail } from './audit/audit-trail';
import type { Authorizer } from './authorizer/authorizer';
import { type CoreContainerProps, CoreService } from './core/core-service';
import { type IngressProps, SecureIngress } from './ingress/secure-ingress';
import { type IPrivateNetwork, PrivateNetwork } from './network/private-network';

/** How to protect a Core. */
export interface SecureCoreProps {
  /** The container that is protected. */
  readonly container: CoreContainerProps;

  /** The name, the certificate and the callers. */
  readonly ingress: IngressProps;

  /** Who a caller must prove to be before the Core sees a byte (IDN-1). */
  readonly authorizer: Authorizer;

  /**
   * The network, to share one between several Cores.
   *
   * @default - a new PrivateNetwork, with internet for its ingress tier where the authorizer needs it
   */
  readonly network?: IPrivateNetwork;

  /**
   * Where logs and audit records go.
   *
   * @default - a new AuditTrail
   */
  readonly audit?: IAuditTrail;
}

/**
 * A private container behind a load balancer with TLS 1.3, a flood limit and an authorizer.
 *
 * It only composes: every part can be built by itself, and stays reachable as a property.
 */
export class SecureCore extends Construct implements iam.IGrantable {
  /** The three private tiers. */
  public readonly network: IPrivateNetwork;

  /** The load balancer with its listener, web ACL and callers. */
  public readonly ingress: SecureIngress;

  /** The logs. */
  public readonly audit: IAuditTrail;

  /** The running container. */
  public readonly core: CoreService;

  /** Who the container acts as: `bucket.grantRead(core)`. */
  public readonly grantPrincipal: iam.IPrincipal;

  public constructor(scope: Construct, id: string, props: SecureCoreProps) {
    super(scope, id);
    this.network = props.network ?? new PrivateNetwork(this, 'Network', { ingressReachesInternet: props.authorizer.fetchesKeysFromInternet });
    this.audit = props.audit ?? new AuditTrail(this, 'Audit');
    this.ingress = new SecureIngress(this, 'Ingress', { ...props.ingress, network: this.network, authorizer: props.authorizer });
    this.core = new CoreService(this, 'Service', { container: props.container, ingress: this.ingress, audit: this.audit });
    this.grantPrincipal = this.core.grantPrincipal;
  }

  /** The ECS service that runs the container. */
  public get service(): ecs.IService {
    return this.core.service;
  }

  /**
   * Lets a workload connect, as one more caller. It still has to prove who it is.
   *
   * @param caller in this VPC or a peered one
   */
  public grantInvoke(caller: ec2.IConnectable): void {
    this.ingress.grantInvoke(caller);
  }

  /**
   * Lets the container reach something, such as its database.
   *
   * @param other in the VPC
   * @param port which it listens on
   */
  public allowTo(other: ec2.IConnectable, port: ec2.Port): void {
    this.core.allowTo(other, port);
  }
}
