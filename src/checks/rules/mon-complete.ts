import { all, defineRule, expect, fail, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { ALARM } from './alarms';

/** Compared with a band that another metric makes, which ThresholdMetricId names. */
const BAND = /UpperThreshold|LowerThreshold/;

const REFUSED = 'and CloudWatch refuses the alarm';

function has(at: Property, ...names: readonly string[]): readonly Outcome[] {
  return expect(names.some((name) => at.get(name).exists), at.get(names[0] ?? ''), `is not set, ${REFUSED}`);
}

function isCompared(alarm: Resource): readonly Outcome[] {
  if (alarm.prop('ThresholdMetricId').exists) return PASS;
  const operator = alarm.prop('ComparisonOperator');
  return BAND.test(operator.text() ?? '') ? fail(operator, `is ${operator.text() ?? ''} without a band (ThresholdMetricId), ${REFUSED}`) : has(alarm.whole, 'Threshold');
}

const looksAtOne = (alarm: Resource): readonly Outcome[] => all(...[['MetricName'], ['Namespace'], ['Period'], ['Statistic', 'ExtendedStatistic']].map((names) => () => has(alarm.whole, ...names)));

/** Functions are written in capitals, what they are of is not; and what is quoted is neither (CloudWatch guide, "Using math expressions"). */
const namesIn = (expression: string): string[] => expression.replace(/"[^"]*"|'[^']*'/g, '').match(/\b[a-z]\w*\b/g) ?? [];

function reckons(alarm: Resource): readonly Outcome[] {
  const place = alarm.prop('Metrics');
  const queries = place.items();
  const told = queries.filter((query) => query.get('ReturnData').flag() !== false);
  const known = queries.map((query) => query.get('Id').text() ?? '');
  const unknown = queries.flatMap((query) => namesIn(query.get('Expression').partialText().text)).filter((name) => !known.includes(name));
  return all(
    () => expect(told.length === 1, place, `has ${told.length} entries that ReturnData tells of where one is taken, ${REFUSED}`),
    () => expect(queries.some((query) => query.get('Period').exists || query.get('MetricStat').get('Period').exists), place, `says nowhere over which time it is reckoned, ${REFUSED}`),
    () => expect(unknown.length === 0, place, `has no ${unknown.join(', ')}, of which an expression is, ${REFUSED}`),
    ...queries.map((query) => () => (query.get('MetricStat').exists
      ? all(...['MetricName', 'Namespace'].map((name) => () => has(query.get('MetricStat').get('Metric'), name))) : has(query, 'Expression'))),
  );
}

const complete = defineRule('MON-1', 'complete', {
  appliesTo: [ALARM],
  extent: 'what CloudWatch asks for when an alarm is made (PutMetricAlarm)',
  remediation: 'Say what is compared with what, over which time and how often, and let an expression name its parts.',
  check: (alarm) => all(
    () => has(alarm.whole, 'ComparisonOperator'), () => has(alarm.whole, 'EvaluationPeriods'), () => isCompared(alarm), () => (alarm.prop('Metrics').exists ? reckons(alarm) : looksAtOne(alarm)),
  ),
});

export const MON_COMPLETE_RULES = [complete];
