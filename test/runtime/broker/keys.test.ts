import { createHash, createHmac } from 'node:crypto';
import { candidateKeys, joinSecret, workerKeyOf } from '../../../src/runtime/broker/keys';

const SHARED = { current: 'shared-current', previous: 'shared-previous', next: 'shared-next' };
const OWN = { current: 'own-current', previous: 'own-previous', next: 'own-next' };
const WORKER = 'w';

test('a key is of its master, its worker, its id and its use', () => {
  const keys = [workerKeyOf('m', 'w', 'i'), workerKeyOf('n', 'w', 'i'), workerKeyOf('m', 'v', 'i'), workerKeyOf('m', 'w', 'j'), Buffer.from(joinSecret('m', 'w', 'i'), 'base64url').toString('hex')];
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys[0]).toBe(createHmac('sha256', 'm').update('worker-key\nw\ni').digest('hex'));
  expect(joinSecret('m', 'w', 'i')).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('a request is tried with all three values of the ring that it names', () => {
  const rings = { shared: SHARED, own: OWN };
  expect(candidateKeys({ kind: 'shared' }, WORKER, rings)).toEqual([
    { key: SHARED.current, field: 'current' }, { key: SHARED.previous, field: 'previous' }, { key: SHARED.next, field: 'next' },
  ]);
  expect(candidateKeys({ kind: 'own', keyId: 'i' }, WORKER, rings).map(({ key }) => key)).toEqual([OWN.current, OWN.previous, OWN.next].map((master) => workerKeyOf(master, WORKER, 'i')));
  expect(candidateKeys({ kind: 'join', joinId: 'i' }, WORKER, rings).map(({ key }) => key)).toEqual([OWN.current, OWN.previous, OWN.next].map((master) => joinSecret(master, WORKER, 'i')));
  expect(candidateKeys({ kind: 'task', taskProof: 'p' }, WORKER, rings)).toEqual([{ key: createHash('sha256').update('p').digest('hex') }]);
});

test('where a ring is not there, nothing that names it can be signed', () => {
  expect(candidateKeys({ kind: 'shared' }, WORKER, { own: OWN })).toEqual([]);
  for (const proof of [{ kind: 'own', keyId: 'i' }, { kind: 'join', joinId: 'i' }, { kind: 'task', taskProof: 'p' }] as const) expect(candidateKeys(proof, WORKER, { shared: SHARED })).toEqual([]);
});
