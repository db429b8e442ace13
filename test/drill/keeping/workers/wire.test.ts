import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { allRefused, givenAway } from '../../../../src/drill/keeping/workers/attempts';
import { captured } from '../../../../src/drill/keeping/workers/captured';
import type { BrokerInHand } from '../../../../src/drill/keeping/workers/in-hand';
import { altered, send, signed, type WorkerAnswer } from '../../../../src/drill/keeping/workers/wire';
import { listenOnLoopback, type LoopbackServer } from '../../../../src/drill/services/loopback';
import { ZERO_SIGNATURE } from '../../../../src/broker/protocol/contract';
import { sign } from '../../../../src/worker/sign';
import { partOf } from '../stand-in';

const WHO = { host: 'broker.example.com', worker: 'w1', key: 'k'.repeat(43), proof: { key_id: 'k'.repeat(22) } };
const heard: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
let listening: LoopbackServer;

beforeAll(async () => {
  listening = await listenOnLoopback(createServer((request, response) => {
    text(request).then((body) => {
      heard.push({ headers: request.headers, body });
      response.writeHead(heard.length, { 'x-request-id': 'r' }).end('{"error":"forbidden"}');
    }, () => response.destroy());
  }));
});
beforeEach(() => heard.splice(0, heard.length, ...Array.from({ length: 402 }, () => ({ headers: {}, body: '' }))));
afterAll(() => listening.stop());

const fieldsOf = ({ body }: { readonly body: string }): Record<string, string> => JSON.parse(body) as Record<string, string>;

test('a request is signed as a worker signs it', () => {
  const request = signed('checkout', { job_id: 'j1', credential_id: 'c1' }, WHO);
  const { hmac_signature: signature = '' } = fieldsOf(request);
  expect(sign({ ...request, body: request.body.replace(signature, ZERO_SIGNATURE) }, WHO.key).signature).toBe(signature);
  expect(fieldsOf(request)).toMatchObject({ worker_id: 'w1', job_id: 'j1', credential_id: 'c1', key_id: WHO.proof.key_id });
  expect(signed('checkout', {}, WHO).body).not.toBe(signed('checkout', {}, WHO).body);
});

test('one may be signed for another path, and at another time', () => {
  const elsewhere = signed('exit', {}, WHO, { path: '/worker/register', ahead: 100 });
  const { hmac_signature: signature = '', timestamp } = fieldsOf(elsewhere);
  expect(elsewhere.path).toBe('/worker/exit');
  expect(Number(timestamp) - Date.now() / 1000).toBeGreaterThan(90);
  expect(sign({ ...elsewhere, path: '/worker/register', body: elsewhere.body.replace(signature, ZERO_SIGNATURE) }, WHO.key).signature).toBe(signature);
});

test('one that is altered keeps its signature', () => {
  const request = signed('exit', {}, WHO);
  const other = altered(request, (fields) => ({ ...fields, worker_id: 'w2' }));
  expect(fieldsOf(other)).toEqual({ ...fieldsOf(request), worker_id: 'w2' });
});

test('it is sent byte for byte to the broker that it names', async () => {
  const request = signed('exit', {}, WHO);
  await expect(send(listening.port, request)).resolves.toEqual({ status: 403, requestId: 'r', text: '{"error":"forbidden"}', fields: { error: 'forbidden' } });
  expect(heard.at(-1)).toMatchObject({ headers: { 'host': WHO.host, 'content-type': 'application/json' }, body: request.body });
});

test('what was kept on its way can be sent by somebody else, as often as he likes', async () => {
  const request = signed('exit', {}, WHO);
  const bytes = await captured((port) => send(port, request));
  expect([await bytes.sendTo(listening.port), await bytes.sendTo(listening.port)]).toEqual([403, 404]);
  expect(heard.slice(-2).map(({ body }) => body)).toEqual([request.body, request.body]);
});

describe('what an answer gives away', () => {
  const broker = { credentials: [{ canary: 'the-canary' }] } as unknown as BrokerInHand;
  const answer = (status: number, said = ''): WorkerAnswer => ({ status, text: said, requestId: '', fields: {} });

  test('is a credential, wherever it stands, and whatever is granted', () => {
    expect(givenAway('It', answer(403, 'x the-canary x'), broker)).toBe('It: a credential is given out.');
    expect(givenAway('It', answer(200), broker)).toBe('It: it is answered 200.');
    expect(givenAway('It', answer(401), broker)).toBeUndefined();
    expect(() => givenAway('It', answer(503), broker)).toThrow('so that nothing was decided');
  });

  test('ends what is tried', async () => {
    const notes: string[] = [];
    const scene = partOf({ note: (line) => notes.push(line) });
    const request = signed('exit', {}, WHO);
    const attempts = ['one', 'two', 'three'].map((name) => ({ name, request }));
    const saying = (...statuses: number[]): BrokerInHand => ({ ...broker, send: () => Promise.resolve(answer(statuses.shift() ?? 500)) });
    await expect(allRefused(scene, saying(401, 403, 401), attempts)).resolves.toEqual({ verdict: 'withstood', saw: 'All 3 attempts are refused (2 by 401, 1 by 403).' });
    await expect(allRefused(scene, saying(401, 200), attempts)).resolves.toEqual({ verdict: 'succeeded', saw: 'two: it is answered 200.' });
  });
});
