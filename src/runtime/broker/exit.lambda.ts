import { randomBytes, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tellable } from '../rotation/log';
import { AWS_CLIENT } from '../shared/aws-client';
import { createAudit } from './audit';
import { readExitConfiguration } from './configuration';
import { DynamoWorkers } from './dynamo-workers';
import { type ExitParts, markStopped } from './exit';

const GATE_BYTES = 8;

/** Made by the first call: what fails while a function is loaded is logged by Lambda, as it is. */
let parts: ExitParts | undefined;

export async function handler(event: unknown): Promise<void> {
  try {
    parts ??= wired();
    await markStopped(event, parts);
  } catch (error) {
    throw tellable(error);
  }
}

function wired(): ExitParts {
  const configuration = readExitConfiguration(process.env);
  const clock = Date.now;
  return {
    configuration,
    workers: new DynamoWorkers(new DynamoDBClient({ region: configuration.region, ...AWS_CLIENT }), configuration.stateTable),
    audit: createAudit({ write: (line) => void process.stdout.write(line), gate: randomBytes(GATE_BYTES).toString('hex'), clock }),
    clock,
    randomId: randomUUID,
  };
}
