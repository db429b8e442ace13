import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AuditTrail, type IAuditTrail } from './audit/audit-trail';
import type { Authorizer } from './authorizer/authorizer';
import type { CoreContainerProps } from './core/core-container-props';
import { CoreService } from './core/core-service';
import { checkGiven } from './check-given';
import { checkKinds, having, type Kinds, options } from './check-kinds';
import { AUTHORIZER, CORE_KINDS } from './core-kinds';
import { warnOfUnreached } from './core/observed-variables';
import type { ICoreStore } from './data/core-store';
import type { Gate } from './gate/gate';
import type { GateOptions } from './gate/gate-props';
import { Exposure } from './ingress/exposure';
import type { IIngress, Ingress } from './ingress/ingress';
import { invalidProp } from './invalid-prop';
import type { AlarmThresholds } from './observability/alarm-thresholds';
import { SecurityAlarms } from './observability/security-alarms';
import { tellOfHeld, watchStores } from './observability/watch-stores';
import type { Egress } from './network/egress';
import { networkFor } from './network/network-for';
import type { IPrivateNetwork } from './network/private-network';
import { secretBehind } from './secrets/container-secret';
import type { Rollout } from './secrets/rollout';
import type { RotationRollout } from './secrets/rotation-rollout';
import { SecretAccess } from './secrets/secret-access';
import type { TrailCoverage } from './secrets/trail-coverage';
import { Size, SIZING } from './size';

/** How to protect a Core. */
export interface SecureCoreProps {
  /** The container that is protected. */
  readonly container: CoreContainerProps;

  /** What stands in front of it. */
  readonly ingress: Ingress;

  /** Who a caller must prove to be before the Core sees a byte (IDN-1). */
  readonly authorizer: Authorizer;

  /**
   * What the container keeps data in, such as what `postgres.addUser(…)` and `redis.addUser(…)` return, or an `AssetBucket`. Each tells it where it is and how to log in,
   * and is reached by this container alone.
   *
   * @default - none
   */
  readonly stores?: ICoreStore[];

  /**
   * Who replaces the container's tasks when a secret that they hold is renewed: a running task never sees a new one by itself (SEC-11).
   *
   * @default Rollout.automatic()
   */
  readonly rollout?: Rollout;

  /**
   * Who records calls to AWS in this account, by which reads of secrets are told (SEC-8): a trail usually stands in another account.
   *
   * @default - nothing is said; without any trail the alarm on unexpected reads stays silent
   */
  readonly trail?: TrailCoverage;

  /**
   * Who is told of every alarm of the Core (MON-6), such as an `AlarmTopic`. Of a topic that is there already, the key must let `cloudwatch.amazonaws.com` use it.
   * Secrets and stores that it holds and whose own `alarmTopic` names nobody tell it too, where they stand in the same stack or the topic is named by its ARN.
   */
  readonly alarmTopic: ITopic;

  /**
   * From where on something is an alarm.
   *
   * @default - the defaults of AlarmThresholds
   */
  readonly alarmThresholds?: AlarmThresholds;

  /**
   * What the gate does that stands between load balancer and container.
   *
   * @default - every route as it says; 10 requests a second and 5 open streams for one caller
   */
  readonly gate?: GateOptions;

  /**
   * Whether callers reach it at all: the kill switch that lasts (INC-1). `cdk-secure-core lockdown` is the fast one.
   *
   * @default Exposure.ON
   */
  readonly exposure?: Exposure;

  /**
   * What it costs, and how hard it is to lose.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * The network, to share one between several Cores.
   *
   * @default - a new PrivateNetwork, with internet for its ingress tier where the authorizer needs it
   */
  readonly network?: IPrivateNetwork;

  /**
   * Which public servers the container reaches (NET-5). A network that is given has its own.
   *
   * @default Egress.none()
   */
  readonly egress?: Egress;

  /**
   * Where logs and audit records go.
   *
   * @default - a new AuditTrail
   */
  readonly audit?: IAuditTrail;

  /**
   * The cluster that the container runs in, of the network's VPC.
   *
   * @default - a new one
   */
  readonly cluster?: ecs.ICluster;

  /**
   * The key that encrypts the logs of what is built here. An imported key's policy is not changed: let `logs.<region>.amazonaws.com` use it.
   * The load balancer's logs stay with keys of S3's own: it can write no others (AWS ELB guide, "Access logs").
   *
   * @default - keys of CloudWatch Logs' own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What no role that is built here may exceed, for accounts that demand a boundary.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/** What nobody can leave out, for those whose compiler does not tell them. */
const REQUIRED = {
  container: 'Name the container that is protected: { image, port, healthCheckPath }.',
  ingress: 'Name what stands in front of the container: Ingress.internal(…), Ingress.internetFacing(…) or Ingress.existing(…).',
  authorizer: AUTHORIZER.todo,
  alarmTopic: CORE_KINDS.alarmTopic.todo,
} as const satisfies Partial<Record<keyof SecureCoreProps, string>>;

const KINDS: Kinds<SecureCoreProps> = {
  ...CORE_KINDS,
  container: options(REQUIRED.container),
  ingress: having('_bind', REQUIRED.ingress),
  authorizer: AUTHORIZER,
};

/**
 * A private container behind a gate, and a load balancer with TLS 1.3, a flood limit and an authorizer.
 *
 * It only composes: every part can be built by itself, and stays reachable as a property.
 */
export class SecureCore extends Construct implements iam.IGrantable {
  /** The three private tiers. */
  public readonly network: IPrivateNetwork;

