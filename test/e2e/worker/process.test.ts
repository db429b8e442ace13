import { grant, type ListeningBroker, listeningBroker } from '../../support/listening-broker';
import { type WorkerChild, type WorkerChildren, workerChildren } from '../../support/worker-children';

const KEY = 's'.repeat(43);

jest.setTimeout(120_000);

let broker: ListeningBroker;
let children: WorkerChildren;
beforeAll(() => {
  children = workerChildren();
});
afterAll(() => children.stop());
beforeEach(async () => {
  broker = await listeningBroker();
});
afterEach(() => broker.stop());

const count = (name: string): number => broker.heard.filter(({ route }) => route === name).length;
const start = (): WorkerChild => children.start({ url: broker.url, workerId: 'w1', jobId: 'job-1', credentialId: 'c1', proof: { key: KEY } });

test('work that ends lets the process end, and nothing that it says holds the credential', async () => {
  const child = start();
  await child.told('working');
  child.finish();
  expect(await child.ended).toEqual({ code: 0, signal: null });
  expect([count('release'), count('exit')]).toEqual([1, 0]);
  expect(child.output()).not.toContain('canary');
});

test('SIGTERM says that the worker leaves, tells the work, and ends the process as it would have ended', async () => {
  const child = start();
  await child.told('working');
  child.kill('SIGTERM');
  await child.told('lost');
  expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' });
  expect(count('exit')).toBe(1);
});

test('SIGTERM ends it also where the broker is away', async () => {
  const child = start();
  await child.told('working');
  broker.answer = (heard) => (heard.route === 'register' ? grant(heard) : { isCut: true });
  child.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' });
});
