import { CreateTableCommand, DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY, workerKey } from '../../../src/broker/items/contract';
import { startMinistack } from '../../../src/drill/emulator/ministack';
import { quietly } from '../../../src/drill/emulator/quietly';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { keyOf } from '../../../src/runtime/broker/dynamo-items';
import { DynamoWorkers } from '../../../src/runtime/broker/dynamo-workers';
import type { Registration } from '../../../src/runtime/broker/ports';
import { NOW } from './world';

const LIFE = 3600;
const DAY = 86_400;
const NOW_MS = NOW * 1000;

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

/** @returns how the worker joins by it */
async function inviteAt(invitedAt: number, worker: string, joinId: string): Promise<() => ReturnType<DynamoWorkers['register']>> {
  await workers.invite(joinId, { worker, invitedAt, until: NOW + LIFE, expiresAt: NOW + DAY });
  return () => workers.register(worker, joined({ joinId, invitedAt }), NOW);
}

async function joinByToken(worker: string, joinId: string): Promise<void> {
  const join = await inviteAt(NOW_MS + 1, worker, joinId);
  expect(await join()).toBe('registered');
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
    await workers.revoke('admitted', 'own', NOW_MS);
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
    await workers.revoke('back', 'own', NOW_MS);
    expect(await workers.register('back', joined({ task: 't' }), NOW)).toBe('refused');
    await workers.admit('back', NOW);
    expect(await workers.register('back', joined({ task: 't' }), NOW)).toBe('registered');
  });
});

describe('a token that is open when its worker is revoked', () => {
  const forget = (worker: string): Promise<unknown> => client.send(new DeleteItemCommand({ TableName: 'state', Key: keyOf(workerKey(worker)) }));

  test('opens nothing any more, also once the worker is admitted and DynamoDB has forgotten it', async () => {
    await joinByToken('two-tokens', 'first of two');
    const before = await inviteAt(NOW_MS + 400, 'two-tokens', 'second of two');
    expect(await workers.revoke('two-tokens', 'own', NOW_MS + 400)).toMatchObject({ wasUnknown: false });
    expect(await before()).toBe('refused');
    await workers.admit('two-tokens', NOW);
    expect(await before()).toBe('refused');
    await forget('two-tokens');
    expect(await before()).toBe('refused');
    // And a worker that joined anew makes none of them good.
    expect(await (await inviteAt(NOW_MS + 401, 'two-tokens', 'third of two'))()).toBe('registered');
    expect(await before()).toBe('refused');
  });

  test('opens nothing either where the worker had not joined before', async () => {
    const before = await inviteAt(NOW_MS, 'never-seen', 'first of none');
    const { epoch, wasUnknown } = await workers.revoke('never-seen', 'own', NOW_MS + 1);
    expect(wasUnknown).toBe(true);
    expect((await workers.list(undefined, NOW)).workers).toContainEqual({ worker: 'never-seen', state: 'revoked', kind: 'own' });
    const after = await inviteAt(NOW_MS + 2, 'never-seen', 'second of none');
    for (const join of [before, after]) expect(await join()).toBe('refused');
    expect(await workers.revoke('never-seen', 'own', NOW_MS + 1)).toEqual({ epoch: epoch + 1, wasUnknown: false });
    await workers.admit('never-seen', NOW);
    expect(await before()).toBe('refused');
    expect(await after()).toBe('registered');
  });

  test('is no matter of tasks, which prove themselves anew each time', async () => {
    await workers.revoke('task-again', 'own', NOW_MS);
    await workers.admit('task-again', NOW);
    expect(await workers.register('task-again', joined({ task: 't' }), NOW)).toBe('registered');
  });
});
