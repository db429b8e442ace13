import { ruleHolds } from '../../../src/drill/alarms/alarm-rule';
import { insightMetric, insightRuleOf } from '../../../src/drill/alarms/insight-rule';
import type { AlarmState } from '../../../src/drill/alarms/state';

const body = (contribution: object, more: object = {}): string => (
  JSON.stringify({ Schema: { Name: 'CloudWatchLogRule', Version: 1 }, LogFormat: 'JSON', Contribution: { Keys: ['$.identity'], ...contribution }, AggregateOn: 'Count', ...more })
);

const EVENTS = [
  { identity: 'a', outcome: 'refused', status: 403, bytes: 10 },
  { identity: 'a', outcome: 'refused', status: 429, bytes: 20 },
  { identity: 'b', outcome: 'refused', status: 403, bytes: 5 },
  { identity: 'b', outcome: 'served', status: 200, bytes: 7 },
  { outcome: 'refused', status: 401 },
];

test.each([
  [[], 2, 2],
  [[{ Match: '$.outcome', In: ['refused'] }], 2, 2],
  [[{ Match: '$.outcome', NotIn: ['refused'] }], 1, 1],
  [[{ Match: '$.status', GreaterThan: 403 }], 1, 1],
  [[{ Match: '$.status', LessThan: 403 }], 1, 1],
  [[{ Match: '$.status', EqualTo: 403 }], 1, 2],
  [[{ Match: '$.status', NotEqualTo: 403 }], 1, 2],
  [[{ Match: '$.outcome', StartsWith: ['ref'] }, { Match: '$.identity', IsPresent: true }], 2, 2],
])('with the filters %j the first contributor has %i and there are %i', (Filters, most, contributors) => {
  const rule = insightRuleOf(body({ Filters }));
  expect([insightMetric(rule, 'MaxContributorValue', EVENTS), insightMetric(rule, 'UniqueContributors', EVENTS)]).toEqual([most, contributors]);
});

test('values can be summed instead of counted', () => {
  const rule = insightRuleOf(body({ ValueOf: '$.bytes' }, { AggregateOn: 'Sum' }));
  expect(insightMetric(rule, 'MaxContributorValue', EVENTS)).toBe(30);
  expect(insightMetric(rule, 'Sum', EVENTS)).toBe(42);
});

test('who cannot be named is nobody\'s contribution, and without contributors there is no figure', () => {
  expect(insightMetric(insightRuleOf(body({ Filters: [{ Match: '$.status', EqualTo: 401 }] })), 'MaxContributorValue', EVENTS)).toBeUndefined();
});

test.each([
  ['a filter that is none', () => insightMetric(insightRuleOf(body({ Filters: [{ Match: '$.status', Near: 3 }] })), 'Sum', EVENTS), 'the filter Near'],
  ['an element of a list', () => insightMetric(insightRuleOf(body({ Keys: ['$.list[0]'] })), 'Sum', EVENTS), 'the field $.list[0]'],
  ['another log format', () => insightRuleOf(body({}, { LogFormat: 'CLF' })), 'anything but JSON'],
  ['no JSON', () => insightRuleOf('Schema'), 'is no JSON'],
  ['another metric', () => insightMetric(insightRuleOf(body({})), 'Average', EVENTS), 'Average'],
])('%s is not guessed at', (_, evaluated, why) => {
  expect(evaluated).toThrow(why);
});

const STATES: Readonly<Record<string, AlarmState>> = { one: 'ALARM', two: 'OK', three: 'INSUFFICIENT_DATA', 'with space': 'ALARM' };
const holds = (rule: string): boolean => ruleHolds(rule, (name) => STATES[name] ?? 'OK');

test.each([
  ['ALARM(one)', true],
  ['ALARM("one") AND OK(two)', true],
  ['ALARM("two") OR INSUFFICIENT_DATA(three)', true],
  ['NOT ALARM("one")', false],
  ['ALARM("one") AND NOT (OK("two") OR FALSE)', false],
  ['(ALARM("two") OR ALARM("with space"))', true],
  ['ALARM(with space)', true],
  ['TRUE AND ALARM(two)', false],
  ['ALARM("one") OR ALARM("one") AND ALARM("two")', true],
])('the rule %s of a composite alarm holds: %s', (rule, expected) => {
  expect(holds(rule)).toBe(expected);
});

test.each(['AT_LEAST(2, ALARM, (one, two))', 'ALARM(', 'one'])('the rule %s is not guessed at', (rule) => {
  expect(() => holds(rule)).toThrow(/is not evaluated|cannot be read/);
});
