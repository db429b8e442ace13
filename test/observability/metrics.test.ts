import { Duration, Stack } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { PrivateNetwork, SecureIngress, SecureMemcached, SecurePostgres, SecureRedis } from '../../src';
import { GATE_METRICS } from '../../src/observability/contract';
import { remoteCore } from '../support/remote-core';

const stack = new Stack();
const core = remoteCore(stack);
const { gate, ingress } = core;
const network = new PrivateNetwork(stack, 'Network', {});

/** What stands in a template, of one metric. */
function told(metric: IMetric | undefined): unknown {
  const stat = metric?.toMetricConfig().metricStat;
  return stat && stack.resolve({
    namespace: stat.namespace,
    name: stat.metricName,
    statistic: stat.statistic,
    seconds: stat.period.toSeconds(),
    dimensions: Object.fromEntries((stat.dimensions ?? []).map(({ name, value }) => [name, value])),
  });
}

describe('A gate', () => {
  const namespace = 'SecureCore/Default/Core/Service/Gate';

  test.each([
    [GATE_METRICS.requests, gate.metricRequests(), 'Sum'],
    ['gateway_requests_total_5xx', gate.metricServerErrors(), 'Sum'],
    [GATE_METRICS.allowed, gate.metricAllowed(), 'Sum'],
    [GATE_METRICS.blocked, gate.metricBlocked(), 'Sum'],
    [GATE_METRICS.limited, gate.metricLimited(), 'Sum'],
    [GATE_METRICS.uncounted, gate.metricUncounted(), 'Sum'],
    [GATE_METRICS.leasesOpen, gate.metricLeasesOpen(), 'Maximum'],
    [GATE_METRICS.leasesLost, gate.metricLeasesLost(), 'Sum'],
    [GATE_METRICS.streamsCut, gate.metricStreamsCut(), 'Sum'],
    [GATE_METRICS.keySetAge, gate.metricKeySetAge(), 'Maximum'],
    [GATE_METRICS.lockedDown, gate.metricLockedDown(), 'Maximum'],
    [GATE_METRICS.auditLost, gate.metricAuditLost(), 'Sum'],
    [GATE_METRICS.memory, gate.metricMemory(), 'Maximum'],
    [GATE_METRICS.loopDelay, gate.metricLoopDelay(), 'Maximum'],
  ])('tells %s of all its copies, every minute', (name, metric, statistic) => {
    expect(told(metric)).toEqual({ namespace, name, statistic, seconds: 60, dimensions: {} });
  });

  test('has a method for each of its metrics', () => {
    const methods = [
      'metricRequests', 'metricAllowed', 'metricBlocked', 'metricLimited', 'metricUncounted', 'metricLeasesOpen', 'metricLeasesLost', 'metricStreamsCut', 'metricKeySetAge', 'metricLockedDown',
      'metricAuditLost', 'metricDuration', 'metricMemory', 'metricLoopDelay',
    ];
    expect(methods).toHaveLength(Object.keys(GATE_METRICS).length);
    for (const method of methods) expect(gate).toHaveProperty(method);
  });

  test('tells how long a request took from what it measured and how often', () => {
    const { expression, usingMetrics = {} } = gate.metricDuration().toMetricConfig().mathExpression ?? {};
    expect(expression).toBe('IF(count > 0, sum / count, 0)');
    expect(Object.values(usingMetrics).map((metric) => metric.toMetricConfig().metricStat?.metricName)).toEqual(['gateway_request_duration_seconds_sum', 'gateway_request_duration_seconds_count']);
  });

  test('takes other statistics and periods', () => {
    expect(told(gate.metricBlocked({ period: Duration.minutes(5), statistic: 'Average' }))).toMatchObject({ seconds: 300, statistic: 'Average' });
    expect(told(gate.metricLeasesOpen({ statistic: 'Sum' }))).toMatchObject({ statistic: 'Sum' });
  });

  test('gives out the function that copies its keys', () => {
    expect(told(gate.keySetMirror?.metricFailures())).toMatchObject({ namespace: 'AWS/Lambda', name: 'Errors' });
  });
});

