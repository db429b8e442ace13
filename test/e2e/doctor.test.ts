import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { BackupClient, CreateBackupSelectionCommand } from '@aws-sdk/client-backup';
import { DisableAlarmActionsCommand, EnableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteSubscriptionFilterCommand, DescribeSubscriptionFiltersCommand, PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { AuthorizeSecurityGroupIngressCommand, type IpPermission, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { type ContainerDefinition, DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, type RegisterTaskDefinitionCommandInput, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AddPermissionCommand, DeleteFunctionConcurrencyCommand, GetFunctionConfigurationCommand, LambdaClient, PutFunctionConcurrencyCommand, RemovePermissionCommand, UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { PutBucketVersioningCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { AssociateWebACLCommand, DisassociateWebACLCommand } from '@aws-sdk/client-wafv2';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { buildSync } from 'esbuild';
import {
  AssetBucket, Backups, BackupSource, BrokerCredential, BrokerPhase, Callers, CredentialBroker, DeviceCredentialKind, HttpsOrigin, PrivateNetwork, SecureMemcached, SecurePostgres, Size,
} from '../../src';
import { BROKER_VARIABLE, type BrokerConfiguration } from '../../src/broker/contract';
import { NO_COLORS } from '../../src/cli/colors';
import { doctor, type DoctorOptions } from '../../src/cli/doctor/doctor';
import { RealDoctorAws } from '../../src/cli/doctor/real-aws';
import { readInput } from '../../src/cli/inputs';
import type { StackResource } from '../../src/cli/lockdown/aws';
import { deploy, type Deployment } from '../../src/drill/emulator/deploy';
import type { Emulator } from '../../src/drill/emulator/emulator';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { EmulatedStack } from '../../src/drill/emulator/stack';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { PROFILE_METADATA } from '../../src/profiles/contract';
import { Profile } from '../../src/profiles/profile';
import { ProfiledCore } from '../../src/profiles/profiled-core';
import { ROTATING_TAG } from '../../src/secrets/contract';
import type { Ran } from '../support/command-line';
import { EmulatedSecret } from '../support/emulated-secrets';
import { alarmTopic, image } from '../support/remote-core';

const ROOT = path.resolve(__dirname, '../..');
const ENVIRONMENT = { account: '111122223333', region: 'eu-central-1' };
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const STACK = 'Cortex';
const DOMAIN = 'core.acme.internal';
const BROKER_DOMAIN = 'broker.acme.internal';
/** Rotation, what is to be backed up, and what tables lose and keep: the emulator's CloudFormation has none of it, and its API all. */
const ROLE = 'arn:aws:iam::111122223333:role/backup';
/** What no engine of ours knows: whether tasks answer, what is masked, and whether a backup was made meanwhile. */
const UNKNOWN = ['backups.made', 'logs.masked', 'targets.healthy'];
const SENTINEL = 'https://a-value-that-nobody-may-see.acme.com';

let folder: string;
let supervisor: Supervisor;
let emulator: Emulator;
let deployment: Deployment;
let aws: WholeStack;
let template: string;
let lambda: LambdaClient;
let dynamo: DynamoDBClient;

/** AWS with a stack that has everything its template says: some of it the drill has made beside the emulator's stack, by the API. */
class WholeStack extends RealDoctorAws {
  public override async resourcesOf(stack: string): Promise<readonly StackResource[] | undefined> {
    const listed = await super.resourcesOf(stack);
    const apart = deployment.graph.types.flatMap((type) => deployment.graph.ofType(type))
      .map((resource) => ({ type: resource.type, path: `${STACK}/${resource.logicalId}`, physicalId: deployment.physicalId(resource) ?? '' }))
      .filter((one) => /^AWS::(CloudWatch|ECS::TaskDefinition)/.test(one.type) && !listed?.some(({ path: known }) => known === one.path));
    return listed && [...listed, ...apart];
  }

  public override templateOf(): Promise<string> {
    return Promise.resolve(template);
  }
}

/** Cortex with stores, backups and a broker for workers; its secrets rotate, and what it is told its profile writes. */
function build(stack: Stack, certificateArn: string): void {
  const size = Size.STANDARD;
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const postgres = new SecurePostgres(stack, 'Postgres', { network, size });
  const assets = new AssetBucket(stack, 'Assets', { size });
  const { core } = new ProfiledCore(stack, 'Core', {
    profile: Profile.cortex({ corsOrigins: [HttpsOrigin.of(SENTINEL)] }),
    environment: 'production', size, network, image: image(stack),
    ingress: { domainName: DOMAIN, certificate: Certificate.fromCertificateArn(stack, 'Certificate', certificateArn), callers: Callers.cidrs('10.20.0.0/16') },
    alarmTopic: alarmTopic(stack),
    stores: [postgres.addUser('CoreUser', { role: 'core' }), assets, new SecureMemcached(stack, 'Memcached', { network, size })],
  });
  new CredentialBroker(stack, 'Broker', {
    environment: 'production', size, network, audit: core.audit, alarmTopic: alarmTopic(stack), phase: BrokerPhase.perWorkerKeys(),
    ingress: { domainName: BROKER_DOMAIN, certificate: Certificate.fromCertificateArn(stack, 'BrokerCertificate', certificateArn) },
    credentials: [BrokerCredential.secretsManager('core-routers', DeviceCredentialKind.SSH, new Secret(stack, 'Routers', { secretName: 'production/credentials/core-routers/ssh' }))],
  });
  new Backups(stack, 'Backups', {
    size, sources: [BackupSource.postgres(postgres), BackupSource.assets(assets), BackupSource.gateTable(core.core.gate.table)], rpo: Duration.minutes(15), rto: Duration.hours(8),
    restorers: [Role.fromRoleArn(stack, 'Restorer', 'arn:aws:iam::111122223333:role/break-glass')], alarmTopic: alarmTopic(stack),
  });
}

/** The physical id of the one resource of a type whose logical id begins so. */
function idOf(type: string, prefix = ''): string {
  const found = deployment.graph.ofType(type).filter(({ logicalId }) => logicalId.startsWith(prefix)).map((resource) => deployment.physicalId(resource));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`There are ${found.length} of ${type} ${prefix}.`);
  return found[0];
}

const recovers = (TableName: string, PointInTimeRecoveryEnabled: boolean): Promise<unknown> => (
  dynamo.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled } })));
