import { Ajv } from 'ajv';
import { AUDIT_FIELDS, auditRecordSchema } from '../../../../src/audit/record-fields';
import { brokenGateLines, linesOf, seededRecords } from '../../../../src/drill/keeping/trail/seeds';
import { readTrail } from '../../../../src/runtime/gate/audit/read-trail';

const NOON = Date.UTC(2026, 0, 2, 12);

test('every seeded record is of the schema, and every field and every outcome is in some and absent in others', () => {
  const records = seededRecords(NOON);
  const isRecord = new Ajv({ strict: true }).compile({ ...auditRecordSchema(), additionalProperties: false });
  expect(linesOf(records, NOON).slice(0, -1).map((line) => JSON.parse(line) as unknown).filter((line) => !isRecord(line))).toEqual([]);
  for (const { name, isAlways } of AUDIT_FIELDS) expect([name, records.some((record) => name in record), records.every((record) => name in record)]).toEqual([name, true, isAlways]);
  expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['served', 'answered', 'refused', 'failed', 'cut']));
});

test('a number is among them that 32 bits do not hold', () => {
  expect(Math.max(...seededRecords(NOON).map(({ bytes_in: bytes }) => bytes))).toBeGreaterThan(2 ** 32);
});

test('their gate has ended, and the broken one has a gap and requests that were open', () => {
  expect(readTrail(linesOf(seededRecords(NOON), NOON))).toMatchObject([{ missing: 0, isEnded: true, isInOrder: true }]);
  expect(readTrail(brokenGateLines(NOON))).toMatchObject([{ missing: 1, isEnded: false, openAtLastMark: 2 }]);
});
