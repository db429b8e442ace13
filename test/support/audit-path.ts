import { type Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnLogGroup, CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { configured, gateTask } from './gated';

type BucketProps = Partial<ConstructorParameters<typeof CfnBucket>[2]>;
type StreamProps = Partial<CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty>;
type FilterProps = Partial<ConstructorParameters<typeof CfnSubscriptionFilter>[2]>;

export const awslogs = (group: string): { logConfiguration: CfnTaskDefinition.LogConfigurationProperty } => ({
  logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': group, 'mode': 'blocking' } },
});

export const PATTERN = '{ ($.event = "audit") || ($.event = "audit-mark") }';

/** The way of a gate's records as the shortest template has it that nothing is to be said against, all of it by hand. */
export interface Path {
  readonly group: CfnLogGroup;
  readonly filter: CfnSubscriptionFilter;
  readonly stream: CfnDeliveryStream;
  readonly streamRole: CfnRole;
  readonly replicationRole: CfnRole;
  readonly arrivals: CfnBucket;
  readonly archive: CfnBucket;
  readonly task: CfnTaskDefinition;
}

export interface PathOptions {
  readonly archive?: BucketProps;
  readonly arrivals?: BucketProps;
  readonly stream?: StreamProps;
  readonly filter?: FilterProps;
  /** Records are delivered into the archive itself. */
  readonly direct?: boolean;
}

export const LIFECYCLE: CfnBucket.LifecycleConfigurationProperty = {
  rules: [{ status: 'Enabled', transitions: [{ storageClass: 'GLACIER_IR', transitionInDays: 30 }], expirationInDays: 180, noncurrentVersionExpiration: { noncurrentDays: 1 } }],
};

export const LOCK: CfnBucket.ObjectLockConfigurationProperty = { objectLockEnabled: 'Enabled', rule: { defaultRetention: { mode: 'COMPLIANCE', days: 180 } } };

function role(stack: Stack, id: string, service: string): CfnRole {
  return new CfnRole(stack, id, { assumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: `${service}.amazonaws.com` } }] } });
}

/** A policy for a role, that lets it do something with the objects of a bucket. */
export function allowing(stack: Stack, to: CfnRole, actions: string[], resource: string, id = 'Policy'): CfnPolicy {
  return new CfnPolicy(stack, id, { policyName: id, roles: [to.ref], policyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] } });
}

export const DELETES = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'];

/** A bucket's policy that lets nobody delete. @param changes to its one statement */
export function undeletable(stack: Stack, bucket: CfnBucket, id: string, changes: object = {}): CfnBucketPolicy {
  return new CfnBucketPolicy(stack, id, {
    bucket: bucket.ref, policyDocument: { Statement: [{ Effect: 'Deny', Principal: '*', Action: DELETES, Resource: `${bucket.attrArn}/*`, ...changes }] },
  });
}

export function auditPath(stack: Stack, options: PathOptions = {}): Path {
  const group = new CfnLogGroup(stack, 'Group', { retentionInDays: 7 });
  const task = gateTask(stack, configured(), awslogs(group.ref), awslogs(group.ref));
  const archive = new CfnBucket(stack, 'Archive', { objectLockEnabled: true, objectLockConfiguration: LOCK, lifecycleConfiguration: LIFECYCLE, ...options.archive });
  archive.cfnOptions.deletionPolicy = archive.cfnOptions.updateReplacePolicy = 'Retain' as never;
  const [replicationRole, streamRole] = [role(stack, 'ReplicationRole', 's3'), role(stack, 'StreamRole', 'firehose')];
  const arrivals = new CfnBucket(stack, 'Arrivals', {
    versioningConfiguration: { status: 'Enabled' },
    replicationConfiguration: { role: replicationRole.attrArn, rules: [{ status: 'Enabled', destination: { bucket: archive.attrArn } }] },
    ...options.arrivals,
  });
  const stream = new CfnDeliveryStream(stack, 'Stream', {
    extendedS3DestinationConfiguration: {
      bucketArn: (options.direct === true ? archive : arrivals).attrArn, roleArn: streamRole.attrArn, bufferingHints: { intervalInSeconds: 900, sizeInMBs: 128 }, ...options.stream,
    },
  });
  const filter = new CfnSubscriptionFilter(stack, 'Filter', { logGroupName: group.ref, filterPattern: PATTERN, destinationArn: stream.attrArn, ...options.filter });
  return { group, filter, stream, streamRole, replicationRole, arrivals, archive, task };
}
