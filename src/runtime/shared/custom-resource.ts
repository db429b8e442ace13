import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type Answer, respond } from './respond';

/** What CloudFormation asks for. */
export interface ResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

/** Thrown when there is more than one run can do: AWS Lambda starts the function again, and it goes on where it stopped. */
export class OutOfTime extends Error {
  /** @param place what there is more in */
  public constructor(place: string) {
    super(`There is more in ${place} than one run can delete.`);
    this.name = 'OutOfTime';
  }
}

/** Always the same, so that no update replaces the resource: its replacement would delete the former one, and with it what it stands for. */
export const lastingId = ({ PhysicalResourceId, LogicalResourceId }: Pick<ResourceEvent, 'PhysicalResourceId' | 'LogicalResourceId'>): string => PhysicalResourceId ?? LogicalResourceId;

/** CloudFormation takes answers of up to 4096 bytes (CloudFormation guide, "Custom resource response objects"); the ids beside the reason need some. */
const MAX_REASON = 1000;

/** One kind of custom resource. */
export interface CustomResource {
  /** What its lines in the log are called. */
  readonly name: string;
  /** Throws where the request does not tell. */
  readonly physicalIdOf: (event: CloudFormationCustomResourceEvent) => string;
  /** Does what is asked. Resolves to the attributes of the resource. */
  readonly carryOut: (event: CloudFormationCustomResourceEvent) => Promise<Readonly<Record<string, string>>>;
}

/**
 * Does what CloudFormation asks, and tells it what came of it. Where there is more than one run can do, and where the answer does not arrive, the function fails: Lambda
 * starts it twice more with the same event (Lambda guide, "How Lambda handles errors and retries with asynchronous invocation"), so that no resource may mind being
 * asked again.
 */
export async function serve(resource: CustomResource, event: CloudFormationCustomResourceEvent): Promise<void> {
  console.log(JSON.stringify({ event: resource.name, request: event.RequestType, resource: event.LogicalResourceId }));
  await respond(event, await answerOf(resource, event));
}

async function answerOf(resource: CustomResource, event: CloudFormationCustomResourceEvent): Promise<Answer> {
  try {
    const attributes = await resource.carryOut(event);
    return { Status: 'SUCCESS', PhysicalResourceId: resource.physicalIdOf(event), Data: attributes };
  } catch (error) {
    if (error instanceof OutOfTime) throw error;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    console.error(JSON.stringify({ event: `${resource.name}-failed`, reason }));
    return { Status: 'FAILED', PhysicalResourceId: idOfFailed(resource, event), Reason: reason.slice(0, MAX_REASON) };
  }
}

/** CloudFormation refuses an answer without a physical id. */
function idOfFailed({ physicalIdOf }: CustomResource, event: CloudFormationCustomResourceEvent): string {
  try {
    return physicalIdOf(event) || event.LogicalResourceId;
  } catch {
    return event.LogicalResourceId;
  }
}
