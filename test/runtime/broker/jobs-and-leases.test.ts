import fc from 'fast-check';
import type { Reason } from '../../../src/broker/operations/contract';
import { type JobQuestion, lendableFor } from '../../../src/runtime/broker/jobs';
import { liveLease, newEnds, renewedEnd } from '../../../src/runtime/broker/leases';
import type { Looked } from '../../../src/runtime/broker/ports';
import { JOB, LEASE, LOOKED, NOW, WORKER } from './world';

const ROUTER = { id: 'router', kind: 'ssh', store: 'parameter-store', parameter: '/router' } as const;
const QUESTION: JobQuestion = { worker: 'w-1', credential: 'router', binding: 'assigned', byId: new Map([['router', ROUTER]]), now: NOW };
const FIRST = { ...QUESTION, binding: 'first-to-claim' } as const;
const OPEN = { ...JOB, worker: undefined };

test.each<[string, Pick<Looked, 'job' | 'claim'>, JobQuestion, Reason | undefined]>([
  ['is its own', { job: JOB }, QUESTION, undefined],
  ['is not there', {}, QUESTION, 'no-job'],
  ['is none', { job: 'malformed' }, QUESTION, 'job-malformed'],
  ['is over', { job: { ...JOB, expiresAt: NOW } }, QUESTION, 'job-over'],
  ['lasts a day', { job: { ...JOB, expiresAt: NOW + 86_400 } }, QUESTION, undefined],
  ['lasts longer', { job: { ...JOB, expiresAt: NOW + 86_401 } }, QUESTION, 'job-malformed'],
  ['is another one\'s', { job: { ...JOB, worker: 'w-2' } }, QUESTION, 'not-your-job'],
  ['is another one\'s, and holds nothing', { job: { ...JOB, worker: 'w-2', credentials: new Set() } }, QUESTION, 'not-your-job'],
  ['does not name it', { job: JOB }, { ...QUESTION, credential: 'other' }, 'not-in-job'],
  ['names what is not configured', { job: JOB }, { ...QUESTION, credential: 'switch' }, 'no-credential'],
  ['names nobody', { job: OPEN }, QUESTION, 'job-malformed'],
  ['names nobody, for the first', { job: OPEN }, FIRST, undefined],
  ['was claimed by it', { job: OPEN, claim: { worker: 'w-1', expiresAt: NOW + 1 } }, FIRST, undefined],
  ['was claimed by another one', { job: OPEN, claim: { worker: 'w-2', expiresAt: NOW + 1 } }, FIRST, 'not-your-job'],
  ['was claimed long ago', { job: OPEN, claim: { worker: 'w-2', expiresAt: NOW } }, FIRST, undefined],
  ['names it, whoever claims', { job: JOB, claim: { worker: 'w-2', expiresAt: NOW + 1 } }, FIRST, undefined],
])('a job that %s', (_, looked, question, reason) => {
  expect(lendableFor(looked, question)).toEqual(reason ?? { job: looked.job, credential: ROUTER });
});

test.each<[string, Partial<Looked>]>([
  ['of another worker', { lease: { ...LEASE, worker: 'w-2' } }], ['of an epoch before', { lease: { ...LEASE, epoch: 6 } }], ['of a fleet before', { fleet: { epoch: 1 } }],
  ['that is over', { lease: { ...LEASE, expiresAt: NOW } }], ['of a worker that is not there', { worker: undefined }], ['that is not there', { lease: undefined }],
  ['of a shared key, by a key of its own', { worker: { ...WORKER, keyId: 'k' } }], ['of another key', { lease: { ...LEASE, keyId: 'a' }, worker: { ...WORKER, keyId: 'b', priorKeyId: 'c' } }],
])('a lease %s does not count', (_, other) => {
  expect(liveLease({ ...LOOKED, lease: LEASE }, 'w-1', NOW)).toEqual(LEASE);
  expect(liveLease({ ...LOOKED, lease: LEASE, ...other }, 'w-1', NOW)).toBeUndefined();
});

test.each([{ keyId: 'k' }, { keyId: 'n', priorKeyId: 'k' }])('a lease outlives the renewal of its key', (keys) => {
  const lease = { ...LEASE, keyId: 'k' };
  expect(liveLease({ ...LOOKED, lease, worker: { ...WORKER, ...keys } }, 'w-1', NOW)).toEqual(lease);
});

const seconds = fc.integer({ min: 1, max: 100_000 });
test('no lease lasts longer than its terms, its job or its worker, however it is renewed', () => {
  const cases = fc.record({ ttlSeconds: seconds, longestSeconds: seconds, job: seconds, worker: seconds, later: fc.array(seconds, { maxLength: 5 }) });
  fc.assert(fc.property(cases, ({ ttlSeconds, longestSeconds, job, worker, later }) => {
    const terms = { ttlSeconds, longestSeconds, onExit: 'revoke' } as const;
    const [jobEnd, workerEnd] = [NOW + job, NOW + worker];
    const ends = newEnds(terms, { now: NOW, jobEnd, workerEnd });
    let { expiresAt } = ends;
    expect(ends.renewableUntil).toBe(Math.min(NOW + longestSeconds, jobEnd));
    for (const after of [0, ...later]) {
      expect(expiresAt).toBeLessThanOrEqual(Math.min(ends.renewableUntil, jobEnd, workerEnd));
      const renewed = renewedEnd(terms, { ...ends, expiresAt }, { now: NOW + after, jobEnd, workerEnd });
      expect(renewed).toBeGreaterThanOrEqual(expiresAt);
      expect(renewed).toBeLessThanOrEqual(Math.max(expiresAt, NOW + after + ttlSeconds));
      expiresAt = renewed;
    }
  }));
});
