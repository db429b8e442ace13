import { setTimeout as after } from 'node:timers/promises';
import { format, inspect } from 'node:util';
import { type DeviceCredential, WorkerClient } from '../../../src/worker';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';
import { type WorkerChildren, workerChildren } from '../../support/worker-children';

const WINDOW = 60;
/** Seconds: a third of them, which is what is left when a lease is renewed, is time enough for a slow machine. */
const TTL = 4;
const AHEAD_SECONDS = 600;
const TURNS = 8;
const POLL_MS = 100;

jest.setTimeout(120_000);

let stand: BrokerStand;
let children: WorkerChildren;
/** As it is, with leases of some seconds, and with a clock that is well ahead. */
let broker: StandBroker;
let brief: StandBroker;
let ahead: StandBroker;

beforeAll(async () => {
  stand = await BrokerStand.open();
  children = workerChildren();
  broker = await stand.broker({ environments: 2 });
  brief = await stand.broker({ environments: 2, configure: (configuration) => ({ ...configuration, leases: { ttlSeconds: TTL, longestSeconds: 3600, onExit: 'revoke' } }) });
  ahead = await stand.broker({ aheadMs: AHEAD_SECONDS * 1000 });
}, 120_000);
afterAll(async () => {
  await children.stop();
  await stand.stop();
});

const client = (workerId: string, { url }: StandBroker = broker): WorkerClient => new WorkerClient({ url, workerId, key: stand.shared.current });
/** The secrets of a credential, which stand in no printed form of it. */
const secretsOf = (credential: DeviceCredential): readonly unknown[] => Object.getOwnPropertyNames(credential).map((name) => Reflect.get(credential, name) as unknown);

test.each(['router', 'switch', 'portal'])('a worker checks %s out, renews and releases its lease, and leaves', async (credentialId) => {
  const jobId = await stand.job({ worker: 'a', credentials: [credentialId] });
  const worker = client('a');
  const lease = await worker.checkout({ jobId, credentialId });
  expect(secretsOf(lease.credential)).toContain(stand.credentials.find(({ id }) => id === credentialId)?.canary);
  await lease.renew();
  await lease.release();
  await expect(lease.renew()).rejects.toMatchObject({ status: 403 });
  await worker.exit();
});

test('work that takes longer than a lease keeps it', async () => {
  const jobId = await stand.job({ worker: 'long' });
  const renewals = (): readonly unknown[] => {
    const asked = stand.records.filter(({ job, action, reason }) => job === jobId && action === 'POST /credentials/renew' && reason !== 'store-down');
    return asked.map(({ outcome }) => outcome);
  };
  const lost = await client('long', brief).withLease({ jobId, credentialId: 'router' }, async (_, signal) => {
    const until = Date.now() + TTL * 1000;
    while (renewals().length < 2 || Date.now() < until) await after(POLL_MS);
    return signal.aborted;
  });
  expect(lost).toBe(false);
  expect(new Set(renewals())).toEqual(new Set(['served']));
});

test('a worker that is revoked in the middle of its work is told, and lent nothing more', async () => {
  const jobId = await stand.job({ worker: 'revoked' });
  const worker = client('revoked', brief);
  await worker.withLease({ jobId, credentialId: 'router' }, async (_, lost) => {
    await brief.front.invoke({ revoke: { worker: 'revoked' } });
    await new Promise((resolve) => lost.addEventListener('abort', resolve));
    expect(lost.reason).toMatchObject({ name: 'BrokerRefusal', status: 401 });
  });
  await expect(worker.checkout({ jobId, credentialId: 'router' })).rejects.toMatchObject({ status: 401 });
});

test('somebody else\'s job, a credential that is not in it and a job that is not there look alike', async () => {
  const jobId = await stand.job({ worker: 'a' });
  const refusals = await Promise.all([
    client('b').checkout({ jobId, credentialId: 'router' }), client('a').checkout({ jobId, credentialId: 'switch' }), client('a').checkout({ jobId: 'job-of-nobody', credentialId: 'router' }),
  ].map((checkout) => checkout.then(() => 'lent', (error: unknown) => (error instanceof Error ? error.message : error))));
  expect(new Set(refusals).size).toBe(1);
  expect(refusals[0]).toContain('403 forbidden');
});

test('with one key for all, a worker can sign as another one: only keys of their own tell them apart', async () => {
  const jobId = await stand.job({ worker: 'a' });
  const thief = client('a');
  await expect(thief.checkout({ jobId, credentialId: 'router' })).resolves.toBeDefined();
});

describe('clocks', () => {
  test.each([-WINDOW + 5, WINDOW - 5])('a request of %d seconds from now is taken', async (offset) => {
    const worker = broker.worker('clock');
    expect((await worker.send('register', {}, { timestamp: Math.floor(Date.now() / 1000) + offset })).status).toBe(200);
  });

  test.each([-WINDOW - 5, WINDOW + 5])('a request of %d seconds from now is refused, and the broker\'s time is told', async (offset) => {
    const { status, body } = await broker.worker('clock').send('register', {}, { timestamp: Math.floor(Date.now() / 1000) + offset });
    expect([status, body.error]).toEqual([401, 'unauthenticated']);
    expect(Math.abs(Number(body.time) - Date.now() / 1000)).toBeLessThan(WINDOW);
  });

  test('a worker whose clock is off is told so', async () => {
    const refusal = client('late', ahead).register();
    await expect(refusal).rejects.toThrow(/clock of this machine is 6\d\d s behind|clock of this machine is 59\d s behind/);
  });
});

test('a process that works says nothing of a credential, and neither does the broker', async () => {
  const jobId = await stand.job({ worker: 'quiet' });
  const child = children.start({ url: broker.url, workerId: 'quiet', jobId, credentialId: 'router', proof: { key: stand.shared.current } });
  await child.told('working');
  child.finish();
  await child.ended;
  const lease = await client('a').checkout({ jobId: await stand.job({ worker: 'a' }), credentialId: 'router' });
  const said = [child.output(), stand.output, await stand.state(), inspect(lease, { showHidden: true, depth: Infinity }), format('%j %o', lease, lease.credential)].join('\n');
  for (const secret of [...stand.credentials.map(({ canary }) => canary), stand.shared.current]) expect(said).not.toContain(secret);
});

test('two clients of one id: the later one ends what the earlier one had', async () => {
  const asked = { jobId: await stand.job({ worker: 'twice' }), credentialId: 'router' };
  const lease = await client('twice').checkout(asked);
  await client('twice').register();
  await expect(lease.renew()).rejects.toMatchObject({ status: 403 });
});

test('many at once, each with a job of its own, are all served and all recorded', async () => {
  const workers = await Promise.all(Array.from({ length: TURNS }, async (_, turn) => ({ worker: client(`many-${turn}`), jobId: await stand.job({ worker: `many-${turn}` }) })));
  await Promise.all(workers.map(({ worker, jobId }) => worker.withLease({ jobId, credentialId: 'router' }, () => Promise.resolve())));
  const recorded = (jobId: string): readonly unknown[] => stand.records.filter(({ job }) => job === jobId).map(({ action, outcome }) => [action, outcome]);
  for (const { jobId } of workers) expect(recorded(jobId)).toEqual([['POST /credentials/checkout', 'served'], ['POST /credentials/release', 'served']]);
});
