import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IAuditTrail } from '../audit/audit-trail';
import type { ICoreStore } from '../data/core-store';
import type { GateOptions } from '../gate/gate-props';
import type { IIngress } from '../ingress/ingress';
import type { Rollout } from '../secrets/rollout';
import type { Size } from '../size';
import type { CoreContainerProps } from './core-container-props';

/** How to run a Core by itself. */
export interface CoreServiceProps {
  /** What is protected. */
  readonly container: CoreContainerProps;
  /** What its callers come through; it runs in the same network. */
  readonly ingress: IIngress;
  /** Where its log goes. */
  readonly audit: IAuditTrail;

  /**
   * How many copies run unless the container says so itself.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * The cluster it runs in, of the same VPC.
   *
   * @default - a new one with container insights
   */
  readonly cluster?: ecs.ICluster;

  /**
   * What the gate in front of it does beside what the ingress says.
   *
   * @default - the defaults of GateOptions
   */
  readonly gate?: GateOptions;

  /**
   * The key that encrypts the gate's data.
   *
   * @default - AWS's own keys
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What it keeps data in: each tells it where it is and how to log in.
   *
   * @default - none
   */
  readonly stores?: ICoreStore[];

  /**
   * Who replaces its tasks when a secret that they hold is renewed.
   *
   * @default Rollout.automatic()
   */
  readonly rollout?: Rollout;

  /**
   * Who is told when the password of its gate cannot be renewed, and when renewed secrets cannot be brought to its tasks.
   *
   * @default - nobody; `rollout.alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;
}
