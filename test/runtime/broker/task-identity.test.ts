import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../../../src/drill/services/loopback';
import { askSts } from '../../../src/runtime/broker/ask-sts';
import { StsTaskIdentity, type StsAnswer } from '../../../src/runtime/broker/task-identity';

const CLAIM = { host: 'broker.example.org', workerId: 'pool-0123456789abcdef', nonce: 'n'.repeat(22), timestamp: Date.UTC(2027, 0, 15, 8) / 1000 };
const SCOPE = 'ASIAABCDEFGHIJKLMNOP/20270115/eu-central-1/sts/aws4_request';
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-worker-broker, Signature=${'a'.repeat(64)}`;
const PROOF = { 'authorization': AUTHORIZATION, 'x-amz-date': '20270115T080000Z', 'x-amz-security-token': 'canary-token' };
const proofOf = (changes: object = {}): string => Buffer.from(JSON.stringify({ ...PROOF, ...changes })).toString('base64url');
const arn = (text_: string): string => `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${text_}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;
const GOOD = 'arn:aws:sts::111122223333:assumed-role/pool-role/0123456789abcdef';

interface Asked { readonly headers: Readonly<Record<string, string>>; readonly body: string }
function identity(answer: Partial<StsAnswer> = {}): { readonly tasks: StsTaskIdentity; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const tasks = new StsTaskIdentity('eu-central-1', { account: '111122223333', roles: [{ name: 'pool-role', prefix: 'pool' }] }, (headers, body) => {
    asked.push({ headers, body });
    return Promise.resolve({ status: 200, body: arn(GOOD), ...answer });
  });
  return { tasks, asked };
}

test('a task is known by what STS says of it, and the broker writes the request itself', async () => {
  const { tasks, asked } = identity();
  expect(await tasks.sessionOf(proofOf(), CLAIM)).toBe('0123456789abcdef');
  expect(asked).toEqual([{
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    headers: {
      'host': 'sts.eu-central-1.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...PROOF,
      'x-worker-broker': `broker.example.org/pool-0123456789abcdef/${CLAIM.nonce}`,
    },
  }]);
});

test.each<[string, string]>([
  ['no JSON', 'canary'], ['one more member', proofOf({ more: 'x' })], ['one less', proofOf({ 'x-amz-date': undefined })], ['a number', proofOf({ 'x-amz-date': 1 })],
  ['another service', proofOf({ authorization: AUTHORIZATION.replace('/sts/', '/iam/') })], ['another region', proofOf({ authorization: AUTHORIZATION.replace('eu-central-1', 'us-east-1') })],
  ['a header that is not signed', proofOf({ authorization: AUTHORIZATION.replace(';x-worker-broker', '') })], ['more lines', proofOf({ authorization: `${AUTHORIZATION}\r\nx: y` })],
  ['a token of two lines', proofOf({ 'x-amz-security-token': 'a\nb' })], ['another scheme', proofOf({ authorization: AUTHORIZATION.replace('HMAC', 'ECDSA-P256') })],
])('a proof with %s is none, and nobody is asked', async (_, proof) => {
  const { tasks, asked } = identity();
  expect(await tasks.sessionOf(proof, CLAIM)).toBeUndefined();
  expect(asked).toEqual([]);
});

test.each([['20270115T075945Z', true], ['20270115T080015Z', true], ['20270115T075944Z', false], ['20270115T080016Z', false], ['20271315T080000Z', false]])(
  'what was signed for STS at %s comes with a request of 08:00:00: %s', async (date, isTaken) => {
    const { tasks, asked } = identity();
    expect(await tasks.sessionOf(proofOf({ 'x-amz-date': date }), CLAIM) !== undefined).toBe(isTaken);
    expect(asked).toHaveLength(isTaken ? 1 : 0);
  },
);

test.each<[string, string]>([
  ['another account', GOOD.replace('111122223333', '444455556666')], ['another role', GOOD.replace('pool-role', 'pool-role2')],
  ['another session', GOOD.replace('0123456789abcdef', 'fedcba9876543210')],
  ['a user', 'arn:aws:iam::111122223333:user/pool-role'], ['a role with a path', GOOD.replace('pool-role', 'x/pool-role')], ['two', `${GOOD}</Arn><Arn>${GOOD}`], ['nothing', ''],
])('an answer about %s proves nothing', async (_, said) => {
  expect(await identity({ body: arn(said) }).tasks.sessionOf(proofOf(), CLAIM)).toBeUndefined();
});

test('who is another one\'s task is not this worker', async () => {
  expect(await identity().tasks.sessionOf(proofOf(), { ...CLAIM, workerId: 'other-0123456789abcdef' })).toBeUndefined();
});

test('what STS refuses is refused, and what it cannot say is not known', async () => {
  for (const status of [400, 403]) expect(await identity({ status }).tasks.sessionOf(proofOf(), CLAIM)).toBeUndefined();
  for (const status of [429, 500, 503]) await expect(identity({ status }).tasks.sessionOf(proofOf(), CLAIM)).rejects.toThrow('STS did not answer');
});

describe('STS is asked', () => {
  test('by POST, with the headers that were signed, and once', async () => {
    const heard: object[] = [];
    const server = await listenOnLoopback(createServer((request, response) => {
      void text(request).then((body) => {
        heard.push({ method: request.method, url: request.url, host: request.headers.host, body });
        response.end('said');
      });
    }));
    expect(await askSts(new URL(`http://127.0.0.1:${server.port}`), 1000)({ host: 'sts.eu-central-1.amazonaws.com' }, 'body')).toEqual({ status: 200, body: 'said' });
    expect(heard).toEqual([{ method: 'POST', url: '/', host: 'sts.eu-central-1.amazonaws.com', body: 'body' }]);
    await server.stop();
    await expect(askSts(new URL(`http://127.0.0.1:${server.port}`), 1000)({}, '')).rejects.toThrow('STS did not answer');
  });

  test.each<[string, Parameters<typeof createServer>[1]]>([
    ['does not answer', () => undefined], ['never ends', (_, response) => void response.write('x')], ['says too much', (_, response) => void response.end('x'.repeat(20_000))],
  ])('no longer than it may take, where it %s', async (_, listener) => {
    const server = await listenOnLoopback(createServer(listener));
    await expect(askSts(new URL(`http://127.0.0.1:${server.port}`), 300)({}, '')).rejects.toThrow('STS did not answer');
    await server.stop();
  });
});
