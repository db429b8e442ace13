import { setTimeout as sleep } from 'node:timers/promises';
import { keepPresence, type RunningPresence } from '../../../src/runtime/gate/audit/presence';
import { PRESENCE_SCRIPT, presenceKey } from '../../../src/runtime/gate/audit/presence-script';
import { openRedis, type RedisConnection } from '../../../src/runtime/gate/limiter';
import type { LogEvent } from '../../../src/runtime/gate/ports';
import { rateOf, until } from '../../support/limiter';
import { type Ask, asUser, type RedisStage, setRedis } from '../../support/redis';

/** The bounds of production are fifteen times as long; nothing else of the script knows them. */
const [SILENT_MS, INTERRUPTED_MS, KEPT_MS] = [1500, 700, 600_000];
const PAUSE_MS = 50;
const KEY = 'script:{gates}';

let stage: RedisStage;
beforeAll(async () => {
  stage = await setRedis();
}, 120_000);
afterAll(() => stage.stop());

const inspect = <T>(use: (ask: Ask) => Promise<T>): Promise<T> => asUser(stage, stage.inspector, use);

interface Words {
  readonly reported?: readonly string[];
  readonly isLeaving?: boolean;
  readonly seq?: number;
  readonly open?: number;
}

/** A gate that speaks when its test says so. */
class Speaker {
  public constructor(public readonly name: string, private readonly ask: Ask) {}

  /** @returns whom it is told to report */
  public async speak({ reported = [], isLeaving = false, seq = 5, open = 2 }: Words = {}): Promise<string[]> {
    const bounds = [SILENT_MS, INTERRUPTED_MS, KEPT_MS].map(String);
    const reply = await this.ask('EVAL', PRESENCE_SCRIPT, '1', KEY, this.name, String(seq), String(open), isLeaving ? '1' : '0', ...bounds, ...reported) as (string | number)[];
    const told: string[] = [];
    for (let index = 0; index < reply.length; index += 3) told.push(reply.slice(index, index + 3).join(' '));
    return told;
  }
}

/** All of them speak, until one is told of somebody. */
async function firstTold(speakers: readonly Speaker[]): Promise<{ readonly by: Speaker; readonly told: string[] }> {
  return until(async () => {
    for (const by of speakers) {
      const told = await by.speak();
      if (told.length > 0) return { by, told };
    }
    await sleep(PAUSE_MS);
    return undefined;
  });
}

async function keepSpeaking(speakers: readonly Speaker[], milliseconds: number): Promise<string[]> {
  const told: string[] = [];
  for (const end = performance.now() + milliseconds; performance.now() < end;) {
    for (const speaker of speakers) told.push(...await speaker.speak());
    await sleep(PAUSE_MS);
  }
  return told;
}

