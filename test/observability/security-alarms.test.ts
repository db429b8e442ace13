import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Access, AssetBucket, Authorizer, Exposure, GateProof, PrivateNetwork, Route, SecureMemcached, SecurePostgres, SecureRedis, Size } from '../../src';
import { Construct } from 'constructs';
import { ALARM_NAMES, type AlarmName, factsOf } from '../../src/observability/alarm-facts';
import { GATE_METRICS } from '../../src/observability/contract';
import { CORE_VARIANTS } from '../support/core-variants';
import { remoteCore } from '../support/remote-core';

interface Query {
  readonly Expression?: string;
  readonly Period?: number;
  readonly MetricStat?: { readonly Period: number; readonly Metric: { readonly MetricName: string } };
}

interface Acl {
  readonly Properties: { readonly VisibilityConfig: { readonly MetricName: string }; readonly Rules: readonly { readonly Name: string; readonly VisibilityConfig: { readonly MetricName: string } }[] };
}

interface InsightRule {
  readonly Properties: { readonly RuleName: string; readonly RuleState: string; readonly RuleBody: { readonly 'Fn::Join': readonly [string, readonly unknown[]] } };
}

interface Alarm {
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Properties: {
    readonly MetricName?: string;
    readonly Namespace?: string;
    readonly Threshold: number;
    readonly Period?: number;
    readonly Statistic?: string;
    readonly TreatMissingData: string;
    readonly AlarmActions?: readonly unknown[];
    readonly OKActions?: readonly unknown[];
    readonly AlarmDescription: string;
    readonly Metrics?: readonly Query[];
  };
}

const alarmsIn = (template: Template): [string, Alarm][] => Object.entries(template.findResources('AWS::CloudWatch::Alarm')) as [string, Alarm][];
const nameOf = ({ Metadata }: Alarm): unknown => Metadata?.['cdk-secure-core:alarm'];

function alarm(template: Template, name: AlarmName): Alarm['Properties'] {
  const found = alarmsIn(template).find(([, one]) => nameOf(one) === name);
  if (!found) throw new Error(`There is no alarm ${name}.`);
  return found[1].Properties;
}

const expressionOf = ({ Metrics = [] }: Alarm['Properties']): string | undefined => Metrics.find(({ Expression }) => Expression !== undefined)?.Expression;
const metricsOf = ({ Metrics = [] }: Alarm['Properties']): string[] => Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []);

function built(overrides?: Parameters<typeof remoteCore>[1]): Template {
  const stack = new Stack();
  remoteCore(stack, overrides);
  return Template.fromStack(stack);
}

const STORES: readonly AlarmName[] = ['PostgresStorage', 'PostgresCpu', 'PostgresConnections', 'MemcachedCpu'];

