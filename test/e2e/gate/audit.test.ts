import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { Ajv } from 'ajv';
import { SignJWT } from 'jose';
import { Client, Pool } from 'undici';
import type { AuditRecord } from '../../../src/audit/contract';
import { auditRecordSchema } from '../../../src/audit/record-fields';
import type { GateConfiguration } from '../../../src/gate/contract';
import type { PlanConfiguration } from '../../../src/gate/rate/contract';
import { type GateTrail, readTrail } from '../../../src/runtime/gate/audit/read-trail';
import { type GateProcess, type GateRunner, gateRunner } from '../../support/gate-process';
import { eventually, gateConfiguration } from '../../support/gate-server';
import { type RedisStage, setRedis } from '../../support/redis';

/** Nobody's: it signs tokens of these tests alone. */
const SECRET = 'a secret of these tests, which nobody else has';
const AUDIT_KEY = 'an audit key of these tests, which nobody else has';
const CANARY = 'c4n4ry';
const KEY = `ctx_${CANARY}${'a1B2'.repeat(10)}`;

const REQUESTS = 50_000;
const AT_ONCE = 24;
/** Below what requests wait for room. */
const SILENCE_MS = 4000;
/** A gate says each second how many are open. */
const SPOKEN_MS = 2500;
/** Nobody of so many comes near what the plan grants. */
const CALLERS = 40;
const UPLOAD = Buffer.alloc(20_000, CANARY);
const SSE = [
  'data: {"model":"m-1","choices":[{"delta":{"content":"c4n4ry \\"usage\\":{\\"prompt_tokens\\":666}"}}],"usage":null}',
  'data: {"model":"m-1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}', 'data: [DONE]',
];

let redis: RedisStage;
let core: Server;
let runner: GateRunner;
let configuration: GateConfiguration;
const tokens = new Map<string, string>();

/** What a caller sent, and what he heard of it. */
interface Sent {
  readonly kind: string;
  readonly status?: number;
  /** Whether the answer came to its end. */
  readonly isWhole: boolean;
}

const ROUTES: readonly { readonly path: string; readonly method: 'GET' | 'POST'; readonly tier: 'light' | 'heavy'; readonly streams: boolean }[] = [
  { path: '/v1/light', method: 'GET', tier: 'light', streams: false },
  { path: '/v1/heavy', method: 'POST', tier: 'heavy', streams: false },
  { path: '/v1/stream', method: 'POST', tier: 'light', streams: true },
  { path: '/v1/slow', method: 'POST', tier: 'light', streams: true },
];

function plan(requests: number, streams: number): PlanConfiguration {
  const budget = { requests, windowSeconds: 60, burst: requests };
  return { general: budget, heavy: budget, streams };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  request.on('error', () => undefined).resume();
  if (request.url?.startsWith('/v1/stream') || request.url?.startsWith('/v1/slow')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const isSlow = request.url.startsWith('/v1/slow');
    response.write(`${SSE[0]}\n\n`);
    if (!isSlow) setImmediate(() => response.end(SSE.slice(1).map((event) => `${event}\n\n`).join('')));
  } else {
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json', 'x-core-model': 'm-2' })
      .end(JSON.stringify({ content: CANARY, usage: { prompt_tokens: 1, completion_tokens: 2 } })));
  }
}

async function token(subject: string, roles: readonly string[] = []): Promise<string> {
  return new SignJWT({ roles }).setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://issuer.test').setAudience('core').setSubject(subject).setIssuedAt().setExpirationTime('1 hour').sign(new TextEncoder().encode(SECRET));
}

beforeAll(async () => {
  [redis, runner] = await Promise.all([setRedis(), gateRunner()]);
  core = createServer(answer).listen(0, '127.0.0.1');
  await once(core, 'listening');
  configuration = {
    ...gateConfiguration((core.address() as AddressInfo).port),
    policy: { routes: ROUTES.map((route) => ({ ...route, subtree: false, access: { kind: 'authenticated' } })), roles: {} },
    identity: {
      accept: [['token']],
      tokens: [{
        issuer: 'https://issuer.test', claims: [{ name: 'aud', values: ['core'] }], algorithms: ['HS256'], clockSkewSeconds: 5, subjectClaim: 'sub', scopesClaim: 'scope', rolesClaim: 'roles',
        keys: { source: 'secret', uri: 'local', ttlSeconds: 60, timeoutSeconds: 1, maxAttempts: 1, backoffSeconds: 1, maxBackoffSeconds: 1 },
      }],
    },
    rate: {
      redis: { host: redis.redis.host, port: redis.redis.port, user: redis.gate.userName, keyPrefix: 'gate', isCluster: false },
      onRedisLost: { kind: 'refuse' },
      plan: plan(100_000, 100),
      overrides: [{ by: 'role', name: 'greedy', plan: plan(5, 1) }],
    },
  };
  for (let caller = 0; caller < CALLERS; caller += 1) tokens.set(String(caller), await token(`caller-${caller}`));
  tokens.set('greedy', await token('greedy', ['greedy']));
}, 180_000);
afterAll(async () => {
  core.closeAllConnections();
  core.close();
  await Promise.all([redis.stop(), runner.stop()]);
});