const expires = (TableName: string, Enabled: boolean): Promise<unknown> => (
  dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled } })));
async function expiresAndRecovers(table: string): Promise<void> {
  await expires(table, true);
  await recovers(table, true);
}

interface Examined {
  readonly isWell: boolean;
  readonly text: string;
}

async function examine(options: Partial<DoctorOptions> = {}): Promise<Examined> {
  const said: string[] = [];
  const isWell = await doctor(STACK, { format: 'text', ...options }, { aws, now: () => new Date(), paint: NO_COLORS, print: (text) => said.push(text) });
  return { isWell, text: said.join('') };
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'doctor-test-'));
  const [opened, { ministack }] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  supervisor = opened;
  emulator = await startMinistack({ supervisor, ministack, ...ENVIRONMENT });
  const options = { endpoint: emulator.endpoint, region: ENVIRONMENT.region, credentials: CREDENTIALS };
  const [acm, backup] = quietly(() => [new ACMClient(options), new BackupClient(options)] as const);
  [lambda, dynamo] = quietly(() => [new LambdaClient(options), new DynamoDBClient(options)]);
  const { CertificateArn = '' } = await acm.send(new RequestCertificateCommand({ DomainName: DOMAIN, SubjectAlternativeNames: [BROKER_DOMAIN], ValidationMethod: 'DNS' }));
  const app = new App({ outdir: path.join(folder, 'cdk.out'), analyticsReporting: false });
  build(new Stack(app, STACK), CertificateArn);
  const input = readInput(app.synth().directory);
  deployment = await deploy(emulator, input);
  template = JSON.stringify(input.templates[0]?.body);
  aws = new WholeStack(options);
  for (const resource of deployment.graph.ofType('AWS::SecretsManager::Secret')) {
    const { ARN = '', Tags = [] } = await deployment.aws.secrets.send(new DescribeSecretCommand({ SecretId: deployment.physicalId(resource) }));
    if (Tags.some(({ Key }) => Key === ROTATING_TAG)) await new EmulatedSecret(deployment.aws.secrets, ARN).turnOn('arn:aws:lambda:eu-central-1:111122223333:function:rotation');
  }
  for (const resource of deployment.graph.ofType('AWS::Backup::BackupPlan')) {
    const BackupSelection = { SelectionName: resource.logicalId, IamRoleArn: ROLE, Resources: ['*'] };
    await backup.send(new CreateBackupSelectionCommand({ BackupPlanId: deployment.physicalId(resource), BackupSelection }));
  }
  for (const resource of deployment.graph.ofType('AWS::DynamoDB::Table')) await expiresAndRecovers(deployment.physicalId(resource) ?? '');
  acm.destroy();
  backup.destroy();
}, 180_000);
afterAll(async () => {
  deployment.aws.close();
  lambda.destroy();
  dynamo.destroy();
  await supervisor.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('what the drill deploys is well, as far as an emulator can tell, and its checklist holds', async () => {
  const { isWell, text } = await examine();
  expect(text.match(/^\s+wrong .*$/gm) ?? []).toEqual([]);
  expect(isWell).toBe(true);
  expect([...text.matchAll(/^\[\?\] (\w+\.\S+)/gm)].map(([, item]) => item).sort()).toEqual(UNKNOWN);
  expect(text).toMatch(new RegExp(`^${STACK}/\\w+/Core, by the checklist of cortex\\n\\[x\\] CX-42 `));
  expect(text.match(/^\[x\] CX-\d+/gm)).toHaveLength(7);
  expect(text).toContain('[?] CX-45 The first admin password is gone (yours to do)');
  expect(text).not.toContain(SENTINEL);
  expect((await examine({ strict: true })).isWell).toBe(false);
});

interface Seed {
  readonly item: string;
  readonly place: RegExp;
  /** Resolves with what mends it. */
  readonly sow: () => Promise<() => Promise<unknown>>;
}

type Change = (container: ContainerDefinition) => ContainerDefinition;

/** Registers what runs once more, with one container changed, and lets the service run that. */
async function revised(name: string, change: Change): Promise<() => Promise<unknown>> {
  const { ecs } = deployment.aws;
  const [before, service] = [idOf('AWS::ECS::TaskDefinition'), idOf('AWS::ECS::Service')];
  const run = (taskDefinition: string | undefined) => ecs.send(new UpdateServiceCommand({ cluster: service.split('/')[1], service, taskDefinition }));
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: before }));
  const containerDefinitions = (taskDefinition?.containerDefinitions ?? []).map((one) => (one.name === name ? change(one) : one));
  const registered = await ecs.send(new RegisterTaskDefinitionCommand({ ...taskDefinition, containerDefinitions } as RegisterTaskDefinitionCommandInput));
  await run(registered.taskDefinition?.taskDefinitionArn);
  return () => run(before);
}

