import { CfnResource, type Stack } from 'aws-cdk-lib';
import { type CfnAlarm, CfnInsightRule } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { alarm, query } from '../../support/alarms';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const AT_LEAST = 'GreaterThanOrEqualToThreshold';
const LOAD_BALANCER = [{ name: 'LoadBalancer', value: 'app/core/1' }];
const GATE = 'SecureCore/Core';
const REQUESTS = 'gateway_requests_total';

const on = (namespace: string, metricName: string, dimensions: CfnAlarm.DimensionProperty[], props: object = {}) => (stack: Stack): CfnAlarm =>
  alarm(stack, { namespace, metricName, dimensions, statistic: 'Sum', period: 300, comparisonOperator: AT_LEAST, threshold: 1, ...props });
const errors = (props: object = {}, dimensions = LOAD_BALANCER): ((stack: Stack) => CfnAlarm) => on('AWS/ApplicationELB', 'HTTPCode_ELB_5XX_Count', dimensions, { threshold: 20, ...props });
const failures = (props: object = {}, dimensions = [{ name: 'FunctionName', value: 'renew' }]): ((stack: Stack) => CfnAlarm) => on('AWS/Lambda', 'Errors', dimensions, props);
const certificate = (props: object = {}): ((stack: Stack) => CfnAlarm) =>
  on('AWS/CertificateManager', 'DaysToExpiry', [{ name: 'CertificateArn', value: 'arn' }], { statistic: 'Minimum', period: 86_400, comparisonOperator: 'LessThanThreshold', threshold: 30, ...props });
const silence = (props: object = {}): ((stack: Stack) => CfnAlarm) => (stack) => alarm(stack, {
  namespace: undefined, metricName: undefined, metrics: [{ id: 'm1', metricStat: { metric: { namespace: GATE, metricName: REQUESTS }, period: 60, stat: 'SampleCount' } }],
  comparisonOperator: 'LessThanThreshold', threshold: 1, evaluationPeriods: 3, treatMissingData: 'breaching', ...props,
});
const share = (props: object = {}, period = 60): ((stack: Stack) => CfnAlarm) => (stack) => alarm(stack, {
  namespace: undefined, metricName: undefined, comparisonOperator: AT_LEAST, threshold: 5, evaluationPeriods: 5,
  metrics: [
    { id: 'all', expression: 'IF(m2 >= 20, 100 * m1 / m2, 0)' }, query('m1', 'AWS/ApplicationELB', 'HTTPCode_Target_5XX_Count', LOAD_BALANCER),
    { id: 'm2', returnData: false, metricStat: { metric: { namespace: 'AWS/ApplicationELB', metricName: 'RequestCount', dimensions: LOAD_BALANCER }, period, stat: 'Sum' } },
  ], ...props,
});
const insightRule = (stack: Stack, ruleState = 'ENABLED'): CfnInsightRule => new CfnInsightRule(stack, 'Refusals', { ruleName: 'refusals', ruleState, ruleBody: '{}' });
const contributors = (props: object = {}, ruleState = 'ENABLED') => (stack: Stack): CfnAlarm => alarm(insightRule(stack, ruleState).stack, {
  namespace: undefined, metricName: undefined, comparisonOperator: AT_LEAST, threshold: 50,
  metrics: [{ id: 'most', expression: 'INSIGHT_RULE_METRIC("refusals", "MaxContributorValue")', period: 300 }], ...props,
});

/** An alarm on what a rule of events matches. */
const events = (state: string) => (stack: Stack): CfnAlarm => {
  const rule = new CfnRule(stack, 'Rule', { state, eventPattern: { source: ['aws.ecs'] } });
  return on('AWS/Events', 'TriggeredRules', [{ name: 'RuleName', value: rule.ref }])(stack);
};

