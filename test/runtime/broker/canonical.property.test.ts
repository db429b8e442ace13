import fc from 'fast-check';
import { BODY_BYTES, COMMON_FIELDS, type FieldName, PROTOCOL_VERSION, ROUTE_NAMES, type RouteName, ROUTES, ZERO_SIGNATURE } from '../../../src/broker/protocol/contract';
import { canonicalOf, type CanonicalParts, digestOf } from '../../../src/runtime/broker/canonical';
import { candidateKeys } from '../../../src/runtime/broker/keys';
import { readRequest, type WorkerRequest } from '../../../src/runtime/broker/read-request';
import { signatureOf, signerOf } from '../../../src/runtime/broker/signature';
import { albRequestOf } from '../../support/worker-requests';

/** A failure names its seed: put `seed` and `path` behind `numRuns` to see it again. */
const RUNS = { numRuns: 2000 };
const KEY = 'k'.repeat(43);
const RINGS = { shared: { current: KEY, previous: 'p'.repeat(43), next: 'n'.repeat(43) }, own: { current: 'm'.repeat(43), previous: 'm'.repeat(43), next: 'o'.repeat(43) } };

const LETTERS = 'abcdefXYZ0123456789';
const URL_SAFE = `${LETTERS}-_`;
type Form = (seed: number) => string;
/** Of a seed, since thousands of texts that are drawn character by character take a minute. */
const textOf = (first: string, rest: string, least: number, most: number): Form => (seed) => {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return Array.from({ length: least + state % (most - least + 1) }, (_, index) => {
    const alphabet = index === 0 ? first : rest;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return alphabet[(state >>> 16) % alphabet.length] ?? '';
  }).join('');
};

const FORMS: Readonly<Record<FieldName, Form>> = {
  version: () => PROTOCOL_VERSION,
  worker_id: textOf(LETTERS, `${LETTERS}._-`, 1, 64),
  timestamp: (seed) => String(1_000_000_000 + seed),
  nonce: textOf(URL_SAFE, URL_SAFE, 22, 64),
  hmac_signature: () => ZERO_SIGNATURE,
  key_id: textOf(URL_SAFE, URL_SAFE, 22, 22),
  join_id: textOf(URL_SAFE, URL_SAFE, 22, 22),
  task_proof: textOf(URL_SAFE, URL_SAFE, 1, 300),
  job_id: textOf(LETTERS, `${LETTERS}._:-`, 1, 128),
  credential_id: textOf(LETTERS, `${LETTERS}._-`, 1, 64),
  lease_id: textOf(URL_SAFE, URL_SAFE, 43, 43),
};

