import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IAuditTrail } from '../audit/audit-trail';
import type { ContainerOptions } from '../core/core-container-props';
import type { CoreImage } from '../core/core-image';
import type { ICoreStore } from '../data/core-store';
import type { GatePlainOptions } from '../gate/gate-props';
import type { RatePlan } from '../gate/rate/rate-plan';
import type { Exposure } from '../ingress/exposure';
import type { IngressOptions } from '../ingress/ingress-props';
import type { Egress } from '../network/egress';
import type { IPrivateNetwork } from '../network/private-network';
import type { AlarmThresholds } from '../observability/alarm-thresholds';
import type { Rollout } from '../secrets/rollout';
import type { TrailCoverage } from '../secrets/trail-coverage';
import type { Size } from '../size';
import type { Profile } from './profile';

/** What of a container its profile leaves open. */
export interface ProfiledContainerOptions extends ContainerOptions {
  /**
   * The port it listens on, from 1024 to 65535.
   *
   * @default - what the profile's document names: 8084 for cortex; 8000 for the others, whose documents name none
   */
  readonly port?: number;

  /**
   * The path that answers 200 while it is well.
   *
   * @default '/health' - ours, the documents name none
   */
  readonly healthCheckPath?: string;
}

/** What of a gate its profile leaves open. */
export interface ProfiledGateOptions extends GatePlainOptions {
  /**
   * How much each caller may use; where the program counts as well, its variables say the same.
   *
   * @default RatePlan.perCaller()
   */
  readonly ratePlan?: RatePlan;
}

/** How to deploy the system of one of the documents. */
export interface ProfiledCoreProps {
  /** Which document's system, with what it needs. */
  readonly profile: Profile;

  /** Whose secrets these are, such as `dev`, `staging` or `production`: those that somebody fills in or names begin with it, and a stack has one (NT-37). */
  readonly environment: string;

  /** What the container runs. */
  readonly image: CoreImage;

  /** What stands in front of it: its name, its certificate and who may connect. What is forwarded is the profile's to say. */
  readonly ingress: IngressOptions;

  /** Who is told of every alarm (MON-6). */
  readonly alarmTopic: ITopic;

  /**
   * Whether the load balancer has public addresses.
   *
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * What it costs, and how hard it is to lose.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * Sizes of the container, and variables that the profile does not know; those that it knows it writes itself.
   *
   * @default - the profile's
   */
  readonly container?: ProfiledContainerOptions;

  /**
   * What it keeps data in beside what the profile makes, in `network`.
   *
   * @default - none
   */
  readonly stores?: ICoreStore[];

  /**
   * Which public servers it reaches beside those that the profile derives (NET-5). A network that is given has its own.
   *
   * @default Egress.none()
   */
  readonly egress?: Egress;

  /**
   * What of the gate the profile has no opinion about.
   *
   * @default - the defaults of GateOptions
   */
  readonly gate?: ProfiledGateOptions;

  /**
   * Whether callers reach it at all (INC-1).
   *
   * @default Exposure.ON
   */
  readonly exposure?: Exposure;

  /**
   * The network, to share one between several Cores; its core tier has to reach what the profile's program asks.
   *
   * @default - a new PrivateNetwork that reaches what the profile derives and `egress` names
   */
  readonly network?: IPrivateNetwork;

  /**
   * The cluster that the container runs in, of the network's VPC.
   *
   * @default - a new one
   */
  readonly cluster?: ecs.ICluster;

  /**
   * Where logs and audit records go.
   *
   * @default - a new AuditTrail
   */
  readonly audit?: IAuditTrail;

  /**
   * Who records calls to AWS in this account (SEC-8).
   *
   * @default - nothing is said
   */
  readonly trail?: TrailCoverage;

  /**
   * From where on something is an alarm.
   *
   * @default - the defaults of AlarmThresholds
   */
  readonly alarmThresholds?: AlarmThresholds;

  /**
   * Who replaces the container's tasks when a secret that they hold is renewed (SEC-11).
   *
   * @default Rollout.automatic()
   */
  readonly rollout?: Rollout;

  /**
   * The key that encrypts the logs of what is built here, as in SecureCore.
   *
   * @default - keys of CloudWatch Logs' own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What no role that is built here may exceed.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}
