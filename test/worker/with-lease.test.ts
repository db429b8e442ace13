import { setTimeout as after } from 'node:timers/promises';
import { WorkerClient } from '../../src/worker';
import { grant, type ListeningBroker, listeningBroker, seconds } from '../support/listening-broker';

const KEY = 's'.repeat(43);
const ASKED = { jobId: 'job-1', credentialId: 'c1' };

let broker: ListeningBroker;
let client: WorkerClient;
beforeEach(async () => {
  broker = await listeningBroker();
  client = new WorkerClient({ url: broker.url, workerId: 'w1', key: KEY });
});
afterEach(() => broker.stop());

const count = (name: string): number => broker.heard.filter(({ route }) => route === name).length;
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await after(10);
};

test('the result is what was done, and the lease is released', async () => {
  const done = await client.withLease(ASKED, (credential) => Promise.resolve(credential.kind));
  expect([done, count('renew'), count('release')]).toEqual(['ssh', 0, 1]);
});

test('it is released also where the work fails, and the failure is the work\'s', async () => {
  broker.answer = (heard) => (heard.route === 'release' ? { status: 403, body: { error: 'forbidden' } } : grant(heard));
  await expect(client.withLease(ASKED, () => Promise.reject(new Error('The router does not answer.')))).rejects.toThrow('The router does not answer.');
  expect(count('release')).toBe(1);
});

test('what throws before it promises anything fails alike', async () => {
  await expect(client.withLease(ASKED, () => {
    throw new Error('at once');
  })).rejects.toThrow('at once');
  expect([count('release'), process.listenerCount('SIGTERM')]).toEqual([1, 0]);
});

test('while the work goes on the lease is renewed, before it is over', async () => {
  broker.answer = (heard) => grant(heard, 2);
  const from = performance.now();
  await client.withLease(ASKED, async (_, lost) => {
    await until(() => count('renew') === 2);
    expect(lost.aborted).toBe(false);
  });
  // Two renewals at two thirds of what was left, which is up to a second less than two by whole seconds.
  expect(performance.now() - from).toBeLessThan(2 * 2000);
  const renewals = count('renew');
  await after(1500);
  expect(count('renew')).toBe(renewals);
});

test('a worker that is revoked is told, and not asked to renew again', async () => {
  broker.answer = (heard) => (heard.route === 'renew' ? { status: 401, body: { error: 'unauthenticated', time: String(seconds()) } } : grant(heard, 2));
  await client.withLease(ASKED, async (_, lost) => {
    await until(() => lost.aborted);
    expect(lost.reason).toMatchObject({ name: 'BrokerRefusal', status: 401 });
  });
  expect(count('renew')).toBe(1);
});

test('a lease that nobody renews in time is lost', async () => {
  broker.answer = (heard) => (heard.route === 'renew' ? { status: 503, body: { error: 'unavailable' }, headers: { 'retry-after': '5' } } : grant(heard, 2));
  await client.withLease(ASKED, async (_, lost) => {
    await until(() => lost.aborted);
    expect(lost.reason).toMatchObject({ message: 'The lease is over.' });
  });
});

test('a lease that cannot last longer is not renewed, and is over when it is', async () => {
  const end = String(seconds() + 2);
  broker.answer = (heard) => {
    const said = grant(heard);
    return heard.route === 'checkout' ? { body: { ...said.body as object, expires_at: end, renewable_until: end } } : said;
  };
  await client.withLease(ASKED, (_, lost) => until(() => lost.aborted));
  expect(count('renew')).toBe(0);
});
