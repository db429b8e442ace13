import * as fc from 'fast-check';
import { type AlarmState, type MissingData, type Series, stateOf, type Trigger } from '../../../src/drill/alarms/state';

const X = 1;
const POINTS: Readonly<Record<string, number | undefined>> = { '0': 0, 'X': X, '-': undefined };
const seriesOf = (drawn: string): Series => drawn.split(' ').map((point) => POINTS[point]);
const trigger = (more: Partial<Trigger> = {}): Trigger => (
  { comparison: 'GreaterThanOrEqualToThreshold', threshold: X, evaluationPeriods: 3, datapointsToAlarm: 3, missingData: 'missing', ...more }
);
const WAYS: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const BEFORE: AlarmState = 'INSUFFICIENT_DATA';
/** As an alarm was before. */
const SAME = BEFORE;

// The tables of the CloudWatch guide, "Configuring how CloudWatch alarms treat missing data".
test.each([
  ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
  ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
  ['- - - - -', ['INSUFFICIENT_DATA', SAME, 'ALARM', 'OK']],
  ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['- - X - -', ['ALARM', SAME, 'ALARM', 'OK']],
  // Of an older edition.
  ['- - - - X', ['INSUFFICIENT_DATA', SAME, 'ALARM', 'OK']],
  ['X - - - -', ['ALARM', SAME, 'ALARM', 'OK']],
])('three of three, with %s, is what the guide says', (drawn, states) => {
  expect(WAYS.map((missingData) => stateOf(seriesOf(drawn), trigger({ missingData }), BEFORE))).toEqual(states);
});

test.each([
  ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  ['- - - X -', ['ALARM', SAME, 'ALARM', 'OK']],
])('two of three, with %s, is what the guide says', (drawn, states) => {
  expect(WAYS.map((missingData) => stateOf(seriesOf(drawn), trigger({ missingData, datapointsToAlarm: 2 }), BEFORE))).toEqual(states);
});

test('what is ignored leaves an alarm as it was', () => {
  for (const before of ['OK', 'ALARM'] as const) expect(stateOf(seriesOf('- - - - -'), trigger({ missingData: 'ignore' }), before)).toBe(before);
});

test.each([
  ['GreaterThanThreshold', [false, false, true]],
  ['GreaterThanOrEqualToThreshold', [false, true, true]],
  ['LessThanThreshold', [true, false, false]],
  ['LessThanOrEqualToThreshold', [true, true, false]],
])('%s compares as its name says', (comparison, rings) => {
  const states = [4, 5, 6].map((value) => stateOf([value], trigger({ comparison, threshold: 5, evaluationPeriods: 1, datapointsToAlarm: 1 }), BEFORE));
  expect(states.map((state) => state === 'ALARM')).toEqual(rings);
});

test('a comparison with a band is not guessed at', () => {
  expect(() => stateOf([1], trigger({ comparison: 'LessThanLowerOrGreaterThanUpperThreshold' }), BEFORE)).toThrow('the comparison LessThanLowerOrGreaterThanUpperThreshold is not evaluated');
});

const point = fc.constantFrom(0, X, undefined);
const mOfN = fc.integer({ min: 1, max: 6 }).chain((evaluationPeriods) => (
  fc.record({ evaluationPeriods: fc.constant(evaluationPeriods), datapointsToAlarm: fc.integer({ min: 1, max: evaluationPeriods }) })
));
const ranges = mOfN.chain((some) => fc.tuple(fc.constant(some), fc.array(point, { minLength: some.evaluationPeriods + 2, maxLength: some.evaluationPeriods + 2 })));

test('where nothing is missing, M of the newest N decide, whatever is said of what is missing', () => {
  fc.assert(fc.property(mOfN, fc.array(fc.constantFrom(0, X), { minLength: 8, maxLength: 8 }), fc.constantFrom(...WAYS), (some, series, missingData) => {
    const count = series.slice(-some.evaluationPeriods).filter((value) => value === X).length;
    expect(stateOf(series, trigger({ ...some, missingData }), BEFORE)).toBe(count >= some.datapointsToAlarm ? 'ALARM' : 'OK');
  }));
});

test('who takes silence for bad rings at least whenever somebody does who takes it for good', () => {
  fc.assert(fc.property(ranges, ([some, series]) => {
    if (stateOf(series, trigger({ ...some, missingData: 'notBreaching' }), BEFORE) === 'ALARM') expect(stateOf(series, trigger({ ...some, missingData: 'breaching' }), BEFORE)).toBe('ALARM');
  }));
});

test('a point that becomes worse silences no alarm', () => {
  fc.assert(fc.property(ranges, fc.nat(7), fc.constantFrom(...WAYS), ([some, series], index, missingData) => {
    if (stateOf(series, trigger({ ...some, missingData }), BEFORE) !== 'ALARM') return;
    const worse = series.map((value, at) => (at === index && value === 0 ? X : value));
    expect(stateOf(worse, trigger({ ...some, missingData }), BEFORE)).toBe('ALARM');
  }));
});

test('what lies further back than CloudWatch looks changes nothing', () => {
  fc.assert(fc.property(ranges, fc.array(point, { maxLength: 4 }), fc.constantFrom(...WAYS), ([some, series], earlier, missingData) => {
    expect(stateOf([...earlier, ...series], trigger({ ...some, missingData }), BEFORE)).toBe(stateOf(series, trigger({ ...some, missingData }), BEFORE));
  }));
});
