import type { JsonMap, Template } from '../../../src/checks/template/template';
import { graphsOf } from '../../../src/checks/template/template-graph';
import { ALARM_ATTACKS, translateAlarms } from '../../../src/drill/alarms';
import type { AlarmModel, AlarmReading } from '../../../src/drill/alarms/model';
import { allows } from '../../../src/drill/alarms/resource-policy';
import { METRICS_RENAMED, PERIODS_TOO_SHORT, PUBLISHING_SHUT, SILENCE_IS_GOOD, SUBSCRIPTIONS_REMOVED } from '../../../src/drill/alarms/saboteurs';
import type { Telemetry } from '../../../src/drill/alarms/series';
import { behaviourOf } from '../../../src/drill/alarms/timeline';
import { Property } from '../../../src/checks/template/property';
import { GATE_METRICS, metricPart } from '../../../src/observability/contract';
import { alarmedGate } from '../../support/alarmed-gate';
import { edgeOf } from '../../support/drilled';

function read(template: Template): AlarmModel {
  const [graph] = graphsOf([template]);
  if (graph === undefined) throw new Error('No world was found.');
  return translateAlarms(graph, edgeOf([template]));
}

function alarmIn(model: AlarmModel, logicalId: string): AlarmReading {
  const found = model.alarms.find(({ place }) => place.logicalId === logicalId);
  if (found === undefined) throw new Error(`There is no ${logicalId}.`);
  return found;
}

const told = (name: string, value: number): Telemetry => ({ measurements: [{ namespace: 'SecureCore/Gated', name, dimensions: {}, at: 0, value }], events: [] });
const NONE: Telemetry = { measurements: [], events: [] };

test('the names that the documents give are those that a gate has in CloudWatch: attacks and alarms of others go by them', () => {
  expect([metricPart(GATE_METRICS.requests, '4xx'), metricPart(GATE_METRICS.requests, '5xx'), GATE_METRICS.blocked, GATE_METRICS.limited, GATE_METRICS.lockedDown]).toEqual([
    'gateway_requests_total_4xx', 'gateway_requests_total_5xx', 'gateway_key_auth_blocked_total', 'gateway_limited_total', 'gateway_locked_down',
  ]);
  expect([GATE_METRICS.keySetAge, GATE_METRICS.uncounted, GATE_METRICS.auditLost]).toEqual(['gateway_jwks_age_seconds', 'gateway_uncounted_total', 'gateway_audit_lost_total']);
});

test('an alarm rings once as many minutes as it wants are beyond its threshold', () => {
  const model = read(alarmedGate());
  const { quiet, then } = behaviourOf(model, alarmIn(model, 'Strangers'), told('gateway_key_auth_blocked_total', 1), told('gateway_key_auth_blocked_total', 51));
  expect(quiet).toEqual(['OK', 'OK', 'OK', 'OK']);
  expect(then).toEqual(['OK', 'ALARM', 'ALARM', 'ALARM']);
});

test('an alarm on silence rings when nothing is told, however much was before', () => {
  const model = read(alarmedGate());
  const { quiet, then } = behaviourOf(model, alarmIn(model, 'Silence'), told('gateway_key_auth_allowed_total', 0), NONE);
  expect(quiet).not.toContain('ALARM');
  expect(then.at(-1)).toBe('ALARM');
});

test.each([[METRICS_RENAMED], [PERIODS_TOO_SHORT]])('it is silent once sabotaged', (saboteur) => {
  const { name, body } = alarmedGate();
  const model = read({ name, body: saboteur.sabotage(body) ?? {} });
  expect(behaviourOf(model, alarmIn(model, 'Strangers'), NONE, told('gateway_key_auth_blocked_total', 5000)).then).not.toContain('ALARM');
});

test('silence that is taken for good wakes nobody', () => {
  const { name, body } = alarmedGate();
  const model = read({ name, body: SILENCE_IS_GOOD.sabotage(body) ?? {} });
  expect(behaviourOf(model, alarmIn(model, 'Silence'), told('gateway_key_auth_allowed_total', 0), NONE).then).not.toContain('ALARM');
});

test('what looks back for days is not played', () => {
  const { name, body } = alarmedGate();
  const model = read({ name, body: JSON.parse(JSON.stringify(body).replaceAll('"Period":60', '"Period":86400')) as JsonMap });
  expect(() => behaviourOf(model, alarmIn(model, 'Strangers'), NONE, NONE)).toThrow('it looks back 96 hours, which is not played');
});