const start = (): Promise<GateProcess> => runner.start(configuration, { GATE_SHARED_SECRET: SECRET, GATE_REDIS_PASSWORD: redis.gate.password, GATE_AUDIT_KEY: AUDIT_KEY }, redis.redis.caPem);

interface Kind {
  readonly name: string;
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** @default - one of many */
  readonly caller?: 'greedy' | 'nobody';
  readonly body?: Buffer;
  /** Goes as soon as the answer has begun. */
  readonly isAborted?: boolean;
  /** What he may hear; another gate may be asked again where there was no room (503). */
  readonly status: number;
}

/** What ends no connection: a new one costs both sides more than all else of a request. */
const COMMON: readonly Kind[] = [
  { name: 'light', path: '/v1/light', status: 200 },
  { name: 'unauthenticated', path: '/v1/light', caller: 'nobody', status: 401 },
  { name: 'light', path: '/v1/light', status: 200 },
  { name: 'heavy', method: 'POST', path: '/v1/heavy', body: Buffer.from(`{"prompt":"${CANARY}"}`), status: 200 },
  { name: 'undeclared', path: `/v1/${CANARY}`, status: 403 },
  { name: 'light', path: '/v1/light', status: 200 },
  { name: 'stream', method: 'POST', path: '/v1/stream', body: Buffer.from('{}'), status: 200 },
  { name: 'upload', method: 'POST', path: '/v1/heavy', body: UPLOAD, status: 200 },
  { name: 'greedy', path: '/v1/light', caller: 'greedy', status: 429 },
];
/** A mixed run, one after the other. */
const KINDS: readonly Kind[] = [
  ...COMMON, { name: 'malformed', path: `/v1/%2e%2e/${CANARY}`, status: 400 },
  ...COMMON, { name: 'aborted', method: 'POST', path: '/v1/slow', isAborted: true, status: 200 },
  ...COMMON,
];

async function send(client: Pool | Client, id: string, index: number): Promise<Sent> {
  const kind = KINDS[index % KINDS.length];
  if (!kind) throw new Error('There is no such kind.');
  const { name, method = 'GET', path, caller = String(index % CALLERS), body = null, isAborted } = kind;
  const bearer = caller === 'nobody' ? {} : { authorization: `Bearer ${tokens.get(caller) ?? ''}` };
  const leaving = new AbortController();
  let status: number | undefined;
  try {
    const answered = await client.request({
      method, path: `${path}?q=${CANARY}`, body, signal: leaving.signal,
      headers: { 'x-request-id': id, 'x-api-key': KEY, 'cookie': `session=${CANARY}`, ...bearer, ...(body && { 'content-type': 'application/json' }) },
    });
    status = answered.statusCode;
    if (isAborted && status === 200) leaving.abort();
    await answered.body.dump();
    return { kind: name, status, isWhole: true };
  } catch {
    return { kind: name, status, isWhole: false };
  }
}

/** So many requests to these, so many at once, for as long as nobody says otherwise. */
async function load(ports: readonly number[], requests: number, onAnswer: (count: number) => void = () => undefined, isOver = () => false): Promise<Map<string, Sent>> {
  const pools = ports.map((port) => new Pool(`https://127.0.0.1:${port}`, { connections: AT_ONCE, connect: { rejectUnauthorized: false } }));
  const sent = new Map<string, Sent>();
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE * ports.length }, async (_, worker) => {
    const pool = pools[worker % pools.length];
    while (pool && next < requests && !isOver()) {
      const index = next;
      next += 1;
      const id = `${ports.join('-')}.${index}`;
      sent.set(id, await send(pool, id, index));
      onAnswer(sent.size);
    }
  }));
  await Promise.all(pools.map((pool) => pool.destroy()));
  return sent;
}

const distinct = (records: readonly AuditRecord[], tell: (record: AuditRecord) => unknown[]): unknown[] =>
  [...new Set(records.map((record) => JSON.stringify(tell(record))))].map((text): unknown => JSON.parse(text));
const trailsOf = (gates: readonly GateProcess[]): readonly GateTrail[] => readTrail(gates.flatMap(({ lines }) => lines));

function expectNoCanary(gates: readonly GateProcess[]): void {
  for (const { lines } of gates) {
    expect(lines.filter((line) => line.includes(CANARY) || line.includes(SECRET) || line.includes(AUDIT_KEY) || line.includes(redis.gate.password))).toEqual([]);
    expect(lines.filter((line) => [...tokens.values()].some((bearer) => line.includes(bearer.slice(-20))))).toEqual([]);
  }
}

