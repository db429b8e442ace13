import { setTimeout as sleep } from 'node:timers/promises';
import type { RateConfiguration } from '../../../src/gate/contract';
import { createLimiter, type RunningLimiter } from '../../../src/runtime/gate/limiter';
import type { LogEvent } from '../../../src/runtime/gate/ports';
import { Refusal } from '../../../src/runtime/gate/refusal';
import { type Ask, asUser, ENGINES, gateUsers, type RedisStage, setRedis } from '../../support/redis';

/** What a caller waits at most for a refusal (the issue says half a second for this part), and some for a machine that does other things too. */
const BOUND_MS = 500;
/** What the limiter gives an answer. */
const PATIENCE_MS = 300;

let stage: RedisStage;
const limiters: RunningLimiter[] = [];
const logged: LogEvent[] = [];
const log = { info: (event: LogEvent) => void logged.push(event), warn: (event: LogEvent) => void logged.push(event) };

/** Nothing comes back while a test runs: what was granted is exactly what is gone. */
const HARDLY_REFILLED = { perSecond: 1, burst: 1_000_000, windowSeconds: 3600 };

function limiter(rate: Partial<RateConfiguration> = {}, password = stage.gate.password): RunningLimiter {
  const { host, port } = stage.redis;
  const made = createLimiter(
    { perSecond: 10, burst: 20, windowSeconds: 60, ...rate, redis: { host, port, user: stage.gate.userName, keyPrefix: 'gate' } },
    { password, log, tls: { ca: stage.redis.caPem } },
  );
  limiters.push(made);
  return made;
}

type Outcome = 'taken' | Refusal;

async function taken(made: RunningLimiter, subject: string): Promise<Outcome> {
  return made.take(subject).then(() => 'taken' as const, (refusal: unknown) => {
    if (refusal instanceof Refusal) return refusal;
    throw refusal;
  });
}

const codes = (outcomes: readonly Outcome[]): string[] => outcomes.map((outcome) => (outcome === 'taken' ? outcome : outcome.code));
const count = (outcomes: readonly Outcome[], code: string): number => codes(outcomes).filter((other) => other === code).length;

/** The longest time that any of some requests waited for its refusal, without what a busy machine kept a timer beside them waiting. */
async function slowest(requests: number, made: RunningLimiter): Promise<{ readonly outcomes: Outcome[]; readonly milliseconds: number }> {
  const started = performance.now();
  const beside = sleep(PATIENCE_MS).then(() => performance.now() - started - PATIENCE_MS);
  const outcomes = await Promise.all(Array.from({ length: requests }, () => taken(made, 'waiting')));
  const milliseconds = performance.now() - started;
  return { outcomes, milliseconds: milliseconds < PATIENCE_MS ? milliseconds : milliseconds - await beside };
}

async function recovers(made: RunningLimiter): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await taken(made, `recovered-${attempt}`) === 'taken') return true;
    await sleep(100);
  }
  return false;
}

