import { beginnings, DAY_MS } from '../../../../src/drill/keeping/recovery/schedule';

/** A Saturday, of a leap year. */
const FROM = Date.UTC(2028, 0, 1);

function during(expression: string, days: number, from = FROM): string[] {
  return beginnings(expression, from, from + days * DAY_MS).map((at) => new Date(at).toISOString().slice(0, 16));
}

test.each<[string, number, string[]]>([
  ['cron(0 5 ? * * *)', 2, ['2028-01-01T05:00', '2028-01-02T05:00']],
  ['cron(30 1/8 * * ? *)', 1, ['2028-01-01T01:30', '2028-01-01T09:30', '2028-01-01T17:30']],
  ['cron(0 9 ? * SAT *)', 10, ['2028-01-01T09:00', '2028-01-08T09:00']],
  ['cron(0 9 ? * 2-3 *)', 7, ['2028-01-03T09:00', '2028-01-04T09:00']],
  ['cron(0 9 ? * SAT#1 *)', 60, ['2028-01-01T09:00', '2028-02-05T09:00']],
  ['cron(0 9 L * ? *)', 60, ['2028-01-31T09:00', '2028-02-29T09:00']],
  ['cron(0,30 4 1,15 JAN,MAR ? *)', 20, ['2028-01-01T04:00', '2028-01-01T04:30', '2028-01-15T04:00', '2028-01-15T04:30']],
  ['cron(0 9 1 1 ? 2029)', 400, ['2029-01-01T09:00']],
])('%s begins, in %d days, at %j', (expression, days, expected) => {
  expect(during(expression, days)).toEqual(expected);
});

test('what begins before or after the time is left out', () => {
  expect(during('cron(0 0/6 * * ? *)', 1, FROM + 6.5 * 60 * 60 * 1000)).toEqual(['2028-01-01T12:00', '2028-01-01T18:00', '2028-01-02T00:00', '2028-01-02T06:00']);
});

test.each(['rate(1 day)', 'cron(0 5 * * ?)', 'cron(61 5 * * ? *)', 'cron(0 5 15W * ? *)', 'cron(0 5 ? * NOW *)', 'cron( 5 ? * * *)', ''])('%s is not imitated, and says so', (expression) => {
  expect(() => during(expression, 1)).toThrow(/is not imitated/);
});