const handlerOfBroker = (): string => idOf('AWS::Lambda::Function', 'BrokerHandler');

/** Tells the broker something else than it was deployed with. */
async function brokerTold(change: (configuration: BrokerConfiguration) => object): Promise<() => Promise<unknown>> {
  const FunctionName = handlerOfBroker();
  const put = (json: string | undefined) => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { [BROKER_VARIABLE]: json ?? '' } } }));
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const before = Environment?.Variables?.[BROKER_VARIABLE];
  await put(JSON.stringify(change(JSON.parse(before ?? '') as BrokerConfiguration)));
  return () => put(before);
}

const told = (variable: string, change: (value: string) => string): Change => ({ environment = [], ...rest }) => (
  { ...rest, environment: environment.map(({ name, value = '' }) => ({ name, value: name === variable ? change(value) : value })) });

const cors = { origins: ['*'], credentials: false, headers: [], maxAgeSeconds: 60 };

const SEEDS: Readonly<Record<string, Seed>> = {
  'a variable changed in a revision of the task definition': {
    item: 'CX-42', place: /CFG-\d GATEWAY_DEV_ALLOW_ALL_KEYS has to be "false"/,
    sow: () => revised('Core', told('GATEWAY_DEV_ALLOW_ALL_KEYS', () => 'true')),
  },
  'a gate that lets pages of every origin in': {
    item: 'gate.cors', place: /\/Gate has origins that are no https:/,
    sow: () => revised('Gate', told('GATE_CONFIGURATION', (json) => JSON.stringify({ ...JSON.parse(json) as object, cors }))),
  },
  'a secret that rotates without a value': {
    item: 'secrets.filled', place: /CoreInternalKeySecret\w+ has no value/,
    sow: async () => {
      const { secrets } = deployment.aws;
      const secret = { SecretId: idOf('AWS::SecretsManager::Secret', 'CoreInternalKey'), VersionStage: 'AWSCURRENT' };
      const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand(secret));
      const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSCURRENT'));
      await secrets.send(new UpdateSecretVersionStageCommand({ ...secret, RemoveFromVersionId: current }));
      return () => secrets.send(new UpdateSecretVersionStageCommand({ ...secret, MoveToVersionId: current }));
    },
  },
  'a bucket that stops to keep versions': {
    item: 'buckets.versions', place: /AssetsBucket\w+ has stopped to keep older versions/,
    sow: async () => {
      const put = (Status: 'Suspended' | 'Enabled') => deployment.aws.s3.send(new PutBucketVersioningCommand({ Bucket: idOf('AWS::S3::Bucket', 'Assets'), VersioningConfiguration: { Status } }));
      await put('Suspended');
      return () => put('Enabled');
    },
  },
  'a bucket that could be made public': {
    item: 'buckets.public-block', place: /AssetsBucket\w+ could be made public/,
    sow: async () => {
      const put = (BlockPublicPolicy: boolean) => deployment.aws.s3.send(new PutPublicAccessBlockCommand({
        Bucket: idOf('AWS::S3::Bucket', 'Assets'),
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, RestrictPublicBuckets: true, BlockPublicPolicy },
      }));
      await put(false);
      return () => put(true);
    },
  },
  'a security group that lets everybody in': {
    item: 'groups.open', place: /PostgresSecurityGroup\w+ lets everybody in, to port 5432/,
    sow: async () => {
      const IpPermissions: IpPermission[] = [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      const rule = { GroupId: idOf('AWS::EC2::SecurityGroup', 'PostgresSecurityGroup'), IpPermissions };
      await deployment.aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
      return () => deployment.aws.ec2.send(new RevokeSecurityGroupIngressCommand(rule));
    },
  },
  'an alarm with its actions turned off': {
    item: 'alarms.actions', place: /CoreInternalKeyRotationFailures\w+ has its actions turned off/,
    sow: async () => {
      const AlarmNames = [idOf('AWS::CloudWatch::Alarm', 'CoreInternalKeyRotationFailures')];
      await deployment.aws.cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames }));
      return () => deployment.aws.cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames }));
    },
  },
  'a load balancer without its web ACL': {
    item: 'load-balancers.web-acl', place: /LoadBalancer\w+ has no web ACL/,
    sow: async () => {
      const [WebACLArn, ResourceArn] = idOf('AWS::WAFv2::WebACLAssociation', 'Core').split('|');
      await deployment.aws.waf.send(new DisassociateWebACLCommand({ ResourceArn }));
      return () => deployment.aws.waf.send(new AssociateWebACLCommand({ WebACLArn, ResourceArn }));
    },
  },
  'a listener with a policy of old': {
    item: 'listeners.policy', place: /HTTPS 443 has the policy ELBSecurityPolicy-2016-08/,
    sow: async () => {
      const put = (SslPolicy: string) => deployment.aws.elb.send(new ModifyListenerCommand({ ListenerArn: idOf('AWS::ElasticLoadBalancingV2::Listener', 'Core'), SslPolicy }));
      await put('ELBSecurityPolicy-2016-08');
      return () => put('ELBSecurityPolicy-TLS13-1-3-2021-06');
    },
  },
  'a broker whose function somebody has stopped': {
    item: 'broker.running', place: /BrokerHandlerFunction\w+ may not run at all/,
    sow: async () => {
      const FunctionName = handlerOfBroker();
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
      return () => lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    },
  },
  'a broker that is told what it does not take': {
    item: 'broker.configuration', place: /BrokerHandlerFunction\w+ has a configuration that it refuses \(BROKER_CONFIGURATION\.host /,
    sow: () => brokerTold((configuration) => ({ ...configuration, host: SENTINEL })),
  },
  'a broker whose migration is over': {
    item: 'broker.migration', place: /has taken no shared key since 2026-01-31/,
    sow: () => brokerTold((configuration) => ({ ...configuration, phase: { ...configuration.phase, kind: 'migration', shared: { ring: 'shared' }, until: '2026-01-31' } })),
  },
  'a broker that another account may call': {
    item: 'broker.callers', place: /BrokerHandlerFunction\w+ lets somebody call it who is no load balancer/,
    sow: async () => {
      const permission = { FunctionName: handlerOfBroker(), StatementId: 'by-hand' };
      await lambda.send(new AddPermissionCommand({ ...permission, Action: 'lambda:InvokeFunction', Principal: '444455556666' }));
      return () => lambda.send(new RemovePermissionCommand(permission));
    },
  },
  'a table that nothing leaves any more': {
    item: 'broker.expiry', place: /BrokerState\w+ keeps for ever what is over/,
    sow: async () => {
      const table = idOf('AWS::DynamoDB::Table', 'BrokerState');
      await expires(table, false);
      return () => expires(table, true);
    },
  },
  'a table that cannot be had back': {
    item: 'tables.recovery', place: /BrokerJobs\w+ cannot be had back as it was/,
    sow: async () => {
      const table = idOf('AWS::DynamoDB::Table', 'BrokerJobs');
      await recovers(table, false);
      return () => recovers(table, true);
    },
  },
  'records that nobody delivers any more': {
    item: 'logs.delivered', place: /Hot\w+ is delivered nowhere/,
    sow: async () => {
      const { logs } = deployment.aws;
      const logGroupName = idOf('AWS::Logs::LogGroup', 'CoreAuditHot');
      const { subscriptionFilters: [filter] = [] } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
      if (filter === undefined) throw new Error('There is no subscription to take away.');
      const { filterName, filterPattern, destinationArn, roleArn } = filter;
      await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName, filterName }));
      return () => logs.send(new PutSubscriptionFilterCommand({ logGroupName, filterName, filterPattern, destinationArn, roleArn }));
    },
  },
};

