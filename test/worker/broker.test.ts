import { Broker } from '../../src/worker/broker';
import { BrokerRefusal } from '../../src/worker/broker-refusal';
import { grant, type ListeningBroker, listeningBroker, type Said, seconds } from '../support/listening-broker';

const KEY = 'k'.repeat(43);
let listening: ListeningBroker;
let waits: number[];
let broker: Broker;

beforeEach(async () => {
  listening = await listeningBroker();
  waits = [];
  broker = new Broker(listening.url, 'w1', (milliseconds) => {
    waits.push(milliseconds);
    return Promise.resolve();
  });
});
afterEach(() => listening.stop());

const register = (): Promise<unknown> => broker.ask('register', {}, () => ({ key: KEY }));
const refusal = (status: number, error: string, more: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}): Said => ({ status, body: { error, ...more }, headers });
/** Says these in turn, and then grants. */
function saying(...said: readonly Said[]): void {
  const left = [...said];
  listening.answer = (heard) => left.shift() ?? grant(heard);
}

test('a request is one that the broker reads, signed with the key for this host, with the time in it', async () => {
  await register();
  const [heard] = listening.heard;
  expect(heard?.isSignedWith(KEY)).toBe(true);
  expect(heard?.isSignedWith('other')).toBe(false);
  expect(heard?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'cdk-secure-core-worker' });
  expect(Math.abs(Number(heard?.signed.timestamp) - seconds())).toBeLessThanOrEqual(5);
});

test.each<[string, Said]>([
  ['too many', refusal(429, 'too-many', {}, { 'retry-after': '2' })],
  ['a store that is down', refusal(503, 'unavailable', {}, { 'retry-after': '5' })],
  ['a load balancer that has nobody to ask', { status: 502, body: '<html></html>' }],
  ['a connection that broke', { isCut: true }],
])('after %s it is asked again, with a new nonce and a new signature', async (_, said) => {
  saying(said);
  await register();
  expect(listening.heard).toHaveLength(2);
  expect(new Set(listening.heard.map(({ signed: { nonce } }) => nonce)).size).toBe(2);
  expect(listening.heard.every((heard) => heard.isSignedWith(KEY))).toBe(true);
});

test('it waits as long as it was told, and then some by chance, which grows', async () => {
  const later = refusal(503, 'unavailable', {}, { 'retry-after': '5' });
  saying(later, later, later);
  await register();
  expect(waits).toHaveLength(3);
  waits.forEach((wait, asked) => {
    expect(wait).toBeGreaterThanOrEqual(5000);
    expect(wait).toBeLessThanOrEqual(5000 + 1000 * 2 ** asked);
  });
});

test('it is asked again three times, and no more', async () => {
  listening.answer = () => refusal(503, 'unavailable', {}, { 'retry-after': '5' });
  await expect(register()).rejects.toMatchObject({ name: 'BrokerRefusal', status: 503, code: 'unavailable', retryAfter: 5, isTemporary: true });
  expect(listening.heard).toHaveLength(4);
});

test('who no longer needs an answer is not kept waiting, and nobody is asked again for it', async () => {
  const over = new AbortController();
  listening.answer = () => {
    over.abort();
    return refusal(503, 'unavailable', {}, { 'retry-after': '5' });
  };
  await expect(new Broker(listening.url, 'w1').ask('register', {}, () => ({ key: KEY }), over.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(listening.heard).toHaveLength(1);
});

test('a wait of over a minute is the caller\'s to decide', async () => {
  saying(refusal(429, 'too-many', {}, { 'retry-after': '61' }));
  await expect(register()).rejects.toMatchObject({ code: 'too-many', retryAfter: 61 });
  expect(waits).toEqual([]);
});

test.each([[400, 'malformed'], [401, 'unauthenticated'], [403, 'forbidden'], [404, 'not-found'], [413, 'too-large']] as const)('after %d %s it is never asked again', async (status, code) => {
  saying(refusal(status, code));
  await expect(register()).rejects.toMatchObject({ status, code, isTemporary: false });
  expect(listening.heard).toHaveLength(1);
});

test.each([[403, 'unauthenticated'], [200, 'forbidden'], [403, 'nobody-knows']] as const)('%d %s is not the broker\'s word', async (status, code) => {
  saying(refusal(status, code));
  const error: unknown = await register().catch((caught: unknown) => caught);
  expect(status === 200 ? error : (error as BrokerRefusal).code).toEqual(status === 200 ? expect.any(TypeError) : 'unknown');
  expect(listening.heard).toHaveLength(1);
});

test.each([[-100, 'behind'], [100, 'ahead of']])('a refusal says how far the clock is off: %d s', async (ahead, words) => {
  saying(refusal(401, 'unauthenticated', { time: String(seconds() - ahead) }));
  const error = await register().catch((caught: unknown) => caught);
  expect((error as BrokerRefusal).message).toContain(words);
  expect(Math.abs(((error as BrokerRefusal).clockAheadSeconds ?? 0) - ahead)).toBeLessThanOrEqual(2);
});

test('a clock that is well is not mentioned', async () => {
  saying(refusal(401, 'unauthenticated', { time: String(seconds()) }));
  await expect(register()).rejects.toThrow(/^(?!.*The clock of)/);
});

test('it follows nobody to another place', async () => {
  const elsewhere = await listeningBroker();
  listening.answer = () => ({ status: 307, headers: { location: `${elsewhere.url}/worker/register` } });
  await expect(register()).rejects.toThrow('does not answer');
  expect(elsewhere.heard).toEqual([]);
  await elsewhere.stop();
});

test.each([
  {}, { worker_id: 'w1', expires_at: '1', lease_seconds: '300' }, { worker_id: 'w1', expires_at: 1764000000, lease_seconds: '300' }, [], 'text', '<html></html>',
])('a 200 that is none of the protocol is an error: %j', async (body) => {
  saying({ body });
  await expect(register()).rejects.toThrow('none of the worker protocol');
  expect(listening.heard).toHaveLength(1);
});

test('a broker that is not there is asked four times, and the error says so without what was sent', async () => {
  await listening.stop();
  await expect(register()).rejects.toThrow('127.0.0.1 does not answer.');
  expect(waits).toHaveLength(3);
  listening = await listeningBroker();
});

test.each([
  'http://broker.example.com', 'ftp://broker.example.com', 'https://broker.example.com/path', 'https://broker.example.com/?a=b', 'https://user@broker.example.com', 'broker.example.com',
  'http://127.0.0.1.example.com',
])('%s is no address of a broker', (url) => {
  expect(() => new Broker(url, 'w1')).toThrow(TypeError);
});

test.each([
  'https://broker.example.com', 'https://BROKER.example.com/', 'https://broker.example.com:8443', 'http://localhost:3000',
])('%s is one, and its host is signed in lower case without a port', (url) => {
  expect(new Broker(url, 'w1').host).toMatch(/^(broker\.example\.com|localhost)$/);
});

test('an id that is none is refused before anything is sent', () => {
  expect(() => new Broker(listening.url, 'no id')).toThrow('worker_id');
});