describeRule('MON-1.raised', {
  compliant: {
    'errors of a load balancer': errors(),
    'one failure of a function': failures(),
    'more than no failure': failures({ comparisonOperator: 'GreaterThanThreshold', threshold: 0 }),
    'a certificate that ends': certificate(),
    'a gate that tells nothing': silence(),
    'a share': share(),
    'the first of all callers': contributors(),
    'a rule of events that is on': events('ENABLED'),
  },
  violating: {
    'the other direction': { build: errors({ comparisonOperator: 'LessThanThreshold' }), message: /is LessThanThreshold, and more of what the alarm looks at is worse/, severity: 'error' },
    'a certificate that lasts': { build: certificate({ comparisonOperator: AT_LEAST }), message: /and less of what the alarm looks at is worse/ },
    'more errors than there are requests': { build: errors({ threshold: 20_000 }), message: /is 20000: by what the alarm looks at it sounds never/ },
    'a thousand failures': { build: failures({ threshold: 1000 }), message: /sounds never/ },
    'no failure at least': { build: failures({ threshold: 0 }), message: /is 0: by what the alarm looks at it sounds always/ },
    'a certificate below no day': { build: certificate({ threshold: 0 }), message: /sounds never/ },
    'a certificate below any days': { build: certificate({ threshold: 30_000 }), message: /sounds always/ },
    'more than all of a share': { build: share({ threshold: 5000 }), message: /is 5000: by what the alarm looks at it sounds never/ },
    'contributors that nobody counts any more': { build: contributors({}, 'DISABLED'), message: /looks at Refusals, which is off: the alarm never sounds/ },
    'errors of one load balancer by requests of another': {
      build: (stack) => share()(stack).addPropertyOverride('Metrics.2.MetricStat.Metric.Dimensions.0.Value', 'app/other/2'),
      message: /weighs what happens at one load balancer by what happens at another/,
    },
    'more refusals than anybody has': { build: contributors({ threshold: 50_000 }), message: /sounds never/ },
    'the mean of single failures': { build: failures({ statistic: 'Average' }), message: /is Average, by which what the alarm looks at is not seen; it is told as Sum/ },
    'the mean of an error each, in a share': { build: (stack) => share()(stack).addPropertyOverride('Metrics.1.MetricStat.Stat', 'Average'), message: /is Average, by which/ },
    'a share of a million requests': {
      build: (stack) => share()(stack).addPropertyOverride('Metrics.0.Expression', 'IF(m2 >= 1000000, 100 * m1 / m2, 0)'), message: /asks for 1000000 before it says anything: the alarm never sounds/,
    },
    'errors of no load balancer': { build: errors({}, []), message: /has no LoadBalancer, and without there is no such metric/ },
    'failures of no function': { build: failures({}, [{ name: 'Resource', value: 'renew' }]), message: /has no FunctionName/ },
    'a pulse whose silence is well': { build: silence({ treatMissingData: 'notBreaching' }), message: /is not breaching, and what the alarm looks at is told all the time/ },
    'a pulse of whose silence nothing is said': { build: silence({ treatMissingData: undefined }), message: /is not breaching/ },
    'a rule of events that is off': { build: events('DISABLED'), message: /is Rule, which is off: the alarm never sounds/ },
  },
  override: { build: (stack) => errors()(stack).addPropertyOverride('Threshold', 1_000_000), message: /sounds never/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::CloudWatch::Alarm',
      properties: { Namespace: 'AWS/Lambda', MetricName: 'Errors', ComparisonOperator: 'LessThanThreshold', Threshold: '1', Dimensions: [{ Name: 'FunctionName', Value: 'renew' }] },
    }),
    message: /it sounds when all is well/,
  },
  undecidable: {
    'a threshold known at deployment': (stack) => errors()(stack).addPropertyOverride('Threshold', stack.resolve(deployTimeValue(stack))),
    'contributors of another place': (stack) => contributors()(stack).addPropertyOverride('Metrics.0.Expression', 'INSIGHT_RULE_METRIC("other", "MaxContributorValue")'),
  },
  notApplicable: { 'a metric of somebody\'s own': (stack) => alarm(stack) },
});

describeRule('MON-1.timely', {
  compliant: { 'five minutes': errors(), 'a day of what is told once a day': certificate(), 'a share': share() },
  violating: {
    'ten seconds': { build: errors({ period: 10 }), message: /is not whole minutes, in which the metric is told/, severity: 'error' },
    'two hours of errors': { build: errors({ evaluationPeriods: 24 }), message: /of 300 seconds are more than 3600 seconds: whoever is told hears it too late/ },
    'a day of failures': { build: failures({ period: 86_400 }), message: /are more than 21600 seconds/ },
    'a week of a certificate': { build: certificate({ evaluationPeriods: 7 }), message: /are more than 172800 seconds/ },
    'parts of a share that are gathered over other times': { build: share({}, 600), message: /is not the 600 seconds of what it is reckoned with/ },
  },
  override: { build: (stack) => errors()(stack).addPropertyOverride('EvaluationPeriods', 1000), message: /hears it too late/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::CloudWatch::Alarm', properties: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Period: '30' } }), message: /is not whole minutes/,
  },
  undecidable: (stack) => errors()(stack).addPropertyOverride('Period', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'a metric of somebody\'s own': (stack) => alarm(stack) },
});

/** A second alarm beside the first. */
const two = (stack: Stack, props: object): CfnAlarm => {
  alarm(stack, { metricName: 'Errors' });
  return alarm(stack, { metricName: 'Errors', ...props }, 'Second');
};
const ALIKE = /looks at what Alarm looks at, in the same way/;

describeRule('MON-1.distinct', {
  compliant: {
    'one alarm': (stack) => alarm(stack),
    'two metrics': (stack) => two(stack, { metricName: 'Throttles' }),
    'two thresholds': (stack) => two(stack, { threshold: 100 }),
    'the same metric of two things': (stack) => two(stack, { dimensions: [{ name: 'FunctionName', value: 'other' }] }),
  },
  violating: { 'the same twice': { build: (stack) => two(stack, {}), message: ALIKE, severity: 'warning' } },
  override: { build: (stack) => two(stack, { metricName: 'Throttles' }).addPropertyOverride('MetricName', 'Errors'), message: ALIKE },
  raw: {
    build: (stack) => {
      const properties = { Namespace: 'Acme', MetricName: 'Errors', Threshold: 1 };
      ['Alarm', 'Raw'].forEach((id) => new CfnResource(stack, id, { type: 'AWS::CloudWatch::Alarm', properties }));
    },
    message: ALIKE,
  },
  undecidable: (stack) => alarm(stack).addPropertyOverride('Metrics', stack.resolve(deployTimeValue(stack))),
});
