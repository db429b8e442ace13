import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { type BrokerConfiguration } from '../../../src/broker/contract';
import type { InviteAnswer } from '../../../src/broker/operations/contract';
import { BrokerRefusal, WorkerClient } from '../../../src/worker';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';

const JOINS = 10;
const LIFE = 300;
const LATE = LIFE + 30;
/** Of keys, in seconds: the third that is left when one is renewed is time enough for a slow machine. */
const BRIEF = 60;
const MOMENT = 2;
const TASK = '0123456789abcdef0123456789abcdef';

jest.setTimeout(120_000);

let stand: BrokerStand;
/** Two over the same tables, one whose clock is ahead of a token's end, and two whose keys last for seconds. */
let one: StandBroker;
let other: StandBroker;
let late: StandBroker;
let brief: StandBroker;
let momentary: StandBroker;

const ownKeys = (more: object = {}) => (configuration: BrokerConfiguration): BrokerConfiguration => {
  const phase = stand.phases['per-worker-keys'];
  return { ...configuration, phase: { ...phase, own: { ...phase.own, ...more } } };
};

beforeAll(async () => {
  stand = await BrokerStand.open();
  one = await stand.broker({ configure: ownKeys() });
  other = await stand.broker({ configure: ownKeys() });
  late = await stand.broker({ configure: ownKeys(), aheadMs: LATE * 1000 });
  brief = await stand.broker({ configure: ownKeys({ keyLifeSeconds: BRIEF }) });
  momentary = await stand.broker({ configure: ownKeys({ keyLifeSeconds: MOMENT }) });
}, 120_000);
afterAll(() => stand.stop());

const invite = async (worker: string, lifeSeconds = LIFE): Promise<string> => (await one.front.invoke({ invite: { worker, lifeSeconds } }) as InviteAnswer).token;
const join = (workerId: string, token: string, { url }: StandBroker = one): Promise<WorkerClient> => WorkerClient.join({ url, workerId, token });
const refusalOf = (joined: Promise<unknown>): Promise<unknown> => joined.then(() => 'joined', (error: unknown) => (error instanceof BrokerRefusal ? error.status : error));
const flipped = (text: string): string => `${text.startsWith('a') ? 'b' : 'a'}${text.slice(1)}`;
const reasonsOf = (worker: string): readonly unknown[] => stand.records.filter((record) => record.worker === worker && record.outcome === 'refused').map(({ reason }) => reason);

test('a worker joins by its token, and works with a key of its own', async () => {
  const worker = await join('w1', await invite('w1'));
  const jobId = await stand.job({ worker: 'w1' });
  expect(await worker.withLease({ jobId, credentialId: 'router' }, (credential) => Promise.resolve(credential.kind))).toBe('ssh');
  expect(stand.records.filter((record) => record.worker === 'w1').map(({ action, proof }) => [action, proof])).toEqual([
    ['INVOKE /invite', 'iam'], ['POST /worker/register', 'join'], ['POST /credentials/checkout', 'hmac'], ['POST /credentials/release', 'hmac'],
  ]);
});

describe('a stolen token', () => {
  test('that was used by the worker opens nothing, and its second use is told apart', async () => {
    const token = await invite('first');
    await join('first', token);
    expect(await refusalOf(join('first', token, other))).toBe(401);
    expect(reasonsOf('first')).toEqual(['spent-join']);
  });

  test('that a thief uses first keeps the worker out, who hears of it', async () => {
    const token = await invite('robbed');
    const thief = await join('robbed', token);
    expect(await refusalOf(join('robbed', token))).toBe(401);
    // Until somebody acts on the alarm.
    await one.front.invoke({ revoke: { worker: 'robbed' } });
    await expect(thief.checkout({ jobId: await stand.job({ worker: 'robbed' }), credentialId: 'router' })).rejects.toMatchObject({ status: 401 });
  });

  test('is of one worker alone', async () => {
    expect(await refusalOf(join('somebody-else', await invite('invited')))).toBe(401);
    expect(await stand.state()).not.toContain('worker#somebody-else');
  });

  test('is good for a time', async () => {
    const token = await invite('slow');
    const [joinId = '', key = ''] = token.split('.');
    const { status } = await late.worker('slow').send('register', {}, { key, proof: { join_id: joinId }, timestamp: Math.floor(Date.now() / 1000) + LATE });
    expect([status, reasonsOf('slow')]).toEqual([401, ['join-over']]);
    expect(await refusalOf(join('slow', token))).toBe('joined');
  });

  test('cannot be made up', async () => {
    const token = await invite('made-up');
    const [id = '', secret = ''] = token.split('.');
    for (const made of [`${flipped(id)}.${secret}`, `${id}.${flipped(secret)}`]) expect(await refusalOf(join('made-up', made))).toBe(401);
  });
});

