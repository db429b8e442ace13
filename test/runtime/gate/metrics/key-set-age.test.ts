import type { KeySetConfiguration } from '../../../../src/gate/contract';
import { CachedKeySet } from '../../../../src/runtime/gate/identity/key-set';
import { createMetrics } from '../../../../src/runtime/gate/metrics';
import { CorpusKeys } from '../corpora/mint';

const ISSUER = 'https://login.acme.com/';
const BOUNDS: KeySetConfiguration = { source: 'mirror', uri: `${ISSUER}jwks.json`, ttlSeconds: 300, timeoutSeconds: 5, maxAttempts: 1, backoffSeconds: 1, maxBackoffSeconds: 1 };
const START = 1_900_000_000_000;

let now: number;
let fetchedAt: number;
let document: string;
let ages: number[];
let keySet: CachedKeySet;
beforeEach(() => {
  now = START;
  fetchedAt = START - 20_000;
  document = new CorpusKeys().document();
  ages = [];
  keySet = new CachedKeySet(() => Promise.resolve({ document, fetchedAt }), BOUNDS, {
    clock: () => now, wait: () => Promise.resolve(), log: { info: () => undefined, warn: () => undefined }, taken: (age) => ages.push(age),
  });
});

test('a key set that is taken says how old it was when its issuer was asked', async () => {
  await keySet.find('RS256', 'any');
  expect(ages).toEqual([20]);
});

test('one that is not renewed says nothing, so that its age goes on from there', async () => {
  await keySet.find('RS256', 'published');
  now += 301_000;
  document = 'rubbish';
  await keySet.find('RS256', 'published');
  expect(ages).toEqual([20]);
  now += 10_000;
  document = new CorpusKeys().document();
  fetchedAt = now - 1000;
  await keySet.find('RS256', 'published');
  // Nobody whose key is known waits for an issuer that has failed before.
  while (ages.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(ages).toEqual([20, 1]);
});

test('one whose clock is ahead of ours is not younger than nothing', async () => {
  fetchedAt = START + 5000;
  await keySet.find('RS256', 'any');
  expect(ages).toEqual([0]);
});

test('the metric grows from there', async () => {
  const metrics = createMetrics({ clock: () => now });
  keySet = new CachedKeySet(() => Promise.resolve({ document, fetchedAt }), BOUNDS, {
    clock: () => now, wait: () => Promise.resolve(), log: { info: () => undefined, warn: () => undefined }, taken: (age) => metrics.keySetAge(ISSUER, age),
  });
  await keySet.find('RS256', 'any');
  now += 100_000;
  expect(await metrics.registry.getSingleMetricAsString('gateway_jwks_age_seconds')).toContain(`gateway_jwks_age_seconds{issuer="${ISSUER}"} 120`);
});
