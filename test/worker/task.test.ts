import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STSClient } from '@aws-sdk/client-sts';
import { taskWorkerId, WorkerClient } from '../../src/worker';
import { taskProof } from '../../src/worker/task';
import { grant, KEY_ID, type ListeningBroker, listeningBroker, WORKER_KEY } from '../support/listening-broker';

const TASK = '0123456789abcdef0123456789abcdef';
const CREDENTIALS = { AccessKeyId: 'ASIAIOSFODNN7EXAMPLE', SecretAccessKey: 'secret-of-the-task', Token: 'token-of-the-task', Expiration: '2030-01-01T00:00:00Z' };
const PROVEN = { host: 'broker.example.com', workerId: `pool-${TASK}`, nonce: 'n'.repeat(22) };

let ecs: Server;
let told: Readonly<Record<string, unknown>>;
const before = { ...process.env };

beforeEach(async () => {
  told = { '/metadata/task': { TaskARN: `arn:aws:ecs:eu-central-1:111122223333:task/workers/${TASK}` }, '/credentials': CREDENTIALS };
  ecs = createServer(({ url = '' }, response) => {
    const answer = told[url];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  ecs.listen(0, '127.0.0.1');
  await once(ecs, 'listening');
  const url = `http://127.0.0.1:${(ecs.address() as AddressInfo).port}`;
  Object.assign(process.env, { ECS_CONTAINER_METADATA_URI_V4: `${url}/metadata`, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/credentials`, WORKER_ID_PREFIX: 'pool' });
});
afterEach(async () => {
  for (const name of ['ECS_CONTAINER_METADATA_URI_V4', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'WORKER_ID_PREFIX']) {
    if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before[name];
  }
  ecs.closeAllConnections();
  ecs.close();
  await once(ecs, 'close');
});

const toldIn = (proof: string): Readonly<Record<string, string>> => JSON.parse(Buffer.from(proof, 'base64url').toString()) as Record<string, string>;

test('a worker is named after its pool and its task', async () => {
  expect(await taskWorkerId()).toBe(`pool-${TASK}`);
});

test('a proof is what the SDK of AWS would sign for STS, for this broker, worker and nonce', async () => {
  const { key, said } = await taskProof(PROVEN);
  expect(said?.field).toBe('task_proof');
  expect(key).toBe(createHash('sha256').update(said?.value ?? '').digest('hex'));
  const { authorization, ...rest } = toldIn(said?.value ?? '');
  const moment = rest['x-amz-date'] ?? '';
  const client = new STSClient({ region: 'eu-central-1', credentials: { accessKeyId: CREDENTIALS.AccessKeyId, secretAccessKey: CREDENTIALS.SecretAccessKey, sessionToken: CREDENTIALS.Token } });
  const signer = await client.config.signer();
  const { headers } = await signer.sign({
    method: 'POST', protocol: 'https:', hostname: 'sts.eu-central-1.amazonaws.com', path: '/', query: {}, body: 'Action=GetCallerIdentity&Version=2011-06-15',
    headers: {
      'host': 'sts.eu-central-1.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-worker-broker': `broker.example.com/${PROVEN.workerId}/${PROVEN.nonce}`,
    },
  }, {
    signingDate: new Date(moment.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')),
    signingService: 'sts', signingRegion: 'eu-central-1', unsignableHeaders: new Set(['x-amz-content-sha256']),
  });
  expect({ ...rest, authorization }).toEqual({ 'authorization': headers.authorization, 'x-amz-date': headers['x-amz-date'], 'x-amz-security-token': CREDENTIALS.Token });
});

test('a proof shows no secret key', async () => {
  const { said } = await taskProof(PROVEN);
  expect(JSON.stringify(toldIn(said?.value ?? ''))).not.toContain(CREDENTIALS.SecretAccessKey);
});

describe('joining', () => {
  let broker: ListeningBroker;
  beforeEach(async () => {
    broker = await listeningBroker((heard) => {
      const said = grant(heard);
      return heard.route === 'register' ? { body: { ...said.body as object, key_id: KEY_ID, worker_key: WORKER_KEY } } : said;
    });
  });
  afterEach(() => broker.stop());

  test('it signs with what everybody could derive from the proof, and from then on with its own key', async () => {
    const client = await WorkerClient.joinAsTask({ url: broker.url });
    expect(client.workerId).toBe(`pool-${TASK}`);
    await client.checkout({ jobId: 'job-1', credentialId: 'c1' });
    const [joined, checkedOut] = broker.heard;
    const { proof } = joined?.signed ?? {};
    if (proof?.kind !== 'task') throw new Error('It did not join as a task.');
    expect(joined?.isSignedWith(createHash('sha256').update(proof.taskProof).digest('hex'))).toBe(true);
    expect(checkedOut?.isSignedWith(WORKER_KEY)).toBe(true);
  });

  test('each request has a proof of its own', async () => {
    broker.answer = () => ({ isCut: true });
    await expect(WorkerClient.joinAsTask({ url: broker.url })).rejects.toThrow('does not answer');
    const proofs = broker.heard.map(({ signed }) => JSON.stringify(signed.proof));
    expect(proofs.length).toBeGreaterThan(1);
    expect(new Set(proofs).size).toBe(proofs.length);
  });
});

test.each([
  ['no such document', {}],
  ['a document of something else', { '/metadata/task': { TaskARN: 'arn:aws:ec2:eu-central-1:111122223333:instance/i-1' } }],
  ['an empty one', { '/metadata/task': null }],
])('%s is no task', async (_, answers) => {
  told = answers;
  await expect(taskWorkerId()).rejects.toThrow(/task/);
});

test('outside of a task it is said which variable is missing', async () => {
  Reflect.deleteProperty(process.env, 'ECS_CONTAINER_METADATA_URI_V4');
  await expect(taskWorkerId()).rejects.toThrow('ECS_CONTAINER_METADATA_URI_V4 is not set');
});