test('of two joins with one token at once, at two brokers, one wins', async () => {
  for (let turn = 0; turn < JOINS; turn += 1) {
    const token = await invite(`race-${turn}`);
    const outcomes = await Promise.all([one, other].map((broker) => refusalOf(join(`race-${turn}`, token, broker))));
    expect(outcomes.map(String).sort()).toEqual(['401', 'joined']);
  }
});

test('a key that grows old is renewed by the way, and leases outlive it', async () => {
  const worker = await join('aging', await invite('aging'), brief);
  const jobId = await stand.job({ worker: 'aging' });
  const lease = await worker.checkout({ jobId, credentialId: 'router' });
  const real = performance.now.bind(performance);
  const later = jest.spyOn(performance, 'now').mockImplementation(() => real() + 0.7 * BRIEF * 1000);
  await lease.renew().finally(() => later.mockRestore());
  const registrations = stand.records.filter((record) => record.worker === 'aging' && record.action === 'POST /worker/register');
  expect(registrations.map(({ proof, outcome }) => [proof, outcome])).toEqual([['join', 'served'], ['hmac', 'served']]);
  await lease.release();
});

test('a key that nobody renewed in time opens nothing', async () => {
  const worker = await join('asleep', await invite('asleep'), momentary);
  await after((MOMENT + 1) * 1000);
  await expect(worker.checkout({ jobId: await stand.job({ worker: 'asleep' }), credentialId: 'router' })).rejects.toMatchObject({ status: 401 });
  expect(reasonsOf('asleep')).toEqual(['key-over']);
});

test('a worker\'s own key is nobody else\'s', async () => {
  const thief = one.worker('thief', '');
  expect((await thief.join(await invite('thief'))).status).toBe(200);
  const owner = one.worker('owner', '');
  expect((await owner.join(await invite('owner'))).status).toBe(200);
  const jobId = await stand.job({ worker: 'owner' });
  const asOwner = one.worker('owner', thief.key);
  for (const keyId of [thief.keyId, owner.keyId]) {
    asOwner.keyId = keyId;
    expect((await asOwner.checkout(jobId, 'router')).status).toBe(401);
  }
  expect((await thief.checkout(jobId, 'router')).status).toBe(403);
  expect((await owner.checkout(jobId, 'router')).status).toBe(200);
});

test('a key that all workers share opens nothing here', async () => {
  const { url } = one;
  expect(await refusalOf(new WorkerClient({ url, workerId: 'old', key: stand.shared.current }).register())).toBe(401);
});

