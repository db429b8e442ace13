import { CustomResource, Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bundled } from '../runtime-function';
import { EMPTIED_TAG, EMPTYING_TYPE, type EmptyingProperties } from './contract';
import { answerObjects } from './every-object';

/** How long AWS CloudFormation waits, and the longest that it does: the function starts again where it stopped, up to three times of 15 minutes. */
const PATIENCE = Duration.hours(1);

/**
 * Deletes every version in buckets whose stack is destroyed, locked ones in GOVERNANCE mode among them: the CDK's own `autoDeleteObjects` cannot.
 *
 * Its role is the only one that may, and it does so when its custom resource goes, in buckets that carry a tag: a bucket that is to stay from now on has lost that
 * before the custom resource is removed.
 */
export class BucketEmptying extends Construct {
  /** Who deletes. */
  public readonly role: iam.IRole;
  private readonly own: iam.Role;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.own = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), description: 'Empties the audit buckets when their stack is destroyed' });
    this.role = this.own;
  }

  /**
   * Empties buckets before they are deleted.
   *
   * @param buckets in the order in which they are emptied
   * @returns what has to go before the buckets, and after whatever writes into them
   */
  public empty(buckets: readonly s3.Bucket[]): Construct {
    const { own: role } = this;
    const log = new logs.LogGroup(this, 'Log', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    role.addToPolicy(new iam.PolicyStatement({ sid: 'FindThem', actions: ['s3:ListBucketVersions', 's3:GetBucketTagging'], resources: buckets.map(({ bucketArn }) => bucketArn) }));
    role.addToPolicy(new iam.PolicyStatement({
      sid: 'DeleteThem', actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'], resources: buckets.map((bucket) => bucket.arnForObjects('*')),
    }));
    log.grants.write(role);
    for (const bucket of buckets) {
      Tags.of(bucket).add(EMPTIED_TAG, 'true');
      answerObjects(role, bucket, 'It deletes all objects of this one bucket, when its stack goes.');
    }
    const handler = new lambda.Function(this, 'Handler', {
      description: 'Deletes all versions in the audit buckets when their stack is destroyed',
      ...bundled('audit-emptying'),
      timeout: Duration.minutes(15),
      role: role.withoutPolicyUpdates(),
      logGroup: log,
    });
    const properties = { Buckets: buckets.map(({ bucketName }) => bucketName) } satisfies EmptyingProperties;
    return new CustomResource(this, 'Resource', { resourceType: EMPTYING_TYPE, serviceToken: handler.functionArn, serviceTimeout: PATIENCE, properties });
  }
}
