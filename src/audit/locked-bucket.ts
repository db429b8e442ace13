import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { ABANDONED_AFTER, type PrivateBucketProps, privately } from '../private-bucket';
import type { RetentionTiers } from './retention-tiers';

/** How long a version stays once it is no longer the current one: the least that S3 takes. Expiry alone would only hide it (M-25). */
const NONCURRENT_FOR = Duration.days(1);

/** What would take a record away, or the promise to keep it. A lifecycle is not asked (S3 guide, "Expiring objects"). */
const TAKING_AWAY = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'];

export interface AuditBucketProps extends PrivateBucketProps {
  /** Who empties it when its stack goes; nobody where it stays. */
  readonly emptiedBy?: iam.IRole;
}

export interface LockedBucketProps extends AuditBucketProps {
  readonly tiers: RetentionTiers;
}

/** Lets nobody delete from a bucket of records but who empties it. */
export function keepRecords(bucket: s3.Bucket, { emptiedBy, removalPolicy }: AuditBucketProps): void {
  bucket.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'NobodyDeletes',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: TAKING_AWAY,
    resources: [bucket.arnForObjects('*')],
    ...(emptiedBy && { conditions: { ArnNotEquals: { 'aws:PrincipalArn': emptiedBy.roleArn } } }),
  }));
  // Its policy stays with it, as long as the bucket itself.
  bucket.policy?.applyRemovalPolicy(removalPolicy);
}

/** How long versions stay that are no longer current, and what is left of uploads and deletions. */
export const LEFTOVERS = { noncurrentVersionExpiration: NONCURRENT_FOR, abortIncompleteMultipartUploadAfter: ABANDONED_AFTER } as const;

/**
 * A bucket that locks every object for as long as the tiers say, against everybody where it is kept (COMPLIANCE), and else against all but who empties it (GOVERNANCE).
 *
 * S3 moves no object below 128 KB into a cold storage unless told to (S3 guide, "Transitioning objects"), and here is not: each is billed as 128 KB there, and costs less where it is (M-24).
 */
export function lockedBucket(parent: Construct, props: LockedBucketProps): s3.Bucket {
  const { tiers, removalPolicy } = props;
  const lock = removalPolicy === RemovalPolicy.DESTROY ? s3.ObjectLockRetention.governance(tiers.lockedUntil) : s3.ObjectLockRetention.compliance(tiers.lockedUntil);
  const bucket = new s3.Bucket(parent, 'Archive', {
    ...privately(props),
    objectLockEnabled: true,
    objectLockDefaultRetention: lock,
    lifecycleRules: [
      { id: 'Tiers', transitions: [{ storageClass: tiers.coldStorage.storageClass, transitionAfter: tiers.warmUntil }], expiration: tiers.expiresAfter, ...LEFTOVERS },
      { id: 'Markers', expiredObjectDeleteMarker: true },
    ],
  });
  keepRecords(bucket, props);
  answerAwsSolutions(bucket, 'S1', 'A bucket with Object Lock takes no access log, and one elsewhere is best effort; data events of CloudTrail, as CallTrail records them, tell who read what.');
  return bucket;
}
