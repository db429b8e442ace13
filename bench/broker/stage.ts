import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { BROKER_VARIABLE, type BrokerConfiguration } from '../../src/broker/contract';
import { PARTITION_KEY, SORT_KEY, workerKey } from '../../src/broker/items/contract';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import type { StubCounts } from './aws-stub';
import type { FrontSettings } from './front-program';
import { bundled, run, type RunningProgram } from './programs';
import { configurationOf, CREDENTIAL, CREDENTIAL_SECRET, IN_AN_HOUR, REGION, RING_SECRET, ringText, TABLES, WORKER } from './stand-ins';

export const ENDPOINTS = ['echo', 'checkout', 'emulated'] as const;
export type EndpointName = typeof ENDPOINTS[number];

/** What is measured: a function behind a front of its own. */
export interface Endpoint {
  readonly name: EndpointName;
  readonly does: string;
  readonly front: RunningProgram;
  /** Another one for each request, where there are as many. */
  readonly job: () => string;
}

export interface BrokerStage {
  readonly endpoints: readonly Endpoint[];
  /** What AWS has been asked for so far by `checkout`. */
  counts(): Promise<StubCounts>;
  stop(): Promise<void>;
}

/** The emulator gets slow where it has many, and a checkout of the same job again is one as well. */
const EMULATED_JOBS = 200;

/** @param environments of each function: so many requests at once */
export async function openBrokerStage(environments: number, names: readonly EndpointName[]): Promise<BrokerStage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-broker-'));
  const supervisor = await Supervisor.open();
  supervisor.onStop(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const program = bundled(folder, 'front-program.ts');
    const broker = bundled(folder, 'broker.lambda.ts', path.join(__dirname, '../../src/runtime/broker'));
    const keep = (running: RunningProgram): RunningProgram => {
      supervisor.onStop(() => running.stop());
      return running;
    };
    const front = async (file: string, env: Readonly<Record<string, string>>): Promise<RunningProgram> => {
      const settings: FrontSettings = { file, env, environments };
      return keep(await run(program, { FRONT_SETTINGS: JSON.stringify(settings) }));
    };
    const stub = keep(await run(bundled(folder, 'aws-stub.ts')));
    const brokerAt = (endpoint: string, configuration: BrokerConfiguration): Promise<RunningProgram> =>
      front(broker, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: REGION, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', [BROKER_VARIABLE]: JSON.stringify(configuration) });
    let turn = 0;
    const makers: Readonly<Record<EndpointName, () => Promise<Omit<Endpoint, 'name'>>>> = {
      echo: async () => ({ does: 'reads a request and proves its signature', front: await front(bundled(folder, 'echo.lambda.ts'), {}), job: () => 'job' }),
      checkout: async () => ({
        does: 'a checkout of a new lease, beside stores that answer at once',
        front: await brokerAt(`http://127.0.0.1:${stub.port}`, configurationOf()),
        job: () => `job-${turn++}`,
      }),
      emulated: async () => {
        const { endpoint, configuration } = await emulated(supervisor);
        return { does: 'the same beside the emulator, whose speed it is', front: await brokerAt(endpoint, configuration), job: () => `job-${turn++ % EMULATED_JOBS}` };
      },
    };
    const endpoints: Endpoint[] = [];
    for (const name of names) endpoints.push({ name, ...await makers[name]() });
    return { endpoints, counts: async () => (await stub.ask<{ readonly counts: StubCounts }>()).counts, stop: () => supervisor.stop() };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

/** Tables and secrets of an emulator, in which the worker and its jobs are. */
async function emulated(supervisor: Supervisor): Promise<{ readonly endpoint: string; readonly configuration: BrokerConfiguration }> {
  const { ministack } = await openToolbox(() => undefined);
  const { endpoint, region } = await startMinistack({ supervisor, ministack, account: '111122223333', region: REGION });
  const options = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const [dynamo, secrets] = quietly(() => [new DynamoDBClient(options), new SecretsManagerClient(options)] as const);
  for (const [TableName, keys] of [[TABLES.jobs, [PARTITION_KEY]], [TABLES.state, [PARTITION_KEY, SORT_KEY]]] as const) {
    await dynamo.send(new CreateTableCommand({
      TableName, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    }));
  }
  const { pk, sk } = workerKey(WORKER);
  const end = { N: String(IN_AN_HOUR) };
  const worker = { [PARTITION_KEY]: { S: pk }, [SORT_KEY]: { S: sk }, state: { S: 'active' }, epoch: { N: '1' }, kind: { S: 'shared' }, expiresAt: end };
  await dynamo.send(new PutItemCommand({ TableName: TABLES.state, Item: worker }));
  for (let job = 0; job < EMULATED_JOBS; job += 1) {
    await dynamo.send(new PutItemCommand({
      TableName: TABLES.jobs,
      Item: { [PARTITION_KEY]: { S: `job-${job}` }, worker: { S: WORKER }, credentials: { SS: [CREDENTIAL] }, assignedAt: { N: String(IN_AN_HOUR - 3600) }, expiresAt: end },
    }));
  }
  const made = async (Name: string, SecretString: string): Promise<string> => (await secrets.send(new CreateSecretCommand({ Name, SecretString }))).ARN ?? '';
  const [ring, credential] = [await made(RING_SECRET, ringText()), await made(CREDENTIAL_SECRET, JSON.stringify({ username: 'operator', password: 'of a router that is not there' }))];
  for (const client of [dynamo, secrets]) client.destroy();
  return { endpoint, configuration: configurationOf(ring, credential) };
}
