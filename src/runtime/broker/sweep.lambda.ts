import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretArnOf } from '../../broker/contract';
import { jsonLog, tellable } from '../rotation/log';
import { AWS_CLIENT } from '../shared/aws-client';
import { readSweepConfiguration } from './configuration';
import { DynamoDues } from './dynamo-dues';
import { sweep, type SweepParts } from './sweep';

const log = jsonLog((line) => void process.stdout.write(line));

/** Made by the first call: what fails while a function is loaded is logged by Lambda, as it is. */
let parts: SweepParts | undefined;

export async function handler(): Promise<void> {
  try {
    parts ??= wired();
    await sweep(parts);
  } catch (error) {
    throw tellable(error);
  }
}

function wired(): SweepParts {
  const { region, stateTable, secretArns, credentials } = readSweepConfiguration(process.env);
  const secretsManager = new SecretsManagerClient({ region, ...AWS_CLIENT });
  return {
    dues: new DynamoDues(new DynamoDBClient({ region, ...AWS_CLIENT }), stateTable),
    secrets: new Map(credentials.map(({ id, secret }) => [id, secretArnOf(secretArns, secret)])),
    rotate: async (SecretId) => {
      await secretsManager.send(new RotateSecretCommand({ SecretId }));
    },
    log,
    clock: Date.now,
  };
}
