import { randomBytes, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { RING_CACHE_SECONDS, secretArnOf, STORE_TIMEOUT_SECONDS } from '../../broker/contract';
import { stsHost } from '../../broker/protocol/contract';
import { jsonLog, tellable } from '../rotation/log';
import { askSts } from './ask-sts';
import { createAudit } from './audit';
import { readBrokerConfiguration } from './configuration';
import { DynamoAllowances } from './dynamo-allowances';
import { DynamoFleet } from './dynamo-fleet';
import { DynamoLeases } from './dynamo-leases';
import { DynamoReads } from './dynamo-reads';
import { DynamoWorkers } from './dynamo-workers';
import { handle, type HandlerParts } from './handle';
import { KeyRingSource, keysOf } from './key-ring-source';
import { createMetrics } from './metrics';
import { ParameterStore } from './stores/parameter-store';
import { SecretsManagerStore } from './stores/secrets-manager';
import { StsTaskIdentity } from './task-identity';

/** Each of the SDK's two attempts; several of them have to fit into one request (ours). */
const TABLE_CLIENT = { maxAttempts: 2, requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true } };
/** A store is asked once: a worker that gets no value asks again by itself. */
const STORE_CLIENT = { maxAttempts: 1, requestHandler: { connectionTimeout: 1000, requestTimeout: STORE_TIMEOUT_SECONDS * 1000, throwOnRequestTimeout: true } };

/** Not by the console, which puts words before a line where the log's format is text: on a pipe of Linux it is out when this returns. */
const write = (line: string): void => void process.stdout.write(line);
const GATE_BYTES = 8;

/** Made by the first call: what fails while a function is loaded is logged by Lambda, as it is. */
let parts: HandlerParts | undefined;

export async function handler(event: unknown): Promise<unknown> {
  try {
    parts ??= wired();
    return await handle(event, parts);
  } catch (error) {
    throw tellable(error);
  }
}

function wired(): HandlerParts {
  const configuration = readBrokerConfiguration(process.env);
  const { region, tables: { state }, phase, metrics: { namespace }, secretArns } = configuration;
  const clock = Date.now;
  const tables = new DynamoDBClient({ region, ...TABLE_CLIENT });
  const secrets = new SecretsManagerStore(new SecretsManagerClient({ region, ...STORE_CLIENT }));
  const source = (ring: string): KeyRingSource => new KeyRingSource(secrets, secretArnOf(secretArns, ring), clock, RING_CACHE_SECONDS);
  const own = phase.kind === 'shared-key' ? undefined : phase.own;
  return {
    configuration,
    keys: keysOf({ shared: phase.kind === 'per-worker-keys' ? undefined : source(phase.shared.ring), own: own && source(own.ring) }),
    reads: new DynamoReads(tables, configuration),
    allowances: new DynamoAllowances(tables, state),
    leases: new DynamoLeases(tables, state),
    workers: new DynamoWorkers(tables, state),
    fleet: new DynamoFleet(tables, state),
    stores: { 'secrets-manager': secrets, 'parameter-store': new ParameterStore(new SSMClient({ region, ...STORE_CLIENT })) },
    tasks: own?.tasks && new StsTaskIdentity(region, own.tasks, askSts(stsEndpoint(region), STORE_TIMEOUT_SECONDS * 1000)),
    clock,
    randomBytes,
    randomId: randomUUID,
    log: jsonLog(write),
    audit: createAudit({ write, gate: randomBytes(GATE_BYTES).toString('hex'), clock }),
    metrics: createMetrics({ write, namespace, phase, clock }),
  };
}

/** As the SDK would find it: where a deployment names another place, all of AWS is there. */
function stsEndpoint(region: string): URL {
  return new URL(process.env.AWS_ENDPOINT_URL_STS ?? process.env.AWS_ENDPOINT_URL ?? `https://${stsHost(region)}`);
}
