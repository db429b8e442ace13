import { setTimeout as after } from 'node:timers/promises';
import type { AuditRecord } from '../../../src/audit/contract';
import { leaseKey } from '../../../src/broker/items/contract';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';
import { type WorkerChild, type WorkerChildren, workerChildren } from '../../support/worker-children';

/** Seconds: a third of them, which is what is left when a lease is renewed, is time enough for a slow machine. */
const TTL = 5;
const POLL_MS = 100;
const CREDENTIAL = 'router';

jest.setTimeout(120_000);

let stand: BrokerStand;
let children: WorkerChildren;
/** Leases of some seconds, of five minutes, and of five minutes that a worker's exit does not end. */
let brief: StandBroker;
let broker: StandBroker;
let keeping: StandBroker;

beforeAll(async () => {
  stand = await BrokerStand.open();
  children = workerChildren();
  brief = await stand.broker({ configure: (configuration) => ({ ...configuration, leases: { ttlSeconds: TTL, longestSeconds: 3600, onExit: 'revoke' } }) });
  broker = await stand.broker();
  keeping = await stand.broker({ configure: (configuration) => ({ ...configuration, leases: { ...configuration.leases, onExit: 'keep' } }) });
}, 120_000);
afterAll(async () => {
  await children.stop();
  await stand.stop();
});

interface Lent {
  readonly leaseId: string;
  readonly expiresAt: number;
}

/** What the table has of a job's lease: the end of a lease is judged by it, and not by whether DynamoDB has removed it. */
async function leaseOf(job: string): Promise<Lent | undefined> {
  const items = JSON.parse(await stand.state()) as Readonly<Record<string, { readonly S?: string; readonly N?: string }>>[];
  const { pk, sk } = leaseKey(job, CREDENTIAL);
  const item = items.find((one) => one.pk?.S === pk && one.sk?.S === sk);
  return item && { leaseId: item.leaseId?.S ?? '', expiresAt: Number(item.expiresAt?.N) };
}

const start = (url: string, workerId: string, jobId: string): WorkerChild => children.start({ url, workerId, jobId, credentialId: CREDENTIAL, proof: { key: stand.shared.current } });
const now = (): number => Date.now() / 1000;
const reasonsOf = (job: string): readonly unknown[] => stand.records.filter((record) => record.job === job && record.outcome === 'refused').map(({ reason }) => reason);

test('a worker that is killed has no lease any more when its TTL is over', async () => {
  const jobId = await stand.job({ worker: 'killed' });
  const child = start(brief.url, 'killed', jobId);
  await child.told('working');
  const renewals = (): readonly AuditRecord[] => stand.records.filter(({ job, action, outcome }) => job === jobId && action === 'POST /credentials/renew' && outcome === 'served');
  // It is renewed for as long as somebody is there to do it.
  while (renewals().length === 0) await after(POLL_MS);
  child.kill('SIGKILL');
  expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
  const before = renewals().length;
  let last = await leaseOf(jobId);
  while (now() <= (last?.expiresAt ?? 0)) {
    await after(POLL_MS);
    last = await leaseOf(jobId);
  }
  // One that was under way may still have been taken.
  expect(renewals().length).toBeLessThanOrEqual(before + 1);
  const renewedAt = Date.parse(renewals().at(-1)?.time ?? '') / 1000;
  expect(last?.expiresAt).toBeLessThanOrEqual(renewedAt + TTL);
  // Whoever took its key and the lease's id cannot go on with it.
  expect((await brief.worker('killed').lease('renew', jobId, CREDENTIAL, last?.leaseId)).status).toBe(403);
  expect(reasonsOf(jobId)).toEqual(['lease-over']);
});

test('a worker that is asked to end leaves, and its lease is over at once', async () => {
  const jobId = await stand.job({ worker: 'leaving' });
  const child = start(broker.url, 'leaving', jobId);
  await child.told('working');
  const lent = await leaseOf(jobId);
  child.kill('SIGTERM');
  await child.ended;
  expect(lent?.expiresAt).toBeGreaterThan(now() + TTL);
  expect((await broker.worker('leaving').lease('renew', jobId, CREDENTIAL, lent?.leaseId)).status).toBe(403);
  expect(stand.records.some(({ worker, action, outcome }) => worker === 'leaving' && action === 'POST /worker/exit' && outcome === 'served')).toBe(true);
});

test('where leases are kept, they outlive an exit', async () => {
  const jobId = await stand.job({ worker: 'staying' });
  const worker = keeping.worker('staying');
  await worker.register();
  const { body } = await worker.checkout(jobId, CREDENTIAL);
  expect((await worker.send('exit')).status).toBe(200);
  expect((await worker.lease('renew', jobId, CREDENTIAL, body.lease_id)).status).toBe(200);
});

test('a worker that was killed and starts again need not wait for its own old lease', async () => {
  const jobId = await stand.job({ worker: 'restarted' });
  const first = start(broker.url, 'restarted', jobId);
  await first.told('working');
  const before = await leaseOf(jobId);
  first.kill('SIGKILL');
  await first.ended;
  const second = start(broker.url, 'restarted', jobId);
  await second.told('working');
  const since = await leaseOf(jobId);
  expect(since?.leaseId).not.toBe(before?.leaseId);
  expect((await broker.worker('restarted').lease('renew', jobId, CREDENTIAL, before?.leaseId)).status).toBe(403);
  second.finish();
  expect(await second.ended).toEqual({ code: 0, signal: null });
});

test('work that is done gives its lease back, and another one of the same job is a new lease', async () => {
  const jobId = await stand.job({ worker: 'done' });
  const first = start(broker.url, 'done', jobId);
  await first.told('working');
  const before = await leaseOf(jobId);
  first.finish();
  await first.ended;
  const worker = broker.worker('done');
  expect((await worker.lease('renew', jobId, CREDENTIAL, before?.leaseId)).status).toBe(403);
  expect((await worker.checkout(jobId, CREDENTIAL)).body.lease_id).not.toBe(before?.leaseId);
});

test('all leases of all workers end together, and a process hears of it with its next renewal', async () => {
  const jobs = await Promise.all(['one', 'two'].map(async (worker) => ({ worker, jobId: await stand.job({ worker }) })));
  const running = jobs.map(({ worker, jobId }) => start(brief.url, worker, jobId));
  await Promise.all(running.map((child) => child.told('working')));
  await brief.front.invoke({ revokeAll: { close: false } });
  const lost = await Promise.all(running.map((child) => child.told('lost')));
  for (const { reason } of lost) expect(reason).toContain('403 forbidden');
  await Promise.all(running.map(({ ended }) => ended));
});
