import { CfnResource, type Stack } from 'aws-cdk-lib';
import { type CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { alarm, query } from '../../support/alarms';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const plain = (props: object = {}) => (stack: Stack): CfnAlarm => alarm(stack, { statistic: 'Sum', period: 300, ...props });
const ALL = { id: 'all', expression: 'IF(m1 > 1, 100 * SUM([m1, m2]), 0)' };
const reckoned = (metrics: CfnAlarm.MetricDataQueryProperty[]) => (stack: Stack): CfnAlarm => alarm(stack, { metricName: undefined, namespace: undefined, metrics });
const PARTS = [query('m1', 'Acme', 'Errors'), query('m2', 'Acme', 'Requests')];

describeRule('MON-1.complete', {
  compliant: {
    'one metric': plain(),
    'a percentile': plain({ statistic: undefined, extendedStatistic: 'p99' }),
    'an expression': reckoned([ALL, ...PARTS]),
    'an expression of Contributor Insights': reckoned([{ id: 'most', expression: 'INSIGHT_RULE_METRIC("some-rule", \'MaxContributorValue\')', period: 300 }]),
    'a band': plain({ threshold: undefined, thresholdMetricId: 'band', comparisonOperator: 'GreaterThanUpperThreshold' }),
  },
  violating: {
    'no period': { build: plain({ period: undefined }), message: /is not set, and CloudWatch refuses the alarm/, severity: 'error' },
    'no statistic': { build: plain({ statistic: undefined }), message: /is not set/ },
    'no namespace': { build: plain({ namespace: undefined }), message: /is not set/ },
    'no threshold': { build: plain({ threshold: undefined }), message: /is not set/ },
    'a band that nothing makes': { build: plain({ comparisonOperator: 'LessThanLowerThreshold' }), message: /without a band/ },
    'a part that is not there': { build: reckoned([ALL, ...PARTS.slice(1)]), message: /has no m1, m1, of which an expression is/ },
    'two figures': { build: reckoned([ALL, ...PARTS.map((part) => ({ ...part, returnData: true }))]), message: /has 3 entries that ReturnData tells of/ },
    'no figure': { build: reckoned(PARTS), message: /has 0 entries/ },
    'an expression over no time': { build: reckoned([{ id: 'most', expression: 'INSIGHT_RULE_METRIC("some-rule", \'MaxContributorValue\')' }]), message: /says nowhere over which time/ },
    'a part of nothing': { build: reckoned([{ id: 'm1' }]), message: /is not set/ },
  },
  override: { build: (stack) => plain()(stack).addPropertyDeletionOverride('EvaluationPeriods'), message: /is not set/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::CloudWatch::Alarm' }), message: /is not set/ },
  undecidable: (stack) => plain()(stack).addPropertyOverride('ComparisonOperator', stack.resolve(deployTimeValue(stack))),
});
