import { S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type Answer, respond } from '../shared/respond';
import { OutOfTime } from './empty';
import { handle, physicalIdOf } from './handle';
import { S3Versions } from './s3-versions';

const versions = new S3Versions(new S3Client());

/** What one page and the answer may take, in milliseconds. */
const RESERVE_MS = 60_000;

/** CloudFormation takes answers of up to 4096 bytes (CloudFormation guide, "Custom resource response objects"); the ids beside the reason need some. */
const MAX_REASON = 1000;

/**
 * Where there is more than one run deletes, no answer is given and the function fails: Lambda starts it twice more with the same event (Lambda guide,
 * "How Lambda handles errors and retries with asynchronous invocation"), and each goes on where the last one stopped.
 */
export async function handler(event: CloudFormationCustomResourceEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> {
  console.log(JSON.stringify({ event: 'audit-emptying', request: event.RequestType, resource: event.LogicalResourceId }));
  await respond(event, await answerTo(event, () => context.getRemainingTimeInMillis() > RESERVE_MS));
}

async function answerTo(event: CloudFormationCustomResourceEvent, hasTime: () => boolean): Promise<Answer> {
  try {
    await handle(event, versions, hasTime);
    return { Status: 'SUCCESS', PhysicalResourceId: physicalIdOf(event), Data: {} };
  } catch (error) {
    if (error instanceof OutOfTime) throw error;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    console.error(JSON.stringify({ event: 'audit-emptying-failed', reason }));
    return { Status: 'FAILED', PhysicalResourceId: physicalIdOf(event), Reason: reason.slice(0, MAX_REASON) };
  }
}
