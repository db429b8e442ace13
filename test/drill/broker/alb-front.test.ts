import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type AlbFront, type AlbFrontOptions, startAlbFront } from '../../../src/drill/broker/alb-front';
import { sendTo } from '../../support/broker-worker';

/** Tells what it was handed; what else it does is asked by its path. */
const FUNCTION = `
let calls = 0;
exports.handler = async (event) => {
  calls += 1;
  if (event.path === '/throw') throw new TypeError('on purpose');
  if (event.path === '/end') process.exit(3);
  if (event.path === '/nothing') return { statusCode: 200 };
  if (event.path === '/wait') await new Promise((resolve) => setTimeout(resolve, 200));
  process.stdout.write('line\\n');
  if (event.direct) return { direct: event.direct };
  const body = JSON.stringify({ event, variable: process.env.VARIABLE, now: Date.now() });
  return { statusCode: 201, multiValueHeaders: { 'x-calls': [String(calls)], 'set-cookie': ['a=1', 'b=2'] }, body, isBase64Encoded: false };
};`;

let folder: string;
const fronts: AlbFront[] = [];

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'alb-front-'));
  fs.writeFileSync(path.join(folder, 'index.js'), FUNCTION);
});
afterEach(() => Promise.all(fronts.splice(0).map((front) => front.stop())));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function front(options: Partial<AlbFrontOptions> = {}): Promise<AlbFront> {
  const started = await startAlbFront({ file: path.join(folder, 'index.js'), env: {}, ...options });
  fronts.push(started);
  return started;
}
const eventOf = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): Record<string, unknown> => body.event as Record<string, unknown>;

test('hands a request on as a target group with multi-value headers does', async () => {
  const { port } = await front({ env: { VARIABLE: 'told' } });
  const answer = await sendTo(port, { path: '/a%20b?x=1&x=%32&y', body: '{"a":1}', headers: { 'X-Name': 'value' } });
  expect(answer).toMatchObject({ status: 201, headers: { 'x-calls': '1', 'set-cookie': ['a=1', 'b=2'] }, body: { variable: 'told' } });
  expect(eventOf(answer)).toMatchObject({
    httpMethod: 'POST', path: '/a%20b', multiValueQueryStringParameters: { x: ['1', '%32'], y: [''] }, body: '{"a":1}', isBase64Encoded: false,
    requestContext: { elb: { targetGroupArn: expect.stringContaining(':targetgroup/') as string } },
    multiValueHeaders: { 'host': [`127.0.0.1:${port}`], 'content-type': ['application/json'], 'x-name': ['value'] },
  });
});

const PACKED: [Record<string, string>][] = [[{ 'content-type': 'application/octet-stream' }], [{ 'content-encoding': 'gzip' }], [{ 'content-type': 'application/json-seq' }]];
test.each(PACKED)('what is no text comes in base64: %j', async (headers) => {
  const { port } = await front();
  expect(eventOf(await sendTo(port, { path: '/', body: 'bytes', headers }))).toMatchObject({ body: Buffer.from('bytes').toString('base64'), isBase64Encoded: true });
});

test('an environment has one request at a time; more of them take more', async () => {
  for (const [environments, most] of [[1, 3], [3, 1]] as const) {
    const { port } = await front({ environments });
    const answers = await Promise.all([0, 1, 2].map(() => sendTo(port, { path: '/wait', body: '' })));
    expect(Math.max(...answers.map(({ headers }) => Number(headers['x-calls'])))).toBe(most);
  }
});

test.each(['/throw', '/end', '/nothing'])('a function that fails is a 502, and the next request is served: %s', async (where) => {
  const { port } = await front();
  expect((await sendTo(port, { path: where, body: '' })).status).toBe(502);
  expect((await sendTo(port, { path: '/', body: '' })).status).toBe(201);
});

test('a body that is too long never reaches the function', async () => {
  const { port } = await front();
  expect((await sendTo(port, { path: '/', body: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(413);
  expect((await sendTo(port, { path: '/', body: '' })).headers['x-calls']).toBe('1');
});

test('it may be called without a load balancer, its log is heard, and its clock can go ahead', async () => {
  let heard = '';
  const { invoke, port } = await front({ onOutput: (text) => { heard += text; }, env: { DRILL_AHEAD_MS: '3600000' } });
  expect(await invoke({ direct: 'yes' })).toEqual({ direct: 'yes' });
  await expect(invoke({ path: '/throw' })).rejects.toThrow('TypeError: on purpose');
  expect(heard).toBe('line\n');
  expect(Number((await sendTo(port, { path: '/', body: '' })).body.now) - Date.now()).toBeGreaterThan(3_500_000);
});
