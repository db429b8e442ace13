import { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import { BackupClient, DescribeBackupVaultCommand, GetBackupPlanCommand, paginateListBackupSelections } from '@aws-sdk/client-backup';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand, GetDataProtectionPolicyCommand, paginateDescribeSubscriptionFilters } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeContinuousBackupsCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeCacheClustersCommand, DescribeReplicationGroupsCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { GetFunctionCommand, GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeDBInstancesCommand, paginateDescribeDBParameters, RDSClient } from '@aws-sdk/client-rds';
import { GetBucketEncryptionCommand, GetBucketVersioningCommand, GetObjectLockConfigurationCommand, GetPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetWebACLForResourceCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { BROKER_VARIABLE } from '../../broker/contract';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import type { ExaminedService } from '../deployed/aws';
import { RealDeployedAws } from '../deployed/real-aws';
import type { StackResource } from '../lockdown/aws';
import type { RealAwsOptions } from '../lockdown/real-aws';
import type { DoctorAws } from './aws';
import { RealLoadBalancers } from './real-load-balancers';

/** Of one call (CloudWatch API, DescribeAlarms). */
const ALARMS_AT_ONCE = 100;

/** What it is called where something is not there any more: each service has a name of its own. */
const GONE = /NotFound|NoSuchBucket|InvalidGroup\.NotFound|InvalidGroupId/;

/** The account as the operator's credentials see it. Nothing here changes anything, or can read a secret. */
export class RealDoctorAws implements DoctorAws {
  private readonly deployed: RealDeployedAws;
  private readonly balancers: RealLoadBalancers;
  private readonly clients: ReturnType<typeof clientsOf>;

  public constructor(private readonly options: RealAwsOptions) {
    this.deployed = new RealDeployedAws(options);
    this.balancers = new RealLoadBalancers(options);
    this.clients = clientsOf(options);
  }

  public resourcesOf(stack: string): Promise<readonly StackResource[] | undefined> {
    return this.deployed.resourcesOf(stack);
  }

  public async templateOf(StackName: string): Promise<string> {
    return (await this.clients.cloudFormation.send(new GetTemplateCommand({ StackName }))).TemplateBody ?? '';
  }

  public serviceOf(arn: string): Promise<ExaminedService | undefined> {
    return this.deployed.serviceOf(arn);
  }

  public loadBalancerOf(arn: string): ReturnType<DoctorAws['loadBalancerOf']> {
    return orGone(() => this.balancers.loadBalancerOf(arn));
  }

  public listenersOf(arn: string): ReturnType<DoctorAws['listenersOf']> {
    return this.balancers.listenersOf(arn);
  }

  public unprovenOf(arn: string): ReturnType<DoctorAws['unprovenOf']> {
    return this.balancers.unprovenOf(arn);
  }

  public targetGroupOf(arn: string): ReturnType<DoctorAws['targetGroupOf']> {
    return orGone(() => this.balancers.targetGroupOf(arn));
  }

  public targetsOf(group: string): ReturnType<DoctorAws['targetsOf']> {
    return this.balancers.targetsOf(group);
  }

  public webAclOf(ResourceArn: string): ReturnType<DoctorAws['webAclOf']> {
    return unset(/^WAFNonexistentItemException$/, undefined, async () => (await this.clients.waf.send(new GetWebACLForResourceCommand({ ResourceArn }))).WebACL ?? undefined);
  }

  public certificateOf(CertificateArn: string): ReturnType<DoctorAws['certificateOf']> {
    // Of another region than the stack's: the load balancer takes none, and `preflight` says so.
    const region = CertificateArn.split(':')[3];
    const acm = quietly(() => new ACMClient({ ...this.options, ...(region !== undefined && { region }), requestHandler: REQUEST_HANDLER, maxAttempts: 5 }));
    return orGone(async () => (await acm.send(new DescribeCertificateCommand({ CertificateArn }))).Certificate);
  }

  public functionOf(FunctionName: string): ReturnType<DoctorAws['functionOf']> {
    return orGone(async () => {
      const { Configuration: { FunctionArn: arn = FunctionName, Environment, State, LastUpdateStatus, LoggingConfig } = {}, Tags = {}, Concurrency } = (
        await this.clients.lambda.send(new GetFunctionCommand({ FunctionName })));
      return {
        arn, tags: new Map(Object.entries(Tags)), configuration: Environment?.Variables?.[BROKER_VARIABLE], state: State, lastUpdate: LastUpdateStatus,
        concurrency: Concurrency?.ReservedConcurrentExecutions, logGroup: LoggingConfig?.LogGroup,
      };
    });
  }

  public callersOf(FunctionName: string): ReturnType<DoctorAws['callersOf']> {
    return unset(/^ResourceNotFoundException$/, '', async () => (await this.clients.lambda.send(new GetPolicyCommand({ FunctionName }))).Policy ?? '');
  }

  public expiryOf(TableName: string): ReturnType<DoctorAws['expiryOf']> {
    return orGone(async () => {
      const { TimeToLiveDescription: { TimeToLiveStatus = '', AttributeName = '' } = {} } = await this.clients.dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
      return /^ENABL(ED|ING)$/.test(TimeToLiveStatus) ? AttributeName : '';
    });
  }

  public recoveryOf(TableName: string): ReturnType<DoctorAws['recoveryOf']> {
    return orGone(async () => {
      const { ContinuousBackupsDescription } = await this.clients.dynamo.send(new DescribeContinuousBackupsCommand({ TableName }));
      return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
    });
  }

  public groupOf(id: string): ReturnType<DoctorAws['groupOf']> {
    return orGone(async () => (await this.clients.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))).SecurityGroups?.[0]);
  }

  public secretOf(SecretId: string): ReturnType<DoctorAws['secretOf']> {
    return orGone(() => this.clients.secrets.send(new DescribeSecretCommand({ SecretId })));
  }

  public databaseOf(DBInstanceIdentifier: string): ReturnType<DoctorAws['databaseOf']> {
    return orGone(async () => (await this.clients.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }))).DBInstances?.[0]);
  }

  public async parametersOf(DBParameterGroupName: string): ReturnType<DoctorAws['parametersOf']> {
    const found = new Map<string, string>();
    for await (const { Parameters = [] } of paginateDescribeDBParameters({ client: this.clients.rds }, { DBParameterGroupName })) {
      for (const { ParameterName, ParameterValue } of Parameters) if (ParameterName !== undefined && ParameterValue !== undefined) found.set(ParameterName, ParameterValue);
    }
    return found;
  }

  public replicationGroupOf(ReplicationGroupId: string): ReturnType<DoctorAws['replicationGroupOf']> {
    return orGone(async () => (await this.clients.elastiCache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId }))).ReplicationGroups?.[0]);
  }

  public cacheClusterOf(CacheClusterId: string): ReturnType<DoctorAws['cacheClusterOf']> {
    return orGone(async () => (await this.clients.elastiCache.send(new DescribeCacheClustersCommand({ CacheClusterId }))).CacheClusters?.[0]);
  }

  public versioningOf(Bucket: string): ReturnType<DoctorAws['versioningOf']> {
    return orGone(async () => (await this.clients.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status ?? 'never');
  }

  public encryptionOf(Bucket: string): ReturnType<DoctorAws['encryptionOf']> {
    return orGone(() => unset(/^ServerSideEncryptionConfigurationNotFoundError$/, [], async () => {
      const { ServerSideEncryptionConfiguration } = await this.clients.s3.send(new GetBucketEncryptionCommand({ Bucket }));
      return (ServerSideEncryptionConfiguration?.Rules ?? []).flatMap(({ ApplyServerSideEncryptionByDefault: byDefault }) => byDefault?.SSEAlgorithm ?? []);
    }));
  }

  public publicBlockOf(Bucket: string): ReturnType<DoctorAws['publicBlockOf']> {
    return orGone(() => unset(/^NoSuchPublicAccessBlockConfiguration$/, {}, async () => (await this.clients.s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration ?? {}));
  }

  public lockOf(Bucket: string): ReturnType<DoctorAws['lockOf']> {
    return orGone(() => unset(/^ObjectLockConfigurationNotFoundError$/, 'never' as const, async () => (
      (await this.clients.s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration ?? 'never')));
  }

  public async logGroupOf(name: string): ReturnType<DoctorAws['logGroupOf']> {
    // The name is a prefix there; the group itself comes first.
    const { logGroups = [] } = await this.clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    return logGroups.find(({ logGroupName }) => logGroupName === name);
  }

  public subscriptionsOf(logGroupName: string): ReturnType<DoctorAws['subscriptionsOf']> {
    return orGone(async () => {
      const found: string[] = [];
      for await (const { subscriptionFilters = [] } of paginateDescribeSubscriptionFilters({ client: this.clients.logs }, { logGroupName })) {
        found.push(...subscriptionFilters.flatMap(({ destinationArn }) => destinationArn ?? []));
      }
      return found;
    });
  }

  public maskingOf(logGroupIdentifier: string): ReturnType<DoctorAws['maskingOf']> {
    return orGone(async () => (await this.clients.logs.send(new GetDataProtectionPolicyCommand({ logGroupIdentifier }))).policyDocument ?? '');
  }

  public async alarmsOf(names: readonly string[]): ReturnType<DoctorAws['alarmsOf']> {
    const batches = Array.from({ length: Math.ceil(names.length / ALARMS_AT_ONCE) }, (_, index) => names.slice(index * ALARMS_AT_ONCE, (index + 1) * ALARMS_AT_ONCE));
    const answers = await Promise.all(batches.map((AlarmNames) => this.clients.cloudWatch.send(new DescribeAlarmsCommand({
      AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: ALARMS_AT_ONCE,
    }))));
    return answers.flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms]);
  }

  public subscribersOf(TopicArn: string): ReturnType<DoctorAws['subscribersOf']> {
    return orGone(async () => {
      const found = [];
      for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: this.clients.sns }, { TopicArn })) found.push(...Subscriptions);
      return found;
    });
  }

  public planOf(BackupPlanId: string): ReturnType<DoctorAws['planOf']> {
    return orGone(async () => (await this.clients.backup.send(new GetBackupPlanCommand({ BackupPlanId }))).BackupPlan);
  }

  public selectionsOf(BackupPlanId: string): ReturnType<DoctorAws['selectionsOf']> {
    return orGone(async () => {
      let count = 0;
      for await (const { BackupSelectionsList = [] } of paginateListBackupSelections({ client: this.clients.backup }, { BackupPlanId })) count += BackupSelectionsList.length;
      return count;
    });
  }

  public vaultOf(BackupVaultName: string): ReturnType<DoctorAws['vaultOf']> {
    return orGone(() => this.clients.backup.send(new DescribeBackupVaultCommand({ BackupVaultName })));
  }
}

function clientsOf(options: RealAwsOptions) {
  const config = { ...options, requestHandler: REQUEST_HANDLER, maxAttempts: 5 };
  // Whoever names an endpoint has an emulator there, which has no host for each bucket.
  const forcePathStyle = options.endpoint !== undefined || process.env.AWS_ENDPOINT_URL !== undefined;
  return quietly(() => ({
    backup: new BackupClient(config), cloudFormation: new CloudFormationClient(config), cloudWatch: new CloudWatchClient(config),
    dynamo: new DynamoDBClient(config), ec2: new EC2Client(config),
    elastiCache: new ElastiCacheClient(config), lambda: new LambdaClient(config), logs: new CloudWatchLogsClient(config), rds: new RDSClient(config), s3: new S3Client({ ...config, forcePathStyle }),
    secrets: new SecretsManagerClient(config), sns: new SNSClient(config), waf: new WAFV2Client(config),
  }));
}

function orGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  return unset(GONE, undefined, ask);
}

/** What is not set is an error to some services; it is an answer here. */
async function unset<T, U>(name: RegExp, instead: U, ask: () => Promise<T>): Promise<T | U> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && name.test(error.name)) return instead;
    throw error;
  }
}
