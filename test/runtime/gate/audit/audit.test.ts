import type { AuditRecord } from '../../../../src/audit/contract';
import { readTrail } from '../../../../src/runtime/gate/audit/read-trail';
import { Refusal } from '../../../../src/runtime/gate/refusal';
import { auditEntry, auditStage, type AuditStage } from '../../../support/audit';

const MEGABYTE = 1024 * 1024;

let stage: AuditStage;
beforeEach(() => {
  jest.useFakeTimers();
  stage = auditStage();
});
afterEach(() => {
  jest.useRealTimers();
});

const marks = (): unknown[] => stage.pipe.lines.filter(({ event }) => event === 'audit-mark').map(({ seq, open, final }) => ({ seq, open, final }));
/** And a millisecond, for what the last of them began. */
const seconds = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(1000 * count + 1);
async function stopped(): Promise<void> {
  const stopping = stage.audit.stop();
  await seconds(1);
  await stopping;
}
/** Lines of others in the output that are so long. */
function fill(bytes: number): void {
  stage.pipe.state = 'full';
  stage.pipe.output.write(`"${'x'.repeat(bytes - 3)}"\n`);
}

test('records have numbers without a hole in the order in which requests end, not in that in which they begin', async () => {
  const [first, second, third] = [stage.audit.begin(), stage.audit.begin(), stage.audit.begin()];
  third(auditEntry({ requestId: 'third' }));
  first(auditEntry({ requestId: 'first' }));
  second(auditEntry({ requestId: 'second' }));
  await seconds(0);
  expect(stage.pipe.lines.map(({ seq, request_id, gate }) => [seq, request_id, gate])).toEqual([[1, 'third', stage.audit.gate], [2, 'first', stage.audit.gate], [3, 'second', stage.audit.gate]]);
  expect(stage.audit.gate).toMatch(/^[0-9a-f]{16}$/);
});

test('two gates are never called the same', () => {
  expect(auditStage().audit.gate).not.toBe(stage.audit.gate);
});

test('a request that is ended twice has one record', async () => {
  const end = stage.audit.begin();
  end(auditEntry());
  end(auditEntry({ requestId: 'again' }));
  await seconds(0);
  expect(stage.pipe.lines.map(({ request_id }) => request_id)).toEqual(['r-1']);
  expect(stage.audit.state().seq).toBe(1);
});

describe('marks', () => {
  test('are written once a second where something changed, and not where nothing did', async () => {
    const end = stage.audit.begin();
    await seconds(5);
    expect(marks()).toEqual([{ seq: 0, open: 1, final: false }]);
    end(auditEntry());
    await seconds(1);
    expect(marks().slice(1)).toEqual([{ seq: 1, open: 1, final: false }]);
    await seconds(10);
    expect(marks().slice(2)).toEqual([{ seq: 1, open: 0, final: false }]);
  });

  test('say the most that was under way at once since the one before, since nobody knows when a gate is killed', async () => {
    const ends = Array.from({ length: 7 }, () => stage.audit.begin());
    for (const end of ends) end(auditEntry());
    await seconds(1);
    expect(marks()).toEqual([{ seq: 7, open: 7, final: false }]);
  });

  test('end with a final one, which says what is under way by then', async () => {
    stage.audit.begin()(auditEntry());
    stage.audit.begin();
    await stopped();
    expect(marks()).toEqual([{ seq: 1, open: 1, final: true }]);
    expect(stage.pipe.lines.at(-1)).toMatchObject({ event: 'audit-mark', final: true, schema: 1, gate: stage.audit.gate });
    await seconds(5);
    expect(marks()).toHaveLength(1);
  });
});

test('a record that has not got out is still open, since a gate that is killed takes it along', async () => {
  stage.pipe.state = 'full';
  for (let request = 0; request < 50; request += 1) stage.audit.begin()(auditEntry());
  await seconds(3);
  expect(stage.audit.state()).toMatchObject({ seq: 50 });
  expect(stage.audit.state().open).toBeGreaterThanOrEqual(50);
  stage.pipe.state = 'read';
  await seconds(4);
  expect(stage.audit.state()).toEqual({ seq: 50, open: 0 });
});

