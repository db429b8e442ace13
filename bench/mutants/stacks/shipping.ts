import { Aws, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnLogGroup, CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DECLARED_ARCHIVE_METADATA, POLICY_METADATA } from '../../../src/audit/contract';

/** Of the account that keeps the records of all others. */
const ELSEWHERE = 'arn:aws:s3:::acme-records';
const DECLARED = { reason: 'The archive of the organization keeps records of all its accounts.', lockedForDays: 365 };
const POLICY = {
  retention: { hot: 30, cold: 365 },
  personalData: 'A record names workers and jobs, and nobody who is a person.',
  erasure: 'Nothing is erased before it expires.',
};
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/5e3a1c0e-7f3d-4b43-9d2c-6a1f0b9c8d7e';
const DELETES = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'];

/** A log group whose records are handed on to where nobody alters them. */
export function shippedLogs(scope: Stack): CfnLogGroup {
  const masked = [`arn:${Aws.PARTITION}:dataprotection::aws:data-identifier/EmailAddress`];
  const logs = new CfnLogGroup(scope, 'Records', {
    retentionInDays: 30,
    dataProtectionPolicy: {
      Name: 'masked', Version: '2021-06-01',
      Statement: [
        { Sid: 'find', DataIdentifier: masked, Operation: { Audit: { FindingsDestination: {} } } },
        { Sid: 'mask', DataIdentifier: masked, Operation: { Deidentify: { MaskConfig: {} } } },
      ],
    },
  });
  logs.addMetadata(POLICY_METADATA, POLICY);
  const arrivals = bucket(scope);
  const writes = roleOf(scope, 'DeliveryRole', 'firehose.amazonaws.com', ['s3:AbortMultipartUpload', 's3:PutObject'], arrivals.arnForObjects('*'));
  const stream = new CfnDeliveryStream(scope, 'Delivery', {
    extendedS3DestinationConfiguration: {
      bucketArn: arrivals.bucketArn,
      roleArn: writes.roleArn,
      compressionFormat: 'GZIP',
      processingConfiguration: {
        enabled: true,
        processors: [
          { type: 'Decompression', parameters: [{ parameterName: 'CompressionFormat', parameterValue: 'GZIP' }] },
          { type: 'CloudWatchLogProcessing', parameters: [{ parameterName: 'DataMessageExtraction', parameterValue: 'true' }] },
          { type: 'AppendDelimiterToRecord' },
        ],
      },
    },
  });
  const hands = roleOf(scope, 'ShippingRole', 'logs.amazonaws.com', ['firehose:PutRecord', 'firehose:PutRecordBatch'], stream.attrArn);
  new CfnSubscriptionFilter(scope, 'Shipping', {
    logGroupName: logs.ref, filterPattern: '{ ($.event = "audit") || ($.event = "audit-mark") }', destinationArn: stream.attrArn, roleArn: hands.roleArn,
  });
  return logs;
}

/** Where records arrive, and nobody takes them away. */
function bucket(scope: Stack): s3.Bucket {
  const made = new s3.Bucket(scope, 'Arrivals', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true, versioned: true, removalPolicy: RemovalPolicy.RETAIN,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED, lifecycleRules: [{ expiration: Duration.days(14), noncurrentVersionExpiration: Duration.days(1) }],
  });
  made.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: DELETES, resources: [made.arnForObjects('*')] }));
  const hands = roleOf(scope, 'HandingRole', 's3.amazonaws.com', ['s3:ReplicateObject'], `${ELSEWHERE}/*`);
  const plain = made.node.defaultChild as s3.CfnBucket;
  plain.bucketEncryption = { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY } }] };
  plain.replicationConfiguration = {
    role: hands.roleArn,
    rules: [{
      status: 'Enabled', priority: 0, filter: { prefix: '' }, deleteMarkerReplication: { status: 'Disabled' },
      destination: { bucket: ELSEWHERE, encryptionConfiguration: { replicaKmsKeyId: KEY }, metrics: { status: 'Enabled' } },
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
    }],
  };
  plain.addMetadata(DECLARED_ARCHIVE_METADATA, DECLARED);
  return made;
}

function roleOf(scope: Stack, id: string, service: string, actions: string[], resource: string): iam.Role {
  const role = new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal(service) });
  role.addToPolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
  return role;
}
