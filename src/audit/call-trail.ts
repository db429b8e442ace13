import { type IResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { invalidProp } from '../invalid-prop';
import { BucketEmptying } from './bucket-emptying';
import { lockedBucket } from './locked-bucket';
import { RetentionTiers } from './retention-tiers';

/** Which calls to AWS to record, and how long. */
export interface CallTrailProps {
  /**
   * Buckets of which every read and write of an object is recorded too, such as the `archive` of an `AuditTrail` (TG-67). Each costs what its data events do.
   *
   * @default - none
   */
  readonly watched?: s3.IBucket[];

  /**
   * How long records are kept in its bucket; its hot tier is not used.
   *
   * @default - RetentionTiers.ages()
   */
  readonly tiers?: RetentionTiers;

  /**
   * The key that encrypts the records. An imported key's policy is not changed: let `cloudtrail.amazonaws.com` use it.
   *
   * @default - a new one, renewed every year by AWS KMS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the records when the stack is destroyed, and how they are locked, as for an `AuditTrail`.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Who called what in the account, reads and the use of keys among it, in all regions (AUD-6): who read a secret, who used a key, who read the audit records.
 *
 * An account that has a trail already, such as its organization's, needs none: `TrailCoverage.declared` says so. The first copy of management events is free
 * of charge, a second one is not (AWS CloudTrail pricing).
 */
export class CallTrail extends Construct {
  /** The trail, for `TrailCoverage.trail(…)`. */
  public readonly trail: IResource;

  /** Where its records are locked. */
  public readonly archive: s3.IBucket;

  public constructor(scope: Construct, id: string, props: CallTrailProps = {}) {
    super(scope, id);
    const { removalPolicy = RemovalPolicy.RETAIN, tiers = RetentionTiers.ages(), watched = [] } = props;
    if (removalPolicy === RemovalPolicy.SNAPSHOT) throw invalidProp(this, 'removalPolicy', removalPolicy, 'Name RETAIN or DESTROY: records have no snapshots.');
    const encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', { description: `Encrypts ${this.node.path}`, enableKeyRotation: true, removalPolicy });
    this.letTrailsUse(encryptionKey);
    const emptying = removalPolicy === RemovalPolicy.DESTROY ? new BucketEmptying(this, 'Emptying') : undefined;
    const bucket = lockedBucket(this, { tiers, encryptionKey, removalPolicy, emptiedBy: emptying?.role });
    const trail = new cloudtrail.Trail(this, 'Trail', {
      bucket,
      encryptionKey,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      managementEvents: cloudtrail.ReadWriteType.ALL,
      enableFileValidation: true,
    });
    answerAwsSolutions(trail, 'CloudTrail1', 'SecretAccess is told of unexpected calls by EventBridge, which needs no second copy in CloudWatch Logs; the locked one is in S3.');
    if (watched.length > 0) trail.addS3EventSelector(watched.map((one) => ({ bucket: one })), { includeManagementEvents: false });
    if (emptying) trail.node.addDependency(emptying.empty([bucket]));
    this.trail = trail;
    this.archive = bucket;
  }

  /** In the name of this account's trails alone (CloudTrail guide, "Configure AWS KMS key policies for CloudTrail"). */
  private letTrailsUse(key: kms.IKey): void {
    const { account } = Stack.of(this);
    const trails = Stack.of(this).formatArn({ service: 'cloudtrail', region: '*', resource: 'trail', resourceName: '*' });
    const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
    key.addToResourcePolicy(new iam.PolicyStatement({
      principals,
      actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account }, StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': trails } },
    }));
    key.addToResourcePolicy(new iam.PolicyStatement({ principals, actions: ['kms:DescribeKey'], resources: ['*'], conditions: { StringEquals: { 'aws:SourceAccount': account } } }));
  }
}
