import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { ANSWER_HEADER, startSampleCore, type CoreAnswer, type SampleCore } from '../../../src/drill/services/sample-core';

let core: SampleCore;

beforeEach(async () => {
  core = await startSampleCore();
});

afterEach(() => core.stop());

function url(path: string): string {
  return `http://127.0.0.1:${core.port}${path}`;
}

test('it answers with what it received, every value of a header apart', async () => {
  const answer = await new Promise<IncomingMessage>((resolve) => request(url('/v1/things?a=1'), { method: 'PUT', headers: { 'X-Twice': ['one', 'two'] } }, resolve).end());
  const received = JSON.parse(Buffer.concat(await answer.toArray() as Buffer[]).toString()) as CoreAnswer;
  expect(answer.statusCode).toBe(200);
  expect(received).toMatchObject({ method: 'PUT', path: '/v1/things?a=1', headers: { 'x-twice': ['one', 'two'] } });
});

test('it protects nobody: it names itself and sends no security header', async () => {
  const { headers } = await fetch(url('/'));
  expect(headers.get('server')).toBe('sample-core');
  expect(['strict-transport-security', 'x-content-type-options', 'x-frame-options', 'content-security-policy'].filter((name) => headers.has(name))).toEqual([]);
});

test.each(['/health', '/healthz', '/'])('%s answers 200 to a health check', async (path) => {
  expect((await fetch(url(path))).status).toBe(200);
});

test.each([['a path', '/v1/stream', {}], ['an accept header', '/v1/chat', { accept: 'text/event-stream' }]])('%s that asks for a stream gets events over time', async (_, path, headers) => {
  const answer = await fetch(url(path), { headers });
  const arrivals: number[] = [];
  let text = '';
  for await (const chunk of answer.body ?? []) {
    arrivals.push(performance.now());
    text += Buffer.from(chunk as Uint8Array).toString();
  }
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(text.match(/^data: /gm)).toHaveLength(7);
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
  expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(100);
});

test('it streams for as long as a caller wishes, whatever he asks for, and no longer than he listens', async () => {
  const leaving = new AbortController();
  const answer = await fetch(url('/v1/things'), { headers: { [ANSWER_HEADER]: JSON.stringify({ streamsForSeconds: 60 }) }, signal: leaving.signal });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    // More than a stream of a moment has.
    if ((text.match(/^data: /gm)?.length ?? 0) > 9) break;
  }
  leaving.abort();
  expect(text).not.toContain('[DONE]');
});

test('a canary is found in the path, in a header and in the body, and each request counts once', async () => {
  await fetch(url('/v1?c=canary-1'));
  await fetch(url('/'), { headers: { 'x-probe': 'canary-1' } });
  await fetch(url('/canary-1'), { method: 'POST', headers: { 'x-probe': 'canary-1' }, body: '{"c":"canary-1"}' });
  await fetch(url('/'), { method: 'POST', body: 'canary-2' });
  expect([core.reached('canary-1'), core.reached('canary-2'), core.reached('canary-3')]).toEqual([3, 1, 0]);
});

test('a canary of its own is found in what came after it was made, and is like no other', async () => {
  await fetch(url('/'));
  const canaries = [core.canary(), core.canary()] as const;
  await fetch(url(`/${canaries[0]}`));
  await fetch(url('/'), { method: 'POST', body: canaries[0] });
  expect(canaries.map((canary) => core.reached(canary))).toEqual([2, 0]);
});

test('a large body is remembered up to a mebibyte', async () => {
  const megabyte = 'x'.repeat(1024 * 1024);
  await fetch(url('/'), { method: 'POST', body: `early-canary${megabyte}late-canary` });
  expect([core.reached('early-canary'), core.reached('late-canary')]).toEqual([1, 0]);
});

test('a header larger than any load balancer takes is not what it refuses', async () => {
  expect((await new Promise<IncomingMessage>((resolve) => request(url('/'), { headers: { 'x-large': 'x'.repeat(128 * 1024) } }, resolve).end())).statusCode).toBe(200);
});

test('a request that is no HTTP counts as having arrived', async () => {
  const socket = connect(core.port, '127.0.0.1');
  socket.end('GET / canary-4 nonsense\r\n\r\n');
  expect(Buffer.concat(await socket.toArray() as Buffer[]).toString()).toMatch(/^HTTP\/1.1 400 /);
  expect(core.reached('canary-4')).toBe(1);
});

test('it stops in the middle of a stream', async () => {
  const stopped = await startSampleCore();
  const answer = await fetch(`http://127.0.0.1:${stopped.port}/stream`);
  await stopped.stop();
  await expect(answer.text()).rejects.toThrow();
});

test('it answers with a status and headers that the caller wishes for', async () => {
  const { status, headers } = await fetch(url('/'), { headers: { [ANSWER_HEADER]: JSON.stringify({ status: 404, headers: { 'x-frame-options': 'ALLOWALL' } }) } });
  expect([status, headers.get('x-frame-options')]).toEqual([404, 'ALLOWALL']);
});
