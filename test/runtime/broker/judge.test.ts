import { createHash } from 'node:crypto';
import type { Reason } from '../../../src/broker/operations/contract';
import { judge } from '../../../src/runtime/broker/judge';
import { joinSecret, workerKeyOf } from '../../../src/runtime/broker/keys';
import type { Looked } from '../../../src/runtime/broker/ports';
import type { Verdict } from '../../../src/runtime/broker/verdict';
import type { WorkerRequest } from '../../../src/runtime/broker/read-request';
import { CONFIGURATION, JOB, LEASE, LOOKED, MASTER, NOW, PHASE_3, requestOf, SHARED, WORKER, world } from './world';

const CHECKOUT = { job_id: 'job-1', credential_id: 'router' };
const ID = 'k'.repeat(22);
const of = (request: WorkerRequest, given: Parameters<typeof world>[0] = {}): Promise<{ readonly verdict: Verdict; readonly asked: readonly string[] }> => {
  const { parts, asked } = world(given);
  return judge(request, 'by', parts).then((verdict) => ({ verdict, asked }));
};
const refused = (reason: Reason): object => ({ kind: 'refused', reason });

test('a checkout asks in the order of the protocol, and for the value last of all', async () => {
  const { verdict, asked } = await of(requestOf('checkout', CHECKOUT));
  expect(asked).toEqual(['keys', 'nonce', 'look', 'rate', 'put', 'look', 'secrets-manager']);
  const credential = { kind: 'ssh', username: 'operator', password: 'canary-0123' };
  expect(verdict.outcome).toMatchObject({ kind: 'granted', body: { expires_at: String(NOW + 300), renewable_until: String(NOW + 600), credential } });
  expect(verdict.notes).toEqual({ worker: 'w-1', job: 'job-1', credential: 'router', proof: 'hmac', isSharedKey: true, leaseId: expect.stringMatching(/^[\w-]{43}$/) as string });
});

test('the same lease is lent again while it lives, without another one being written', async () => {
  const { verdict, asked } = await of(requestOf('checkout', CHECKOUT), { looked: { ...LOOKED, lease: LEASE } });
  expect(asked).not.toContain('put');
  expect(verdict.outcome).toMatchObject({ body: { lease_id: LEASE.leaseId, expires_at: String(LEASE.expiresAt) } });
});

test('what rotates after its checkout is remembered before it is lent', async () => {
  const { asked } = await of(requestOf('checkout', { ...CHECKOUT, credential_id: 'switch' }));
  expect(asked.indexOf('due')).toBeGreaterThan(0);
  expect(asked.indexOf('due')).toBeLessThan(asked.indexOf('put'));
});

test.each<[string, WorkerRequest, Reason, readonly string[]]>([
  ['for another broker', requestOf('checkout', CHECKOUT, { host: 'other.example.org' }), 'wrong-host', []],
  ['too late', requestOf('checkout', CHECKOUT, { timestamp: NOW - 61 }), 'stale-timestamp', []],
  ['too early', requestOf('checkout', CHECKOUT, { timestamp: NOW + 61 }), 'stale-timestamp', []],
  ['by nobody who is known', requestOf('checkout', CHECKOUT, { key: 'x'.repeat(43) }), 'bad-signature', ['keys']],
  ['with a key of its own, where there is none', requestOf('checkout', CHECKOUT, { proof: { key_id: ID }, key: workerKeyOf(MASTER, 'w-1', ID) }), 'bad-signature', []],
  ['with a token, where there is none', requestOf('register', {}, { proof: { join_id: ID }, key: joinSecret(MASTER, 'w-1', ID) }), 'bad-signature', []],
])('a request %s reads no table and writes none, and nothing is noted of it', async (_, request, reason, asked) => {
  expect(await of(request)).toEqual({ verdict: { outcome: refused(reason), notes: {} }, asked });
});

test.each([NOW - 60, NOW + 60])('a clock may be off by the whole window', async (timestamp) => {
  expect((await of(requestOf('register', {}, { timestamp }))).verdict.outcome.kind).toBe('granted');
});

test('a used nonce ends it before anything is looked up', async () => {
  expect(await of(requestOf('checkout', CHECKOUT), { refusing: 'nonce' })).toMatchObject({ verdict: { outcome: refused('replayed'), notes: { worker: 'w-1' } }, asked: ['keys', 'nonce'] });
});

test('too many requests end it before its job is looked at', async () => {
  expect((await of(requestOf('checkout', CHECKOUT), { refusing: 'rate', looked: { ...LOOKED, job: undefined } })).verdict.outcome).toEqual(refused('too-many'));
});

