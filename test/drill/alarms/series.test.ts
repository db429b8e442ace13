import { allAt, measurementsIn, sameDimensions, together } from '../../../src/drill/alarms/series';
import { statisticOf } from '../../../src/drill/alarms/statistic';

const LINE = {
  _aws: {
    Timestamp: 5000,
    CloudWatchMetrics: [{ Namespace: 'Gate', Dimensions: [[], ['Task']], Metrics: [{ Name: 'requests', Unit: 'Count' }, { Name: 'absent' }] }],
  },
  Task: 'one',
  requests: 3,
};

test('a line of the embedded metric format has one measurement for each metric and set of dimensions', () => {
  const common = { namespace: 'Gate', name: 'requests', at: 5000, value: 3, unit: 'Count' };
  expect(measurementsIn(LINE)).toEqual([{ ...common, dimensions: {} }, { ...common, dimensions: { Task: 'one' } }]);
});

test('a target may be a list of values', () => {
  expect(measurementsIn({ ...LINE, requests: [1, 2] }).map(({ value }) => value)).toEqual([1, 2, 1, 2]);
});

test.each([[{}], [{ _aws: {} }], [{ _aws: { Timestamp: 'now', CloudWatchMetrics: [] } }]])('other lines have none', (line) => {
  expect(measurementsIn(line)).toEqual([]);
});

test('a metric with one dimension more is another one', () => {
  expect(sameDimensions({ a: '1' }, { a: '1' })).toBe(true);
  expect(sameDimensions({ a: '1' }, { a: '1', b: '2' })).toBe(false);
  expect(sameDimensions({}, { b: '2' })).toBe(false);
  expect(sameDimensions({ a: '1' }, { a: '2' })).toBe(false);
});

test('what happened once can be played at another time', () => {
  const told = { measurements: measurementsIn(LINE), events: [{ at: 1, event: { event: 'audit' } }] };
  const played = together(allAt(60_000, told), allAt(120_000, told));
  expect(played.measurements.map(({ at }) => at)).toEqual([60_000, 60_000, 120_000, 120_000]);
  expect(played.events).toEqual([{ at: 60_000, event: { event: 'audit' } }, { at: 120_000, event: { event: 'audit' } }]);
});

test.each([['Sum', 9], ['SampleCount', 3], ['Average', 3], ['Minimum', 1], ['Maximum', 6]])('the statistic %s is computed', (name, value) => {
  expect(statisticOf(name, [1, 2, 6])).toBe(value);
});

test('of nothing there is no statistic, and a percentile is not guessed at', () => {
  expect(statisticOf('SampleCount', [])).toBeUndefined();
  expect(() => statisticOf('p99', [1])).toThrow('the statistic p99 is not evaluated');
});
