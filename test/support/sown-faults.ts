import { DisableAlarmActionsCommand, EnableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteSubscriptionFilterCommand, DescribeSubscriptionFiltersCommand, PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { AuthorizeSecurityGroupIngressCommand, type IpPermission, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { type ContainerDefinition, DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, type RegisterTaskDefinitionCommandInput, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AddPermissionCommand, DeleteFunctionConcurrencyCommand, GetFunctionConfigurationCommand, PutFunctionConcurrencyCommand, RemovePermissionCommand, UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { PutBucketVersioningCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { AssociateWebACLCommand, DisassociateWebACLCommand } from '@aws-sdk/client-wafv2';
import { BROKER_VARIABLE, type BrokerConfiguration } from '../../src/broker/contract';
import { type ExaminedStack, SENTINEL } from './examined-stack';

/** Resolves with what mends it. */
type Sow = (stack: ExaminedStack) => Promise<() => Promise<unknown>>;

interface Seed {
  readonly item: string;
  readonly place: RegExp;
  readonly sow: Sow;
}

type Change = (container: ContainerDefinition) => ContainerDefinition;

/** Registers what runs once more, with one container changed, and lets the service run that. */
const revised = (name: string, change: Change): Sow => async (stack) => {
  const { ecs } = stack.deployment.aws;
  const [before, service] = [stack.idOf('AWS::ECS::TaskDefinition'), stack.idOf('AWS::ECS::Service')];
  const run = (taskDefinition: string | undefined) => ecs.send(new UpdateServiceCommand({ cluster: service.split('/')[1], service, taskDefinition }));
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: before }));
  const containerDefinitions = (taskDefinition?.containerDefinitions ?? []).map((one) => (one.name === name ? change(one) : one));
  const registered = await ecs.send(new RegisterTaskDefinitionCommand({ ...taskDefinition, containerDefinitions } as RegisterTaskDefinitionCommandInput));
  await run(registered.taskDefinition?.taskDefinitionArn);
  return () => run(before);
};

const handlerOfBroker = (stack: ExaminedStack): string => stack.idOf('AWS::Lambda::Function', 'BrokerHandler');

/** Tells the broker something else than it was deployed with. */
const brokerTold = (change: (configuration: BrokerConfiguration) => object): Sow => async (stack) => {
  const FunctionName = handlerOfBroker(stack);
  const put = (json: string | undefined) => stack.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { [BROKER_VARIABLE]: json ?? '' } } }));
  const { Environment } = await stack.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const before = Environment?.Variables?.[BROKER_VARIABLE];
  await put(JSON.stringify(change(JSON.parse(before ?? '') as BrokerConfiguration)));
  return () => put(before);
};

const told = (variable: string, change: (value: string) => string): Change => ({ environment = [], ...rest }) => (
  { ...rest, environment: environment.map(({ name, value = '' }) => ({ name, value: name === variable ? change(value) : value })) });

const cors = { origins: ['*'], credentials: false, headers: [], maxAgeSeconds: 60 };

