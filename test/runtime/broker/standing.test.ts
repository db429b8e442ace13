import type { WorkerItem } from '../../../src/broker/items/contract';
import type { Reason } from '../../../src/broker/operations/contract';
import type { RequestProof } from '../../../src/broker/protocol/contract';
import type { Looked } from '../../../src/runtime/broker/ports';
import { knownWorker, whyNotLetIn } from '../../../src/runtime/broker/standing';
import { NOW } from './world';

const SHARED: RequestProof = { kind: 'shared' };
const JOIN: RequestProof = { kind: 'join', joinId: 'j' };
const TASK: RequestProof = { kind: 'task', taskProof: 'p' };
const own = (keyId: string): RequestProof => ({ kind: 'own', keyId });

const shared: WorkerItem = { state: 'active', epoch: 1, kind: 'shared', expiresAt: NOW + 1 };
const keyed: WorkerItem = { state: 'active', epoch: 1, kind: 'own', keyId: 'new', priorKeyId: 'old', priorUntil: NOW + 1, expiresAt: NOW + 1 };
const stopped: WorkerItem = { state: 'active', epoch: 2, kind: 'own', task: 't', expiresAt: NOW + 1 };
const revoked: WorkerItem = { ...keyed, state: 'revoked', expiresAt: undefined };
const with_ = (worker: WorkerItem | undefined, more: Partial<Looked> = {}): Looked => ({ worker, fleet: { epoch: 0 }, ...more });
const CLOSED = { fleet: { epoch: 3, closed: NOW - 1 } };

test.each<[string, RequestProof, Looked, Reason | undefined]>([
  ['shared, known', SHARED, with_(shared), undefined],
  ['shared, unknown', SHARED, with_(undefined), 'unknown-worker'],
  ['shared, over', SHARED, with_({ ...shared, expiresAt: NOW }), 'unknown-worker'],
  ['shared, of a worker with a key', SHARED, with_(keyed), 'key-over'],
  ['own, present key', own('new'), with_(keyed), undefined],
  ['own, key before', own('old'), with_(keyed), undefined],
  ['own, key before, over', own('old'), with_({ ...keyed, priorUntil: NOW }), 'key-over'],
  ['own, another key', own('other'), with_(keyed), 'key-over'],
  ['own, key over', own('new'), with_({ ...keyed, expiresAt: NOW }), 'key-over'],
  ['own, of a worker without one', own('new'), with_({ ...shared, keyId: 'new' }), 'key-over'],
  ['own, unknown', own('new'), with_(undefined), 'unknown-worker'],
  ['revoked', own('new'), with_(revoked), 'revoked'],
  ['closed', own('new'), with_(keyed, CLOSED), 'fleet-closed'],
  ['without an end, and not revoked', own('new'), with_({ ...keyed, expiresAt: undefined }), 'key-over'],
  ['a token is no key', JOIN, with_(keyed), 'key-over'],
])('of who asks: %s', (_, proof, looked, reason) => {
  expect(knownWorker(proof, looked, NOW)).toBe(reason ?? looked.worker);
});

const join = { worker: 'w', invitedAt: NOW * 1000, until: NOW + 1, expiresAt: NOW + 99 };
test.each<[string, RequestProof, Looked, Reason | undefined]>([
  ['shared, new', SHARED, with_(undefined), undefined],
  ['shared, again', SHARED, with_(shared), undefined],
  ['shared, after its end', SHARED, with_({ ...shared, expiresAt: NOW }), undefined],
  ['shared, of a worker with a key', SHARED, with_(keyed), 'key-over'],
  ['shared, of one whose key is over', SHARED, with_({ ...keyed, expiresAt: NOW }), undefined],
  ['shared, revoked', SHARED, with_({ ...shared, state: 'revoked', expiresAt: undefined }), 'revoked'],
  ['shared, closed', SHARED, with_(undefined, CLOSED), 'fleet-closed'],
  ['token, new', JOIN, with_(undefined, { join }), undefined],
  ['token, of a worker that is known', JOIN, with_(keyed, { join }), undefined],
  ['token, of one that is revoked', JOIN, with_(revoked, { join }), 'revoked'],
  ['token, closed', JOIN, with_(undefined, { join, ...CLOSED }), 'fleet-closed'],
  ['token, over', JOIN, with_(undefined, { join: { ...join, until: NOW } }), 'join-over'],
  ['token, forgotten', JOIN, with_(undefined), 'join-over'],
  ['token, spent', JOIN, with_(undefined, { join: { ...join, spent: NOW - 1 } }), 'spent-join'],
  ['token, spent and over', JOIN, with_(undefined, { join: { ...join, until: NOW, spent: NOW - 1 } }), 'spent-join'],
  ['task, new', TASK, with_(undefined), undefined],
  ['task, revoked', TASK, with_(revoked), 'revoked'],
  ['task, again', TASK, with_({ ...keyed, task: 't' }), undefined],
  ['task, after its key', TASK, with_({ ...keyed, task: 't', expiresAt: NOW }), undefined],
  ['task, stopped', TASK, with_(stopped), 'key-over'],
  ['task, admitted', TASK, with_({ ...stopped, expiresAt: NOW }), undefined],
  ['token, of a task that has stopped', JOIN, with_(stopped, { join }), undefined],
  ['key, known', own('new'), with_(keyed), undefined],
  ['key, unknown', own('new'), with_(undefined), 'unknown-worker'],
  ['key, over', own('new'), with_({ ...keyed, expiresAt: NOW }), 'key-over'],
])('of who registers: %s', (_, proof, looked, reason) => {
  expect(whyNotLetIn(proof, looked, NOW)).toBe(reason);
});