  /** The load balancer with its listener, web ACL and callers. */
  public readonly ingress: IIngress;

  /** The logs. */
  public readonly audit: IAuditTrail;

  /** The running container. */
  public readonly core: CoreService;

  /** What tells when somebody else than its tasks, and what renews them, reads the secrets of the container and of the gate. */
  public readonly secretAccess: SecretAccess;

  /** What tells when it is attacked or fails, and the page with the figures of an incident. */
  public readonly alarms: SecurityAlarms;

  /** Who the container acts as: `bucket.grantRead(core)`. */
  public readonly grantPrincipal: iam.IPrincipal;

  public constructor(scope: Construct, id: string, props: SecureCoreProps) {
    super(scope, id);
    checkGiven(this, props, REQUIRED);
    checkKinds(this, props, KINDS);
    if (props.network && props.egress) throw invalidProp(this, 'egress', 'given beside network', 'The network decides what its core tier reaches: name the egress there, as coreEgress.');
    const size = props.size ?? Size.PRODUCTION;
    const { removalPolicy } = SIZING[size];
    const { encryptionKey } = props;
    this.network = props.network ?? networkFor(this, { ingress: props.ingress, authorizer: props.authorizer, size, egress: props.egress, encryptionKey });
    const keyPrefixes = [props.authorizer, ...props.ingress._otherAuthorizers].flatMap(({ _identity: { key } }) => key?.prefix ?? []);
    this.audit = props.audit ?? new AuditTrail(this, 'Audit', { removalPolicy, encryptionKey, alarmTopic: props.alarmTopic, keyPrefixes });
    this.ingress = props.ingress._bind(this, 'Ingress', {
      network: this.network,
      authorizer: props.authorizer,
      exposure: props.exposure ?? Exposure.ON,
      size,
      encryptionKey,
    });
    const { container, cluster, gate, stores, rollout, alarmTopic, trail } = props;
    this.core = new CoreService(this, 'Service', { container, ingress: this.ingress, audit: this.audit, size, cluster, gate, encryptionKey, stores, rollout, alarmTopic });
    warnOfUnreached(this, [container.telemetry?._host, container.errorTracking?._host], this.network);
    const secrets = this.secretsToWatch();
    this.secretAccess = new SecretAccess(this, 'SecretAccess', { secrets, readers: [this.core.executionRole], trail, alarmTopic, encryptionKey, removalPolicy });
    this.alarms = new SecurityAlarms(this, 'Alarms', {
      core: this.core,
      ingress: this.ingress,
      audit: this.audit,
      alarmTopic,
      thresholds: props.alarmThresholds,
      signsOfAttack: this.secretAccess.alarms,
      signsOfFault: [...this.audit.alarms, ...this.rollout?.alarms ?? []],
    });
    watchStores(this.alarms, this.core.gate.redis, stores);
    tellOfHeld(alarmTopic, secrets, stores);
    if (props.permissionsBoundary) this.applyBoundary(props.permissionsBoundary);
    this.grantPrincipal = this.core.grantPrincipal;
  }

  /** What the tasks take, and what is made here and taken by nobody, such as the password of a user who is off. */
  private secretsToWatch(): ISecret[] {
    const brought = new Construct(this, 'BroughtSecrets');
    const taken = this.core._held.map((given, index) => secretBehind(brought, `Secret${index}`, given)).filter((secret) => secret !== undefined);
    return [...taken, ...this.node.findAll().filter((one) => one instanceof Secret)];
  }

  private applyBoundary(boundary: iam.IManagedPolicy): void {
    // The CDK keeps the functions behind its own custom resources beside what asked for them, under the stack.
    const providers = Stack.of(this).node.children.filter(({ node }) => /^(Custom::|AWSCDK\.)/.test(node.id));
    for (const scope of [this, ...providers]) iam.PermissionsBoundary.of(scope).apply(boundary);
  }

  /** What decides about every request before the container sees it. */
  public get gate(): Gate {
    return this.core.gate;
  }

  /** What replaces the container's tasks when a secret that they hold is renewed; nothing where none is, or somebody else sees to it. */
  public get rollout(): RotationRollout | undefined {
    return this.core.rollout;
  }

  /** The ECS service that runs the container. */
  public get service(): ecs.IBaseService {
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
