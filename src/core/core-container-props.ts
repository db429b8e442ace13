import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { CoreImage } from './core-image';
import type { ErrorTracking } from './error-tracking';
import type { Telemetry } from './telemetry';

/** What of a container has a default: who it runs as, how large it is, and what it is told. */
export interface ContainerOptions {
  /**
   * The user and group it runs as, both numeric and neither root (CTR-2).
   *
   * @default '1000:1000'
   */
  readonly user?: string;

  /**
   * Its CPU units, 1024 to a vCPU: 256, 512, 1024, 2048, 4096 or 8192. The gate beside it takes some of its own, and the task is as large as it must be.
   *
   * @default 512
   */
  readonly cpu?: number;

  /**
   * Memory in MiB, within what Fargate offers for the CPU units. It is a hard limit (CTR-3).
   *
   * @default - twice the CPU units, 1024 for 512
   */
  readonly memoryLimitMiB?: number;

  /**
   * Variables that everybody who can read the task definition may know.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Variables that are filled from Secrets Manager or Parameter Store when a task starts (SEC-1).
   *
   * @default - none
   */
  readonly secrets?: { readonly [name: string]: ecs.Secret };

  /**
   * Who is told of its errors (MON-4). `SENTRY_DSN` in `environment` is refused.
   *
   * @default - nobody
   */
  readonly errorTracking?: ErrorTracking;

  /**
   * Where its traces and measurements go (MON-5). Endpoints in `environment` have to be https or in the task as well.
   *
   * @default - nowhere
   */
  readonly telemetry?: Telemetry;

  /**
   * Folders that the program writes to, each an empty volume of the task; everything else is read-only (CTR-4).
   *
   * Name the folder as a `VOLUME` in the Dockerfile and give it to the user there, or it belongs to root.
   *
   * @default - none
   */
  readonly writablePaths?: string[];

  /**
   * How many copies run at least.
   *
   * @default - what the size says: 1 for Size.DEV, otherwise 2
   */
  readonly minTasks?: number;

  /**
   * How many copies run at most. More than `minTasks` lets their number follow the requests.
   *
   * @default - what the size says: 1 for Size.DEV, 4 for Size.STANDARD, 10 for Size.PRODUCTION; at least `minTasks`
   */
  readonly maxTasks?: number;

  /**
   * Requests a minute that one copy takes before another is started.
   *
   * @default 600 - the budget of one caller at 10 requests a second (CX-27)
   */
  readonly requestsPerTask?: number;
}

/** The container that is protected. */
export interface CoreContainerProps extends ContainerOptions {
  /** What it runs. */
  readonly image: CoreImage;

  /** The port it listens on, from 1024 to 65535: a program that is not root cannot bind a lower one. */
  readonly port: number;

  /** The path that answers 200 while it is well, such as `/health`. */
  readonly healthCheckPath: string;
}