test.each(Object.entries(SEEDS))('%s is found, and is well again once it is mended', async (_name, { item, place, sow }) => {
  const mend = await sow();
  const ill = await examine();
  expect(ill.isWell).toBe(false);
  expect(ill.text).toMatch(new RegExp(`^\\[ \\] ${item.replace('.', '\\.')}`, 'm'));
  expect(ill.text).toMatch(place);
  expect(ill.text).not.toContain(SENTINEL);
  await mend();
  expect((await examine()).isWell).toBe(true);
});

/** Without what the drill has made beside the stack, of which the emulator's list says nothing. */
function command(...args: readonly string[]): Promise<Ran> {
  const file = path.join(folder, 'cli.js');
  if (!fs.existsSync(file)) buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', target: 'node20', outfile: file, logLevel: 'error' });
  const env = { PATH: process.env.PATH, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', CI: 'true' };
  return new Promise((resolve) => {
    execFile(process.execPath, [file, 'doctor', ...args, '--region', ENVIRONMENT.region, '--endpoint-url', emulator.endpoint], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

/** No construct of ours: a task definition whose metadata names a profile, and one variable that its document forbids. */
const HAND = {
  Resources: {
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: {} },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Metadata: { [PROFILE_METADATA]: { name: 'cortex', environment: 'production', container: 'Web', choices: [] } },
      Properties: {
        Family: 'web',
        ContainerDefinitions: [{
          Name: 'Web', Image: 'web:latest', Essential: true,
          Environment: Object.entries({
            GATEWAY_DEV_ALLOW_ALL_KEYS: 'false', CORS_ALLOW_ORIGINS: '*', RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_RPS: '10', RATE_LIMIT_BURST: '20', RATE_LIMIT_WINDOW_SEC: '60',
            CONCURRENCY_LIMIT_ENABLED: 'true', MAX_CONCURRENT_STREAMS_PER_ID: '5',
          }).map(([Name, Value]) => ({ Name, Value })),
        }],
      },
    },
    Service: { Type: 'AWS::ECS::Service', Properties: { Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' }, DesiredCount: 1 } },
  },
};

test('a profile by hand with one wrong variable is found, and a secret that the emulator loses is unknown', async () => {
  await new EmulatedStack('Hand', deployment.aws.cloudFormation, deployment.aws.s3).put(HAND, new Map());
  const { code, out } = await command('Hand', '--format', 'json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ containers: [{
    path: 'Hand/Service/Web', profile: 'cortex',
    variables: [{ names: ['CORS_ALLOW_ORIGINS'], verdict: 'wrong' }, { names: ['INTERNAL_VLLM_API_KEY'], verdict: 'unknown' }],
  }] });
}, 120_000);

test('the command ends with 0, 1 or 2, as it says', async () => {
  const well = await command(STACK, '--profile', 'cortex', '--format', 'json');
  expect([well.code, well.err]).toEqual([0, '']);
  expect(JSON.parse(well.out)).toMatchObject({ stack: STACK, ok: true, containers: [{ profile: 'cortex', variables: [] }] });
  const other = await command(STACK, '--profile', 'tom');
  expect([other.code, other.out]).toEqual([1, expect.stringContaining('[ ] TS-42 Workers sign what they ask for')]);
  const none = await command('Nowhere');
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('There is no stack Nowhere')]);
}, 120_000);
