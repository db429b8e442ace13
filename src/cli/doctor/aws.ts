import type { CertificateDetail } from '@aws-sdk/client-acm';
import type { BackupPlan, DescribeBackupVaultCommandOutput } from '@aws-sdk/client-backup';
import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import type { SecurityGroup } from '@aws-sdk/client-ec2';
import type { Listener, LoadBalancer, TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CacheCluster, ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { LastUpdateStatus, State } from '@aws-sdk/client-lambda';
import type { DBInstance } from '@aws-sdk/client-rds';
import type { ObjectLockConfiguration, PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import type { Subscription } from '@aws-sdk/client-sns';
import type { WebACL } from '@aws-sdk/client-wafv2';
import type { ExaminedService } from '../deployed/aws';
import type { StackResource } from '../lockdown/aws';

/** By their names; empty where one is not set. */
export type Attributes = ReadonlyMap<string, string>;

/** Labels and dates, never a value. */
export type ExaminedSecret = Pick<DescribeSecretCommandOutput, 'Tags' | 'RotationEnabled' | 'VersionIdsToStages' | 'NextRotationDate' | 'ReplicationStatus' | 'DeletedDate'>;

/** A function that may be a broker's. */
export interface ExaminedFunction {
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
  /** What a broker is told, in which there is no secret; nothing else of its variables. */
  readonly configuration: string | undefined;
  readonly state: State | undefined;
  readonly lastUpdate: LastUpdateStatus | undefined;
  /** Calls that may run at once; undefined where nobody has said. */
  readonly concurrency: number | undefined;
  readonly logGroup: string | undefined;
}

/** One that is looked at from in front. */
export interface ExaminedListener extends Pick<Listener, 'Protocol' | 'Port' | 'SslPolicy' | 'Certificates' | 'MutualAuthentication' | 'DefaultActions'> {
  readonly attributes: Attributes;
  /** Exact names in the conditions of its rules. */
  readonly hosts: readonly string[];
}

/**
 * What the command asks of AWS, in the SDK's own words: nothing that changes anything, and nothing that could answer with a secret. Undefined is what is not there
 * any more.
 */
export interface DoctorAws {
  resourcesOf(stack: string): Promise<readonly StackResource[] | undefined>;
  /** As it was deployed, JSON or YAML. */
  templateOf(stack: string): Promise<string>;
  serviceOf(arn: string): Promise<ExaminedService | undefined>;
  loadBalancerOf(arn: string): Promise<Pick<LoadBalancer, 'Scheme' | 'SecurityGroups'> & { readonly attributes: Attributes } | undefined>;
  listenersOf(loadBalancer: string): Promise<readonly ExaminedListener[]>;
  /** What is forwarded although nobody has proven who asks, in words. */
  unprovenOf(loadBalancer: string): Promise<readonly string[]>;
  webAclOf(loadBalancer: string): Promise<Pick<WebACL, 'Rules'> | undefined>;
  targetGroupOf(arn: string): Promise<Pick<TargetGroup, 'Protocol' | 'TargetType' | 'LoadBalancerArns'> | undefined>;
  targetsOf(group: string): Promise<readonly TargetHealthDescription[]>;
  functionOf(name: string): Promise<ExaminedFunction | undefined>;
  /** Whom a function itself lets call it, as text; empty where that is nobody. */
  callersOf(functionName: string): Promise<string>;
  /** By which attribute items leave a table, empty where they do not. */
  expiryOf(table: string): Promise<string | undefined>;
  /** Whether each second of a table can be had back. */
  recoveryOf(table: string): Promise<boolean | undefined>;
  certificateOf(arn: string): Promise<CertificateDetail | undefined>;
  groupOf(id: string): Promise<Pick<SecurityGroup, 'IpPermissions'> | undefined>;
  secretOf(id: string): Promise<ExaminedSecret | undefined>;
  databaseOf(id: string): Promise<DBInstance | undefined>;
  /** What a parameter group sets. */
  parametersOf(group: string): Promise<Attributes>;
  replicationGroupOf(id: string): Promise<ReplicationGroup | undefined>;
  cacheClusterOf(id: string): Promise<CacheCluster | undefined>;
  /** `never` where nobody has asked for versions. */
  versioningOf(bucket: string): Promise<'Enabled' | 'Suspended' | 'never' | undefined>;
  /** The algorithms, such as `aws:kms`. */
  encryptionOf(bucket: string): Promise<readonly string[] | undefined>;
  publicBlockOf(bucket: string): Promise<PublicAccessBlockConfiguration | undefined>;
  /** `never` where objects cannot be locked. */
  lockOf(bucket: string): Promise<ObjectLockConfiguration | 'never' | undefined>;
  logGroupOf(name: string): Promise<Pick<LogGroup, 'retentionInDays'> | undefined>;
  /** The ARNs of those that a log group delivers to. */
  subscriptionsOf(logGroup: string): Promise<readonly string[] | undefined>;
  /** The policy as text, empty where there is none. */
  maskingOf(logGroup: string): Promise<string | undefined>;
  alarmsOf(names: readonly string[]): Promise<readonly (MetricAlarm | CompositeAlarm)[]>;
  subscribersOf(topic: string): Promise<readonly Pick<Subscription, 'SubscriptionArn'>[] | undefined>;
  planOf(id: string): Promise<Pick<BackupPlan, 'Rules'> | undefined>;
  /** How many choices of what it backs up a plan has. */
  selectionsOf(plan: string): Promise<number | undefined>;
  vaultOf(name: string): Promise<Pick<DescribeBackupVaultCommandOutput, 'EncryptionKeyArn' | 'NumberOfRecoveryPoints'> | undefined>;
}
