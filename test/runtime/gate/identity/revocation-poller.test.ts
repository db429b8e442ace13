import type { DynamoItems } from '../../../../src/runtime/gate/identity/dynamo-items';
import { RevocationPoller } from '../../../../src/runtime/gate/identity/revocation-poller';
import type { LogEvent } from '../../../../src/runtime/gate/ports';
import { Refusal } from '../../../../src/runtime/gate/refusal';

type Read = () => Promise<ReadonlySet<string>>;

/** A poller whose time passes only where it waits. */
class Polled {
  public nowMs = 1_000_000;
  public read: Read = () => Promise.resolve(new Set());
  public readonly events: LogEvent[] = [];
  /** Pauses that it waits for, and how to end them. */
  public readonly pauses: { readonly milliseconds: number; readonly end: () => void }[] = [];
  public reads = 0;
  public readonly poller: RevocationPoller;

  public constructor(random = 0) {
    const items = {
      sortKeys: (partition: string) => {
        this.reads += 1;
        return partition === 'revocations' ? this.read() : Promise.reject(new Error('another partition'));
      },
    } as unknown as DynamoItems;
    this.poller = new RevocationPoller(items, {
      clock: () => this.nowMs,
      log: { info: () => undefined, warn: (event) => this.events.push(event) },
      wait: (milliseconds) => new Promise((resolve) => this.pauses.push({ milliseconds, end: resolve })),
      random: () => random,
    });
  }

  /** Lets the pause that it waits for pass, and what follows happen. */
  public async next(): Promise<number> {
    const pause = this.pauses.pop();
    if (pause === undefined) throw new Error('It does not wait.');
    this.nowMs += pause.milliseconds;
    pause.end();
    await settled();
    return pause.milliseconds;
  }

  public answer(...keys: string[]): boolean | string {
    try {
      return this.poller.isRevoked(keys);
    } catch (error) {
      if (error instanceof Refusal) return `${error.code} ${error.reason}`;
      throw error;
    }
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const OUTDATED = 'unavailable revocations-outdated';
const fail: Read = () => Promise.reject(new Error('AccessDenied for arn:aws:dynamodb:::table/Gate'));

describe('the poller of revocations', () => {
  test('lets nobody pass before the first list, and starts with it', async () => {
    const polled = new Polled();
    polled.read = fail;
    let isStarted = false;
    const starting = polled.poller.start().then(() => { isStarted = true; });
    await settled();
    expect([isStarted, polled.answer('key#1')]).toEqual([false, OUTDATED]);
    polled.read = () => Promise.resolve(new Set(['key#1']));
    expect(await polled.next()).toBe(250);
    await starting;
    expect([polled.answer('key#1'), polled.answer('key#2'), polled.answer()]).toEqual([true, false, false]);
  });

  test('denies what any of the sort keys names', async () => {
    const polled = new Polled();
    polled.read = () => Promise.resolve(new Set(['jti#https://a 7']));
    await polled.poller.start();
    expect(polled.answer('sub#https://a alice', 'jti#https://a 7')).toBe(true);
    expect(polled.answer('sub#https://a alice', 'jti#https://b 7')).toBe(false);
  });

  test('asks every two seconds at the latest, and earlier by chance, so that replicas spread', async () => {
    for (const [random, pause] of [[0, 2000], [0.5, 1800], [0.999, 1600.4]] as const) {
      const polled = new Polled(random);
      await polled.poller.start();
      await settled();
      expect(await polled.next()).toBeCloseTo(pause);
      expect(polled.reads).toBe(2);
    }
  });

  test('learns of a revocation and of its end with the next list', async () => {
    const polled = new Polled();
    await polled.poller.start();
    await settled();
    polled.read = () => Promise.resolve(new Set(['key#1']));
    expect(polled.answer('key#1')).toBe(false);
    await polled.next();
    expect(polled.answer('key#1')).toBe(true);
    polled.read = () => Promise.resolve(new Set());
    await polled.next();
    expect(polled.answer('key#1')).toBe(false);
  });

  test('learns of a lockdown and of its end with the next list, and says when it has read one', async () => {
    const polled = new Polled();
    const heard: boolean[] = [];
    polled.poller.onRead(() => heard.push(polled.poller.isLockedDown()));
    await polled.poller.start();
    await settled();
    for (const list of [['lockdown', 'key#1'], ['key#lockdown'], ['lockdown2']]) {
      polled.read = () => Promise.resolve(new Set(list));
      await polled.next();
    }
    expect(heard).toEqual([false, true, false, false]);
    polled.read = fail;
    await polled.next();
    expect(heard).toHaveLength(4);
    polled.nowMs += 5001;
    expect(() => polled.poller.isLockedDown()).toThrow(new Refusal('unavailable', 'revocations-outdated'));
  });

  test('lets nobody pass by a list that was asked for more than five seconds ago', async () => {
    const polled = new Polled();
    await polled.poller.start();
    polled.nowMs += 5000;
    expect(polled.answer('key#1')).toBe(false);
    polled.nowMs += 1;
    expect(polled.answer('key#1')).toBe(OUTDATED);
    expect(polled.answer()).toBe(OUTDATED);
  });

  test('counts the age from the question and not from the answer, which may be about the past', async () => {
    const polled = new Polled();
    polled.read = () => {
      polled.nowMs += 1000;
      return Promise.resolve(new Set());
    };
    await polled.poller.start();
    polled.nowMs += 4001;
    expect(polled.answer('key#1')).toBe(OUTDATED);
  });

  test('lets nobody pass where the clock was turned back', async () => {
    const polled = new Polled();
    await polled.poller.start();
    polled.nowMs -= 1;
    expect(polled.answer('key#1')).toBe(OUTDATED);
  });

  test('tries soon after a failure, keeps the last list meanwhile, and recovers by itself', async () => {
    const polled = new Polled();
    polled.read = () => Promise.resolve(new Set(['key#1']));
    await polled.poller.start();
    await settled();
    polled.read = fail;
    await polled.next();
    expect(await polled.next()).toBe(250);
    expect(polled.answer('key#1')).toBe(true);
    while (polled.answer('key#1') !== OUTDATED) expect(await polled.next()).toBe(250);
    polled.read = () => Promise.resolve(new Set(['key#2']));
    await polled.next();
    expect([polled.answer('key#1'), polled.answer('key#2')]).toEqual([false, true]);
  });

  test('says that it failed, and nothing of why', async () => {
    const polled = new Polled();
    await polled.poller.start();
    await settled();
    polled.read = fail;
    await polled.next();
    expect(polled.events).toEqual([{ event: 'revocations-unread' }]);
  });

  test('never asks twice at a time', async () => {
    const polled = new Polled();
    await polled.poller.start();
    await settled();
    polled.read = () => new Promise(() => undefined);
    await polled.next();
    expect([polled.reads, polled.pauses]).toEqual([2, []]);
  });

  test('warns of a list that grows', async () => {
    const polled = new Polled();
    polled.read = () => Promise.resolve(new Set(Array.from({ length: 10_001 }, (_, at) => `key#${at}`)));
    await polled.poller.start();
    expect(polled.events).toEqual([{ event: 'revocations-many', revocationCount: 10_001 }]);
  });

  test('stops', async () => {
    const polled = new Polled();
    await polled.poller.start();
    await settled();
    polled.poller.stop();
    await polled.next();
    expect([polled.reads, polled.pauses]).toEqual([1, []]);
  });

  test('stops before it has started', async () => {
    const polled = new Polled();
    polled.read = fail;
    const starting = polled.poller.start();
    polled.poller.stop();
    await expect(starting).rejects.toThrow('stopped before they were read');
  });
});
