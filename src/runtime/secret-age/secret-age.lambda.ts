import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { currentSince } from '../rotation/age';
import { jsonLog } from '../rotation/log';
import { AWS_CLIENT } from '../shared/aws-client';
import { readSecrets, writeAges } from './write-ages';

const log = jsonLog((line) => process.stdout.write(line));
const since = currentSince(new SecretsManagerClient(AWS_CLIENT));

export async function handler(): Promise<void> {
  await writeAges(readSecrets(process.env), { since, clock: Date.now, log });
}
