import { isDeepStrictEqual } from 'node:util';
import type { BrokerConfiguration } from '../../../src/broker/contract';
import { readTrail } from '../../../src/runtime/gate/audit/read-trail';
import { RING_FIELDS } from '../../../src/secrets/contract';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';
import { freshNonce, sendTo, type WireAnswer, type WireRequest } from '../../support/broker-worker';

let stand: BrokerStand;
/** Of phase 2. */
let broker: StandBroker;
/** Of phase 3, over the same tables. */
let own: StandBroker;

jest.setTimeout(120_000);

beforeAll(async () => {
  stand = await BrokerStand.open();
  broker = await stand.broker();
  own = await stand.broker({ configure: changed({ phase: stand.phases['per-worker-keys'] }) });
}, 180_000);
afterAll(() => stand.stop());

const FORBIDDEN = '{"error":"forbidden"}';
const invite = async (worker: string): Promise<string> => (await own.front.invoke({ invite: { worker, lifeSeconds: 60 } }) as { readonly token: string }).token;
const lastReason = (): string | undefined => stand.records.at(-1)?.reason;
const changed = (changes: Partial<BrokerConfiguration>) => (configuration: BrokerConfiguration): BrokerConfiguration => ({ ...configuration, ...changes });

interface Lent { readonly job: string; readonly lease: unknown; readonly answer: WireAnswer }
async function lent(worker: ReturnType<StandBroker['worker']>, credential = 'router'): Promise<Lent> {
  const job = await stand.job({ worker: worker.id, credentials: ['router', 'switch', 'portal'] });
  const answer = await worker.checkout(job, credential);
  expect(answer.status).toBe(200);
  return { job, lease: answer.body.lease_id, answer };
}

