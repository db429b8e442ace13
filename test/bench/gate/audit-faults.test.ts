import { auditFaults } from '../../../bench/gate/audit-faults';
import { Tally } from '../../../bench/gate/tally';
import type { AuditRecord } from '../../../src/audit/contract';
import type { GateTrail } from '../../../src/runtime/gate/audit/read-trail';

const record: AuditRecord = { schema: 1, time: '2026-01-01T00:00:00.000Z', gate: 'g', seq: 1, request_id: 'r', action: 'POST /x', outcome: 'served', latency_ms: 1, bytes_in: 0, bytes_out: 0 };
const trail = (records: number, change: Partial<GateTrail> = {}): GateTrail => ({
  gate: 'g', records: Array.from({ length: records }, () => record), missing: 0, isInOrder: true, isEnded: true, openAtLastMark: 0, ...change,
});
const SENT = { answered: 10, unheard: 2 };

describe('a gate that was sent ten requests, and two that nobody waited for,', () => {
  test.each([10, 11, 12])('may have %i records', (records) => expect(auditFaults([trail(records)], SENT)).toEqual([]));
  test('may not have fewer', () => expect(auditFaults([trail(9)], SENT)).toEqual(['10 requests were answered, and there are 9 records']));
  test('may not have more', () => expect(auditFaults([trail(13)], SENT)).toEqual(['10 requests were answered and 2 not waited for, and there are 13 records']));
  test('may leave out no number', () => expect(auditFaults([trail(10, { missing: 1 })], SENT)).toEqual(['1 numbers have no record']));
  test('keeps the order', () => expect(auditFaults([trail(10, { isInOrder: false })], SENT)).toEqual(['records are out of order']));
  test('says that it has ended', () => expect(auditFaults([trail(10, { isEnded: false })], SENT)).toHaveLength(1));
  test.each([[[]], [[trail(5), trail(5)]]])('is one gate', (trails) => expect(auditFaults(trails, SENT)).toEqual([`records are of ${trails.length} gates`]));
});

test('where nobody knows how many were sent, there may be any number above those that were answered', () => {
  const tally = new Tally();
  tally.add(10, 1);
  tally.add(0, Infinity);
  expect(auditFaults([trail(1000)], tally)).toEqual([]);
  expect(auditFaults([trail(9)], tally)).toHaveLength(1);
});