describe('room', () => {
  test('is there while no more than a megabyte waits', async () => {
    fill(MEGABYTE);
    await seconds(0);
    expect(stage.audit.room()).toBeUndefined();
  });

  test('comes back to all who wait once the reader goes on', async () => {
    fill(MEGABYTE + 1);
    await seconds(0);
    const rooms = [stage.audit.room(), stage.audit.room()];
    let gotIn = 0;
    for (const room of rooms) void room?.then(() => { gotIn += 1; });
    await seconds(4);
    expect([rooms.every((room) => room !== undefined), gotIn]).toEqual([true, 0]);
    stage.pipe.state = 'read';
    await seconds(0.5);
    expect(gotIn).toBe(2);
    expect(stage.audit.room()).toBeUndefined();
  });

  test('is refused after five seconds, and asked for again by the next', async () => {
    fill(MEGABYTE + 1);
    await seconds(0);
    const refused = expect(stage.audit.room()).rejects.toMatchObject({ code: 'unavailable', reason: 'audit-stuck', headers: { 'retry-after': '5' } });
    await seconds(5);
    await refused;
    stage.pipe.state = 'read';
    await seconds(0.5);
    expect(stage.audit.room()).toBeUndefined();
  });

  test('is refused at once where nobody reads', async () => {
    stage.pipe.state = 'broken';
    stage.audit.begin()(auditEntry());
    await seconds(0);
    await expect(stage.audit.room()).rejects.toBeInstanceOf(Refusal);
  });
});

describe('above sixteen megabytes', () => {
  test('records are counted, alarmed, missing in the numbers, and said once there is room', async () => {
    stage.audit.begin()(auditEntry());
    fill(16 * MEGABYTE);
    await seconds(0);
    for (let request = 0; request < 3; request += 1) stage.audit.begin()(auditEntry({ requestId: 'lost' }));
    await seconds(2);
    expect([stage.lost, stage.pipe.lines]).toEqual([3, []]);
    stage.pipe.state = 'read';
    await seconds(0.5);
    stage.audit.begin()(auditEntry({ requestId: 'kept' }));
    await stopped();
    const lines = stage.pipe.lines.filter(({ event }) => event !== undefined && event !== 'audit-mark');
    expect(lines.map(({ event, seq, request_id, lostCount, level }) => ({ event, seq, request_id, lostCount, level }))).toEqual([
      { event: 'audit', seq: 1, request_id: 'r-1' }, { event: 'audit-lost', lostCount: 3, level: 'warn' }, { event: 'audit', seq: 5, request_id: 'kept' },
    ]);
    expect(readTrail(stage.pipe.text.split('\n'))).toMatchObject([{ gate: stage.audit.gate, missing: 3, isInOrder: true, isEnded: true, openAtLastMark: 0 }]);
  });

  test('they are said, and the final mark is written, also where there is no room by the end', async () => {
    fill(16 * MEGABYTE + 1);
    await seconds(0);
    stage.audit.begin()(auditEntry());
    const stopping = stage.audit.stop();
    await seconds(0.5);
    stage.pipe.state = 'read';
    await seconds(1);
    await stopping;
    expect(stage.pipe.lines.slice(-2)).toMatchObject([{ event: 'audit-lost', lostCount: 1 }, { event: 'audit-mark', seq: 1, open: 0, final: true }]);
  });

  test('they are said by a mark where no request comes', async () => {
    fill(16 * MEGABYTE + 1);
    await seconds(0);
    stage.audit.begin()(auditEntry());
    stage.pipe.state = 'read';
    await seconds(2);
    expect(stage.pipe.lines.filter(({ event }) => event === 'audit-lost')).toMatchObject([{ lostCount: 1 }]);
  });
});

test('a trail says what is missing, what is out of order, and who was killed', () => {
  const record = (gate: string, seq: number): string => JSON.stringify({ event: 'audit', gate, seq } satisfies Partial<AuditRecord> & { event: string });
  const mark = (gate: string, seq: number, open: number, final: boolean): string => JSON.stringify({ event: 'audit-mark', gate, seq, open, final });
  const lines = [
    record('a', 1), '{"level":"info","event":"listening"}', record('b', 1), mark('a', 1, 3, false), record('a', 4), record('a', 3), record('b', 2), mark('b', 2, 0, true),
    '{"event":"audit","gate":"a","se',
  ];
  expect(readTrail(lines).map(({ records, ...trail }) => ({ ...trail, records: records.map(({ seq }) => seq) }))).toEqual([
    { gate: 'a', records: [1, 4, 3], missing: 1, isInOrder: false, isEnded: false, openAtLastMark: 3 },
    { gate: 'b', records: [1, 2], missing: 0, isInOrder: true, isEnded: true, openAtLastMark: 0 },
  ]);
});

test('a trail whose reader is gone is broken until somebody reads again, and one whose reader is slow is not', async () => {
  expect(stage.audit.isBroken()).toBe(false);
  fill(2 * MEGABYTE);
  await seconds(1);
  expect(stage.audit.isBroken()).toBe(false);
  stage.pipe.state = 'broken';
  await seconds(1);
  expect(stage.audit.isBroken()).toBe(true);
  stage.pipe.state = 'read';
  await seconds(1);
  expect(stage.audit.isBroken()).toBe(false);
});