describe('An ingress', () => {
  test('tells of its target by load balancer and target group', () => {
    expect(told(ingress.metricTarget('HealthyHostCount', { statistic: 'Minimum' }))).toMatchObject({
      namespace: 'AWS/ApplicationELB', name: 'HealthyHostCount', statistic: 'Minimum',
      dimensions: { LoadBalancer: { 'Fn::GetAtt': ['CoreIngressLoadBalancer5C0719AE', 'LoadBalancerFullName'] }, TargetGroup: { 'Fn::GetAtt': [expect.stringMatching(/^CoreIngressTarget/), 'TargetGroupFullName'] } },
    });
  });

  test('tells when its certificate expires', () => {
    expect(told(ingress.metricDaysToExpiry())).toMatchObject({ namespace: 'AWS/CertificateManager', name: 'DaysToExpiry', statistic: 'Minimum', seconds: 86_400 });
  });

  test('tells what its web ACL blocked, for what it is and by a lock-down', () => {
    if (!(ingress instanceof SecureIngress)) throw new Error('It has no web ACL.');
    const { webAcl } = ingress;
    const WebACL = expect.stringMatching(/IngressWebAcl/) as string;
    expect(told(webAcl.metricBlocked())).toMatchObject({ namespace: 'AWS/WAFV2', name: 'BlockedRequests', dimensions: { WebACL, Rule: 'ALL', Region: { Ref: 'AWS::Region' } } });
    expect(told(webAcl.metricLockedOut())).toMatchObject({ dimensions: { Rule: expect.stringMatching(/-Lockdown$/) as string } });
    expect(told(webAcl.metric('AllowedRequests'))).toMatchObject({ name: 'AllowedRequests', dimensions: { Rule: 'ALL' } });
    expect(told(webAcl.lockdown.metricFailures())).toMatchObject({ namespace: 'AWS/Lambda', name: 'Errors' });
  });
});

describe('A service, and what renews its secrets', () => {
  test('tell of themselves', () => {
    expect(told(core.core.metricCpuUtilization())).toMatchObject({
      namespace: 'AWS/ECS', name: 'CPUUtilization', dimensions: { ClusterName: expect.anything() as unknown, ServiceName: expect.anything() as unknown },
    });
    expect(told(core.core.metricMemoryUtilization())).toMatchObject({ name: 'MemoryUtilization' });
    expect(told(core.rollout?.metricFailures())).toMatchObject({ namespace: 'AWS/Lambda', name: 'Errors' });
  });
});

describe('A store', () => {
  test('tells of itself: PostgreSQL', () => {
    const postgres = new SecurePostgres(stack, 'Postgres', { network });
    expect(told(postgres.metricFreeStorageSpace())).toMatchObject({ namespace: 'AWS/RDS', name: 'FreeStorageSpace', statistic: 'Minimum' });
    expect(told(postgres.metricCpuUtilization())).toMatchObject({ name: 'CPUUtilization' });
    expect(told(postgres.metricConnections())).toMatchObject({ name: 'DatabaseConnections', statistic: 'Maximum' });
  });

  test('tells of itself: Redis, by the node that tells the highest', () => {
    const redis = new SecureRedis(stack, 'Redis', { network, shards: 2 });
    const names = (metric: IMetric): unknown[] => Object.values(metric.toMetricConfig().mathExpression?.usingMetrics ?? {}).map(told);
    expect(redis.metricMemoryUsage().toMetricConfig().mathExpression?.expression).toBe('MAX([n1, n2, n3, n4])');
    expect(names(redis.metricEngineCpuUtilization({}, 2))).toEqual(['-0002-001', '-0002-002'].map((end) => (
      expect.objectContaining({ name: 'EngineCPUUtilization', dimensions: { CacheClusterId: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^RedisCache/) as string }, end]] } } }) as unknown
    )));
    expect(names(redis.metricReplicationLag({}, 1))).toHaveLength(2);
    expect(() => redis.metricMemoryUsage({}, 3)).toThrow('shard is 3. Name a whole number from 1 to 2.');
  });

  test('tells of itself: Memcached', () => {
    const memcached = new SecureMemcached(stack, 'Memcached', { network });
    expect(told(memcached.metricCpuUtilization())).toMatchObject({ namespace: 'AWS/ElastiCache', name: 'CPUUtilization', dimensions: { CacheClusterId: expect.anything() as unknown } });
    expect(told(memcached.metricEvictions())).toMatchObject({ name: 'Evictions', statistic: 'Sum' });
  });
});