describe('the script', () => {
  const world = <T>(use: (gates: readonly [Speaker, Speaker, Speaker], ask: Ask) => Promise<T>): Promise<T> => inspect(async (ask) => {
    await ask('DEL', KEY);
    return use([new Speaker('a', ask), new Speaker('b', ask), new Speaker('c', ask)], ask);
  });

  test('tells one of two finders of a gate that is silent, again until he has reported it, and nobody afterwards', () => world(async ([silent, one, other], ask) => {
    await silent.speak({ seq: 41, open: 7 });
    const { by, told } = await firstTold([one, other]);
    expect(told).toEqual(['a 41 7']);
    const late = by === one ? other : one;
    expect(await late.speak()).toEqual([]);
    expect(await by.speak()).toEqual(['a 41 7']);
    // Whoever was not told so has nothing to say about it.
    expect(await late.speak({ reported: ['a'] })).toEqual([]);
    expect(await by.speak({ reported: ['a'] })).toEqual([]);
    expect(await ask('HEXISTS', KEY, 'a')).toBe(0);
    expect(await keepSpeaking([one, other], 2 * PAUSE_MS)).toEqual([]);
  }), 120_000);

  test('tells the next one where the finder is gone himself, of both', () => world(async ([silent, one, other]) => {
    await silent.speak({ seq: 41, open: 7 });
    const { by } = await firstTold([one]);
    expect(by).toBe(one);
    const found = await until(async () => {
      const told = await other.speak();
      if (told.length === 2) return told;
      await sleep(PAUSE_MS);
      return undefined;
    });
    expect(found.sort()).toEqual(['a 41 7', 'b 5 2']);
  }), 120_000);

  test('lets nobody be missed who said goodbye', () => world(async ([leaving, one]) => {
    await leaving.speak();
    await leaving.speak({ isLeaving: true });
    expect(await keepSpeaking([one], 3 * SILENT_MS)).toEqual([]);
  }), 120_000);

  test('takes a gate that was frozen back, and misses it again when it is silent again', () => world(async ([frozen, one], ask) => {
    await frozen.speak({ seq: 1, open: 1 });
    expect((await firstTold([one])).told).toEqual(['a 1 1']);
    await frozen.speak({ seq: 2, open: 9 });
    // It lives: a report of before does not take it out.
    expect(await one.speak({ reported: ['a'] })).toEqual([]);
    expect(await ask('HEXISTS', KEY, 'a')).toBe(1);
    expect((await firstTold([one])).told).toEqual(['a 2 9']);
  }), 120_000);

  test('has a gate that was away itself judge nobody before it has been there for as long as others may be silent', () => world(async ([silent, one]) => {
    await silent.speak();
    await one.speak();
    await sleep(SILENT_MS + PAUSE_MS);
    // As after an outage of Redis: everybody was silent.
    expect(await one.speak()).toEqual([]);
    expect((await firstTold([one])).told).toEqual(['a 5 2']);
  }), 120_000);

  test.each([
    ['was turned back', 3_600_000], ['has jumped ahead', -3_600_000],
  ])('accuses nobody because the clock of Redis %s', (_name, offset) => world(async ([alive, one], ask) => {
    await alive.speak();
    await one.speak();
    // All that was said before the jump was said at another time.
    for (const { name } of [alive, one]) {
      const [last = '', since = '', ...rest] = String(await ask('HGET', KEY, name)).split(' ');
      await ask('HSET', KEY, name, [Number(last) + offset, Number(since) + offset, ...rest].join(' '));
    }
    expect(await one.speak()).toEqual([]);
    expect(await alive.speak()).toEqual([]);
    expect((await firstTold([one])).told).toEqual(['a 5 2']);
  }), 120_000);
});

describe('a gate', () => {
  const kept: { readonly presence: RunningPresence; readonly redis: RedisConnection }[] = [];
  const events: LogEvent[] = [];
  let lost = 0;

  function keep(gate: string): RunningPresence {
    const log = (event: LogEvent): void => void events.push(event);
    const redis = openRedis(rateOf(stage.redis, stage.gate.userName).redis, { password: stage.gate.password, log: { info: log, warn: log }, tls: { ca: stage.redis.caPem } });
    const presence = keepPresence(redis, {
      prefix: 'gate', audit: { gate, state: () => ({ seq: 3, open: 1 }) }, clock: Date.now, log: { info: log, warn: log }, metrics: { auditLost: (records) => { lost += records; } },
    });
    kept.push({ presence, redis });
    return presence;
  }
  const known = (): Promise<string[]> => inspect(async (ask) => (await ask('HKEYS', presenceKey('gate')) as string[]).sort());
  afterEach(async () => {
    for (const { presence, redis } of kept.splice(0)) {
      await presence.stop();
      await redis.stop();
    }
  });

  test('with the rights of the template is known, again after a restart of Redis that forgets all, and not once it has left', async () => {
    const [one, other] = [keep('00000000000000aa'), keep('00000000000000bb')];
    await until(async () => (await known()).length === 2 || undefined);
    await stage.redis.kill();
    await stage.redis.restart();
    await until(async () => ((await known().catch(() => [])).length === 2) || undefined);
    await one.stop();
    await one.leave();
    expect(await known()).toEqual(['00000000000000bb']);
    await other.stop();
    await other.leave();
    expect(await known()).toEqual([]);
    expect(events.filter(({ event }) => event === 'audit-gap')).toEqual([]);
  }, 120_000);

  test('that stopped without a goodbye is reported by one of the others, with what it said last', async () => {
    const [silent] = [keep('00000000000000cc'), keep('00000000000000dd'), keep('00000000000000ee')];
    await until(async () => (await known()).length === 3 || undefined);
    await silent.stop();
    const gaps = (): LogEvent[] => events.filter(({ event }) => event === 'audit-gap');
    for (const end = Date.now() + 120_000; gaps().length === 0 && Date.now() < end;) await sleep(100);
    await until(async () => (await known()).length === 2 || undefined);
    expect(gaps()).toEqual([{ event: 'audit-gap', code: '00000000000000cc', recordCount: 3, openCount: 1 }]);
    expect(lost).toBe(1);
  }, 180_000);
});
