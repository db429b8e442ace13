import { randomUUID } from 'node:crypto';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RetireAnswer } from '../../secrets/contract';
import { AWS_CLIENT } from '../shared/aws-client';
import { currentSince, writeAge } from './age';
import { answer, type AnswerParts } from './answer';
import { AwsSecretVersions } from './aws-secret-versions';
import { readRotation } from './configuration';
import { createRotation } from './handle';
import { faultOf, jsonLog, tellable } from './log';
import { strategyOf } from './strategies';

const log = jsonLog((line) => process.stdout.write(line));

/** Made by the first call: what fails while a function is loaded is logged by Lambda, as it is. */
let parts: AnswerParts | undefined;

export async function handler(event: unknown): Promise<RetireAnswer | undefined> {
  try {
    return await answer(event, parts ??= wired());
  } catch (error) {
    log({ event: 'rotation-failed', ...faultOf(error) });
    throw tellable(error);
  }
}

function wired(): AnswerParts {
  const configuration = readRotation(process.env);
  const secrets = new SecretsManagerClient(AWS_CLIENT);
  return {
    rotation: createRotation({
      configuration,
      versions: new AwsSecretVersions(secrets, configuration.secretArn),
      strategy: strategyOf(configuration, { secrets, elastiCache: new ElastiCacheClient(AWS_CLIENT), log }),
      log,
      randomId: randomUUID,
    }),
    writeAge: () => writeAge(configuration, { since: currentSince(secrets), clock: Date.now, log }),
    log,
  };
}
