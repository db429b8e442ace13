import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IAuditTrail } from '../audit/audit-trail';
import type { CoreImage } from '../core/core-image';
import type { RedisUser } from '../data/redis-user';
import type { IPrivateNetwork } from '../network/private-network';
import type { RotationRollout } from '../secrets/rotation-rollout';
import type { Size } from '../size';
import type { CredentialBroker } from './credential-broker';
import type { DeviceNetwork } from './device-network';

/** Which workers to run, and what they reach. */
export interface WorkerPoolProps {
  /** What they check credentials out of. They stand in its stack. */
  readonly broker: CredentialBroker;

  /** The one in whose core tier they run: that of the broker, or one with a way to it. */
  readonly network: IPrivateNetwork;

  /** What they run. */
  readonly image: CoreImage;

  /**
   * What tells whether a worker still works: a command of its image, as Amazon ECS takes it, such as `['CMD', 'python', '/app/health.py']`.
   *
   * Nothing asks a worker from outside, so that one that hangs is found by nothing else (CTR-6).
   */
  readonly healthCheckCommand: string[];

  /** Where their log goes. */
  readonly audit: IAuditTrail;

  /**
   * What they take jobs from. It is spoken to by TLS: no other user of a Redis can be made (C-15).
   *
   * @default - none: they learn of jobs in another way, such as from what they are told in `environment`
   */
  readonly queue?: RedisUser;

  /**
   * The devices that they log in to.
   *
   * @default - none: they reach the broker and the queue
   */
  readonly devices?: DeviceNetwork[];

  /**
   * What replaces tasks when a key or password that they hold is renewed, such as a Core's `rollout`. What rolls a secret out already goes on doing so.
   *
   * @default - a new one, where a secret is renewed that nothing rolls out yet
   */
  readonly rollout?: RotationRollout;

  /**
   * CPU units of a worker, 1024 to a vCPU, as AWS Fargate offers them.
   *
   * @default 256
   */
  readonly cpu?: number;

  /**
   * Memory of a worker in MiB, as AWS Fargate offers it for `cpu`.
   *
   * @default - twice the CPU units
   */
  readonly memoryLimitMiB?: number;

  /**
   * The user and group that they run as, both numeric and neither root (CTR-2).
   *
   * @default '1000:1000'
   */
  readonly user?: string;

  /**
   * How many run.
   *
   * @default - 1 for Size.DEV, otherwise 2
   */
  readonly workers?: number;

  /**
   * Variables that everybody who can read the task definition may know. What is secret, the broker gives out.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * The cluster they run in, of the network's VPC, with container insights, by which their number is watched.
   *
   * @default - a new one
   */
  readonly cluster?: ecs.ICluster;

  /**
   * Who is told of alarms.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;

  /**
   * How many run unless `workers` says so.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;
}
