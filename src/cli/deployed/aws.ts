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

/** A container with all that decides what it may do. */
export interface ExaminedContainer extends DeployedContainer {
  /** Whether the task ends with it. */
  readonly isEssential: boolean;
  /** Empty where the image decides. */
  readonly user: string;
  readonly isReadOnly: boolean;
  readonly isPrivileged: boolean;
  /** Of Linux, taken away. */
  readonly dropped: readonly string[];
  /** In MiB, of the container alone. */
  readonly memory?: number;
}

/** A service with what it runs, and where. */
export interface ExaminedService extends DeployedTask {
  readonly containers: readonly ExaminedContainer[];
  /** How many tasks are wanted, and how many there are. */
  readonly desired: number;
  readonly running: number;
  /** Folders of the machine that a task is shown. */
  readonly hostPaths: readonly string[];
  /** In MiB, of a whole task. */
  readonly memory?: number;
  readonly takesCommands: boolean;
  readonly hasPublicAddress: boolean;
  readonly securityGroups: readonly string[];
  /** Which container each target group leads to. */
  readonly targets: readonly { readonly group: string; readonly container: string }[];
}

/** What commands ask that look at what runs. */
export interface DeployedAws {
  /** Undefined where there is no such stack. */
  resourcesOf(stack: string): Promise<readonly StackResource[] | undefined>;
  /** @param service the ARN. Undefined where it is not there any more */
  taskOf(service: string): Promise<DeployedTask | undefined>;
}