describe('SecurityAlarms', () => {
  const template = built();
  const own = alarmsIn(template).filter(([, one]) => nameOf(one) !== undefined);

  test('are all of the table, but those of stores that a Core has not', () => {
    expect(own.map(([, one]) => nameOf(one)).sort()).toEqual(ALARM_NAMES.filter((name) => !STORES.includes(name)).sort());
  });

  test('tell somebody when they start and when they end, every one of the stack', () => {
    for (const [id, { Properties }] of alarmsIn(template)) {
      expect([id, Properties.AlarmActions]).toEqual([id, [{ Ref: expect.stringMatching(/^Alarms/) as string }]]);
      expect([id, Properties.OKActions]).toEqual([id, Properties.AlarmActions]);
    }
    template.allResourcesProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [Match.anyValue()], OKActions: [Match.anyValue()] });
  });

  test.each(ALARM_NAMES.filter((name) => !STORES.includes(name)))('%s treats silence as the table says, and says what to do', (name) => {
    const { silence, first, page, minutes } = factsOf(name);
    const { TreatMissingData, AlarmDescription, Period, Metrics = [] } = alarm(template, name);
    expect(TreatMissingData).toBe(silence);
    expect(AlarmDescription).toContain(`First: ${first} docs/${page}`);
    expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    const periods = [Period, ...Metrics.flatMap(({ Period: own_, MetricStat }) => own_ ?? MetricStat?.Period ?? [])].filter((period) => period !== undefined);
    expect(new Set(periods)).toEqual(new Set([minutes * 60]));
  });

  test.each([
    ['AuthFailures', GATE_METRICS.blocked, 'Sum', 100],
    ['LimitHits', GATE_METRICS.limited, 'Sum', 100],
    ['Uncounted', GATE_METRICS.uncounted, 'Sum', 1],
    ['AuditLost', GATE_METRICS.auditLost, 'Sum', 1],
    ['LeasesLost', GATE_METRICS.leasesLost, 'Sum', 1],
    ['LockedDown', GATE_METRICS.lockedDown, 'Maximum', 1],
    ['KeySetAge', GATE_METRICS.keySetAge, 'Maximum', 1800],
  ] as const)('%s looks at %s of the gate', (name, MetricName, Statistic, Threshold) => {
    expect(alarm(template, name)).toMatchObject({ Namespace: 'SecureCore/Default/Core/Service/Gate', MetricName, Statistic, Threshold });
  });

  test('take a percentage of enough requests alone', () => {
    expect(expressionOf(alarm(template, 'AuthFailureShare'))).toBe('IF((FILL(m1, 0) + FILL(m2, 0)) >= 20, 100 * (FILL(m1, 0)) / (FILL(m1, 0) + FILL(m2, 0)), 0)');
    expect(metricsOf(alarm(template, 'AuthFailureShare'))).toEqual([GATE_METRICS.blocked, GATE_METRICS.allowed]);
    expect(metricsOf(alarm(template, 'GateServerErrors'))).toEqual(['gateway_requests_total_5xx', GATE_METRICS.requests]);
    expect(metricsOf(alarm(template, 'EdgeClientErrors'))).toEqual(['HTTPCode_ELB_4XX_Count', 'HTTPCode_ELB_5XX_Count', 'RequestCount']);
    expect(metricsOf(alarm(template, 'TargetServerErrors'))[0]).toBe('HTTPCode_Target_5XX_Count');
  });

  test('leave out of the web ACL\'s blocks what a lock-down blocks', () => {
    expect(expressionOf(alarm(template, 'WebAclBlocks'))).toBe('FILL(blocked, 0) - FILL(shut, 0)');
    const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL')) as Acl[];
    const lockdown = acl?.Properties.Rules.find(({ Name }) => Name === 'Lockdown')?.VisibilityConfig.MetricName;
    const written = JSON.stringify(alarm(template, 'WebAclBlocks').Metrics);
    expect(written).toContain(JSON.stringify({ Name: 'WebACL', Value: acl?.Properties.VisibilityConfig.MetricName }));
    expect(written).toContain(JSON.stringify({ Name: 'Rule', Value: lockdown }));
    expect(written).toContain(JSON.stringify({ Name: 'Rule', Value: 'ALL' }));
  });

  test('count refusals of one caller from the audit records', () => {
    const [rule] = Object.values(template.findResources('AWS::CloudWatch::InsightRule')) as InsightRule[];
    const body = JSON.parse(rule?.Properties.RuleBody['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'hot')).join('') ?? '') as object;
    expect(body).toEqual({
      Schema: { Name: 'CloudWatchLogRule', Version: 1 },
      LogGroupNames: ['hot'],
      LogFormat: 'JSON',
      Contribution: { Keys: ['$.identity'], Filters: [{ Match: '$.event', In: ['audit'] }, { Match: '$.outcome', In: ['refused'] }, { Match: '$.identity', IsPresent: true }] },
      AggregateOn: 'Count',
    });
    expect(rule?.Properties.RuleState).toBe('ENABLED');
    expect(expressionOf(alarm(template, 'IdentityRefusals'))).toBe(`INSIGHT_RULE_METRIC('${rule?.Properties.RuleName ?? ''}', 'MaxContributorValue')`);
  });

  test('count tasks that failed, and not those that somebody stopped', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.ecs'], 'detail-type': ['ECS Task State Change'], 'detail': { lastStatus: ['STOPPED'], stopCode: ['EssentialContainerExited', 'TaskFailedToStart'] } },
      Targets: Match.absent(),
    });
  });

  test('wait for the service where silence is an alarm', () => {
    for (const [, { Properties, ...rest }] of own.filter(([, one]) => ['GateSilent', 'NoHealthyTarget'].includes(String(nameOf(one))))) {
      expect(Properties.TreatMissingData).toBe('breaching');
      expect(rest).toMatchObject({ DependsOn: expect.arrayContaining([expect.stringMatching(/^CoreService[0-9A-F]{8}$/)]) as string[] });
    }
  });

  test.each(['attack', 'fault'] as const)('come together by what they are signs of: %s', (group) => {
    const composites = Object.entries(template.findResources('AWS::CloudWatch::CompositeAlarm')) as [string, { Properties: { AlarmRule: unknown } }][];
    const id = group === 'attack' ? /^CoreAlarmsUnderAttack/ : /^CoreAlarmsUnhealthy/;
    const rule = JSON.stringify(composites.find(([name]) => id.test(name))?.[1].Properties.AlarmRule);
    for (const [logicalId, one] of own) expect([logicalId, rule.includes(`"${logicalId}"`)]).toEqual([logicalId, factsOf(nameOf(one) as AlarmName).group === group]);
    expect(rule.includes('CoreSecretAccessUnexpectedReads')).toBe(group === 'attack');
    expect(rule.includes('CoreServiceRolloutFailures')).toBe(group === 'fault');
  });

  test('show on one page', () => {
    const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard')) as { Properties: { DashboardBody: unknown } }[];
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);
    const shown = [GATE_METRICS.blocked, GATE_METRICS.leasesOpen, GATE_METRICS.auditLost, 'gateway_limited_total_heavy', 'gateway_requests_total_5xx', 'HealthyHostCount'];
    for (const name of shown) expect(body).toContain(name);
    for (const [logicalId] of own) expect([logicalId, body.includes(logicalId)]).toEqual([logicalId, true]);
  });

  test('take other figures', () => {
    const other = built({ alarmThresholds: { authFailures: 7, leastRequests: 50, serverErrorPercent: 1, keySetAge: Duration.minutes(10), certificateExpiry: Duration.days(14) } });
    expect(alarm(other, 'AuthFailures').Threshold).toBe(7);
    expect(alarm(other, 'KeySetAge').Threshold).toBe(600);
    expect(alarm(other, 'CertificateExpiry').Threshold).toBe(14);
    expect(alarm(other, 'TargetServerErrors').Threshold).toBe(1);
    expect(expressionOf(alarm(other, 'GateServerErrors'))).toContain('>= 50');
    expect(alarm(other, 'LimitHits').Threshold).toBe(100);
  });

  test.each([
    [{ authFailures: 0 }, 'thresholds.authFailures is 0. Name a whole number from 1 to 5000.'],
    [{ serverErrorPercent: 101 }, 'thresholds.serverErrorPercent is 101. Name whole percent from 1 to 100.'],
    [{ limitHits: 1.5 }, 'thresholds.limitHits is 1.5.'],
    [{ keySetAge: Duration.hours(2) }, 'thresholds.keySetAge is 7200. Name whole seconds from 60 to 3600.'],
    [{ certificateExpiry: Duration.days(90) }, 'thresholds.certificateExpiry is 90. Name whole days from 7 to 60.'],
    [{ certificateExpiry: Duration.days(3) }, 'thresholds.certificateExpiry is 3.'],
    [{ certificateExpiry: Duration.hours(36) }, 'thresholds.certificateExpiry is 1.5.'],
  ])('refuse %j', (alarmThresholds, message) => {
    expect(() => built({ alarmThresholds })).toThrow(`Default/Core/Alarms: ${message}`);
  });

  test('do not ask for the age of keys where nobody has tokens', () => {
    const keys = built({ authorizer: Authorizer.gateOnly(GateProof.apiKeys()), ingress: { routes: [Route.get('/v1/models', { access: Access.authenticated() })] } });
    expect(alarmsIn(keys).map(([, one]) => nameOf(one))).not.toContain('KeySetAge');
  });

  test('do not ask for targets while exposure is off', () => {
    const names = alarmsIn(built({ exposure: Exposure.OFF })).map(([, one]) => nameOf(one));
    for (const name of ['NoHealthyTarget', 'TargetClientErrors', 'TargetServerErrors']) expect(names).not.toContain(name);
    expect(names).toContain('EdgeServerErrors');
  });

  test('do without web ACL and certificate at a listener of the app, and know its load balancer', () => {
    const stack = new Stack(new App(), 'Existing');
    CORE_VARIANTS['at a listener of the app']?.(stack);
    const existing = Template.fromStack(stack);
    const names = alarmsIn(existing).map(([, one]) => nameOf(one));
    expect(names).not.toContain('WebAclBlocks');
    expect(names).not.toContain('CertificateExpiry');
    expect(JSON.stringify(alarm(existing, 'EdgeServerErrors').Metrics)).toContain('"LoadBalancerFullName"');
  });

  test('watch the stores that a Core is given, each once', () => {
    const stack = new Stack();
    const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
    const postgres = new SecurePostgres(stack, 'Postgres', { network, size: Size.STANDARD });
    const redis = new SecureRedis(stack, 'Redis', { network, size: Size.STANDARD, shards: 2 });
    const stores = [
      postgres.addUser('User', { role: 'core' }),
      redis.addUser('User', { keyPrefix: 'core', commands: ['get'] }),
      new SecureMemcached(stack, 'Memcached', { network }),
      new AssetBucket(stack, 'Assets'),
    ];
    remoteCore(new Construct(stack, 'One'), { network, stores });
    remoteCore(new Construct(stack, 'Two'), { network, stores: [postgres.addUser('Other', { role: 'other' })] });
    const shared = Template.fromStack(stack);
    const count = (name: AlarmName): number => alarmsIn(shared).filter(([, one]) => nameOf(one) === name).length;
    expect(['PostgresStorage', 'PostgresCpu', 'PostgresConnections', 'MemcachedCpu'].map((name) => count(name as AlarmName))).toEqual([1, 1, 1, 1]);
    // Two shards of one Redis, and a Redis of each gate.
    expect(['RedisMemory', 'RedisCpu', 'RedisReplicationLag'].map((name) => count(name as AlarmName))).toEqual([4, 4, 4]);
    expect(expressionOf(alarm(shared, 'PostgresStorage'))).toBe(`100 * m1 / ${20 * 1024 ** 3}`);
    expect(expressionOf(alarm(shared, 'PostgresConnections'))).toBe('100 * m1 / 450');
    expect(JSON.stringify(shared.findResources('AWS::CloudWatch::Alarm'))).toContain('-0002-001');
  });

  test('ask no lonely node how far its copy is behind', () => {
    expect(alarmsIn(built({ size: Size.DEV })).map(([, one]) => nameOf(one))).not.toContain('RedisReplicationLag');
  });
});
