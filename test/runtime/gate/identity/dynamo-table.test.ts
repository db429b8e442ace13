import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { openTable } from '../../../../src/runtime/gate/identity/dynamo-table';
import type { LogEvent } from '../../../../src/runtime/gate/ports';
import { digestOf, NOW } from './world';

const DIGEST = digestOf('ctx_key');
const ITEM = {
  pk: { S: `key#${DIGEST}` }, sk: { S: 'key' }, owner: { S: 'platform' }, scopes: { L: [{ S: 'chat' }, { S: 'embeddings' }] }, id: { S: DIGEST.slice(0, 12) },
  createdAt: { S: '2027-01-01T00:00:00Z' }, validUntil: { N: '1800000060' }, expiresAt: { N: '1900000000' },
};

type Answer = (command: unknown, options: { abortSignal?: AbortSignal }) => Promise<unknown>;

function open(answer: Answer) {
  const sent: unknown[] = [];
  const clock = { now: NOW * 1000 };
  const events: LogEvent[] = [];
  const client = {
    send: (command: { input: unknown }, options: { abortSignal?: AbortSignal }) => {
      sent.push(command.input);
      return answer(command, options);
    },
  } as unknown as DynamoDBClient;
  const log = { info: (event: LogEvent) => events.push(event), warn: (event: LogEvent) => events.push(event) };
  return { ...openTable({ name: 'Gate', region: 'eu-central-1' }, { clock: () => clock.now, log, client }), sent, clock, events };
}

const holding = (item: Record<string, AttributeValue> | undefined): Answer => () => Promise.resolve({ Item: item });