test(`each of ${REQUESTS} requests of all kinds has exactly one record, though a log driver stops reading for a while`, async () => {
  const slow = await start();
  const gates = [slow, await start()];
  const sent = await load(gates.map(({ port }) => port), REQUESTS, (count) => {
    if (count !== REQUESTS / 5) return;
    slow.stopReading();
    void after(SILENCE_MS).then(() => slow.goOnReading());
  });
  await Promise.all(gates.map((gate) => gate.kill('SIGTERM')));
  const trails = trailsOf(gates);
  expect(trails.map(({ missing, isInOrder, isEnded, openAtLastMark }) => [missing, isInOrder, isEnded, openAtLastMark])).toEqual(gates.map(() => [0, true, true, 0]));

  const records = trails.flatMap((trail) => trail.records);
  const byId = new Map(records.map((record) => [record.request_id, record]));
  expect(sent.size).toBe(REQUESTS);
  expect(records).toHaveLength(REQUESTS);
  expect(byId.size).toBe(REQUESTS);
  expect([...sent.keys()].filter((id) => !byId.has(id))).toEqual([]);
  const isRecord = new Ajv({ strict: true }).compile({ ...auditRecordSchema(), additionalProperties: false });
  expect(records.filter((record) => !isRecord(record))).toEqual([]);
  expectNoCanary(gates);

  const wrong = [...sent].filter(([id, { status }]) => status !== undefined && byId.get(id)?.status !== status);
  expect(wrong).toEqual([]);
  const found = (name: string): AuditRecord[] => [...sent].filter(([, { kind, status }]) => kind === name && status !== 503).flatMap(([id]) => byId.get(id) ?? []);
  for (const { name, status } of new Set(KINDS)) expect([name, ...new Set(found(name).map((record) => record.status))].filter((one) => one !== 200 || name !== 'greedy')).toEqual([name, status]);
  expect(found('greedy').filter(({ status }) => status === 200).length).toBeLessThan(found('greedy').length / 10);
  expect(distinct(found('stream'), ({ model, prompt_tokens, total_tokens, stream }) => [model, prompt_tokens, total_tokens, stream])).toEqual([['m-1', 3, 7, true]]);
  expect(distinct(found('upload'), ({ model, bytes_in, completion_tokens, action }) => [model, bytes_in, completion_tokens, action])).toEqual([['m-2', 20_000, 2, 'POST /v1/heavy']]);
  expect(new Set(found('aborted').map(({ outcome }) => outcome))).toEqual(new Set(['cut']));
  expect(new Set(found('unauthenticated').map(({ outcome, identity }) => `${outcome} ${identity ?? '-'}`))).toEqual(new Set(['refused -']));
  expect(new Set(found('light').map(({ identity }) => identity)).size).toBe(CALLERS);
}, 900_000);

test('a gate that is killed leaves at most the gap that another one reports', async () => {
  const witness = await start();
  const killed: { readonly gate: GateProcess; readonly sent: ReadonlyMap<string, Sent> }[] = [];
  for (let round = 0; round < 3; round += 1) {
    const gate = await start();
    const at = 300 + Math.floor(Math.random() * 2000);
    // What began since its last word is not in it; so it has had its say while as many were open as ever.
    const spokenBy = Date.now() + SPOKEN_MS;
    let isDead = false;
    const sent = await load([gate.port], Infinity, (count) => {
      if (count < at || isDead || Date.now() < spokenBy) return;
      isDead = true;
      gate.child.kill('SIGKILL');
    }, () => isDead);
    await gate.kill('SIGKILL');
    killed.push({ gate, sent });
  }
  const gaps = (): { code?: string; openCount?: number }[] => witness.lines.filter((line) => line.includes('"audit-gap"')).map((line) => JSON.parse(line) as { code?: string; openCount?: number });
  await eventually(() => gaps().length >= killed.length);
  await witness.kill('SIGTERM');

  for (const { gate, sent } of killed) {
    const [trail, ...others] = trailsOf([gate]);
    expect(others).toEqual([]);
    expect([trail?.isEnded, trail?.missing, trail?.isInOrder]).toEqual([false, 0, true]);
    const recorded = trail?.records.map(({ request_id }) => request_id) ?? [];
    expect(new Set(recorded).size).toBe(recorded.length);
    const unrecorded = [...sent].filter(([id, { isWhole }]) => isWhole && !recorded.includes(id)).length;
    const reports = gaps().filter(({ code }) => code === trail?.gate);
    expect(reports).toHaveLength(1);
    expect(unrecorded).toBeLessThanOrEqual(reports[0]?.openCount ?? -1);
  }
  expect(gaps()).toHaveLength(killed.length);
  expect(readTrail(witness.lines).every(({ isEnded }) => isEnded)).toBe(true);
  expectNoCanary([witness, ...killed.map(({ gate }) => gate)]);
}, 600_000);
