import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import type { BackedUp } from './backup-source';
import type { BackedUpKind } from './contract';

/** Begins the name of everything that a restore test makes (AWS Backup guide, "Restore testing inferred metadata"). */
const TESTED = 'awsbackup-restore-test-';

/** AWS's own policies: it extends them whenever AWS Backup needs something more, where a copy of them would let backups fail (AWS Backup guide, "Managed policies"). */
const POLICIES: Readonly<Record<'backup' | 'restore', { readonly most: string; readonly s3: string }>> = {
  backup: { most: 'service-role/AWSBackupServiceRolePolicyForBackup', s3: 'AWSBackupServiceRolePolicyForS3Backup' },
  restore: { most: 'service-role/AWSBackupServiceRolePolicyForRestores', s3: 'AWSBackupServiceRolePolicyForS3Restore' },
};

const OF_S3: BackedUpKind = 'S3';

/** Reads what is backed up. AWS's policy would let it read every bucket of the account: that is taken away again. */
export function backupRole(parent: Construct, sources: readonly BackedUp[]): iam.Role {
  const role = answered(new iam.Role(parent, 'BackupRole', roleProps(parent, 'backup', sources)), 'backup', sources);
  const buckets = sources.filter(({ kind }) => kind === OF_S3);
  role.addToPolicy(new iam.PolicyStatement({
    sid: 'NoOtherBuckets',
    effect: iam.Effect.DENY,
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    ...(buckets.length > 0 ? { notResources: buckets.map(({ arn }) => `${arn}/*`) } : { resources: ['*'] }),
  }));
  return role;
}

/** Restores for a test, into what a test makes: it neither overwrites nor empties anything that is in use. */
export function testRole(parent: Construct, sources: readonly BackedUp[]): iam.Role {
  const role = answered(new iam.Role(parent, 'RestoreTestRole', roleProps(parent, 'restore', sources)), 'restore', sources);
  role.addToPolicy(new iam.PolicyStatement({
    sid: 'TestsAlone',
    effect: iam.Effect.DENY,
    actions: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutBucketVersioning', 's3:PutBucketOwnershipControls'],
    notResources: [`arn:*:s3:::${TESTED}*`],
  }));
  return role;
}

type Does = keyof typeof POLICIES;

function policiesFor(does: Does, sources: readonly BackedUp[]): readonly string[] {
  const { most, s3 } = POLICIES[does];
  return [most, ...(sources.some(({ kind }) => kind === OF_S3) ? [s3] : [])];
}

function roleProps(parent: Construct, does: Does, sources: readonly BackedUp[]): iam.RoleProps {
  return {
    assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
    description: `Does each ${does} of ${parent.node.path}`,
    managedPolicies: policiesFor(does, sources).map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name)),
  };
}

function answered(role: iam.Role, does: Does, sources: readonly BackedUp[]): iam.Role {
  for (const name of policiesFor(does, sources)) {
    answerAwsSolutions(role, `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`, 'AWS extends the policy whenever AWS Backup needs something more; a copy of it would let backups fail.');
  }
  return role;
}