describe.each(ENGINES)('with %s', (_name, options) => {
  beforeAll(async () => {
    stage = await setRedis(gateUsers(), options);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(limiters.splice(0).map((made) => made.stop()));
    logged.length = 0;
  });
  afterAll(() => stage.stop());

  test('says which Redis it is', () => {
    expect(stage.redis.engine).toMatch(options.env === undefined ? /^(Redis|Valkey) [\d.]+ with its own TLS$/ : /^Valkey 9\.1\.2 behind the TLS of Envoy 1\.40\.0$/);
  });

  describe('several gates', () => {
    test('share one budget to the last request, however their requests arrive', async () => {
      const rate = { ...HARDLY_REFILLED, perSecond: 1, windowSeconds: 200 };
      const gates = [limiter(rate), limiter(rate)];
      const spend = async (subject: string): Promise<Outcome[]> => {
        // Otherwise the first of them would wait for connections as well.
        for (const gate of gates) await recovers(gate);
        const requests: Promise<Outcome>[] = [];
        for (let round = 0; round < 60; round += 1) {
          for (const gate of gates) requests.push(...Array.from({ length: 5 }, () => taken(gate, subject)));
          if (round % 3 === 0) await sleep(1);
        }
        return Promise.all(requests);
      };
      let outcomes = await spend('shared-0');
      // What is refused because an answer came late on a busy machine may have been counted: then fewer pass, and never more.
      for (let attempt = 1; attempt < 20 && count(outcomes, 'unavailable') > 0; attempt += 1) {
        expect(count(outcomes, 'taken')).toBeLessThanOrEqual(200);
        outcomes = await spend(`shared-${attempt}`);
      }
      expect(outcomes).toHaveLength(600);
      expect(count(outcomes, 'taken')).toBe(200);
      expect(count(outcomes, 'rate_limited')).toBe(400);
    });

    test('do not take their own slowness for that of Redis', async () => {
      const gate = limiter();
      expect(await recovers(gate)).toBe(true);
      logged.length = 0;
      const asked = taken(gate, 'held-up');
      // The question is on its way; the answer arrives while nobody looks.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      const until = performance.now() + 2 * BOUND_MS;
      while (performance.now() < until);
      expect(await asked).toBe('taken');
      expect(logged).toEqual([]);
    });

    test('count each identity for itself', async () => {
      const gate = limiter({ burst: 3 });
      await Promise.all(Array.from({ length: 3 }, () => taken(gate, 'one')));
      expect(codes([await taken(gate, 'one'), await taken(gate, 'another')])).toEqual(['rate_limited', 'taken']);
    });
  });

  test('twenty at once pass, the next one is told to come back in a second, and may', async () => {
    const gate = limiter();
    const outcomes = await Promise.all(Array.from({ length: 21 }, () => taken(gate, 'burst')));
    expect(count(outcomes, 'taken')).toBe(20);
    expect(outcomes.at(-1)).toMatchObject({ code: 'rate_limited', reason: 'rate', headers: { 'retry-after': '1' } });
    await sleep(1000);
    expect(await taken(gate, 'burst')).toBe('taken');
  });

  test('nothing in Redis says who called, and everything in it is forgotten', async () => {
    await inspect((ask) => ask('FLUSHALL'));
    await limiter().take('alice@example.test');
    const keys = await inspect((ask) => ask('KEYS', '*'));
    expect(keys).toEqual([expect.stringMatching(/^gate:rate:[\w-]{43}$/)]);
    expect(await inspect((ask) => ask('PTTL', String([keys].flat()[0])))).toBeGreaterThan(0);
  });

  test('a server that has forgotten the script is sent it again', async () => {
    const gate = limiter();
    await gate.take('before');
    await inspect((ask) => ask('SCRIPT', 'FLUSH'));
    await expect(gate.take('after')).resolves.toBeUndefined();
  });

  test('many identities at once are decided in few calls', async () => {
    const gate = limiter();
    await gate.take('first');
    const before = await calls();
    const outcomes = await Promise.all(Array.from({ length: 450 }, (_, index) => taken(gate, `many-${index}`)));
    expect(count(outcomes, 'taken')).toBe(450);
    expect(await calls() - before).toBe(3);
  });

  describe('a Redis that does not answer', () => {
    test('is a refusal in time while it is frozen, and none when it goes on', async () => {
      const gate = limiter();
      await gate.take('warm');
      stage.redis.freeze();
      try {
        const first = await slowest(50, gate);
        expect(new Set(codes(first.outcomes))).toEqual(new Set(['unavailable']));
        expect(first.milliseconds).toBeLessThan(BOUND_MS);
        // Known to be gone, it keeps nobody waiting.
        const second = await slowest(50, gate);
        expect(new Set(codes(second.outcomes))).toEqual(new Set(['unavailable']));
        expect(second.milliseconds).toBeLessThan(first.milliseconds);
      } finally {
        stage.redis.thaw();
      }
      expect(await recovers(gate)).toBe(true);
      expect(logged.map(({ event, code }) => [event, code])).toEqual([['redis-ready', undefined], ['redis-lost', 'redis-slow'], ['redis-ready', undefined]]);
    });

    test('is a refusal in time for a gate that starts meanwhile', async () => {
      stage.redis.freeze();
      try {
        const gate = limiter();
        const { outcomes, milliseconds } = await slowest(20, gate);
        expect(new Set(codes(outcomes))).toEqual(new Set(['unavailable']));
        expect(milliseconds).toBeLessThan(BOUND_MS);
      } finally {
        stage.redis.thaw();
      }
    });

    test('is a refusal in time when it is killed, and none when another takes its place', async () => {
      const gate = limiter();
      await gate.take('warm');
      await stage.redis.kill();
      const { outcomes, milliseconds } = await slowest(50, gate);
      expect(new Set(codes(outcomes))).toEqual(new Set(['unavailable']));
      expect(milliseconds).toBeLessThan(BOUND_MS);
      await stage.redis.restart();
      expect(await recovers(gate)).toBe(true);
    });

    test('is a refusal when it has become a replica, until the name leads to the new one', async () => {
      const gate = limiter();
      await gate.take('warm');
      await inspect((ask) => ask('REPLICAOF', '127.0.0.1', '1'));
      expect(await taken(gate, 'replica')).toMatchObject({ code: 'unavailable', reason: 'redis-read-only' });
      await inspect((ask) => ask('REPLICAOF', 'NO', 'ONE'));
      expect(await recovers(gate)).toBe(true);
    });

    test('a full one refuses, and forgets nobody', async () => {
      const gate = limiter({ burst: 1 });
      await gate.take('remembered');
      await inspect(async (ask) => {
        await ask('CONFIG', 'SET', 'maxmemory', '1');
        expect(await taken(gate, 'newcomer')).toMatchObject({ code: 'unavailable', reason: 'redis-refuses' });
        await ask('CONFIG', 'SET', 'maxmemory', '64mb');
      });
      expect(await recovers(gate)).toBe(true);
      expect(await inspect((ask) => ask('KEYS', '*'))).not.toEqual([]);
    });

    test('lets nobody in with a wrong password, and nobody waits for it', async () => {
      const gate = limiter({}, 'not-the-password');
      const { outcomes, milliseconds } = await slowest(10, gate);
      expect(new Set(codes(outcomes))).toEqual(new Set(['unavailable']));
      expect(milliseconds).toBeLessThan(BOUND_MS);
      expect(JSON.stringify(logged)).not.toContain('not-the-password');
      expect(logged).toEqual([{ event: 'redis-lost', code: 'redis-refuses' }]);
    });

    test('that has a certificate of somebody else is asked nothing', async () => {
      const { host, port } = stage.redis;
      const gate = createLimiter(
        { perSecond: 10, burst: 20, windowSeconds: 60, redis: { host, port, user: stage.gate.userName, keyPrefix: 'gate' } },
        { password: stage.gate.password, log },
      );
      limiters.push(gate);
      expect(await taken(gate, 'anybody')).toMatchObject({ code: 'unavailable', reason: 'redis-gone' });
    });

    test('a stopped limiter refuses', async () => {
      const gate = limiter();
      await gate.take('warm');
      await gate.stop();
      expect(await taken(gate, 'late')).toMatchObject({ code: 'unavailable' });
    });
  });
});

async function inspect<T>(use: (ask: Ask) => Promise<T>): Promise<T> {
  return asUser(stage, stage.inspector, use);
}

/** How often a script was run. */
async function calls(): Promise<number> {
  const statistics = String(await inspect((ask) => ask('INFO', 'commandstats')));
  return [...statistics.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].reduce((sum, [, figure]) => sum + Number(figure), 0);
}
