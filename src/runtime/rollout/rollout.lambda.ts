import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { faultOf, jsonLog, tellable } from '../rotation/log';
import { AWS_CLIENT } from '../shared/aws-client';
import { waitAwake } from '../shared/wait';
import { AwsRotations } from './aws-rotation';
import { AwsSecrets } from './aws-secrets';
import { AwsServices } from './aws-services';
import { readRollout } from './configuration';
import { createRollout, type Rollout } from './rollout';

const log = jsonLog((line) => process.stdout.write(line));

/** Made by the first call: what fails while a function is loaded is logged by Lambda, as it is. */
let rollout: Rollout | undefined;

/** A label that moved, a deployment that ended, a quarter of an hour that went by: each means to look at all. */
export async function handler(): Promise<void> {
  try {
    rollout ??= wired();
    await rollout.look();
  } catch (error) {
    log({ event: 'rollout-ended-badly', ...faultOf(error) });
    throw tellable(error);
  }
}

function wired(): Rollout {
  return createRollout({
    configuration: readRollout(process.env),
    secrets: new AwsSecrets(new SecretsManagerClient(AWS_CLIENT)),
    services: new AwsServices(new ECSClient(AWS_CLIENT)),
    // Asked once: an answer that takes minutes and gets lost is asked for again with the next event, when the first one has ended. It is waited for as long as Lambda lets us.
    rotation: new AwsRotations(new LambdaClient({ maxAttempts: 1 })),
    log,
    clock: Date.now,
    wait: waitAwake,
  });
}