interface Signed {
  readonly route: RouteName;
  readonly host: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

const seed = fc.nat({ max: 2 ** 31 - 1 });

/** A request that is well signed, whatever its route, its order and its blanks. */
const hosts = fc.constantFrom('a.example', 'ab.example');
const signed: fc.Arbitrary<Signed> = fc.tuple(fc.constantFrom(...ROUTE_NAMES), hosts, fc.nat({ max: 3 }), fc.nat({ max: 12 }), fc.constantFrom('', ' ', '  '), seed)
  .map(([route, host, proofAt, turn, blank, from]) => {
    const { fields: own, proofs } = ROUTES[route];
    const proof = proofs[proofAt];
    const names: FieldName[] = [...COMMON_FIELDS, ...own, ...(proof === undefined ? [] : [proof])];
    const order = names.map((_, index) => names[(index + turn) % names.length] ?? 'version');
    const fields: Record<string, string> = Object.fromEntries(names.map((name, index) => [name, FORMS[name]((from + index) % 2 ** 31)]));
    const zeroed = `${blank}{${order.map((name) => `"${name}"${blank}:"${fields[name] ?? ''}"`).join(`,${blank}`)}}${blank}`;
    const parts = partsOf({ path: ROUTES[route].path, host, fields }, zeroed);
    const kind = proof === undefined ? 'shared' : ({ key_id: 'own', join_id: 'join', task_proof: 'task' } as const)[proof];
    const value = fields[proof ?? ''] ?? '';
    const key = candidateKeys({ kind, keyId: value, joinId: value, taskProof: value }, parts.workerId, RINGS)[0]?.key ?? '';
    return { route, host, fields, body: zeroed.replace(`"${ZERO_SIGNATURE}"`, `"${signatureOf(key, canonicalOf(parts))}"`) };
  });

function partsOf({ path, host, fields }: { readonly path: string; readonly host: string; readonly fields: Readonly<Record<string, string>> }, zeroed: string): CanonicalParts {
  const { worker_id: workerId = '', timestamp = '', nonce = '' } = fields;
  return { path, host, workerId, timestamp, nonce, bodyDigest: digestOf(zeroed) };
}

const isTaken = (request: WorkerRequest | string): boolean => typeof request !== 'string'
  && signerOf(candidateKeys(request.signed.proof, request.signed.workerId, RINGS), request.canonical, request.signed.signature) !== undefined;
const read = ({ route, host, body }: { readonly route: RouteName; readonly host: string; readonly body: string | Buffer }): WorkerRequest | string =>
  readRequest(albRequestOf({ host, path: ROUTES[route].path, body }));

test('whatever is well signed is taken, and read as it was written', () => {
  fc.assert(fc.property(signed, ({ route, host, fields, body }) => {
    const request = read({ route, host, body });
    if (typeof request === 'string') throw new Error(request);
    const { signed: { workerId, timestamp, nonce }, asked } = request;
    const written = [host, route, ...['worker_id', 'timestamp', 'nonce', ...ROUTES[route].fields].map((name) => fields[name])];
    const { route: readRoute, ...others } = asked;
    return isTaken(request) && JSON.stringify([request.host, readRoute, workerId, timestamp, nonce, ...Object.values(others)]) === JSON.stringify(written);
  }), RUNS);
});

test('no request is taken after a byte of its body was changed', () => {
  fc.assert(fc.property(signed, fc.nat(), fc.integer({ min: 1, max: 255 }), (request, place, change) => {
    const body = Buffer.from(request.body);
    const index = place % body.length;
    body[index] = (body[index] ?? 0) ^ change;
    return !isTaken(read({ ...request, body }));
  }), RUNS);
});

test('nor after one was put in, left out, or moved', () => {
  fc.assert(fc.property(signed, fc.nat(), fc.constantFrom(' ', '0', '"', ',', 'a', '}'), (request, place, byte) => {
    const index = place % request.body.length;
    const [before, at, after] = [request.body.slice(0, index), request.body[index] ?? '', request.body.slice(index + 1)];
    const swapped = `${before}${after.slice(0, 1)}${at}${after.slice(1)}`;
    return [before + byte + at + after, before + after, swapped].every((body) => body === request.body || !isTaken(read({ ...request, body })));
  }), RUNS);
});

test('nor at another route, nor by another host', () => {
  fc.assert(fc.property(signed, fc.constantFrom(...ROUTE_NAMES), (request, route) => {
    return isTaken(read({ ...request, route })) === (route === request.route) && !isTaken(read({ ...request, host: `${request.host}.org` }));
  }), RUNS);
});

test('two different requests never share what is signed', () => {
  // Of few letters, so that the ends of two texts often meet.
  const short = fc.string({ unit: fc.constantFrom('a', '1', '.', '/'), maxLength: 3 });
  const parts = fc.record({ path: short, host: short, workerId: short, timestamp: short, nonce: short, bodyDigest: short });
  fc.assert(fc.property(parts, parts, (one, other) => {
    return (canonicalOf(one) === canonicalOf(other)) === (JSON.stringify(one) === JSON.stringify(other));
  }), RUNS);
});

test('no body is of two signatures, and no signature of two bodies', () => {
  // Zeros in the place of a nonce, and a signature where another one's zeros are: all of these are the same once they are hashed, or none is read.
  const values = fc.constantFrom('a'.repeat(64), 'b'.repeat(64), ZERO_SIGNATURE);
  const body = fc.tuple(values, values).map(([nonce, signature]) => `{"version":"1","worker_id":"w","timestamp":"1767225600","nonce":"${nonce}","hmac_signature":"${signature}"}`);
  fc.assert(fc.property(body, body, (one, other) => {
    const [first, second] = [one, other].map((text) => read({ route: 'exit', host: 'a.example', body: text }));
    if (typeof first !== 'object' || typeof second !== 'object' || first.canonical !== second.canonical) return true;
    return one.replace(first.signed.signature, '') === other.replace(second.signed.signature, '');
  }), RUNS);
});

test('nothing that is sent makes the reader fail', () => {
  const junk = fc.oneof(fc.uint8Array({ maxLength: BODY_BYTES.most + 8 }).map((bytes) => Buffer.from(bytes)), fc.json().map((text) => Buffer.from(text)), fc.string().map((text) => Buffer.from(text)));
  fc.assert(fc.property(junk, fc.constantFrom(...ROUTE_NAMES), (body, route) => {
    expect(['malformed', 'too-large']).toContain(read({ route, host: 'a.example', body }));
  }), { numRuns: 1000 });
});
