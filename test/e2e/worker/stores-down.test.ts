import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { type AwsCall, type AwsRelay, type Fate, startAwsRelay } from '../../support/aws-relay';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';
import type { WireAnswer } from '../../support/broker-worker';

let stand: BrokerStand;
let relay: AwsRelay;
let broker: StandBroker;

jest.setTimeout(120_000);

beforeAll(async () => {
  stand = await BrokerStand.open();
  relay = await startAwsRelay(stand.emulator.endpoint);
  broker = await stand.broker({ endpoint: relay.endpoint, patience: 0 });
  await answered(() => worker().register());
}, 180_000);
afterAll(async () => {
  await relay.stop();
  await stand.stop();
});
afterEach(() => relay.decide(() => 'pass'));

const worker = (): ReturnType<StandBroker['worker']> => broker.worker('w-1');
const isOf = (word: string) => ({ target }: AwsCall): boolean => target.includes(word);
/** Whether somebody asked for a value, other than of a ring. */
const isForValue = ({ target, body }: AwsCall): boolean => /GetSecretValue|GetParameter/.test(target) && !body.includes('test/shared');

/** Again where nothing was in the way but a busy machine, on which the emulator needs longer than the broker waits. */
async function answered(ask: () => Promise<WireAnswer>): Promise<WireAnswer> {
  for (let left = 3; ; left -= 1) {
    const answer = await ask();
    if (left === 0 || stand.records.at(-1)?.reason !== 'store-down') return answer;
  }
}

/** One checkout for a job of its own, while that becomes of what is asked. */
async function checkout(fateOf: (call: AwsCall) => Fate, credential = 'router'): Promise<WireAnswer> {
  const job = await stand.job({ worker: 'w-1', credentials: ['router', 'switch', 'portal'] });
  relay.calls.length = 0;
  relay.decide(fateOf);
  return worker().checkout(job, credential);
}

const UNAVAILABLE = { status: 503, text: '{"error":"unavailable"}', headers: { 'retry-after': '5' } };

test.each<[string, (call: AwsCall) => boolean, Fate]>([
  ['DynamoDB is gone', isOf('DynamoDB'), 'cut'],
  ['DynamoDB does not answer', isOf('DynamoDB'), 'silence'],
  ['nonces cannot be kept', isOf('PutItem'), 'cut'],
  ['nobody can be looked up', isOf('BatchGetItem'), 'cut'],
  ['nobody counts', isOf('UpdateItem'), 'cut'],
])('answers 503 and asks for no value where %s', async (_, isHit, fate) => {
  expect(await checkout((call) => (isHit(call) ? fate : 'pass'))).toMatchObject(UNAVAILABLE);
  expect(relay.calls.filter(isForValue)).toEqual([]);
  expect(stand.records.at(-1)).toMatchObject({ outcome: 'failed', reason: 'store-down', status: 503, worker: 'w-1' });
});

test('asks for no value where the lease cannot be looked at again', async () => {
  let looks = 0;
  expect(await checkout((call) => (isOf('BatchGetItem')(call) && ++looks > 1 ? 'cut' : 'pass'))).toMatchObject(UNAVAILABLE);
  expect(relay.calls.filter(isForValue)).toEqual([]);
});

test.each([['router', 'GetSecretValue'], ['portal', 'GetParameter']])('gives no value of %s where its store is gone, or does not answer', async (credential, action) => {
  for (const fate of ['cut', 'silence'] as const) {
    expect(await checkout((call) => (call.target.includes(action) && isForValue(call) ? fate : 'pass'), credential)).toMatchObject(UNAVAILABLE);
    // One attempt: the worker asks again by itself.
    expect(relay.calls.filter(isForValue)).toHaveLength(1);
  }
});

test('takes a nonce for new, and a lease for its own, where it was the answer about them that got lost', async () => {
  const lost = new Set<string>();
  const answer = await answered(() => {
    lost.clear();
    return checkout((call) => {
      if (!isOf('PutItem')(call) || lost.has(call.body)) return 'pass';
      lost.add(call.body);
      return 'lose';
    });
  });
  expect(lost.size).toBe(2);
  expect(answer.status).toBe(200);
});

test('gives nothing that is no credential of its kind, and says so in no word of it', async () => {
  const [SecretId] = [stand.arns.get('switch')];
  for (const value of ['canary-not-json', '{"version":"2c","community":"public"}', '{"version":"2c","community":"canary-0123","note":"canary"}', '{"version":"2c","community":"changeme"}']) {
    await stand.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
    expect(await answered(() => checkout(() => 'pass', 'switch'))).toMatchObject(UNAVAILABLE);
    expect(stand.records.at(-1)).toMatchObject({ reason: 'value-malformed', credential: 'switch' });
  }
  expect(stand.output).not.toContain('canary');
});

test('lets nobody in by a ring that it cannot read', async () => {
  const blind = await stand.broker({ patience: 0, configure: (configuration) => ({ ...configuration, phase: { kind: 'shared-key', shared: { ring: 'test/nowhere-AbCdEf' } } }) });
  expect(await blind.worker('w-1').register()).toMatchObject(UNAVAILABLE);
  expect(stand.records.at(-1)?.worker).toBeUndefined();
});

test('lets nobody in once its table is gone', async () => {
  const { configuration } = stand;
  await stand.dynamo.send(new DeleteTableCommand({ TableName: configuration.tables.state }));
  expect(await worker().register()).toMatchObject(UNAVAILABLE);
});

test('does not start with a configuration that is none, and repeats nothing of it', async () => {
  const wrong = await stand.broker({ configure: (configuration) => ({ ...configuration, phase: { kind: 'canary' } as never }) });
  expect((await wrong.worker('w-1').register()).status).toBe(502);
  await expect(wrong.front.invoke({ list: {} })).rejects.toThrow(/BROKER_CONFIGURATION\.phase/);
  expect(stand.output).not.toContain('canary');
});
