import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import type { Refusal } from '../../../src/runtime/gate/refusal';
import { connected, grants, hardlyRefilled, isGranted, leasesOf, PLAN, rateOf, type TestGate, testGate, until } from '../../support/limiter';
import { type Ask, asUser, type RedisStage, setRedis } from '../../support/redis';

/** LEASE_SECONDS: what nobody renews has lapsed then. */
const TTL_MS = 15_000;

let stage: RedisStage;
let scratch: string;
let program: string;
const children: ChildProcess[] = [];
const gates: TestGate[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'limiter-killed-'));
  program = path.join(scratch, 'limiter-like.js');
  buildSync({ entryPoints: [path.join(__dirname, 'fixtures', 'limiter-like.ts')], bundle: true, platform: 'node', outfile: program });
  stage = await setRedis();
}, 60_000);
afterEach(() => Promise.all(gates.splice(0).map((made) => made.stop())));
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
  await stage.stop();
});

const rate = () => rateOf(stage.redis, stage.gate.userName, { plan: { ...PLAN, general: hardlyRefilled(1000) } });
const inspect = <T>(use: (ask: Ask) => Promise<T>): Promise<T> => asUser(stage, stage.inspector, use);
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

function gate(): TestGate {
  const made = testGate(rate(), stage.gate.password, stage.redis.caPem);
  gates.push(made);
  return made;
}

/** A process that opens streams, once it says that it has, or is about to. */
async function opener(subject: string, streams: number, isEarly = false): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  child.stdin.end(JSON.stringify({ rate: rate(), password: stage.gate.password, ca: stage.redis.caPem, subject, streams, isEarly }));
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function openStreams(): Promise<number> {
  return inspect(async (ask) => {
    const counts = await Promise.all([await ask('KEYS', '*:streams')].flat().map((key) => ask('ZCARD', String(key))));
    return counts.reduce<number>((sum, count) => sum + Number(count), 0);
  });
}

describe('a gate that is killed', () => {
  test('leaves no stream after its time, wherever it was, and locks nobody out; others keep theirs', async () => {
    const survivor = gate();
    await connected(survivor);
    const [kept] = leasesOf([await survivor.take('kept', { isStream: true })]);
    const [holding, renewing] = await Promise.all([opener('holding', 5), opener('renewing', 5)]);
    // Killed while it connects, and while it asks.
    for (const [index, delay] of [0, 20, 40, 60].entries()) {
      const child = await opener(`asking-${index}`, 5, true);
      await sleep(delay);
      await kill(child);
    }
    await kill(holding);
    // Once a heartbeat has gone out.
    const key = await inspect(async (ask) => {
      const scores = async (): Promise<string> => JSON.stringify(await Promise.all([await ask('KEYS', '*:streams')].flat().map((name) => ask('ZRANGE', String(name), '0', '-1', 'WITHSCORES'))));
      const before = await scores();
      return until(async () => (await scores() === before ? undefined : 'renewed'));
    });
    expect(key).toBe('renewed');
    await kill(renewing);
    const killed = performance.now();

    const subjects = ['holding', 'renewing', ...times(4, (index) => `asking-${index}`)];
    const refusal = await survivor.take('renewing', { isStream: true }) as Refusal;
    expect(refusal).toMatchObject({ code: 'rate_limited', reason: 'streams' });
    const retryAfter = Number(refusal.headers['retry-after']);
    expect(retryAfter).toBeGreaterThan(1);
    expect(retryAfter).toBeLessThanOrEqual(15);
    // Requests that are no streams go on all the time.
    expect(grants(await Promise.all(subjects.map((subject) => survivor.take(subject))))).toHaveLength(subjects.length);
    await sleep(Math.max(0, TTL_MS - (performance.now() - killed)));
    for (const subject of subjects) {
      const leases = leasesOf(await Promise.all(times(6, () => survivor.take(subject, { isStream: true }))));
      expect(leases).toHaveLength(5);
      leases.forEach((lease) => lease.release());
    }
    // Renewed three times at least.
    expect(kept?.lost.aborted).toBe(false);
    expect(await until(async () => (await openStreams() === 1 ? 1 : undefined))).toBe(1);
    expect(survivor.told.lost).toBe(0);
  }, 90_000);
});

describe('a Redis that is killed', () => {
  test.each([0, 1, 3, 10, 30])('%i ms into a burst locks nobody out, cuts no stream, and has no more streams than there are', async (delay) => {
    const [one, other] = [gate(), gate()];
    await Promise.all([connected(one), connected(other)]);
    const subject = `killed-${delay}`;
    const open = leasesOf(await Promise.all(times(3, () => one.take(subject, { isStream: true }))));
    expect(open).toHaveLength(3);
    const asking = Promise.all(times(40, (index) => (index % 2 === 0 ? one : other).take(subject, { isStream: index % 4 < 2 })));
    await sleep(delay);
    await stage.redis.kill();
    const outcomes = await asking;
    open.push(...leasesOf(outcomes));
    expect(open.length).toBeLessThanOrEqual(5);
    await stage.redis.restart();
    await Promise.all([connected(one), connected(other)]);
    expect(await until(async () => (await openStreams() === open.length ? open.length : undefined))).toBe(open.length);
    expect(open.filter(({ lost }) => lost.aborted)).toEqual([]);
    expect(isGranted(await other.take(subject))).toBe(true);
    open.forEach((lease) => lease.release());
    await until(async () => (await openStreams() === 0 ? true : undefined));
    expect(leasesOf(await Promise.all(times(6, () => other.take(subject, { isStream: true }))))).toHaveLength(5);
  }, 60_000);

  test('streams that end while it is away are given back when it is there again', async () => {
    const one = gate();
    await connected(one);
    const [ended, goesOn] = leasesOf(await Promise.all(times(2, () => one.take('away', { isStream: true }))));
    stage.redis.freeze();
    ended?.release();
    // Time enough for the attempt to fail.
    expect(await one.take('away')).toMatchObject({ code: 'unavailable' });
    stage.redis.thaw();
    await connected(one);
    await until(async () => (await openStreams() === 1 ? true : undefined));
    expect(goesOn?.lost.aborted).toBe(false);
  });

  test('a lease whose place somebody else has by then is lost, with the next heartbeat', async () => {
    const one = gate();
    await connected(one);
    const [lease] = leasesOf([await one.take('place', { isStream: true })]);
    await inspect(async (ask) => {
      const [key] = [await ask('KEYS', '*:streams')].flat().map(String);
      const far = String(Date.now() * 1000 + 14_000_000);
      await ask('DEL', key ?? '');
      await ask('ZADD', key ?? '', ...times(5, (index) => [far, `other-${index}`]).flat());
    });
    if (!lease) throw new Error('There is no lease.');
    await once(lease.lost, 'abort');
    expect(one.told).toMatchObject({ lost: 1 });
    expect(one.told.leases.at(-1)).toBe(0);
    lease.release();
    expect(await openStreams()).toBe(5);
  });
});
