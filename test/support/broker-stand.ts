import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AUDIT_EVENT, type AuditRecord } from '../../src/audit/contract';
import { BROKER_ASSETS, BROKER_VARIABLE, type BrokerConfiguration, type PhaseConfiguration, type PhaseName } from '../../src/broker/contract';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '../../src/broker/items/contract';
import { type AlbFront, startAlbFront } from '../../src/drill/broker/alb-front';
import type { Emulator } from '../../src/drill/emulator/emulator';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { AHEAD_VARIABLE } from '../../src/drill/keeping/function';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import type { KeyRing } from '../../src/secrets/contract';
import { bundleRuntime } from '../../tools/bundle-runtime';
import { sendTo, TestWorker, type WireAnswer, type WireRequest } from './broker-worker';

const ACCOUNT = '111122223333';
/** What the wire says, since the front is asked by its address. */
export const STAND_HOST = '127.0.0.1';

export interface StandCredential {
  readonly id: string;
  /** What must be seen nowhere. */
  readonly canary: string;
  readonly value: Readonly<Record<string, string>>;
}

export interface BrokerOptions {
  readonly configure?: (configuration: BrokerConfiguration) => BrokerConfiguration;
  /** Execution environments. @default 1 */
  readonly environments?: number;
  /** Who is asked in place of AWS. @default - the emulator */
  readonly endpoint?: string;
  /** By so much its clock goes ahead. @default 0 */
  readonly aheadMs?: number;
  /** How often its workers ask anew after a 503, as the protocol has it: on a busy machine the emulator may need longer than a broker waits. @default 3 */
  readonly patience?: number;
}

export interface StandJob {
  /** @default - whoever comes first */
  readonly worker?: string;
  readonly credentials?: readonly string[];
  /** From now on. */
  readonly lifeSeconds?: number;
  readonly id?: string;
}

/** A broker as it is deployed, without its load balancer's TLS. */
export interface StandBroker {
  readonly port: number;
  readonly url: string;
  readonly front: AlbFront;
  send(request: WireRequest): Promise<WireAnswer>;
  /** @param key @default - the shared one */
  worker(id: string, key?: string): TestWorker;
}

