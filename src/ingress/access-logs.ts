import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { invalidProp } from '../invalid-prop';
import { checkSameRegion } from '../same-region';

/** How long records are kept at least (AUD-2). */
const RETENTION = Duration.days(180);

/** What of a load balancer's doings is recorded, and under which prefix: requests, and TLS connections with what came of client certificates. */
const LOGS: Readonly<Record<string, string>> = { access_logs: 'access', connection_logs: 'connection' };

/**
 * Who delivers the logs. The ELB guide ("Enable access logs") used to ask for this in regions since August 2022 only, and for an account id
 * of the region in others; it now recommends this everywhere and calls the ids legacy, according to those who moved over (trussworks/terraform-aws-logs#332,
 * ansible-collections/amazon.aws#2845). The ids, which `ApplicationLoadBalancer.logAccessLogs` still names, need a region that is known at synthesis.
 */
const DELIVERY = new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com');

/** A bucket that a load balancer's logs fit into: with keys of S3's own, since it can write with no others (ELB guide, "Enable access logs"). */
export function ownLogBucket(parent: Construct, removalPolicy: RemovalPolicy): Bucket {
  const bucket = new Bucket(parent, 'AccessLogs', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [{ expiration: RETENTION, abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
  });
  answerAwsSolutions(bucket, 'S1', 'It takes the load balancer\'s logs; a bucket for the logs of a bucket of logs would tell nothing more.');
  return bucket;
}

/** Refuses a bucket that the load balancer cannot write to. */
export function checkLogBucket(scope: Construct, bucket: IBucket): void {
  checkSameRegion(scope, 'accessLogBucket', bucket.env.region);
  if (bucket.encryptionKey) {
    throw invalidProp(scope, 'accessLogBucket', 'encrypted with a KMS key', 'A load balancer writes logs only into a bucket with keys of S3\'s own, BucketEncryption.S3_MANAGED.');
  }
}

/** Records requests and connections. A bucket from outside the app keeps the policy it has. */
export function recordRequests(loadBalancer: ApplicationLoadBalancer, bucket: IBucket): void {
  const { account } = Stack.of(loadBalancer);
  const prefixes = Object.values(LOGS);
  for (const [log, prefix] of Object.entries(LOGS)) {
    loadBalancer.setAttribute(`${log}.s3.enabled`, 'true');
    loadBalancer.setAttribute(`${log}.s3.bucket`, bucket.bucketName);
    loadBalancer.setAttribute(`${log}.s3.prefix`, prefix);
  }
  const isOfApp = bucket.node.defaultChild !== undefined;
  if (!isOfApp) return;
  bucket.addToResourcePolicy(new PolicyStatement({
    principals: [DELIVERY],
    actions: ['s3:PutObject'],
    // The service writes each account's logs below that account's id, so this lets in nobody else's load balancer.
    resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}/AWSLogs/${account}/*`)),
  }));
  // The service tries the bucket when logs are switched on, and the bucket can be emptied only once nothing is written any more.
  // The attributes name the bucket itself; what hangs on it is its policy and what empties it.
  loadBalancer.node.addDependency(...bucket.node.children.filter((child) => child !== bucket.node.defaultChild));
}