test('an attack has no target where no alarm watches what it is about', () => {
  const { name, body } = alarmedGate();
  const Resources = Object.fromEntries(Object.entries(body.Resources as JsonMap).filter(([id]) => id !== 'Strangers'));
  const attack = ALARM_ATTACKS.find(({ id }) => id === 'MON-2.bad-credentials');
  expect(attack?.targets(read({ name, body })).map(({ place }) => place.logicalId)).toEqual(['Strangers']);
  expect(attack?.targets(read({ name, body: { Resources } }))).toEqual([]);
});

describe('what is no gate\'s', () => {
  const alarm = (properties: JsonMap): JsonMap => ({
    Type: 'AWS::CloudWatch::Alarm', Properties: { Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold', ...properties },
  });
  const targetsOf = (id: string, more: JsonMap): string[] | undefined => {
    const { name, body } = alarmedGate();
    const model = read({ name, body: { ...body, Resources: { ...body.Resources as JsonMap, ...more } } });
    return ALARM_ATTACKS.find((attack) => attack.id === id)?.targets(model).map(({ place }) => place.logicalId);
  };

  test('is another load balancer, and its alarms do not have to ring', () => {
    const LoadBalancerArn = { Ref: 'Other' };
    const other = { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal', Subnets: ['subnet-1', 'subnet-2'] } };
    const listener = { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {
      LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    } };
    const Dimensions = [{ Name: 'LoadBalancer', Value: { 'Fn::GetAtt': ['Other', 'LoadBalancerFullName'] } }];
    const elsewhere = alarm({ Namespace: 'AWS/ApplicationELB', MetricName: 'HTTPCode_ELB_4XX_Count', Dimensions });
    expect(targetsOf('MON-1.unreadable', { Other: other, OtherListener: listener, Elsewhere: elsewhere })).toEqual(['Unreadable']);
  });

  test('is a rule that counts by worker', () => {
    const rule = (RuleName: string, key: string): JsonMap => ({
      Type: 'AWS::CloudWatch::InsightRule', Properties: { RuleName, RuleState: 'ENABLED', RuleBody: JSON.stringify({ LogFormat: 'JSON', Contribution: { Keys: [key] }, AggregateOn: 'Count' }) },
    });
    const on = (name: string): JsonMap => alarm({ Metrics: [{ Id: 'most', Expression: `INSIGHT_RULE_METRIC('${name}', 'MaxContributorValue')`, Period: 60 }] });
    expect(targetsOf('MON-2.one-caller', { Callers: rule('callers', '$.identity'), Workers: rule('workers', '$.worker'), OneCaller: on('callers'), OneWorker: on('workers') })).toEqual(['OneCaller']);
  });
});

test('a template without subscriptions or policies has none to take away', () => {
  expect(SUBSCRIPTIONS_REMOVED.sabotage({ Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } } })).toBeUndefined();
  expect(PUBLISHING_SHUT.sabotage({ Resources: {} })).toBeUndefined();
});

const statement = (more: JsonMap = {}): JsonMap => ({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish', Resource: '*', ...more });
const asked = { action: 'sns:Publish', service: 'cloudwatch.amazonaws.com', context: { 'aws:sourceaccount': '111122223333', 'aws:securetransport': 'true' } };
const isAllowed = (...statements: readonly JsonMap[]): boolean => allows(new Property('Policy', { Statement: statements }), asked, {});

test.each<[string, boolean, readonly JsonMap[]]>([
  ['allows the service', true, [statement()]],
  ['allows all of SNS', true, [statement({ Action: ['sns:*'] })]],
  ['allows somebody else', false, [statement({ Principal: { Service: 'events.amazonaws.com' } })]],
  ['allows something else', false, [statement({ Action: 'sns:Subscribe' })]],
  ['allows nothing', false, []],
  ['allows it for this account', true, [statement({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } })]],
  ['allows it for another account', false, [statement({ Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } })]],
  ['denies what comes without TLS', true, [statement(), statement({ Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]],
  ['denies everybody', false, [statement(), statement({ Effect: 'Deny', Principal: '*' })]],
])('a policy that %s lets CloudWatch publish: %s', (_, expected, statements) => {
  expect(isAllowed(...statements)).toBe(expected);
});

test('a condition that is not imitated is not guessed at', () => {
  expect(() => isAllowed(statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }))).toThrow('the condition IpAddress of a policy is not evaluated');
});