test.each<[string, Looked]>([
  ['no job', { ...LOOKED, job: undefined }], ['another one\'s job', { ...LOOKED, job: { ...JOB, worker: 'w-2' } }],
  ['a job without it', { ...LOOKED, job: { ...JOB, credentials: new Set(['portal']) } }],
  ['a job that is over', { ...LOOKED, job: { ...JOB, expiresAt: NOW } }], ['what is no job', { ...LOOKED, job: 'malformed' }],
])('%s costs what all others cost', async (_, looked) => {
  const { verdict, asked } = await of(requestOf('checkout', CHECKOUT), { looked });
  expect(asked).toEqual(['keys', 'nonce', 'look', 'rate']);
  expect(verdict.outcome.kind).toBe('refused');
});

const REQUESTS = {
  register: requestOf('register'), exit: requestOf('exit'),
  checkout: requestOf('checkout', { ...CHECKOUT, credential_id: 'switch' }), parameter: requestOf('checkout', { ...CHECKOUT, credential_id: 'portal' }),
  renew: requestOf('renew', { ...CHECKOUT, lease_id: LEASE.leaseId }), release: requestOf('release', { ...CHECKOUT, lease_id: LEASE.leaseId }),
};
const lookedFor = (name: string): Looked => (name === 'renew' || name === 'release' ? { ...LOOKED, lease: LEASE } : LOOKED);

test.each(Object.entries(REQUESTS))('whatever fails on the way of %s, nothing is granted', async (name, request) => {
  const looked = lookedFor(name);
  const { verdict, asked } = await of(request, { looked });
  expect(verdict.outcome.kind).toBe('granted');
  expect(asked.length).toBeGreaterThan(4);
  for (const failing of new Set(asked)) {
    const failed = await of(request, { looked, failing });
    expect([failing, failed.verdict.outcome]).toEqual([failing, refused('store-down')]);
    expect(failed.asked.at(-1)).toBe('broker-fault');
    expect(JSON.stringify(failed)).not.toContain('canary');
  }
});

test.each<[string, Looked]>([
  ['revoked', { ...LOOKED, worker: { ...WORKER, state: 'revoked' } }], ['gone', { ...LOOKED, worker: undefined }], ['out', { ...LOOKED, fleet: { epoch: 0, closed: NOW } }],
  ['ended', { ...LOOKED, worker: { ...WORKER, epoch: 8 } }], ['ended with all', { ...LOOKED, fleet: { epoch: 1 } }],
])('a worker that is %s by the time its lease is written is given no value', async (_, later) => {
  const { parts, asked } = world();
  let looks = 0;
  const outcome = (await judge(requestOf('checkout', CHECKOUT), 'by', {
    ...parts,
    reads: {
      look: async (wanted) => {
        const { lease } = await parts.reads.look(wanted);
        return looks++ === 0 ? LOOKED : { ...later, lease };
      },
    },
  })).outcome;
  expect(outcome.kind).toBe('refused');
  expect(asked).not.toContain('secrets-manager');
});

test('the shared key is taken until the day of a migration, and not on it', async () => {
  const phaseUntil = (until: string): typeof CONFIGURATION => ({ ...CONFIGURATION, phase: { kind: 'migration', shared: { ring: 'shared-AbCdEf' }, own: PHASE_3.phase.own, until } });
  // NOW is 2027-01-15T08:00:00Z.
  expect((await of(requestOf('register'), { configuration: phaseUntil('2027-01-16') })).verdict.outcome.kind).toBe('granted');
  expect((await of(requestOf('register'), { configuration: phaseUntil('2027-01-15') })).verdict.outcome).toEqual(refused('shared-key-over'));
});

describe('by a task\'s identity', () => {
  const configuration = { ...PHASE_3, phase: { ...PHASE_3.phase, own: { ...PHASE_3.phase.own, tasks: { account: '111122223333', roles: [{ name: 'pool', prefix: 'w' }] } } } };
  const taskProof = 'p'.repeat(100);
  test('AWS is asked before anything is kept, and a stranger leaves no word', async () => {
    const request = requestOf('register', {}, { proof: { task_proof: taskProof }, key: createHash('sha256').update(taskProof).digest('hex') });
    expect(await of(request, { configuration, refusing: 'sts' })).toEqual({ verdict: { outcome: refused('task-mismatch'), notes: {} }, asked: ['keys', 'sts'] });
    expect(await of(request, { configuration, failing: 'sts' })).toMatchObject({ verdict: { outcome: refused('store-down'), notes: {} } });
    const { verdict, asked } = await of(request, { configuration });
    expect(verdict).toMatchObject({ outcome: { kind: 'granted', body: { key_id: expect.any(String) as string } }, notes: { proof: 'task' } });
    expect(asked.indexOf('sts')).toBeLessThan(asked.indexOf('nonce'));
    expect((await of(requestOf('register', {}, { proof: { task_proof: taskProof }, key: SHARED }), { configuration })).asked).not.toContain('sts');
  });
});
