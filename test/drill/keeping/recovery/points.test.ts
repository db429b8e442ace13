import { BEGIN, firstLost, snapshots, type WayBack } from '../../../../src/drill/keeping/recovery/points';
import { DAY_MS } from '../../../../src/drill/keeping/recovery/schedule';

const LOSS = { during: 10, missedAfter: 7, oldest: 2 };
const daily = (keptDays: number, expression = 'cron(0 1 * * ? *)'): WayBack => ({ name: 'daily', points: snapshots(expression, keptDays, BEGIN - 20 * DAY_MS, BEGIN + 10 * DAY_MS) });

test('a snapshot a day brings everything back, as long as it is kept until somebody misses it', () => {
  expect(firstLost([daily(35)], LOSS)).toBeUndefined();
  expect(firstLost([daily(8)], LOSS)).toBeUndefined();
  expect(firstLost([daily(7)], LOSS)).toBe(BEGIN);
  expect(firstLost([daily(Infinity)], LOSS)).toBeUndefined();
});

test('one that is too old is none', () => {
  expect(firstLost([daily(365, 'cron(0 1 ? * MON *)')], LOSS)).toBeDefined();
  expect(firstLost([daily(365, 'cron(0 1 ? * MON *)')], { ...LOSS, oldest: 8 })).toBeUndefined();
});

test('any moment comes back for as long as it can be rewound to', () => {
  expect(firstLost([{ name: 'own', rewindDays: 7 }], LOSS)).toBeUndefined();
  expect(firstLost([{ name: 'own', rewindDays: 6 }], LOSS)).toBe(BEGIN);
});

test('one way is enough, and without any all is lost at once', () => {
  expect(firstLost([{ name: 'own', rewindDays: 1 }, daily(35)], LOSS)).toBeUndefined();
  expect(firstLost([], LOSS)).toBe(BEGIN);
});

test('it is the first hour that is told', () => {
  const until = { name: 'ended', points: snapshots('cron(0 1 * * ? *)', 35, BEGIN - 20 * DAY_MS, BEGIN + DAY_MS) };
  // The last one is of 01:00 on the first day.
  expect(firstLost([until], LOSS)).toBe(BEGIN + 2 * DAY_MS + 2 * DAY_MS / 24);
});
