import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KEY_SORT, keyPartition, PARTITION_KEY, SORT_KEY } from '../../src/gate/contract';
import type { BenchKey } from './keys';

/** A table as the gate reads it: by key, and the revocations, of which there are none. */
export interface DynamoStub {
  readonly endpoint: string;
  stop(): void;
}

const IN_AN_HOUR = 3600;

/**
 * Answers GetItem and Query of DynamoDB from memory. Everybody keeps keys for half a minute, so that it hears of one request in thousands;
 * an emulator would take longer to start than a round to measure.
 */
export async function startDynamoStub(keys: readonly BenchKey[]): Promise<DynamoStub> {
  const validUntil = Math.floor(Date.now() / 1000) + IN_AN_HOUR;
  const items = new Map(keys.map(({ digest, owner }) => [keyPartition(digest), {
    [PARTITION_KEY]: { S: keyPartition(digest) },
    [SORT_KEY]: { S: KEY_SORT },
    owner: { S: owner },
    scopes: { L: [] },
    validUntil: { N: String(validUntil) },
  }]));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const isGet = request.headers['x-amz-target'] === 'DynamoDB_20120810.GetItem';
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as { readonly Key?: Readonly<Record<string, { readonly S?: string }>> };
      const body = JSON.stringify(isGet ? { Item: items.get(asked.Key?.[PARTITION_KEY]?.S ?? '') } : { Items: [], Count: 0, ScannedCount: 0 });
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': Buffer.byteLength(body) }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
