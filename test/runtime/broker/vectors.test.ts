import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { REFUSALS, ROUTE_NAMES, ROUTES } from '../../../src/broker/protocol/contract';
import { readAlbEvent } from '../../../src/runtime/broker/alb-event';
import { candidateKeys, joinSecret, workerKeyOf } from '../../../src/runtime/broker/keys';
import { readRequest, type RequestFault } from '../../../src/runtime/broker/read-request';
import { signatureOf, signerOf } from '../../../src/runtime/broker/signature';
import { VECTORS, VECTORS_FILE, vectorsText } from '../../../tools/generate-worker-vectors';
import { albEventOf, type SentRequest } from '../../support/worker-requests';

const { host, now, window_seconds: window, shared, master: own, valid, invalid, derived } = VECTORS;

const STATUS: Readonly<Record<RequestFault, number>> = { 'no-route': 404, 'too-large': 413, 'malformed': 400 };

/** As far as a request can be judged without a store. */
function statusOf(sent: SentRequest): number {
  const received = readAlbEvent(albEventOf(sent));
  const request = received ? readRequest(received) : 'malformed';
  if (typeof request === 'string') return STATUS[request];
  const { workerId, timestamp, proof, signature } = request.signed;
  if (request.host !== host || Math.abs(Number(now) - Number(timestamp)) > Number(window)) return 401;
  return signerOf(candidateKeys(proof, workerId, { shared, own }), request.canonical, signature) ? 200 : 401;
}

test('the published vectors are what the generator writes', () => {
  expect(fs.readFileSync(VECTORS_FILE, 'utf8')).toBe(vectorsText());
});

test.each(valid.map((vector) => [vector.name, vector] as const))('taken: %s', (_name, vector) => {
  const received = readAlbEvent(albEventOf(vector));
  expect(received && readRequest(received)).toMatchObject({ canonical: vector.canonical, signed: { signature: vector.signature } });
  expect(signatureOf(vector.key, vector.canonical)).toBe(vector.signature);
  expect(statusOf(vector)).toBe(200);
});

test.each(invalid.map((vector) => [vector.status, vector.name, vector] as const))('%d: %s', (status, _name, vector) => {
  expect(statusOf(vector)).toBe(status);
});

test.each(derived)('$what of $worker_id', ({ what, master, worker_id, id, key }) => {
  expect((what === 'join' ? joinSecret : workerKeyOf)(master, worker_id, id)).toBe(key);
});

test('every route is taken somewhere, and every refusal that needs no store is told somewhere', () => {
  expect(new Set(valid.map(({ path: sent }) => sent))).toEqual(new Set(ROUTE_NAMES.map((name) => ROUTES[name].path)));
  expect(new Set(invalid.map(({ error }) => error))).toEqual(new Set(['unauthenticated', 'malformed', 'too-large', 'not-found']));
  expect(invalid.map(({ error, status }) => [error, status])).toEqual(invalid.map(({ error }) => [error, Object.entries(REFUSALS).find(([name]) => name === error)?.[1].status]));
  const names = [...valid, ...invalid].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('Python comes to the same, with its standard library alone', () => {
  const output = execFileSync('python3', ['-I', path.join(__dirname, 'vectors.py'), VECTORS_FILE], { encoding: 'utf8' });
  expect(output).toBe(`${valid.length} valid, ${invalid.length} invalid, ${derived.length} derived\n`);
});

test('and Python notices a vector that is wrong', () => {
  const spoiled = { ...VECTORS, valid: valid.map((vector, index) => (index === 3 ? { ...vector, body: vector.body.replace('worker-1', 'worker-2') } : vector)) };
  expect(() => execFileSync('python3', ['-I', path.join(__dirname, 'vectors.py'), '-'], { input: JSON.stringify(spoiled), stdio: 'pipe' })).toThrow(/release with the shared key/);
});
