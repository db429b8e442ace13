import type { PhaseName } from '../../broker/contract';
import type { ManagementRequest } from '../../broker/operations/contract';
import type { StackResource } from '../lockdown/aws';

/** A function that may be a broker's. */
export interface DescribedFunction {
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** A broker as it was deployed. */
export interface DeployedBroker {
  /** Its place in the stack, for messages. */
  readonly path: string;
  readonly arn: string;
  /** Undefined where its tag says nothing that we would have written. */
  readonly phase: PhaseName | undefined;
}

/** What the command asks of AWS. */
export interface WorkersAws {
  /** Undefined where there is no such stack. */
  resourcesOf(stack: string): Promise<readonly StackResource[] | undefined>;
  describe(functionName: string): Promise<DescribedFunction>;
  /** Calls the broker's function. @returns what it answers, as JSON has it; throws where it failed without an answer */
  ask(functionArn: string, request: ManagementRequest): Promise<unknown>;
}
