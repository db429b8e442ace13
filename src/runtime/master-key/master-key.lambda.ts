import { randomBytes } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { faultOf, jsonLog, tellable } from '../rotation/log';
import { AWS_CLIENT } from '../shared/aws-client';
import { type Answer, respond } from '../shared/respond';
import { AwsMasterKeySecret } from './aws-master-key-secret';
import { handle, physicalIdOf } from './handle';

const client = new SecretsManagerClient(AWS_CLIENT);
const log = jsonLog((line) => process.stdout.write(line));

/** An answer that does not arrive fails the function, which Lambda then runs again: a key that is there stays. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  await respond(event, await answerTo(event));
}

async function answerTo(event: CloudFormationCustomResourceEvent): Promise<Answer> {
  const line = { request: event.RequestType, resource: event.LogicalResourceId };
  try {
    const { physicalId, outcome } = await handle(event, { secretOf: (arn) => new AwsMasterKeySecret(client, arn), randomBytes });
    log({ event: 'master-key', ...line, outcome });
    return { Status: 'SUCCESS', PhysicalResourceId: physicalId, Data: {} };
  } catch (error) {
    log({ event: 'master-key-failed', ...line, ...faultOf(error) });
    return { Status: 'FAILED', PhysicalResourceId: fallbackId(event), Reason: tellable(error).message };
  }
}

/** CloudFormation refuses an answer without a physical id. */
function fallbackId(event: CloudFormationCustomResourceEvent): string {
  try {
    return physicalIdOf(event) || event.LogicalResourceId;
  } catch {
    return event.LogicalResourceId;
  }
}