test('revocations are read while lookups of invented keys keep every other connection busy', async () => {
  let arrived = 0;
  let givenUp = 0;
  let givenUpAtQuery = Infinity;
  const server = createServer((request, response) => {
    if (String(request.headers['x-amz-target']).endsWith('.GetItem')) {
      arrived += 1;
      response.on('close', () => { givenUp += 1; });
      return;
    }
    givenUpAtQuery = givenUp;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ Items: [{ sk: { S: 'key#1' } }], Count: 1 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_CONFIG_FILE: '/dev/null',
  });
  const log = { info: () => undefined, warn: () => undefined };
  try {
    // The SDK opens 50 connections at most for one client; behind 80 lookups a question would wait until 31 of them were given up. A slow machine gives some up by itself, and is asked again.
    for (let left = 8; left > 0 && givenUpAtQuery > 30; left -= 1) {
      [arrived, givenUp] = [0, 0];
      const { keys, revocations } = openTable({ name: 'Gate', region: 'eu-central-1' }, { clock: Date.now, log });
      const lookedUp = { all: false };
      const lookups = Promise.allSettled(Array.from({ length: 80 }, (_, index) => keys.find(digestOf(`ctx_${left}_${index}`)))).then(() => { lookedUp.all = true; });
      while (arrived < 50 && !lookedUp.all) await new Promise((resolve) => setTimeout(resolve, 1));
      await revocations.start();
      expect(revocations.isRevoked(['key#1'])).toBe(true);
      revocations.stop();
      await lookups;
    }
    expect(givenUpAtQuery).toBeLessThanOrEqual(30);
  } finally {
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('the key store', () => {
  test('asks for one item by its digest, as it was last written', async () => {
    const { keys, sent } = open(holding(ITEM));
    expect(await keys.find(DIGEST)).toEqual({ owner: 'platform', scopes: ['chat', 'embeddings'], validUntil: 1_800_000_060, isRevoked: false });
    expect(sent).toEqual([{ TableName: 'Gate', Key: { pk: { S: `key#${DIGEST}` }, sk: { S: 'key' } }, ConsistentRead: true }]);
  });

  test('says that a key is revoked', async () => {
    expect(await open(holding({ ...ITEM, revokedAt: { S: '2027-01-02T00:00:00Z' } })).keys.find(DIGEST)).toMatchObject({ isRevoked: true });
  });

  test('remembers a key for 30 seconds, and that there is none for 2', async () => {
    for (const [item, seconds] of [[ITEM, 30], [undefined, 2]] as const) {
      const { keys, sent, clock } = open(holding(item));
      await keys.find(DIGEST);
      clock.now += seconds * 1000 - 1;
      await keys.find(DIGEST);
      expect(sent).toHaveLength(1);
      clock.now += 1;
      await keys.find(DIGEST);
      expect(sent).toHaveLength(2);
    }
  });

  test('asks again where the clock was turned back', async () => {
    const { keys, sent, clock } = open(holding(ITEM));
    await keys.find(DIGEST);
    clock.now -= 1;
    await keys.find(DIGEST);
    expect(sent).toHaveLength(2);
  });

  test('remembers 10,000 of each: a flood of invented keys pushes out no good one', async () => {
    const { keys, sent } = open((command) => holding(command instanceof GetItemCommand && command.input.Key?.pk?.S === `key#${DIGEST}` ? ITEM : undefined)(command, {}));
    await keys.find(DIGEST);
    for (let at = 0; at < 10_001; at++) await keys.find(`invented-${at}`);
    const before = sent.length;
    await keys.find(DIGEST);
    await keys.find('invented-10000');
    expect(sent).toHaveLength(before);
    await keys.find('invented-0');
    expect(sent).toHaveLength(before + 1);
  });

  test('asks once for a key that many requests show at the same time', async () => {
    const { keys, sent } = open(holding(ITEM));
    const records = await Promise.all(Array.from({ length: 100 }, () => keys.find(DIGEST)));
    expect(new Set(records.map((record) => record?.owner))).toEqual(new Set(['platform']));
    expect(sent).toHaveLength(1);
  });

  test('remembers no failure', async () => {
    const answers = [Promise.reject(new Error('throttled')), Promise.resolve({ Item: ITEM })];
    const { keys } = open(() => answers.shift() ?? Promise.reject(new Error('asked too often')));
    await expect(keys.find(DIGEST)).rejects.toThrow();
    expect(await keys.find(DIGEST)).toBeDefined();
  });

  test('waits no longer than a second, and lets go of the request', async () => {
    jest.useFakeTimers();
    try {
      let aborted = false;
      const { keys } = open((_, { abortSignal }) => new Promise(() => abortSignal?.addEventListener('abort', () => { aborted = true; })));
      const answer = expect(keys.find(DIGEST)).rejects.toThrow('timed out');
      await jest.advanceTimersByTimeAsync(1000);
      await answer;
      expect(aborted).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  test.each<[string, Record<string, AttributeValue>]>([
    ['another key', { pk: { S: `key#${digestOf('other')}` } }],
    ['a longer name', { pk: { S: `key#${DIGEST}0` } }],
    ['scopes in one text', { scopes: { S: 'chat,embeddings' } }],
    ['a scope that is a number', { scopes: { L: [{ N: '1' }] } }],
    ['an end that is no number', { validUntil: { S: 'never' } }],
    ['no owner', { owner: { NULL: true } }],
  ])('believes no item of %s, and says nothing of it', async (_, members) => {
    await expect(open(holding({ ...ITEM, ...members })).keys.find(DIGEST)).rejects.toThrow(/^unreadable item$/);
  });
});

describe('mirrored key sets', () => {
  test('are one item of the partition, with the time of the fetch', async () => {
    const { keySets, sent } = open(holding({ document: { S: '{"keys":[]}' }, fetchedAt: { N: String(NOW) } }));
    expect(await keySets.read('https://a.example/jwks')).toEqual({ document: '{"keys":[]}', fetchedAt: NOW * 1000 });
    expect(sent).toEqual([{ TableName: 'Gate', Key: { pk: { S: 'jwks' }, sk: { S: 'https://a.example/jwks' } }, ConsistentRead: true }]);
  });

  test('may be missing, and are not believed without a time', async () => {
    expect(await open(holding(undefined)).keySets.read('https://a.example/jwks')).toBeUndefined();
    await expect(open(holding({ document: { S: '{}' } })).keySets.read('https://a.example/jwks')).rejects.toThrow('unreadable item');
  });
});

describe('revocations', () => {
  test('are read from every page of their partition, as they were last written', async () => {
    const pages = [
      { Items: [{ sk: { S: 'key#1' } }], LastEvaluatedKey: { pk: { S: 'revocations' }, sk: { S: 'key#1' } } },
      { Items: [], LastEvaluatedKey: { pk: { S: 'revocations' }, sk: { S: 'key#5' } } },
      { Items: [{ sk: { S: 'sub#https://a alice' } }] },
    ];
    const { revocations, sent } = open((command) => (command instanceof QueryCommand ? Promise.resolve(pages.shift() ?? { Items: [] }) : Promise.reject(new Error('no query'))));
    await revocations.start();
    revocations.stop();
    expect(['key#1', 'sub#https://a alice', 'key#5'].map((key) => revocations.isRevoked([key]))).toEqual([true, true, false]);
    expect(sent.slice(0, 3)).toEqual([undefined, 'key#1', 'key#5'].map((start) => ({
      TableName: 'Gate', ConsistentRead: true, KeyConditionExpression: '#pk = :partition', ProjectionExpression: '#sk, #ttl',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk', '#ttl': 'expiresAt' }, ExpressionAttributeValues: { ':partition': { S: 'revocations' } },
      ExclusiveStartKey: start === undefined ? undefined : { pk: { S: 'revocations' }, sk: { S: start } },
    })));
  });

  test('count until their end, and a minute longer, since clocks differ; what has no end counts for ever', async () => {
    const at = (seconds: number): AttributeValue => ({ N: String(NOW + seconds) });
    const { revocations } = open(() => Promise.resolve({ Items: [
      { sk: { S: 'admin#ended' }, expiresAt: at(-61) }, { sk: { S: 'admin#hardly' }, expiresAt: at(-60) }, { sk: { S: 'admin#lasting' }, expiresAt: at(1) },
      { sk: { S: 'lockdown' } }, { sk: { S: 'key#unreadable' }, expiresAt: { S: 'x' } },
    ] }));
    await revocations.start();
    revocations.stop();
    expect(['admin#ended', 'admin#hardly', 'admin#lasting', 'key#unreadable'].map((key) => revocations.isRevoked([key]))).toEqual([false, true, true, true]);
    expect(revocations.isLockedDown()).toBe(true);
  });
});
