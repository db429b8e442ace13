import type { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Size } from '../size';
import type { AfterCheckout } from './after-checkout';
import type { DeviceCredentialKind } from './device-credential-kind';

/** A credential of network devices, which jobs name by its id (TS-05). */
export interface DeviceCredentialProps {
  /** What jobs call it: 1 to 64 letters, digits, `.`, `_` and `-`. It is no secret: it stands in the queue and in records. */
  readonly id: string;

  /** What it is for. */
  readonly kind: DeviceCredentialKind;

  /**
   * After how many days somebody has to have changed it on the devices: whole days, 1 to 365.
   *
   * @default Duration.days(90)
   */
  readonly maxAge?: Duration;

  /**
   * What becomes of it once its last lease has ended. A function that changes it on the devices is let read and write this secret.
   *
   * @default AfterCheckout.keep()
   */
  readonly after?: AfterCheckout;
}

/** Which credentials of devices there are, and whose. */
export interface DeviceCredentialsProps {
  /** What jobs name: one at least, each with an id of its own. */
  readonly credentials: DeviceCredentialProps[];

  /** Whose secrets these are, such as `production`: names begin with it, and no stack has secrets of two (NT-37). */
  readonly environment: string;

  /**
   * Who is told of alarms.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;

  /**
   * What becomes of them when the stack is destroyed: only Size.DEV lets them go.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;
}
