import { WorkerClient } from '../../src/worker';
import { grant, type Heard, KEY_ID, type ListeningBroker, listeningBroker, type Said, seconds, WORKER_KEY } from '../support/listening-broker';

const KEY = 's'.repeat(43);
const JOIN_ID = 'j'.repeat(22);
const JOIN_SECRET = 'J'.repeat(43);
const ASKED = { jobId: 'job-1', credentialId: 'c1' };

let broker: ListeningBroker;
beforeEach(async () => {
  broker = await listeningBroker();
});
afterEach(() => broker.stop());

const routes = (): readonly string[] => broker.heard.map(({ route }) => route);
const withKey = (key: string | (() => Promise<string>) = KEY): WorkerClient => new WorkerClient({ url: broker.url, workerId: 'w1', key });
/** Registers with a key of its own, made now or for the n-th time. */
function grantKey(heard: Heard, lifeSeconds = 3600): Said {
  if (heard.route !== 'register') return grant(heard);
  const made = broker.heard.filter(({ route }) => route === 'register').length;
  const body = { worker_id: 'w1', expires_at: String(seconds() + lifeSeconds), lease_seconds: '300', key_id: `${KEY_ID.slice(1)}${made}`, worker_key: WORKER_KEY.slice(1) + String(made) };
  return { body };
}
const join = (): Promise<WorkerClient> => WorkerClient.join({ url: broker.url, workerId: 'w1', token: `${JOIN_ID}.${JOIN_SECRET}` });

describe('with the shared key', () => {
  test('it registers before the first checkout, once, and signs all with that key and no proof beside', async () => {
    const client = withKey();
    await Promise.all([client.checkout(ASKED), client.checkout({ ...ASKED, credentialId: 'c2' })]);
    await client.exit();
    expect(routes()).toEqual(['register', 'checkout', 'checkout', 'exit']);
    expect(broker.heard.every((heard) => heard.isSignedWith(KEY) && heard.signed.proof.kind === 'shared')).toBe(true);
    expect(new Set(broker.heard.map(({ signed: { nonce } }) => nonce)).size).toBe(4);
  });

  test('a key that changes is asked for before each request', async () => {
    let turn = 0;
    const client = withKey(() => Promise.resolve(`${KEY}${turn++}`));
    await client.checkout(ASKED);
    expect(broker.heard.map((heard, index) => heard.isSignedWith(`${KEY}${index}`))).toEqual([true, true]);
  });

  test('what it asks for is named, and a lease is renewed and released by its id', async () => {
    const lease = await withKey().checkout(ASKED);
    await lease.renew();
    await lease.release();
    expect(broker.heard.slice(1).map(({ asked }) => asked)).toEqual([
      { route: 'checkout', ...ASKED }, { route: 'renew', ...ASKED, leaseId: 'l'.repeat(43) }, { route: 'release', ...ASKED, leaseId: 'l'.repeat(43) },
    ]);
  });

  test.each(['', 'a b', 'ü', 'x'.repeat(200), '../secret'])('an id such as %j is refused before anything is sent', async (id) => {
    await expect(withKey().checkout({ ...ASKED, jobId: id })).rejects.toThrow('job_id');
    await expect(withKey().checkout({ ...ASKED, credentialId: id })).rejects.toThrow('credential_id');
    expect(broker.heard).toEqual([]);
  });

  test('who is not let in gets no lease', async () => {
    broker.answer = (heard) => (heard.route === 'checkout' ? { status: 403, body: { error: 'forbidden' } } : grant(heard));
    await expect(withKey().checkout(ASKED)).rejects.toMatchObject({ name: 'BrokerRefusal', status: 403, code: 'forbidden' });
  });

  test('an answer without a usable credential is an error that shows nothing of it', async () => {
    broker.answer = (heard) => {
      const said = grant(heard);
      return heard.route === 'checkout' ? { body: { ...said.body as object, credential: { kind: 'ssh', pasword: 'canary-of-a-router' } } } : said;
    };
    await expect(withKey().checkout(ASKED)).rejects.toThrow(/^(?!.*canary).*none of the known forms/);
  });
});

describe('with a join token', () => {
  beforeEach(() => {
    broker.answer = grantKey;
  });

  test('the token signs one request, and the key that it was given the others', async () => {
    const client = await join();
    await client.checkout(ASKED);
    const [joined, checkedOut] = broker.heard;
    expect(routes()).toEqual(['register', 'checkout']);
    expect([joined?.isSignedWith(JOIN_SECRET), joined?.signed.proof]).toEqual([true, { kind: 'join', joinId: JOIN_ID }]);
    expect([checkedOut?.isSignedWith(`${WORKER_KEY.slice(1)}1`), checkedOut?.signed.proof]).toEqual([true, { kind: 'own', keyId: `${KEY_ID.slice(1)}1` }]);
  });

  test('a key that is old is renewed, signed with itself, and once for all who wait', async () => {
    broker.answer = (heard) => grantKey(heard, broker.heard.length === 1 ? 0 : 3600);
    const client = await join();
    await Promise.all([client.checkout(ASKED), client.checkout({ ...ASKED, credentialId: 'c2' })]);
    expect(routes()).toEqual(['register', 'register', 'checkout', 'checkout']);
    const [, renewed, ...rest] = broker.heard;
    expect(renewed?.isSignedWith(`${WORKER_KEY.slice(1)}1`)).toBe(true);
    expect(rest.every((heard) => heard.isSignedWith(`${WORKER_KEY.slice(1)}2`))).toBe(true);
  });

  test('a spent token is refused, and said so', async () => {
    broker.answer = () => ({ status: 401, body: { error: 'unauthenticated', time: String(seconds()) } });
    await expect(join()).rejects.toMatchObject({ status: 401 });
    expect(broker.heard).toHaveLength(1);
  });

  test.each(['', 'token', `${JOIN_ID}${JOIN_SECRET}`, `${JOIN_ID}.${JOIN_SECRET}.more`])('%j is no token', async (token) => {
    await expect(WorkerClient.join({ url: broker.url, workerId: 'w1', token })).rejects.toThrow(/^token: is no join token\.$/);
  });
});
