import type { StackResource } from '../lockdown/aws';

/** A container as ECS starts it, without the value of any secret. */
export interface DeployedContainer {
  readonly name: string;
  readonly image: string;
  /** By name. */
  readonly environment: ReadonlyMap<string, string>;
  /** Where values come from, by the name of the variable: an ARN, for one field of a JSON secret with the field behind it. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Of CloudWatch. */
  readonly logGroup?: string;
}

/** A service with what its tasks are started with by now. */
export interface DeployedTask {
  readonly taskDefinition: string;
  /** Whether tasks of an earlier definition may still run. */
  readonly isRollingOut: boolean;
  readonly containers: readonly DeployedContainer[];
}

/** What commands ask that look at what runs. */
export interface DeployedAws {
  /** Undefined where there is no such stack. */
  resourcesOf(stack: string): Promise<readonly StackResource[] | undefined>;
  /** @param service the ARN. Undefined where it is not there any more */
  taskOf(service: string): Promise<DeployedTask | undefined>;
}
