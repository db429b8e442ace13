import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { CoreService } from '../core/core-service';

/** Something that a Core keeps data in. It says itself what the Core has to be told, so that nobody types a host name or a password by hand. */
export interface ICoreStore {
  /** Variables that everybody may know, such as `POSTGRES_HOST`. */
  readonly environment: { readonly [name: string]: string };

  /** Variables that are filled from Secrets Manager when a task starts, such as `POSTGRES_PASSWORD`. */
  readonly secrets: { readonly [name: string]: ecs.Secret };

  /**
   * Lets a Core reach and use it. Called once for each Core that it is given to.
   *
   * @param core that uses it
   */
  grantUse(core: CoreService): void;
}
