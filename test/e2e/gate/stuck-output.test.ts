import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { Pool } from 'undici';
import type { GateConfiguration } from '../../../src/gate/contract';
import { presenceKey } from '../../../src/runtime/gate/audit/presence-script';
import { readTrail } from '../../../src/runtime/gate/audit/read-trail';
import { type GateProcess, type GateRunner, gateRunner } from '../../support/gate-process';
import { eventually, gateConfiguration, RecordingCore } from '../../support/gate-server';
import { PLAN, rateOf } from '../../support/limiter';
import { asUser, type RedisStage, setRedis } from '../../support/redis';

/** Its records are long, so that a few of them fill the pipe. */
const PATH = `/v1/${'long/'.repeat(100)}end`;
const AT_ONCE = 16;
/** Far longer than an answer that waits for nothing. */
const WHILE_MS = 1000;

let redis: RedisStage;
let core: RecordingCore;
let runner: GateRunner;
let configuration: GateConfiguration;
let gate: GateProcess;
let pool: Pool;
/** What each request was told. */
let told: Map<string, number>;

beforeAll(async () => {
  [redis, runner, core] = await Promise.all([setRedis(), gateRunner(), RecordingCore.start()]);
  configuration = {
    ...gateConfiguration(core.port),
    policy: { routes: [{ method: 'GET', path: PATH, subtree: false, access: { kind: 'authenticated' }, tier: 'light', streams: false }], roles: {} },
    rate: { ...rateOf(redis.redis, redis.gate.userName), plan: PLAN },
  };
}, 180_000);
afterAll(async () => {
  await Promise.all([redis.stop(), runner.stop(), core.stop()]);
});
beforeEach(async () => {
  gate = await runner.start(configuration, { GATE_REDIS_PASSWORD: redis.gate.password, GATE_AUDIT_KEY: 'an audit key of these tests, which nobody else has' }, redis.redis.caPem);
  pool = new Pool(`https://127.0.0.1:${gate.port}`, { connections: AT_ONCE, connect: { rejectUnauthorized: false } });
  told = new Map();
});
afterEach(async () => {
  gate.child.kill('SIGKILL');
  await pool.destroy();
});

/** By nobody who is known, which needs no Core: 401. */
async function ask(): Promise<number> {
  const id = `r-${told.size}`;
  told.set(id, 0);
  const { statusCode, body } = await pool.request({ method: 'GET', path: PATH, headers: { 'x-request-id': id } });
  await body.dump();
  told.set(id, statusCode);
  return statusCode;
}

const health = async (): Promise<number> => {
  const { statusCode, body } = await pool.request({ method: 'GET', path: '/.gate/health' });
  await body.dump();
  return statusCode;
};

/** Until nobody is answered any more: each of these waits. */
async function fillUp(): Promise<Promise<number>[]> {
  const waiting: Promise<number>[] = [];
  while (waiting.length < AT_ONCE / 2) {
    const asked = ask();
    const first = await Promise.race([asked, after(WHILE_MS, undefined)]);
    if (first === undefined) waiting.push(asked);
  }
  return waiting;
}

/** Several at once, as long as they are answered. */
async function fillQuickly(): Promise<void> {
  let isFull = false;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (!isFull) if (await ask() === 503) isFull = true;
  }));
}

const nameOf = (): string => readTrail(gate.lines)[0]?.gate ?? '';
const isKnown = (name: string): Promise<boolean> => asUser(redis, redis.inspector, async (inspect) => await inspect('HEXISTS', presenceKey('gate'), name) === 1);

test('where a log driver is stuck, requests wait, are refused after that, and nothing is lost once it reads again', async () => {
  expect(await ask()).toBe(401);
  gate.stopReading();
  await fillQuickly();
  expect(new Set(told.values())).toEqual(new Set([401, 503]));
  // A gate that is held up is well: another one would be held up, too.
  expect(await health()).toBe(200);
  const waiting = await fillUp();
  gate.goOnReading();
  const outcomes = await Promise.all(waiting);
  expect(outcomes.filter((status) => status === 401).length).toBeGreaterThan(0);
  expect(await ask()).toBe(401);
  const name = nameOf();
  await eventually(() => gate.lines.some((line) => line.includes('"redis-ready"')));
  await gate.kill('SIGTERM');

  const [trail, ...others] = readTrail(gate.lines);
  expect(others).toEqual([]);
  expect(trail).toMatchObject({ missing: 0, isInOrder: true, isEnded: true });
  const records = new Map(trail?.records.map((record) => [record.request_id, record]));
  expect([trail?.records.length, records.size]).toEqual([told.size, told.size]);
  expect([...told].filter(([id, status]) => records.get(id)?.status !== status)).toEqual([]);
  expect(new Set([...records.values()].filter(({ status }) => status === 503).map(({ reason, outcome }) => `${outcome} ${reason ?? ''}`))).toEqual(new Set(['refused audit-stuck']));
  expect(JSON.parse(gate.lines.at(-1) ?? '{}')).toMatchObject({ event: 'audit-mark', final: true });
  expect([gate.child.exitCode, await isKnown(name)]).toEqual([0, false]);
}, 300_000);

test('a gate that ends while nobody reads does not wait for ever, and has not said goodbye', async () => {
  expect(await ask()).toBe(401);
  await eventually(() => nameOf() !== '' && gate.lines.some((line) => line.includes('"redis-ready"')));
  const name = nameOf();
  gate.stopReading();
  await fillQuickly();
  const exited = once(gate.child, 'exit');
  gate.child.kill('SIGTERM');
  expect(await exited).toEqual([1, null]);
  expect(await isKnown(name)).toBe(true);
}, 300_000);

test('a gate whose reader is gone lets nobody in, is unwell, and ends', async () => {
  expect([await ask(), await health()]).toEqual([401, 200]);
  await eventually(() => nameOf() !== '' && gate.lines.some((line) => line.includes('"redis-ready"')));
  const name = nameOf();
  gate.child.stdout?.destroy();
  // What it says about this one is what it cannot say.
  await ask();
  let status = 0;
  while (status !== 503) status = await ask();
  expect(await health()).toBe(503);
  expect(await ask()).toBe(503);
  const exited = once(gate.child, 'exit');
  gate.child.kill('SIGTERM');
  expect(await exited).toEqual([1, null]);
  expect(await isKnown(name)).toBe(true);
}, 300_000);