describe('a worker of phase 2', () => {
  test('registers, checks out of each store, renews, releases and leaves', async () => {
    const worker = broker.worker('w-life');
    const registered = await worker.register();
    expect(registered).toMatchObject({ status: 200, body: { worker_id: 'w-life', lease_seconds: '300', expires_at: expect.stringMatching(/^\d{10}$/) as string } });
    expect(registered.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store', 'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    for (const [index, kind] of ['ssh', 'snmp', 'api_key'].entries()) {
      const { id = '', value } = stand.credentials[index] ?? {};
      expect((await lent(worker, id)).answer.body.credential).toEqual({ kind, ...value });
    }
    const { job, lease, answer } = await lent(worker);
    expect(await worker.checkout(job, 'router')).toMatchObject({ status: 200, body: { ...answer.body } });
    const renewed = await worker.lease('renew', job, 'router', lease);
    expect(renewed).toMatchObject({ status: 200, body: { lease_id: lease } });
    expect(Number(renewed.body.expires_at)).toBeGreaterThanOrEqual(Number(answer.body.expires_at));
    expect(await worker.lease('release', job, 'router', lease)).toMatchObject({ status: 200, text: '{}' });
    expect(await worker.lease('renew', job, 'router', lease)).toMatchObject({ status: 403, text: FORBIDDEN });
    const { job: other, lease: left } = await lent(worker);
    expect(await worker.send('exit')).toMatchObject({ status: 200, text: '{}' });
    expect(await worker.lease('renew', other, 'router', left)).toMatchObject({ status: 403, text: FORBIDDEN });
    expect(lastReason()).toBe('lease-over');
  });

  test('may not sign with an old clock, for another route, for another host, or with another key', async () => {
    const worker = broker.worker('w-wrong');
    await worker.register();
    const now = Math.floor(Date.now() / 1000);
    const refusals: readonly [object, string][] = [
      [{ timestamp: now - 70 }, 'stale-timestamp'], [{ timestamp: now + 70 }, 'stale-timestamp'], [{ signedPath: '/credentials/checkout' }, 'bad-signature'],
      [{ host: 'other.example.org' }, 'bad-signature'], [{ key: stand.own.current }, 'bad-signature'], [{ proof: { key_id: freshNonce() } }, 'bad-signature'],
      [{ proof: { join_id: freshNonce() } }, 'bad-signature'],
    ];
    for (const [options, reason] of refusals) {
      expect(await worker.send('register', {}, options)).toMatchObject({ status: 401, body: { error: 'unauthenticated', time: expect.stringMatching(/^\d{10}$/) as string } });
      expect(lastReason()).toBe(reason);
    }
    expect(await sendTo(broker.port, { ...worker.signed('register'), headers: { host: 'other.example.org' } })).toMatchObject({ status: 401 });
    for (const key of [stand.shared.previous, stand.shared.next]) expect((await worker.send('register', {}, { key })).status).toBe(200);
  });

  test('is told the same of a job that is not there and of what is not its own', async () => {
    const [worker, other] = [broker.worker('w-mine'), broker.worker('w-other')];
    await Promise.all([worker.register(), other.register()]);
    const { job, lease } = await lent(worker);
    const refused: readonly [Promise<WireAnswer>, string][] = [
      [other.checkout(job, 'router'), 'not-your-job'], [other.checkout('job-none', 'router'), 'no-job'], [other.lease('renew', job, 'router', lease), 'not-your-job'],
      [other.lease('release', job, 'router', lease), 'lease-over'], [worker.checkout(job, 'nothing'), 'not-in-job'],
      [worker.checkout(await stand.job({ worker: worker.id, credentials: ['nothing'] }), 'nothing'), 'no-credential'],
      [worker.checkout(await stand.job({ worker: worker.id, lifeSeconds: -1 }), 'router'), 'job-over'],
      [worker.checkout(await stand.job({ worker: worker.id, lifeSeconds: 90_000 }), 'router'), 'job-malformed'],
      [worker.checkout(await stand.job({}), 'router'), 'job-malformed'],
    ];
    const answers = await Promise.all(refused.map(([answer]) => answer));
    expect(answers.map(({ status, text }) => [status, text])).toEqual(refused.map(() => [403, FORBIDDEN]));
    const reasons = stand.records.slice(-refused.length).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(refused.map(([, reason]) => reason).sort());
    // The one key is everybody's: who signs as another one is that one.
    expect((await other.send('checkout', { job_id: job, credential_id: 'router' }, { workerId: worker.id })).status).toBe(200);
  });

  test('is nobody before it registers, and after somebody revoked it, in the middle of a lease', async () => {
    const worker = broker.worker('w-revoked');
    const early = await stand.job({ worker: worker.id });
    expect([(await worker.checkout(early, 'router')).status, lastReason()]).toEqual([401, 'unknown-worker']);
    await worker.register();
    const { job, lease } = await lent(worker);
    expect(await broker.front.invoke({ revoke: { worker: worker.id } })).toEqual({ epoch: expect.any(Number) as number });
    for (const ask of [() => worker.lease('renew', job, 'router', lease), () => worker.checkout(job, 'router'), () => worker.register()]) {
      expect([(await ask()).status, lastReason()]).toEqual([401, 'revoked']);
    }
    await broker.front.invoke({ admit: { worker: worker.id } });
    expect((await worker.register()).status).toBe(200);
    expect((await worker.lease('renew', job, 'router', lease)).status).toBe(403);
    expect((await worker.checkout(job, 'router')).body.lease_id).not.toBe(lease);
  });

  test('keeps no lease beyond its time, nor beyond what it may be renewed for', async () => {
    const short = await stand.broker({ configure: changed({ leases: { ttlSeconds: 1, longestSeconds: 2, onExit: 'revoke' } }) });
    const worker = short.worker('w-short');
    await worker.register();
    const { job, lease, answer } = await lent(worker);
    expect(Number(answer.body.renewable_until)).toBe(Number(answer.body.expires_at) + 1);
    while (Date.now() < 1000 * Number(answer.body.expires_at)) await new Promise((resolve) => setTimeout(resolve, 100));
    expect([(await worker.lease('renew', job, 'router', lease)).status, lastReason()]).toEqual([403, 'lease-over']);
    expect((await worker.checkout(job, 'router')).body.lease_id).not.toBe(lease);
  });

  test('is limited by itself', async () => {
    const limited = await stand.broker({ configure: changed({ requestsPerMinute: 3 }) });
    const [worker, other] = [limited.worker('w-fast'), limited.worker('w-slow')];
    const answers: WireAnswer[] = [];
    // Two minutes may begin meanwhile.
    while (answers.length < 10) answers.push(await worker.register());
    expect(answers.find(({ status }) => status === 429)).toMatchObject({ text: '{"error":"too-many"}', headers: { 'retry-after': expect.stringMatching(/^\d{1,2}$/) as string } });
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(6);
    expect((await other.register()).status).toBe(200);
  });

  test('claims a job that names nobody where jobs are for whoever comes first', async () => {
    const first = await stand.broker({ configure: changed({ binding: 'first-to-claim' }), environments: 4 });
    const workers = ['w-a', 'w-b', 'w-c', 'w-d'].map((id) => first.worker(id));
    await Promise.all(workers.map((worker) => worker.register()));
    const job = await stand.job({ credentials: ['router', 'switch'] });
    const answers = await Promise.all(workers.map((worker) => worker.checkout(job, 'router')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403]);
    const others = await Promise.all(workers.map((worker) => worker.checkout(job, 'switch')));
    expect(others.map(({ status }) => status)).toEqual(answers.map(({ status }) => status));
  });
});

test.each<[string, Partial<WireRequest>, number, string]>([
  ['another path', { path: '/credentials' }, 404, 'no-route'], ['the path of another case', { path: '/Worker/register' }, 404, 'no-route'], ['another method', { method: 'PUT' }, 404, 'no-route'],
  ['a query', { path: '/worker/register?x=1' }, 400, 'malformed'], ['no JSON', { body: 'canary' }, 400, 'malformed'], ['another type', { headers: { 'content-type': 'text/plain' } }, 400, 'malformed'],
  ['too much', { body: `{"x":"${'y'.repeat(4096)}"}` }, 413, 'too-large'], ['much too much', { body: 'y'.repeat(1_000_000) }, 413, 'too-large'],
  ['as much as may be', { body: `{"x":"${'y'.repeat(4088)}"}` }, 400, 'malformed'],
  ['nothing', { body: '' }, 400, 'malformed'],
  ['two hosts in one', { headers: { host: 'a, b' } }, 400, 'malformed'], ['a packed body', { headers: { 'content-encoding': 'gzip' } }, 400, 'malformed'],
])('%s is none of the protocol, and is recorded without a word of it', async (_, changes, status, reason) => {
  expect(await broker.send({ ...broker.worker('w-canary').signed('register'), ...changes })).toMatchObject({ status, headers: { 'cache-control': 'no-store' } });
  expect(stand.records.at(-1)).toMatchObject({ reason, status, outcome: 'refused', action: reason === 'no-route' ? 'POST -' : 'POST /worker/register' });
  expect(stand.records.at(-1)?.worker).toBeUndefined();
  expect(stand.output).not.toContain('w-canary');
});

describe('a worker of phase 3', () => {
  test('joins once by its token, and has a key of its own, by which it makes the next one', async () => {
    const token = await invite('w-own');
    const worker = own.worker('w-own');
    const joined = await worker.join(token);
    expect(joined).toMatchObject({ status: 200, body: { key_id: expect.stringMatching(/^[\w-]{22}$/) as string, worker_key: expect.stringMatching(/^[0-9a-f]{64}$/) as string } });
    const { job, lease } = await lent(worker);
    const thief = own.worker('w-own');
    expect([(await thief.join(token)).status, lastReason()]).toEqual([401, 'spent-join']);
    const [former, formerId] = [worker.key, worker.keyId ?? ''];
    expect((await worker.register()).status).toBe(200);
    expect(worker.keyId).not.toBe(formerId);
    expect((await worker.lease('renew', job, 'router', lease)).status).toBe(200);
    // For a minute, requests that are under way may still be signed with the one before.
    expect((await worker.send('checkout', { job_id: job, credential_id: 'router' }, { key: former, proof: { key_id: formerId } })).status).toBe(200);
    // Whoever did not hear of his next key asks for another one by the one he has.
    const [lost] = [worker.key];
    expect((await worker.send('register', {}, { key: former, proof: { key_id: formerId } })).status).toBe(200);
    expect([(await worker.send('exit', {}, { key: lost })).status, lastReason()]).toEqual([401, 'key-over']);
    [worker.key, worker.keyId] = [former, formerId];
    await worker.register();
    await worker.register();
    expect([(await worker.send('exit', {}, { key: former, proof: { key_id: formerId } })).status, lastReason()]).toEqual([401, 'key-over']);
  });

  test('cannot be another one by its own key, nor by the shared one', async () => {
    const [mine, theirs] = [own.worker('w-mine-3'), own.worker('w-theirs-3')];
    await mine.join(await invite(mine.id));
    await theirs.join(await invite(theirs.id));
    const { job } = await lent(theirs);
    expect((await mine.checkout(job, 'router')).status).toBe(403);
    for (const options of [{ workerId: theirs.id }, { workerId: theirs.id, proof: { key_id: theirs.keyId ?? '' } }, { key: stand.shared.current, workerId: theirs.id, proof: {} }]) {
      expect([(await mine.send('checkout', { job_id: job, credential_id: 'router' }, options)).status, lastReason()]).toEqual([401, 'bad-signature']);
    }
    const token = await invite(theirs.id);
    expect([(await mine.join(token)).status, lastReason()]).toEqual([401, 'bad-signature']);
  });

  test('wins alone where a token is used twice at once', async () => {
    const twins = await stand.broker({ configure: changed({ phase: stand.phases['per-worker-keys'] }), environments: 4 });
    for (let round = 0; round < 5; round++) {
      const token = await invite(`w-race-${round}`);
      const answers = await Promise.all([0, 1, 2, 3].map(() => twins.worker(`w-race-${round}`).join(token)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    }
  });

  test('is told apart from workers with the shared key during a migration, until its date', async () => {
    const migrating = await stand.broker({ configure: changed({ phase: stand.phases.migration }) });
    const [old, young] = [migrating.worker('w-old'), migrating.worker('w-young')];
    expect((await old.register()).status).toBe(200);
    expect((await young.join(await invite(young.id))).status).toBe(200);
    expect([(await migrating.worker(young.id).register()).status, lastReason()]).toEqual([401, 'key-over']);
    expect((await lent(old)).answer.status).toBe(200);
    expect((await lent(young)).answer.status).toBe(200);
    const later = await stand.broker({ configure: changed({ phase: { ...stand.phases.migration, until: '2020-01-01' } }) });
    expect([(await later.worker('w-old').register()).status, lastReason()]).toEqual([401, 'shared-key-over']);
  });

  test('is out with all others while the fleet is closed, and no lease of before comes back', async () => {
    const worker = own.worker('w-fleet');
    await worker.join(await invite(worker.id));
    const { job, lease } = await lent(worker);
    await own.front.invoke({ revokeAll: { close: true } });
    expect([(await worker.checkout(job, 'router')).status, lastReason()]).toEqual([401, 'fleet-closed']);
    expect((await own.front.invoke({ list: {} }) as { readonly fleet: object }).fleet).toEqual({ epoch: 1, closed: expect.any(Number) as number });
    await own.front.invoke({ open: {} });
    expect((await worker.lease('renew', job, 'router', lease)).status).toBe(403);
    expect((await worker.checkout(job, 'router')).status).toBe(200);
    const { workers } = await own.front.invoke({ list: {} }) as { readonly workers: readonly object[] };
    expect(workers).toContainEqual({ worker: 'w-fleet', state: 'active', kind: 'own', registeredAt: expect.any(Number) as number, expiresAt: expect.any(Number) as number });
  });
});

test('every request has a record, in order, and no record, metric, log or item holds a value or a key', async () => {
  const trails = readTrail(stand.output.split('\n'));
  expect(trails.length).toBeGreaterThan(3);
  for (const trail of trails) expect(trail).toMatchObject({ missing: 0, isInOrder: true, isEnded: true });
  const everything = stand.output + await stand.state();
  const keys = RING_FIELDS.flatMap((field) => [stand.shared[field], stand.own[field]]);
  for (const secret of [...stand.credentials.map(({ canary }) => canary), ...keys]) expect(everything).not.toContain(secret);
  expect(stand.records.filter(({ outcome }) => outcome === 'served').every(({ worker, proof }) => worker !== undefined && proof !== undefined)).toBe(true);
  expect(stand.records.filter(({ reason }) => reason === 'bad-signature').every(({ worker, job }) => isDeepStrictEqual([worker, job], [undefined, undefined]))).toBe(true);
});
