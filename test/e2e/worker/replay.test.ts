import { ROUTE_NAMES, ROUTES } from '../../../src/broker/protocol/contract';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';
import { freshNonce, type TestWorker, type WireAnswer } from '../../support/broker-worker';

/** How many nonces are raced for, and how many at a time. */
const [ROUNDS, AT_ONCE] = [1000, 20];
/** Of rounds that are played once more, because a busy machine's emulator did not answer in time. */
const MOST_UNDECIDED = 20;

let stand: BrokerStand;
/** Over the same tables. */
let one: StandBroker;
let other: StandBroker;

jest.setTimeout(600_000);

beforeAll(async () => {
  stand = await BrokerStand.open();
  [one, other] = await Promise.all([stand.broker(), stand.broker()]);
}, 180_000);
afterAll(() => stand.stop());

const told = ({ status }: WireAnswer): unknown => [status, stand.records.at(-1)?.reason];

async function registered(id: string): Promise<TestWorker> {
  const worker = one.worker(id);
  expect((await worker.register()).status).toBe(200);
  return worker;
}

test('a request that was sent before gets nothing, at this broker or at another one', async () => {
  const worker = await registered('w-replay');
  const request = worker.signed('checkout', { job_id: await stand.job({ worker: worker.id }), credential_id: 'router' });
  expect((await one.send(request)).status).toBe(200);
  for (const broker of [one, other]) expect(told(await broker.send(request))).toEqual([401, 'replayed']);
});

test('requests are taken in whichever order they come, each once', async () => {
  const worker = await registered('w-order');
  const fields = { job_id: await stand.job({ worker: worker.id }), credential_id: 'router' };
  const now = Math.floor(Date.now() / 1000);
  const requests = [now - 20, now - 10, now].map((timestamp) => worker.signed('checkout', fields, { timestamp }));
  for (const request of requests.toReversed()) expect((await one.send(request)).status).toBe(200);
  for (const request of requests) expect(told(await one.send(request))).toEqual([401, 'replayed']);
});

test('a nonce is used up for the worker that sent it, and for nobody else', async () => {
  const [mine, theirs] = [await registered('w-nonce-1'), await registered('w-nonce-2')];
  const nonce = freshNonce();
  expect((await mine.send('exit', {}, { nonce })).status).toBe(200);
  expect((await theirs.send('exit', {}, { nonce })).status).toBe(200);
  expect(told(await mine.send('register', {}, { nonce }))).toEqual([401, 'replayed']);
});

test('a signature that was moved to another route is none, and its request is still good where it belongs', async () => {
  const worker = await registered('w-moved');
  const asked = { job_id: await stand.job({ worker: worker.id }), credential_id: 'router' };
  const { body } = await worker.checkout(asked.job_id, 'router');
  const keeping = { ...asked, lease_id: String(body.lease_id) };
  const fields = { register: {}, checkout: asked, renew: keeping, release: keeping, exit: {} };
  for (const from of ROUTE_NAMES) {
    for (const to of ROUTE_NAMES.filter((route) => route !== from)) {
      const isAlike = ROUTES[from].fields.join() === ROUTES[to].fields.join();
      expect(told(await one.send({ ...worker.signed(from, fields[from]), path: ROUTES[to].path }))).toEqual(isAlike ? [401, 'bad-signature'] : [400, 'malformed']);
    }
  }
  const renewal = worker.signed('renew', keeping);
  expect((await one.send({ ...renewal, path: ROUTES.release.path })).status).toBe(401);
  expect((await one.send(renewal)).status).toBe(200);
});

test('of two brokers that are sent the same request at once, exactly one takes it, each time', async () => {
  const worker = await registered('w-race');
  const wrong: string[] = [];
  let undecided = 0;
  const race = async (from: number): Promise<void> => {
    for (let round = from; round < ROUNDS; round += AT_ONCE) {
      // Nobody assigned the job: whoever takes the request refuses it by 403, whoever finds its nonce used by 401.
      const request = worker.signed('checkout', { job_id: `job-${round}`, credential_id: 'router' });
      const statuses = (await Promise.all([one, other].map((broker) => broker.send(request)))).map(({ status }) => status).sort().join();
      if (statuses.endsWith('503') && ++undecided <= MOST_UNDECIDED) round -= AT_ONCE;
      else if (statuses !== '401,403') wrong.push(`${round}: ${statuses}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => race(index)));
  expect(wrong).toEqual([]);
  expect(stand.records.filter(({ worker: id, reason }) => id === worker.id && reason === 'no-job').length).toBeGreaterThanOrEqual(ROUNDS);
});
