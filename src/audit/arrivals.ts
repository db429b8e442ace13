import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { privately } from '../private-bucket';
import { answerObjects } from './every-object';
import { keepRecords, LEFTOVERS } from './locked-bucket';

/** How long a copy stays where it arrived: enough to send it on again where its replication failed (our figure). */
const KEPT_FOR = Duration.days(14);

/** The one replication rule. */
export const REPLICATION_RULE = 'ToArchive';

export interface ArrivalsProps {
  readonly encryptionKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  readonly emptiedBy?: iam.IRole;
  /** Where everything is handed on to. */
  readonly archive: s3.IBucket;
  readonly archiveKey: kms.IKey;
}

/** Reads what arrives, and writes replicas; it can neither read nor delete in the archive. */
function replicationRole(parent: Construct): iam.Role {
  return new iam.Role(parent, 'Replication', { assumedBy: new iam.ServicePrincipal('s3.amazonaws.com'), description: 'Hands audit records on to the archive; can read and delete nothing there' });
}

function letReplicate(role: iam.Role, arrivals: s3.Bucket, { archive, archiveKey, encryptionKey }: ArrivalsProps): void {
  // As S3 asks for it (S3 guide, "Setting up permissions for live replication" and "Replicating encrypted objects"), without deletions and tags, which nobody makes.
  role.addToPolicy(new iam.PolicyStatement({ sid: 'What', actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'], resources: [arrivals.bucketArn] }));
  role.addToPolicy(new iam.PolicyStatement({
    sid: 'Read', actions: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'], resources: [arrivals.arnForObjects('*')],
  }));
  role.addToPolicy(new iam.PolicyStatement({ sid: 'Write', actions: ['s3:ReplicateObject'], resources: [archive.arnForObjects('*')] }));
  const via = (bucket: s3.IBucket): iam.Conditions => ({ StringEquals: { 'kms:ViaService': `s3.${bucket.env.region}.amazonaws.com` } });
  role.addToPolicy(new iam.PolicyStatement({ sid: 'Decrypt', actions: ['kms:Decrypt'], resources: [encryptionKey.keyArn], conditions: via(arrivals) }));
  role.addToPolicy(new iam.PolicyStatement({ sid: 'Encrypt', actions: ['kms:Encrypt', 'kms:GenerateDataKey'], resources: [archiveKey.keyArn], conditions: via(archive) }));
  answerObjects(role, arrivals, 'Every object that arrives is handed on.');
  answerObjects(role, archive, 'Every object that arrives is written there.');
  if (archive.node.defaultChild === undefined) {
    answerAwsSolutions(role, `IAM5[Resource::${Stack.of(arrivals).resolve(archive.bucketArn) as string}/*]`, 'Every object that arrives is written there.');
  }
}

/**
 * Where Amazon Data Firehose writes, and from where Amazon S3 hands everything on to the archive.
 *
 * S3 refuses an upload without a checksum where a bucket locks by default, and nothing says that Firehose sends one; that a replica is locked as its
 * bucket says is documented (docs/decisions/0021). Nobody deletes here either, and what expires here does not in the archive.
 */
export function arrivalsBucket(parent: Construct, props: ArrivalsProps): s3.Bucket {
  const role = replicationRole(parent);
  const bucket = new s3.Bucket(parent, 'Arrivals', {
    ...privately(props),
    lifecycleRules: [{ id: 'HandedOn', expiration: KEPT_FOR, ...LEFTOVERS }, { id: 'Markers', expiredObjectDeleteMarker: true }],
    replicationRole: role,
    replicationRules: [{ id: REPLICATION_RULE, destination: props.archive, priority: 0, kmsKey: props.archiveKey, sseKmsEncryptedObjects: true, metrics: s3.ReplicationTimeValue.FIFTEEN_MINUTES }],
  });
  keepRecords(bucket, props);
  letReplicate(role, bucket, props);
  answerAwsSolutions(bucket, 'S1', 'Whatever is here is in the archive within minutes; data events of CloudTrail, as CallTrail records them, tell who read what.');
  return bucket;
}
