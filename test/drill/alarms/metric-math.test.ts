import * as fc from 'fast-check';
import { evaluateMath, type MathScope, type MathValue } from '../../../src/drill/alarms/metric-math';
import type { Series } from '../../../src/drill/alarms/state';

const none = undefined;

function scopeOf(variables: Readonly<Record<string, MathValue>>, length = 5): MathScope {
  return { length, variable: (id) => variables[id], insight: (rule, metric) => (rule === 'refusals' && metric === 'MaxContributorValue' ? [7, 8, 9, 10, 11] : []) };
}

const of = (expression: string, variables: Readonly<Record<string, MathValue>> = {}): MathValue => evaluateMath(expression, scopeOf(variables));

// The examples of the CloudWatch guide, "Using math expressions with CloudWatch metrics".
const METRICS = { metric1: [30, 20, 0, 0], metric2: [20, none, 20, none] } as const;

test.each<[string, Series]>([
  ['metric1 < metric2', [0, 0, 1, 0]],
  ['metric1 >= 30', [1, 0, 0, 0]],
  ['metric1 > 15 AND metric2 > 15', [1, 0, 0, 0]],
])('%s is what the guide says', (expression, expected) => {
  expect(evaluateMath(expression, scopeOf(METRICS, 4))).toEqual(expected);
});

const CHOICE = { metric1: [1, 1, 0, 0, none], metric2: [30, none, 0, 0, 30], metric3: [0, 0, 20, none, 20] } as const;

test.each<[string, Series]>([
  ['IF(metric1, metric2, metric3)', [30, 0, 20, none, none]],
  ['IF(metric1, 5, metric3)', [5, 5, 20, none, none]],
  ['IF(metric1, metric2, 5)', [30, 0, 5, 5, none]],
  ['IF(metric1, metric2)', [30, 0, none, none, none]],
  ['IF(1, metric2, metric3)', [30, none, 0, 0, 30]],
  ['IF(0, metric2, metric3)', [0, 0, 20, none, 20]],
])('%s chooses as the guide says', (expression, expected) => {
  expect(of(expression, CHOICE)).toEqual(expected);
});

const GAPS = { m1: [none, 2, none, 4, none], m2: [10, none, none, 20, none] } as const;

test.each<[string, Series]>([
  ['m1 + m2', [10, 2, none, 24, none]],
  ['m2 - m1', [10, -2, none, 16, none]],
  ['100 * m1 / m2', [0, none, none, 20, none]],
  ['-m1', [none, -2, none, -4, none]],
  ['m1 ^ 2', [none, 4, none, 16, none]],
  ['m1 * 2 + 1', [none, 5, none, 9, none]],
  ['FILL(m1, 0)', [0, 2, 0, 4, 0]],
  ['FILL(m1, REPEAT)', [none, 2, 2, 4, 4]],
  ['FILL(m1, m2)', [10, 2, none, 4, none]],
  ['SUM([m1, m2])', [10, 2, none, 24, none]],
  ['MAX([m1, m2])', [10, 2, none, 20, none]],
  ['MIN([m1, m2])', [10, 2, none, 4, none]],
  ['m1 > 3 || m2 > 15', [0, 0, none, 1, none]],
  ['m1 > 1 && m2 > 15', [0, 0, none, 1, none]],
  ['m1 == 2 OR m1 != 4', [none, 1, none, 0, none]],
  ['INSIGHT_RULE_METRIC("refusals", "MaxContributorValue")', [7, 8, 9, 10, 11]],
  ['INSIGHT_RULE_METRIC(\'refusals\', \'MaxContributorValue\') - 7', [0, 1, 2, 3, 4]],
  ['IF((FILL(m1, 0) + FILL(m2, 0)) >= 20, 100 * FILL(m1, 0) / (FILL(m1, 0) + FILL(m2, 0)), 0)', [0, 0, 0, 100 * 4 / 24, 0]],
])('%s treats what is missing as the guide says', (expression, expected) => {
  expect(of(expression, GAPS)).toEqual(expected);
});

test.each([
  ['ANOMALY_DETECTION_BAND(m1)', 'the function ANOMALY_DETECTION_BAND with 1 arguments is not evaluated'],
  ['SUM(m1)', 'SUM of a single series is not evaluated'],
  ['FILL(m1, LINEAR)', 'FILL with LINEAR is not evaluated'],
  ['m3 + 1', 'nothing is called m3'],
  ['m1 +', 'the expression m1 + cannot be read'],
  ['m1 % 2', 'the operator % is not evaluated'],
  ['m1 ? 1 : 0', 'a ConditionalExpression is not evaluated'],
  ['1 / 0', 'a number is divided by zero'],
  ['constructor(m1)', 'the function constructor with 1 arguments is not evaluated'],
])('%s is not guessed at', (expression, why) => {
  expect(() => of(expression, GAPS)).toThrow(why);
});

const series = fc.array(fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }), { minLength: 6, maxLength: 6 });

test('a share is never more than a hundred percent, and nothing where there is too little of the whole', () => {
  fc.assert(fc.property(series, series, fc.integer({ min: 1, max: 50 }), (part, rest, least) => {
    const value = evaluateMath(`IF((FILL(a, 0) + FILL(b, 0)) >= ${least}, 100 * FILL(a, 0) / (FILL(a, 0) + FILL(b, 0)), 0)`, scopeOf({ a: part, b: rest }, 6)) as Series;
    value.forEach((share, index) => {
      const [one, other] = [part[index] ?? 0, rest[index] ?? 0];
      expect(share).toBe(one + other >= least ? 100 * one / (one + other) : 0);
    });
  }));
});

test('what is added is added in any order', () => {
  fc.assert(fc.property(series, series, (one, other) => {
    const [there, back] = ['a + b', 'b + a'].map((expression) => evaluateMath(expression, scopeOf({ a: one, b: other }, 6)));
    expect(there).toEqual(back);
  }));
});
