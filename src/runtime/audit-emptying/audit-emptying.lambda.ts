import { S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { lastingId, serve } from '../shared/custom-resource';
import { handle } from './handle';
import { S3Versions } from './s3-versions';

const versions = new S3Versions(new S3Client());

/** What one page and the answer may take, in milliseconds. */
const RESERVE_MS = 60_000;

export function handler(event: CloudFormationCustomResourceEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> {
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > RESERVE_MS;
  return serve({ name: 'audit-emptying', physicalIdOf: lastingId, carryOut: (asked) => handle(asked, versions, hasTime).then(() => ({})) }, event);
}
