import { setTimeout as sleep } from 'node:timers/promises';
import { BackupClient } from '@aws-sdk/client-backup';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { lastingId, serve } from '../shared/custom-resource';
import { AwsVaults } from './aws-vaults';
import { handle } from './handle';

const vaults = new AwsVaults(new BackupClient());

/** What one round and the answer may take, in milliseconds. */
const RESERVE_MS = 60_000;

/** Between two looks. */
const PAUSE_MS = 15_000;

export function handler(event: CloudFormationCustomResourceEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> {
  const patience = { hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS, pause: () => sleep(PAUSE_MS) };
  return serve({ name: 'vault-emptying', physicalIdOf: lastingId, carryOut: (asked) => handle(asked, vaults, patience).then(() => ({})) }, event);
}
