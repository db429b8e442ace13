import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { CreateListenerCommand, ModifyListenerCommand, type ActionTypeEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import type { JsonMap } from '../../src/checks/template/template';
import { type AwsClients, awsClients } from '../../src/drill/emulator/aws-clients';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { EmulatedStack } from '../../src/drill/emulator/stack';
import { zipFolder } from '../../src/drill/emulator/zip';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import type { GateConfiguration } from '../../src/gate/contract';
import { GateTable } from '../../src/gate/gate-table';
import { ROTATING_TAG, ROTATION_VARIABLE } from '../../src/secrets/contract';
import { bundleRuntime } from '../../tools/bundle-runtime';
import type { Ran } from './command-line';
import { EmulatedSecret } from './emulated-secrets';
import type { GateProcess, ServedTable } from './gate-process';
import { type RotatingAws, startRotatingAws } from './rotating-aws';

const ROOT = path.resolve(__dirname, '../..');
const ENVIRONMENT = { account: '111122223333', region: 'eu-central-1' };
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
export const STACK = 'Core';
/** What the runbook calls it, which is its logical id. */
export const INTERNAL_KEY = 'InternalVllmApiKey';
const LOG_GROUP = 'core-hot';

/** What a deployment leaves behind that runbooks meet: a table, a service with its gate, a log, a secret that rotates and a load balancer; and the command line as it is published. */
export class Rehearsal {
  public static async open(): Promise<Rehearsal> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'incident-test-'));
    bundleRuntime(folder);
    buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', target: 'node20', outfile: path.join(folder, 'cli.js'), logLevel: 'error' });
    const [supervisor, { ministack }] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
    const emulator = await startMinistack({ supervisor, ministack, ...ENVIRONMENT });
    const options = { endpoint: emulator.endpoint, region: ENVIRONMENT.region, credentials: CREDENTIALS };
    const [secrets, lambda, logs, ecs] = quietly(() => [new SecretsManagerClient(options), new LambdaClient(options), new CloudWatchLogsClient(options), new ECSClient(options)] as const);
    return new Rehearsal(folder, supervisor, emulator.endpoint, awsClients(emulator), secrets, lambda, logs, ecs, await startRotatingAws(emulator.endpoint, secrets, lambda));
  }

  private readonly stack: EmulatedStack;
  private physicalIds: ReadonlyMap<string, string> = new Map();
  private internalKey?: EmulatedSecret;
  private listenerArn?: string;

  private constructor(
    private readonly folder: string, private readonly supervisor: Supervisor, private readonly endpoint: string, private readonly aws: AwsClients,
    private readonly secrets: SecretsManagerClient, private readonly lambda: LambdaClient, private readonly logs: CloudWatchLogsClient, private readonly ecs: ECSClient,
    private readonly rotating: RotatingAws,
  ) {
    this.stack = new EmulatedStack(STACK, aws.cloudFormation, aws.s3);
  }

  /** Of the gate, as AWS has it. */
  public get table(): ServedTable {
    const [, name = ''] = [...this.physicalIds].find(([logicalId]) => logicalId.startsWith('GateTable')) ?? [];
    return { endpoint: this.endpoint, name, region: ENVIRONMENT.region };
  }

  /** What rotations failed of, if any. */
  public get faults(): readonly string[] {
    return this.rotating.faults;
  }

  /** A line of a runbook as somebody types it, in a folder with the app's cdk.out. */
  public run(words: readonly string[]): Promise<Ran> {
    const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: this.rotating.endpoint, AWS_REGION: ENVIRONMENT.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', CI: 'true' };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [path.join(this.folder, 'cli.js'), ...words], { env, cwd: this.folder, maxBuffer: 16 * 1024 * 1024 }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
      child.stdin?.end();
    });
  }

  /** Writes cdk.out as the app has it; nothing is deployed. */
  public synth(configuration: GateConfiguration): JsonMap {
    const outdir = path.join(this.folder, 'cdk.out');
    fs.rmSync(outdir, { recursive: true, force: true });
    const app = new App({ outdir, analyticsReporting: false });
    const stack = new Stack(app, STACK, { env: ENVIRONMENT });
    new GateTable(stack, 'GateTable', { removalPolicy: RemovalPolicy.DESTROY });
    const raw: Record<string, object> = {};
    const resource = (id: string, Type: string, Properties: object): void => {
      raw[id] = { Type, Properties };
    };
    resource('Hot', 'AWS::Logs::LogGroup', { LogGroupName: LOG_GROUP });
    resource('AuditKey', 'AWS::SecretsManager::Secret', { Name: 'core/audit', GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } });
    resource(INTERNAL_KEY, 'AWS::SecretsManager::Secret', {
      Name: 'core/internal', SecretString: JSON.stringify({ seed: '0123456789abcdef'.repeat(4) }), Tags: [{ Key: ROTATING_TAG, Value: 'ring' }],
    });
    resource('Cluster', 'AWS::ECS::Cluster', {});
    resource('Task', 'AWS::ECS::TaskDefinition', {
      Family: 'core',
      ContainerDefinitions: [{
        Name: 'Gate', Image: 'gate', Essential: true,
        Environment: [{ Name: 'GATE_CONFIGURATION', Value: JSON.stringify({ ...configuration, port: 8443, table: { name: 'TABLE', region: ENVIRONMENT.region } }) }],
        Secrets: [{ Name: 'GATE_AUDIT_KEY', ValueFrom: { Ref: 'AuditKey' } }],
        LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': LOG_GROUP, 'awslogs-region': ENVIRONMENT.region } },
      }],
    });
    resource('Service', 'AWS::ECS::Service', { Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' }, DesiredCount: 0 });
    resource('Vpc', 'AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
    for (const [at, zone] of ['A', 'B'].entries()) {
      resource(`Subnet${zone}`, 'AWS::EC2::Subnet', { VpcId: { Ref: 'Vpc' }, CidrBlock: `10.0.${at}.0/24`, AvailabilityZone: `${ENVIRONMENT.region}${zone.toLowerCase()}` });
    }
    resource('Balancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application', Scheme: 'internal', Subnets: [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }] });
    resource('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'HTTPS', Port: 8443, TargetType: 'ip', VpcId: { Ref: 'Vpc' } });
    const template = app.synth().getStackByName(STACK);
    const { Resources } = template.template as { readonly Resources: JsonMap };
    const [tableId = ''] = Object.keys(Resources).filter((id) => id.startsWith('GateTable'));
    const text = JSON.stringify({ Resources: { ...Resources, ...raw } });
    // The gate is told the table's name as CloudFormation has it.
    const whole = JSON.parse(text, (name, value: unknown) => (name === 'Value' && typeof value === 'string' && value.includes('"TABLE"')
      ? { 'Fn::Join': ['', value.split('TABLE').flatMap((part, at) => (at === 0 ? [part] : [{ Ref: tableId }, part]))] } : value)) as JsonMap;
    fs.writeFileSync(template.templateFullPath, JSON.stringify(whole));
    return whole;
  }

  /** Deploys what the app says, as CloudFormation does. */
  public async deploy(configuration: GateConfiguration): Promise<void> {
    this.physicalIds = (await this.stack.put(this.synth(configuration), new Map())).physicalIds;
    await this.tellSecrets();
    if (this.internalKey === undefined) await this.startRotation();
  }

  /** The values of the internal key that verifiers take by now. */
  public async internalKeys(): Promise<ReadonlySet<string>> {
    return new Set(Object.values(JSON.parse(await this.internalKey?.current() ?? '{}') as Record<string, string>));
  }

  /** The value that callers send by now. */
  public async internalKeyInUse(): Promise<string> {
    return (JSON.parse(await this.internalKey?.current() ?? '{}') as Record<string, string>).current ?? '';
  }

  public async auditKey(): Promise<string> {
    return new EmulatedSecret(this.secrets, this.physicalIds.get('AuditKey') ?? '').current();
  }

  /** What the log driver of ECS does: each line that a gate has written goes to the log group. */
  public async ship(gate: GateProcess, from: number): Promise<number> {
    const stream = `gate/${gate.port}`;
    if (from === 0) await this.logs.send(new CreateLogStreamCommand({ logGroupName: LOG_GROUP, logStreamName: stream }));
    const lines = gate.lines.slice(from);
    if (lines.length > 0) await this.logs.send(new PutLogEventsCommand({ logGroupName: LOG_GROUP, logStreamName: stream, logEvents: lines.map((message) => ({ message, timestamp: Date.now() })) }));
    return from + lines.length;
  }

  /** A listener that forwards, after it has asked who calls or without it. */
  public async listen(asks: boolean): Promise<void> {
    const jwt = { Type: 'jwt-validation' as ActionTypeEnum, Order: 1, JwtValidationConfig: { Issuer: 'https://login.acme.com/', JwksEndpoint: 'https://login.acme.com/jwks' } };
    const DefaultActions = [...(asks ? [jwt] : []), { Type: 'forward' as const, Order: 2, TargetGroupArn: this.physicalIds.get('Targets') }];
    if (this.listenerArn !== undefined) {
      await this.aws.elb.send(new ModifyListenerCommand({ ListenerArn: this.listenerArn, DefaultActions }));
      return;
    }
    const certificate = 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';
    const { Listeners: [made] = [] } = await this.aws.elb.send(new CreateListenerCommand({
      LoadBalancerArn: this.physicalIds.get('Balancer'), Protocol: 'HTTPS', Port: 443, Certificates: [{ CertificateArn: certificate }], DefaultActions,
    }));
    this.listenerArn = made?.ListenerArn;
  }

  public async close(): Promise<void> {
    await this.rotating.stop();
    this.aws.close();
    for (const client of [this.secrets, this.lambda, this.logs, this.ecs]) client.destroy();
    await this.supervisor.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** The emulator's CloudFormation loses the secrets of a container, which its ECS has not: the same definition once more, by ECS's own API. */
  private async tellSecrets(): Promise<void> {
    const { taskDefinition } = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: this.physicalIds.get('Task') }));
    const { ARN: valueFrom } = await this.secrets.send(new DescribeSecretCommand({ SecretId: this.physicalIds.get('AuditKey') }));
    const containerDefinitions = (taskDefinition?.containerDefinitions ?? []).map((container) => ({ ...container, secrets: [{ name: 'GATE_AUDIT_KEY', valueFrom }] }));
    const { taskDefinition: told } = await this.ecs.send(new RegisterTaskDefinitionCommand({ family: 'core', containerDefinitions }));
    await this.ecs.send(new UpdateServiceCommand({ cluster: this.physicalIds.get('Cluster'), service: this.physicalIds.get('Service'), taskDefinition: told?.taskDefinitionArn }));
  }

  /** The rotation function as it is deployed. */
  private async startRotation(): Promise<void> {
    const { ARN: secretArn = '' } = await this.secrets.send(new DescribeSecretCommand({ SecretId: this.physicalIds.get(INTERNAL_KEY) }));
    this.internalKey = new EmulatedSecret(this.secrets, secretArn);
    const { FunctionArn = '' } = await this.lambda.send(new CreateFunctionCommand({
      FunctionName: 'rotate-internal', Runtime: 'nodejs24.x', Handler: 'index.handler', Role: 'arn:aws:iam::111122223333:role/rotation', Timeout: 60,
      Code: { ZipFile: await zipFolder(path.join(this.folder, 'rotation')) },
      Environment: { Variables: { [ROTATION_VARIABLE]: JSON.stringify({ kind: 'ring', format: 'hex', secretArn, isRolledOut: true, metricName: `${STACK}/${INTERNAL_KEY}` }) } },
    }));
    await this.internalKey.turnOn(FunctionArn);
    await this.rotating.deployed(secretArn);
  }
}