/** Tables, secrets and bundles, with as many brokers over them as a test wants. */
export class BrokerStand {
  public static async open(): Promise<BrokerStand> {
    const supervisor = await Supervisor.open();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'broker-stand-'));
    supervisor.onStop(() => fs.rmSync(folder, { recursive: true, force: true }));
    bundleRuntime(folder);
    const { ministack } = await openToolbox(() => undefined);
    const emulator = await startMinistack({ supervisor, ministack, account: ACCOUNT, region: 'eu-central-1' });
    const stand = new BrokerStand(supervisor, emulator, folder);
    await stand.fill();
    return stand;
  }

  public readonly dynamo: DynamoDBClient;
  public readonly secrets: SecretsManagerClient;
  public readonly ssm: SSMClient;
  public readonly shared = freshRing();
  public readonly own = freshRing();
  public readonly tables = { jobs: `jobs-${randomUUID()}`, state: `state-${randomUUID()}` };
  /** `router` (SSH), `switch` (SNMP) and `portal` (an API key, in Parameter Store). */
  public readonly credentials: readonly StandCredential[] = [
    { id: 'router', canary: 'canary-ssh-0123456789', value: { username: 'operator', password: 'canary-ssh-0123456789' } },
    {
      id: 'switch', canary: 'canary-snmp-0123456789',
      value: { version: '3', username: 'operator', auth_protocol: 'SHA-256', auth_password: 'canary-snmp-0123456789', priv_protocol: 'AES', priv_password: 'canary-snmp-0123456789' },
    },
    { id: 'portal', canary: 'canary-api-0123456789', value: { api_key: 'canary-api-0123456789' } },
  ];
  /** ARNs, by what is in it. */
  public readonly arns = new Map<string, string>();
  private written = '';

  private constructor(private readonly supervisor: Supervisor, public readonly emulator: Emulator, private readonly folder: string) {
    const options = { endpoint: emulator.endpoint, region: emulator.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    [this.dynamo, this.secrets, this.ssm] = quietly(() => [new DynamoDBClient(options), new SecretsManagerClient(options), new SSMClient(options)]);
  }

  public get configuration(): BrokerConfiguration {
    const secretArns = `arn:aws:secretsmanager:${this.emulator.region}:${ACCOUNT}:secret:`;
    const nameOf = (id: string): string => (this.arns.get(id) ?? '').slice(secretArns.length);
    return {
      version: 1,
      host: STAND_HOST,
      region: this.emulator.region,
      phase: { kind: 'shared-key', shared: { ring: nameOf('shared') } },
      windowSeconds: 60,
      requestsPerMinute: 6000,
      leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'revoke' },
      binding: 'assigned',
      tables: this.tables,
      secretArns,
      credentials: [nameOf('router'), { id: 'switch', kind: 'snmp', secret: this.arns.get('switch') ?? '' }, { id: 'portal', kind: 'api_key', parameter: '/test/portal' }],
      metrics: { namespace: 'SecureCore/Test' },
    };
  }

  public get phases(): { readonly [Kind in PhaseName]: Extract<PhaseConfiguration, { readonly kind: Kind }> } {
    const [shared, own] = [{ ring: this.arns.get('shared') ?? '' }, { ring: this.arns.get('own') ?? '', keyLifeSeconds: 3600, tokenSeconds: 600 }];
    return { 'shared-key': { kind: 'shared-key', shared }, 'per-worker-keys': { kind: 'per-worker-keys', own }, 'migration': { kind: 'migration', shared, own, until: '2099-01-01' } };
  }

  public async broker({ configure = (configuration) => configuration, environments, endpoint = this.emulator.endpoint, aheadMs = 0, patience = 3 }: BrokerOptions = {}): Promise<StandBroker> {
    const front = await startAlbFront({
      file: this.bundle('broker'),
      environments,
      env: { ...this.environment(endpoint), [BROKER_VARIABLE]: JSON.stringify(configure(this.configuration)), [AHEAD_VARIABLE]: String(aheadMs) },
      onOutput: (text) => {
        this.written += text;
      },
    });
    this.supervisor.onStop(() => front.stop());
    const { port } = front;
    return {
      port, front, url: `http://${STAND_HOST}:${port}`,
      send: (request) => sendTo(port, request),
      worker: (id, key = this.shared.current) => new TestWorker({ port, host: STAND_HOST, patience }, id, key),
    };
  }

  public bundle(name: keyof typeof BROKER_ASSETS): string {
    return path.join(this.folder, BROKER_ASSETS[name], 'index.js');
  }

  /** What a function is told of its surroundings. */
  public environment(endpoint = this.emulator.endpoint): Readonly<Record<string, string>> {
    return { AWS_ENDPOINT_URL: endpoint, AWS_REGION: this.emulator.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  }

  /** What the orchestrator does. */
  public async job({ worker, credentials = ['router'], lifeSeconds = 600, id = `job-${randomUUID()}` }: StandJob): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    await this.dynamo.send(new PutItemCommand({
      TableName: this.tables.jobs,
      Item: {
        [PARTITION_KEY]: { S: id }, credentials: { SS: [...credentials] }, assignedAt: { N: String(now) }, [TTL_ATTRIBUTE]: { N: String(now + lifeSeconds) },
        ...(worker !== undefined && { worker: { S: worker } }),
      },
    }));
    return id;
  }

  /** All that brokers have written so far: their logs. */
  public get output(): string {
    return this.written;
  }

  public get records(): readonly AuditRecord[] {
    return this.written.split('\n').filter((line) => line.startsWith(`{"event":"${AUDIT_EVENT}",`)).map((line) => JSON.parse(line) as AuditRecord);
  }

  /** Everything in the state table, as text. */
  public async state(): Promise<string> {
    return JSON.stringify((await this.dynamo.send(new ScanCommand({ TableName: this.tables.state, ConsistentRead: true }))).Items);
  }

  public async stop(): Promise<void> {
    for (const client of [this.dynamo, this.secrets, this.ssm]) client.destroy();
    await this.supervisor.stop();
  }

  private async fill(): Promise<void> {
    await this.table(this.tables.jobs, [PARTITION_KEY]);
    await this.table(this.tables.state, [PARTITION_KEY, SORT_KEY]);
    const [router, snmp, portal] = this.credentials;
    const values = { 'test/shared': this.shared, 'test/own': this.own, 'test/credentials/router/ssh': router?.value, 'test/switch': snmp?.value };
    for (const [Name, value] of Object.entries(values)) {
      const { ARN = '' } = await this.secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
      this.arns.set(/credentials\/(\w+)/.exec(Name)?.[1] ?? Name.replace('test/', ''), ARN);
    }
    await this.ssm.send(new PutParameterCommand({ Name: '/test/portal', Type: 'SecureString', Value: JSON.stringify(portal?.value) }));
  }

  /** As the template has it. */
  private async table(TableName: string, keys: readonly string[]): Promise<void> {
    await this.dynamo.send(new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    }));
    await this.dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true } }));
  }
}

export function freshRing(): KeyRing {
  const fresh = (): string => randomBytes(32).toString('base64url');
  return { current: fresh(), previous: fresh(), next: fresh() };
}
