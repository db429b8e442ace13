import { setTimeout as sleep } from 'node:timers/promises';
import { BackupClient } from '@aws-sdk/client-backup';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type Answer, respond } from '../shared/respond';
import { AwsVaults } from './aws-vaults';
import { OutOfTime } from './empty-vault';
import { handle, physicalIdOf } from './handle';

const vaults = new AwsVaults(new BackupClient());

/** What one round and the answer may take, in milliseconds. */
const RESERVE_MS = 60_000;

/** Between two looks. */
const PAUSE_MS = 15_000;

/** CloudFormation takes answers of up to 4096 bytes (CloudFormation guide, "Custom resource response objects"); the ids beside the reason need some. */
const MAX_REASON = 1000;

/**
 * Where there is more than one run deletes, no answer is given and the function fails: Lambda starts it twice more with the same event (Lambda guide,
 * "How Lambda handles errors and retries with asynchronous invocation"), and each goes on where the last one stopped.
 */
export async function handler(event: CloudFormationCustomResourceEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> {
  console.log(JSON.stringify({ event: 'vault-emptying', request: event.RequestType, resource: event.LogicalResourceId }));
  await respond(event, await answerTo(event, () => context.getRemainingTimeInMillis() > RESERVE_MS));
}

async function answerTo(event: CloudFormationCustomResourceEvent, hasTime: () => boolean): Promise<Answer> {
  try {
    await handle(event, vaults, { hasTime, pause: () => sleep(PAUSE_MS) });
    return { Status: 'SUCCESS', PhysicalResourceId: physicalIdOf(event), Data: {} };
  } catch (error) {
    if (error instanceof OutOfTime) throw error;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    console.error(JSON.stringify({ event: 'vault-emptying-failed', reason }));
    return { Status: 'FAILED', PhysicalResourceId: physicalIdOf(event), Reason: reason.slice(0, MAX_REASON) };
  }
}
