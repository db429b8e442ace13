import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../../../src/broker/items/contract';
import { startMinistack } from '../../../src/drill/emulator/ministack';
import { quietly } from '../../../src/drill/emulator/quietly';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { DynamoWorkers } from '../../../src/runtime/broker/dynamo-workers';
import type { Registration } from '../../../src/runtime/broker/ports';
import { NOW } from './world';

const LIFE = 3600;
const DAY = 86_400;

let supervisor: Supervisor;
let client: DynamoDBClient;
let workers: DynamoWorkers;

beforeAll(async () => {
  supervisor = await Supervisor.open();
  const { ministack } = await openToolbox(() => undefined);
  const { endpoint, region } = await startMinistack({ supervisor, ministack, account: '111122223333', region: 'eu-central-1' });
  client = quietly(() => new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }));
  await client.send(new CreateTableCommand({
    TableName: 'state',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [PARTITION_KEY, SORT_KEY].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: 'HASH' }, { AttributeName: SORT_KEY, KeyType: 'RANGE' }],
  }));
  workers = new DynamoWorkers(client, 'state');
}, 180_000);
afterAll(async () => {
  client.destroy();
  await supervisor.stop();
});

const joined = (by: Extract<Registration, { readonly kind: 'joined' }>['by'], at = NOW): Registration => ({ kind: 'joined', expiresAt: at + LIFE, endsLeases: true, keyId: 'first', by });
const renewed = (priorUntil?: number): Registration => ({ kind: 'renewed', expiresAt: NOW + LIFE, keyId: 'next', presented: 'first', priorUntil });

async function joinByToken(worker: string, joinId: string): Promise<void> {
  await workers.invite(joinId, { worker, until: NOW + LIFE, expiresAt: NOW + DAY });
  expect(await workers.register(worker, joined({ joinId }), NOW)).toBe('registered');
}

describe('a renewal that looked before', () => {
  test('its worker stopped gives it no more time', async () => {
    await joinByToken('stopped', 'join of stopped');
    expect(await workers.stopped('stopped', NOW)).toBe(true);
    expect(await workers.register('stopped', renewed(NOW + 60), NOW)).toBe('refused');
  });

  test('its worker stopped gives it no more time by the key before either', async () => {
    await joinByToken('renewed', 'join of renewed');
    expect(await workers.register('renewed', renewed(NOW + 60), NOW)).toBe('registered');
    expect(await workers.register('renewed', renewed(), NOW)).toBe('registered');
    expect(await workers.stopped('renewed', NOW)).toBe(true);
    expect(await workers.register('renewed', renewed(), NOW)).toBe('refused');
  });

  test('its worker was revoked and admitted does not bring the old key back', async () => {
    await joinByToken('admitted', 'join of admitted');
    await workers.revoke('admitted');
    await workers.admit('admitted', NOW);
    expect(await workers.register('admitted', renewed(NOW + 60), NOW)).toBe('refused');
    await joinByToken('admitted', 'another join');
  });
});

describe('a task that has stopped', () => {
  test('does not join again while its credentials last, and is listed as over', async () => {
    expect(await workers.register('task', joined({ task: 't' }), NOW)).toBe('registered');
    expect(await workers.register('task', joined({ task: 't' }), NOW)).toBe('registered');
    expect(await workers.stopped('task', NOW)).toBe(true);
    const late = NOW + DAY / 2;
    expect(await workers.register('task', joined({ task: 't' }, late - 1), late - 1)).toBe('refused');
    expect((await workers.list(undefined, NOW)).workers).toContainEqual(expect.objectContaining({ worker: 'task', state: 'over' }));
    expect(await workers.register('task', joined({ task: 't' }, late), late)).toBe('registered');
  });

  test('may be invited, or admitted after it was revoked', async () => {
    expect(await workers.register('back', joined({ task: 't' }), NOW)).toBe('registered');
    await workers.stopped('back', NOW);
    await joinByToken('back', 'join of back');
    await workers.revoke('back');
    expect(await workers.register('back', joined({ task: 't' }), NOW)).toBe('refused');
    await workers.admit('back', NOW);
    expect(await workers.register('back', joined({ task: 't' }), NOW)).toBe('registered');
  });
});
