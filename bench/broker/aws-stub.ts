/** A process that answers for DynamoDB and Secrets Manager as fast as it can, and counts what AWS would ask money for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FLEET_KEY, leaseKey, PARTITION_KEY, SORT_KEY, workerKey } from '../../src/broker/items/contract';
import { CREDENTIAL, IN_AN_HOUR, RING_SECRET, ringText, TABLES, WORKER } from './stand-ins';

type Value = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Value>>;

export interface StubCounts {
  readonly dynamoWriteUnits: number;
  readonly dynamoReadUnits: number;
  readonly secretReads: number;
}

const number = (value: number): Value => ({ N: String(value) });
const text = (value: string): Value => ({ S: value });
const placeOf = (item: Item): string => JSON.stringify([item[PARTITION_KEY]?.S, item[SORT_KEY]?.S]);
const at = ({ pk, sk }: { readonly pk: string; readonly sk: string }): Item => ({ [PARTITION_KEY]: text(pk), [SORT_KEY]: text(sk) });

const worker: Item = { ...at(workerKey(WORKER)), state: text('active'), epoch: number(1), kind: text('shared'), expiresAt: number(IN_AN_HOUR) };
const fleet: Item = { ...at(FLEET_KEY), epoch: number(1) };
const state = new Map<string, Item>([worker, fleet].map((item) => [placeOf(item), item]));
const LEASES = leaseKey('', '').pk;

/** Every job is there, and of the one worker. */
const jobOf = (key: Item): Item => ({ ...key, worker: text(WORKER), credentials: { SS: [CREDENTIAL] }, assignedAt: number(IN_AN_HOUR - 3600), expiresAt: number(IN_AN_HOUR) });

const counts = { dynamoWriteUnits: 0, dynamoReadUnits: 0, secretReads: 0 };
/** As text of JSON it is longer than as DynamoDB counts it. */
const kilobytes = (item: unknown, of: number): number => Math.max(1, Math.ceil(JSON.stringify(item).length / 1024 / of));

/** What the operations here are asked by. */
interface Asked {
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
  readonly Item?: Item;
  readonly SecretId?: string;
}

const OPERATIONS: Readonly<Record<string, (asked: Asked) => unknown>> = {
  'DynamoDB_20120810.BatchGetItem': ({ RequestItems = {} }) => {
    const found = Object.entries(RequestItems).map(([table, { Keys }]) => {
      const items = Keys.flatMap((key) => (table === TABLES.jobs ? [jobOf(key)] : state.get(placeOf(key)) ?? []));
      counts.dynamoReadUnits += Keys.length - items.length + items.reduce((sum, item) => sum + kilobytes(item, 4), 0);
      return [table, items] as const;
    });
    return { Responses: Object.fromEntries(found), UnprocessedKeys: {} };
  },
  'DynamoDB_20120810.PutItem': ({ Item: item = {} }) => {
    counts.dynamoWriteUnits += kilobytes(item, 1);
    if (String(item[PARTITION_KEY]?.S).startsWith(LEASES)) state.set(placeOf(item), item);
    return {};
  },
  'DynamoDB_20120810.UpdateItem': () => {
    counts.dynamoWriteUnits += 1;
    return {};
  },
  'secretsmanager.GetSecretValue': ({ SecretId = '' }) => {
    counts.secretReads += 1;
    const isRing = SecretId.endsWith(RING_SECRET);
    return { ARN: SecretId, Name: SecretId, VersionId: 'v', SecretString: isRing ? ringText() : JSON.stringify({ username: 'operator', password: 'of a router that is not there' }) };
  },
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
    const operation = OPERATIONS[String(request.headers['x-amz-target'])];
    const body = JSON.stringify(operation === undefined ? { __type: 'UnknownOperationException' } : operation(JSON.parse(Buffer.concat(chunks).toString()) as Asked));
    response.writeHead(operation === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': Buffer.byteLength(body) }).end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ counts }));
process.on('disconnect', () => process.exit(0));
