import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

const MIN_TLS = 1.2;

/** Parts of an upload that nobody finished cost, and are in no listing. */
export const ABANDONED_AFTER = Duration.days(7);

export interface PrivateBucketProps {
  readonly encryptionKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** What buckets of audit records and of assets have in common: private, encrypted and versioned. */
export function privately({ encryptionKey, removalPolicy }: PrivateBucketProps): s3.BucketProps {
  return {
    encryption: s3.BucketEncryption.KMS,
    encryptionKey,
    // One call to KMS for many objects.
    bucketKeyEnabled: true,
    versioned: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: MIN_TLS,
    removalPolicy,
  };
}
