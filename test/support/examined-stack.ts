import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { BackupClient, CreateBackupSelectionCommand } from '@aws-sdk/client-backup';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { buildSync } from 'esbuild';
import {
  AssetBucket, Backups, BackupSource, BrokerCredential, BrokerPhase, Callers, CredentialBroker, DeviceCredentialKind, HttpsOrigin, PrivateNetwork, SecureMemcached, SecurePostgres, Size,
} from '../../src';
import { NO_COLORS } from '../../src/cli/colors';
import { doctor, type DoctorOptions } from '../../src/cli/doctor/doctor';
import { RealDoctorAws } from '../../src/cli/doctor/real-aws';
import { readInput } from '../../src/cli/inputs';
import type { StackResource } from '../../src/cli/lockdown/aws';
import { deploy, type Deployment } from '../../src/drill/emulator/deploy';
import type { Emulator } from '../../src/drill/emulator/emulator';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { Profile } from '../../src/profiles/profile';
import { ProfiledCore } from '../../src/profiles/profiled-core';
import { ROTATING_TAG } from '../../src/secrets/contract';
import type { Ran } from './command-line';
import { EmulatedSecret } from './emulated-secrets';
import { alarmTopic, image } from './remote-core';

const ROOT = path.resolve(__dirname, '../..');
const ENVIRONMENT = { account: '111122223333', region: 'eu-central-1' };
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const DOMAIN = 'core.acme.internal';
const BROKER_DOMAIN = 'broker.acme.internal';
const ROLE = 'arn:aws:iam::111122223333:role/backup';

export const STACK = 'Cortex';
/** Stands in what the stack is told, and in nothing that anybody may see. */
export const SENTINEL = 'https://a-value-that-nobody-may-see.acme.com';

type Reached = ConstructorParameters<typeof RealDoctorAws>[0];

/** AWS with a stack that has everything its template says: some of it the drill has made beside the emulator's stack, by the API. */
class WholeStack extends RealDoctorAws {
  public constructor(options: Reached, private readonly deployment: Deployment, private readonly template: string) {
    super(options);
  }

  public override async resourcesOf(stack: string): Promise<readonly StackResource[] | undefined> {
    const listed = await super.resourcesOf(stack);
    const { graph } = this.deployment;
    const apart = graph.types.flatMap((type) => graph.ofType(type))
      .map((resource) => ({ type: resource.type, path: `${STACK}/${resource.logicalId}`, physicalId: this.deployment.physicalId(resource) ?? '' }))
      .filter((one) => /^AWS::(CloudWatch|ECS::TaskDefinition)/.test(one.type) && !listed?.some(({ path: known }) => known === one.path));
    return listed && [...listed, ...apart];
  }

  public override templateOf(): Promise<string> {
    return Promise.resolve(this.template);
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

interface Examined {
  readonly isWell: boolean;
  readonly text: string;
}

interface Ground {
  readonly folder: string;
  readonly supervisor: Supervisor;
  readonly emulator: Emulator;
  readonly lambda: LambdaClient;
}

/** A stack that `doctor` examines, deployed to an emulator. */
export class ExaminedStack {
  public readonly lambda: LambdaClient;
  private readonly aws: WholeStack;

  private constructor(private readonly ground: Ground, options: Reached, public readonly deployment: Deployment, template: string) {
    this.lambda = ground.lambda;
    this.aws = new WholeStack(options, deployment, template);
  }

  public static async open(): Promise<ExaminedStack> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'doctor-test-'));
    const [supervisor, { ministack }] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
    const emulator = await startMinistack({ supervisor, ministack, ...ENVIRONMENT });
    const options = { endpoint: emulator.endpoint, region: ENVIRONMENT.region, credentials: CREDENTIALS };
    const [acm, backup, lambda] = quietly(() => [new ACMClient(options), new BackupClient(options), new LambdaClient(options)] as const);
    const { CertificateArn = '' } = await acm.send(new RequestCertificateCommand({ DomainName: DOMAIN, SubjectAlternativeNames: [BROKER_DOMAIN], ValidationMethod: 'DNS' }));
    const app = new App({ outdir: path.join(folder, 'cdk.out'), analyticsReporting: false });
    build(new Stack(app, STACK), CertificateArn);
    const input = readInput(app.synth().directory);
    const deployment = await deploy(emulator, input);
    for (const resource of deployment.graph.ofType('AWS::SecretsManager::Secret')) {
      const { ARN = '', Tags = [] } = await deployment.aws.secrets.send(new DescribeSecretCommand({ SecretId: deployment.physicalId(resource) }));
      if (Tags.some(({ Key }) => Key === ROTATING_TAG)) await new EmulatedSecret(deployment.aws.secrets, ARN).turnOn('arn:aws:lambda:eu-central-1:111122223333:function:rotation');
    }
    for (const resource of deployment.graph.ofType('AWS::Backup::BackupPlan')) {
      const BackupSelection = { SelectionName: resource.logicalId, IamRoleArn: ROLE, Resources: ['*'] };
      await backup.send(new CreateBackupSelectionCommand({ BackupPlanId: deployment.physicalId(resource), BackupSelection }));
    }
    acm.destroy();
    backup.destroy();
    return new ExaminedStack({ folder, supervisor, emulator, lambda }, options, deployment, JSON.stringify(input.templates[0]?.body));
  }

  /** The physical id of the one resource of a type whose logical id begins so. */
  public idOf(type: string, prefix = ''): string {
    const found = this.deployment.graph.ofType(type).filter(({ logicalId }) => logicalId.startsWith(prefix)).map((resource) => this.deployment.physicalId(resource));
    if (found.length !== 1 || found[0] === undefined) throw new Error(`There are ${found.length} of ${type} ${prefix}.`);
    return found[0];
  }

  public async examine(options: Partial<DoctorOptions> = {}): Promise<Examined> {
    const said: string[] = [];
    const isWell = await doctor(STACK, { format: 'text', ...options }, { aws: this.aws, now: () => new Date(), paint: NO_COLORS, print: (text) => said.push(text) });
    return { isWell, text: said.join('') };
  }

  /** The command itself; it does not see what the drill has made beside the stack, of which the emulator's list says nothing. */
  public command(...args: readonly string[]): Promise<Ran> {
    const { folder, emulator } = this.ground;
    const file = path.join(folder, 'cli.js');
    if (!fs.existsSync(file)) buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', target: 'node20', outfile: file, logLevel: 'error' });
    const env = { PATH: process.env.PATH, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', CI: 'true' };
    return new Promise((resolve) => {
      execFile(process.execPath, [file, 'doctor', ...args, '--region', ENVIRONMENT.region, '--endpoint-url', emulator.endpoint], { env }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });
  }

  public async close(): Promise<void> {
    const { folder, supervisor } = this.ground;
    this.deployment.aws.close();
    this.lambda.destroy();
    await supervisor.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
