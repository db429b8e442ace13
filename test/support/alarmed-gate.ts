import type { JsonMap, Template } from '../../src/checks/template/template';
import { gateTemplate, TOKENS_OR_KEYS } from './gate-template';

const NAMESPACE = TOKENS_OR_KEYS.metrics.namespace;

const BALANCER: JsonMap = { 'Fn::GetAtt': ['LoadBalancer', 'LoadBalancerFullName'] };

/** An alarm on one metric, each of whose minutes counts. */
const alarm = (metric: JsonMap, more: JsonMap = {}): JsonMap => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: NAMESPACE, Statistic: 'Sum', Period: 60, EvaluationPeriods: 2, DatapointsToAlarm: 2, Threshold: 50, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'Topic' }], ...metric, ...more,
  },
});

/**
 * A gate in a task with alarms that somebody has written without any construct of ours, by the names that the documents give (CX-63 to CX-65): where the gate calls its
 * metrics otherwise, they do not ring.
 */
export function alarmedGate(): Template {
  const { name, body } = gateTemplate(TOKENS_OR_KEYS, 'Alarmed');
  const alarms: JsonMap = {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { Subscription: [{ Protocol: 'email', Endpoint: 'oncall@acme.test' }] } },
    ClientErrors: alarm({ MetricName: 'gateway_requests_total_4xx' }),
    ServerErrors: alarm({ MetricName: 'gateway_requests_total_5xx' }, { Threshold: 20 }),
    Unreadable: alarm({ MetricName: 'HTTPCode_ELB_4XX_Count', Namespace: 'AWS/ApplicationELB', Dimensions: [{ Name: 'LoadBalancer', Value: BALANCER }] }, { Threshold: 20 }),
    Strangers: alarm({ MetricName: 'gateway_key_auth_blocked_total' }),
    Silence: alarm({ MetricName: 'gateway_key_auth_allowed_total', Statistic: 'SampleCount' }, { Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' }),
    LockedDown: alarm({ MetricName: 'gateway_locked_down', Statistic: 'Maximum' }, { Threshold: 0 }),
  };
  return { name, body: { ...body, Resources: { ...body.Resources as JsonMap, ...alarms } } };
}
