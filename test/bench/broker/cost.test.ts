import { costOf } from '../../../bench/broker/cost';
import { PRICES } from '../../../bench/broker/prices';
import { costTable } from '../../../bench/broker/report';

const NOTHING = { dynamoWriteUnits: 0, dynamoReadUnits: 0, secretReads: 0, logBytes: 0 };
const FREE = { dynamoWriteUnit: 0, dynamoReadUnit: 0, secretRead: 0, keyUse: 0, invocation: 0, gigabyteSecond: 0, logGigabyte: 0 };
const total = (...cost: Parameters<typeof costOf>): number => costOf(...cost).at(-1)?.dollars ?? Number.NaN;

test('every price counts, as often as what it is for', () => {
  expect(total(NOTHING, FREE)).toBe(0);
  expect(total({ ...NOTHING, dynamoWriteUnits: 3 }, { ...FREE, dynamoWriteUnit: 0.625e-6 })).toBeCloseTo(1.875);
  expect(total({ ...NOTHING, dynamoReadUnits: 10 }, { ...FREE, dynamoReadUnit: 0.125e-6 })).toBeCloseTo(1.25);
  expect(total({ ...NOTHING, secretReads: 1 }, { ...FREE, secretRead: 0.05e-4 })).toBeCloseTo(5);
  expect(total({ ...NOTHING, secretReads: 1 }, { ...FREE, keyUse: 0.03e-4 })).toBeCloseTo(3);
  expect(total(NOTHING, { ...FREE, invocation: 0.2e-6 })).toBeCloseTo(0.2);
  expect(total(NOTHING, { ...FREE, gigabyteSecond: 13.3334e-6 })).toBeCloseTo(0.133);
  expect(total({ ...NOTHING, logBytes: 1000 }, { ...FREE, logGigabyte: 0.5 })).toBeCloseTo(0.5);
});

test('the last line is the sum of the others', () => {
  const lines = costOf({ dynamoWriteUnits: 3, dynamoReadUnits: 10, secretReads: 1.01, logBytes: 900 }, PRICES);
  expect(lines.slice(0, -1).reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(lines.at(-1)?.dollars ?? 0);
  expect(costTable(lines).split('\n')).toHaveLength(lines.length + 2);
});