/** What somebody may do by hand to a stack that was well, the item by which `doctor` finds it, and where. */
export const SOWN_FAULTS: Readonly<Record<string, Seed>> = {
  'a variable changed in a revision of the task definition': {
    item: 'CX-42', place: /CFG-\d GATEWAY_DEV_ALLOW_ALL_KEYS has to be "false"/,
    sow: revised('Core', told('GATEWAY_DEV_ALLOW_ALL_KEYS', () => 'true')),
  },
  'a gate that lets pages of every origin in': {
    item: 'gate.cors', place: /\/Gate has origins that are no https:/,
    sow: revised('Gate', told('GATE_CONFIGURATION', (json) => JSON.stringify({ ...JSON.parse(json) as object, cors }))),
  },
  'a secret that rotates without a value': {
    item: 'secrets.filled', place: /CoreInternalKeySecret\w+ has no value/,
    sow: async (stack) => {
      const { secrets } = stack.deployment.aws;
      const secret = { SecretId: stack.idOf('AWS::SecretsManager::Secret', 'CoreInternalKey'), VersionStage: 'AWSCURRENT' };
      const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand(secret));
      const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSCURRENT'));
      await secrets.send(new UpdateSecretVersionStageCommand({ ...secret, RemoveFromVersionId: current }));
      return () => secrets.send(new UpdateSecretVersionStageCommand({ ...secret, MoveToVersionId: current }));
    },
  },
  'a bucket that stops to keep versions': {
    item: 'buckets.versions', place: /AssetsBucket\w+ has stopped to keep older versions/,
    sow: async (stack) => {
      const put = (Status: 'Suspended' | 'Enabled') => stack.deployment.aws.s3.send(new PutBucketVersioningCommand({
        Bucket: stack.idOf('AWS::S3::Bucket', 'Assets'), VersioningConfiguration: { Status },
      }));
      await put('Suspended');
      return () => put('Enabled');
    },
  },
  'a bucket that could be made public': {
    item: 'buckets.public-block', place: /AssetsBucket\w+ could be made public/,
    sow: async (stack) => {
      const put = (BlockPublicPolicy: boolean) => stack.deployment.aws.s3.send(new PutPublicAccessBlockCommand({
        Bucket: stack.idOf('AWS::S3::Bucket', 'Assets'),
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, RestrictPublicBuckets: true, BlockPublicPolicy },
      }));
      await put(false);
      return () => put(true);
    },
  },
  'a security group that lets everybody in': {
    item: 'groups.open', place: /PostgresSecurityGroup\w+ lets everybody in, to port 5432/,
    sow: async (stack) => {
      const IpPermissions: IpPermission[] = [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      const rule = { GroupId: stack.idOf('AWS::EC2::SecurityGroup', 'PostgresSecurityGroup'), IpPermissions };
      await stack.deployment.aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
      return () => stack.deployment.aws.ec2.send(new RevokeSecurityGroupIngressCommand(rule));
    },
  },
  'an alarm with its actions turned off': {
    item: 'alarms.actions', place: /CoreInternalKeyRotationFailures\w+ has its actions turned off/,
    sow: async (stack) => {
      const AlarmNames = [stack.idOf('AWS::CloudWatch::Alarm', 'CoreInternalKeyRotationFailures')];
      await stack.deployment.aws.cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames }));
      return () => stack.deployment.aws.cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames }));
    },
  },
  'a load balancer without its web ACL': {
    item: 'load-balancers.web-acl', place: /LoadBalancer\w+ has no web ACL/,
    sow: async (stack) => {
      const [WebACLArn, ResourceArn] = stack.idOf('AWS::WAFv2::WebACLAssociation', 'Core').split('|');
      await stack.deployment.aws.waf.send(new DisassociateWebACLCommand({ ResourceArn }));
      return () => stack.deployment.aws.waf.send(new AssociateWebACLCommand({ WebACLArn, ResourceArn }));
    },
  },
  'a listener with a policy of old': {
    item: 'listeners.policy', place: /HTTPS 443 has the policy ELBSecurityPolicy-2016-08/,
    sow: async (stack) => {
      const put = (SslPolicy: string) => stack.deployment.aws.elb.send(new ModifyListenerCommand({ ListenerArn: stack.idOf('AWS::ElasticLoadBalancingV2::Listener', 'Core'), SslPolicy }));
      await put('ELBSecurityPolicy-2016-08');
      return () => put('ELBSecurityPolicy-TLS13-1-3-2021-06');
    },
  },
  'a broker whose function somebody has stopped': {
    item: 'broker.running', place: /BrokerHandlerFunction\w+ may not run at all/,
    sow: async (stack) => {
      const FunctionName = handlerOfBroker(stack);
      await stack.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
      return () => stack.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    },
  },
  'a broker that is told what it does not take': {
    item: 'broker.configuration', place: /BrokerHandlerFunction\w+ has a configuration that it refuses \(BROKER_CONFIGURATION\.host /,
    sow: brokerTold((configuration) => ({ ...configuration, host: SENTINEL })),
  },
  'a broker whose migration is over': {
    item: 'broker.migration', place: /has taken no shared key since 2026-01-31/,
    sow: brokerTold((configuration) => ({ ...configuration, phase: { ...configuration.phase, kind: 'migration', shared: { ring: 'shared' }, until: '2026-01-31' } })),
  },
  'a broker that another account may call': {
    item: 'broker.callers', place: /BrokerHandlerFunction\w+ lets somebody call it who is no load balancer/,
    sow: async (stack) => {
      const permission = { FunctionName: handlerOfBroker(stack), StatementId: 'by-hand' };
      await stack.lambda.send(new AddPermissionCommand({ ...permission, Action: 'lambda:InvokeFunction', Principal: '444455556666' }));
      return () => stack.lambda.send(new RemovePermissionCommand(permission));
    },
  },
  'a table that nothing leaves any more': {
    item: 'broker.expiry', place: /BrokerState\w+ keeps for ever what is over/,
    sow: async (stack) => {
      const TableName = stack.idOf('AWS::DynamoDB::Table', 'BrokerState');
      const put = (Enabled: boolean) => stack.deployment.aws.dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled } }));
      await put(false);
      return () => put(true);
    },
  },
  'a table that cannot be had back': {
    item: 'tables.recovery', place: /BrokerJobs\w+ cannot be had back as it was/,
    sow: async (stack) => {
      const TableName = stack.idOf('AWS::DynamoDB::Table', 'BrokerJobs');
      const put = (PointInTimeRecoveryEnabled: boolean) => stack.deployment.aws.dynamo.send(new UpdateContinuousBackupsCommand({
        TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
      }));
      await put(false);
      return () => put(true);
    },
  },
  'records that nobody delivers any more': {
    item: 'logs.delivered', place: /Hot\w+ is delivered nowhere/,
    sow: async (stack) => {
      const { logs } = stack.deployment.aws;
      const logGroupName = stack.idOf('AWS::Logs::LogGroup', 'CoreAuditHot');
      const { subscriptionFilters: [filter] = [] } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
      if (filter === undefined) throw new Error('There is no subscription to take away.');
      const { filterName, filterPattern, destinationArn, roleArn } = filter;
      await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName, filterName }));
      return () => logs.send(new PutSubscriptionFilterCommand({ logGroupName, filterName, filterPattern, destinationArn, roleArn }));
    },
  },
};