describe('as a task', () => {
  /** STS, which in place of the emulator's says whose credentials these are, and the endpoint of tasks; all else is the emulator's. */
  let aws: Server;
  let arn = '';
  const sent: string[] = [];
  const before = { ...process.env };
  let broker: StandBroker;

  beforeAll(async () => {
    aws = createServer((asked, response) => {
      const answers: Readonly<Record<string, object>> = {
        '/metadata/task': { TaskARN: `arn:aws:ecs:${stand.emulator.region}:111122223333:task/workers/${TASK}` },
        '/credentials': { AccessKeyId: 'ASIAIOSFODNN7EXAMPLE', SecretAccessKey: 'canary-of-the-task', Token: 'token-of-the-task' },
      };
      const answer = answers[asked.url ?? ''];
      if (answer !== undefined) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      else if (asked.headers.host === `sts.${stand.emulator.region}.amazonaws.com`) {
        sent.push(String(asked.headers['x-worker-broker']));
        asked.resume().on('end', () => response.writeHead(200).end(`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`));
      } else {
        const on = request(`${stand.emulator.endpoint}${asked.url ?? ''}`, { method: asked.method, headers: asked.headers }, (answered) => {
          response.writeHead(answered.statusCode ?? 502, answered.headers);
          answered.pipe(response);
        });
        on.on('error', () => response.destroy());
        asked.pipe(on);
      }
    });
    aws.listen(0, '127.0.0.1');
    await once(aws, 'listening');
    const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
    Object.assign(process.env, { ECS_CONTAINER_METADATA_URI_V4: `${endpoint}/metadata`, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}/credentials`, WORKER_ID_PREFIX: 'pool' });
    broker = await stand.broker({ endpoint, configure: ownKeys({ tasks: { account: '111122223333', roles: [{ name: 'workers', prefix: 'pool' }] } }) });
  }, 60_000);
  afterAll(async () => {
    for (const name of ['ECS_CONTAINER_METADATA_URI_V4', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'WORKER_ID_PREFIX']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    aws.closeAllConnections();
    aws.close();
    await once(aws, 'close');
  });

  test('a worker of the pool joins as what it is, and STS is asked in the name of this broker, worker and nonce', async () => {
    arn = `arn:aws:sts::111122223333:assumed-role/workers/${TASK}`;
    const worker = await WorkerClient.joinAsTask({ url: broker.url });
    expect(worker.workerId).toBe(`pool-${TASK}`);
    const jobId = await stand.job({ worker: worker.workerId });
    expect(await worker.withLease({ jobId, credentialId: 'router' }, (credential) => Promise.resolve(credential.kind))).toBe('ssh');
    expect(stand.records.filter((record) => record.worker === worker.workerId).map(({ proof }) => proof)).toEqual(['task', 'hmac+task', 'hmac+task']);
    expect(sent).toEqual([expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1/pool-${TASK}/[A-Za-z0-9_-]{22,64}$`))]);
  });

  test.each([
    ['another role', `arn:aws:sts::111122223333:assumed-role/somebody/${TASK}`],
    ['another account', `arn:aws:sts::444455556666:assumed-role/workers/${TASK}`],
    ['another task', 'arn:aws:sts::111122223333:assumed-role/workers/ffffffffffffffffffffffffffffffff'],
    ['a user', 'arn:aws:iam::111122223333:user/workers'],
  ])('%s does not', async (_, whose) => {
    arn = whose;
    expect(await refusalOf(WorkerClient.joinAsTask({ url: broker.url }))).toBe(401);
  });

  test('nothing of a task\'s credentials is written down', async () => {
    for (const text of [stand.output, await stand.state()]) for (const secret of ['canary-of-the-task', 'token-of-the-task', 'AWS4-HMAC']) expect(text).not.toContain(secret);
  });
});

describe('a revocation', () => {
  test('ends the other tokens of its worker, also for the time after it is admitted', async () => {
    const [used, open] = [await invite('twice'), await invite('twice')];
    await join('twice', used);
    await one.front.invoke({ revoke: { worker: 'twice' } });
    expect(await refusalOf(join('twice', open))).toBe(401);
    await one.front.invoke({ admit: { worker: 'twice' } });
    expect(await refusalOf(join('twice', open))).toBe(401);
    expect(reasonsOf('twice')).toEqual(['revoked', 'revoked']);
    expect(await refusalOf(join('twice', await invite('twice')))).toBe('joined');
  });

  test('comes before a thief whose token nobody has used yet', async () => {
    const stolen = await invite('never-seen');
    expect(await one.front.invoke({ revoke: { worker: 'never-seen' } })).toEqual({ epoch: expect.any(Number) as number, wasUnknown: true });
    expect(await refusalOf(join('never-seen', stolen))).toBe(401);
    await one.front.invoke({ admit: { worker: 'never-seen' } });
    expect(await refusalOf(join('never-seen', stolen))).toBe(401);
    expect(await refusalOf(join('never-seen', await invite('never-seen')))).toBe('joined');
  });
});
