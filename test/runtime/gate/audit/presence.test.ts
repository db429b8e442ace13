import { keepPresence, type PresenceClient } from '../../../../src/runtime/gate/audit/presence';
import type { Presence, PresenceReport } from '../../../../src/runtime/gate/audit/presence-script';
import type { LogEvent } from '../../../../src/runtime/gate/ports';

const GONE: Presence = { gate: '0123456789abcdef', seq: 7, open: 3 };

/** A Redis that keeps what it hears. */
class Heard {
  public readonly reports: PresenceReport[] = [];
  public readonly events: LogEvent[] = [];
  public lost = 0;
  public isAway = false;
  public gone: readonly Presence[] = [];

  public keep(): ReturnType<typeof keepPresence> {
    const log = (event: LogEvent): void => void this.events.push(event);
    return keepPresence({ ask: (question) => question(this.client) }, {
      prefix: 'p', audit: { gate: 'me', state: () => ({ seq: 1, open: 2 }) }, clock: Date.now, log: { info: log, warn: log }, metrics: { auditLost: (records) => { this.lost += records; } },
    });
  }

  private readonly client: PresenceClient = {
    presence: (key, report) => {
      expect(key).toBe('p:{gates}');
      if (this.isAway) return Promise.reject(new Error('away'));
      this.reports.push(report);
      return Promise.resolve(this.gone);
    },
  };
}

let heard: Heard;
beforeEach(() => {
  jest.useFakeTimers();
  heard = new Heard();
});
afterEach(() => {
  jest.useRealTimers();
});
const seconds = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(1000 * count);

test('says each second that it is there, and goodbye only when it is told to', async () => {
  const presence = heard.keep();
  await seconds(3);
  await presence.stop();
  await seconds(10);
  expect(heard.reports.map(({ isLeaving, seq, open }) => [isLeaving, seq, open])).toEqual(Array.from({ length: 4 }, () => [false, 1, 2]));
  await presence.leave();
  expect(heard.reports.slice(4)).toMatchObject([{ gate: 'me', isLeaving: true }]);
});

test('a gate that is gone is reported once, and Redis is told so until it has heard it', async () => {
  heard.gone = [GONE];
  const presence = heard.keep();
  await seconds(3);
  expect(heard.events).toEqual([{ event: 'audit-gap', code: GONE.gate, recordCount: 7, openCount: 3 }]);
  expect(heard.lost).toBe(3);
  heard.gone = [];
  await seconds(2);
  expect(heard.reports.map(({ reported }) => reported.length)).toEqual([0, 1, 1, 1, 1, 0].slice(0, heard.reports.length));
  await presence.stop();
});

test('what Redis calls a gate and is none gets into no line, and a Redis that is away stops nothing', async () => {
  heard.gone = [{ ...GONE, gate: 'a caller\'s word' }];
  heard.isAway = true;
  const presence = heard.keep();
  await seconds(2);
  expect(heard.events).toEqual([]);
  heard.isAway = false;
  await seconds(1);
  expect(heard.events).toMatchObject([{ event: 'audit-gap', code: 'unknown' }]);
  heard.isAway = true;
  await presence.stop();
  await expect(presence.leave()).resolves.toBeUndefined();
});
