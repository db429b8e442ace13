import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { CoreService } from '../core/core-service';
import type { IIngress } from '../ingress/ingress';
import type { WebAcl } from '../ingress/web-acl';
import type { AlarmName } from './alarm-facts';
import type { Figures } from './alarm-thresholds';
import type { IdentityRefusals } from './identity-refusals';
import { shareOf } from './share-of';
import type { TaskFailures } from './task-failures';

/** Where figures of a Core come from. */
export interface CoreSources {
  readonly core: CoreService;
  readonly ingress: IIngress;
  /** @default - not built here, and its owner's to watch */
  readonly webAcl?: WebAcl;
  readonly refusals: IdentityRefusals;
  readonly failures: TaskFailures;
  readonly figures: Figures;
}

type Read = (sources: CoreSources, period: Duration) => cloudwatch.IMetric | undefined;

const SUM = cloudwatch.Stats.SUM;
const ofEdge = ({ ingress }: CoreSources, name: string, period: Duration): cloudwatch.Metric => ingress.metrics.custom(name, { period, statistic: SUM });
const ofTarget = ({ ingress }: CoreSources, name: string, period: Duration): cloudwatch.Metric | undefined => ingress.metricTarget(name, { period, statistic: SUM });

/** The load balancer counts as requests only those for which it chose a target (ELB guide, "CloudWatch metrics"), so that what it answered itself is added to them. */
function edgeShare(code: '4XX' | '5XX', label: string): Read {
  const other = code === '4XX' ? '5XX' : '4XX';
  return (sources, period) => shareOf({
    parts: [ofEdge(sources, `HTTPCode_ELB_${code}_Count`, period)],
    rest: [ofEdge(sources, `HTTPCode_ELB_${other}_Count`, period), ofEdge(sources, 'RequestCount', period)],
    least: sources.figures.leastRequests, period, label,
  });
}

function targetShare(code: '4XX' | '5XX', label: string): Read {
  return (sources, period) => {
    const all = ['2XX', '3XX', '4XX', '5XX'].filter((one) => one !== code);
    const [part, ...rest] = [code, ...all].flatMap((one) => ofTarget(sources, `HTTPCode_Target_${one}_Count`, period) ?? []);
    return part && shareOf({ parts: [part], rest, least: sources.figures.leastRequests, period, label });
  };
}

/** What each alarm of a Core looks at; nothing where a Core has no such thing. */
export const CORE_READINGS = {
  AuthFailures: ({ core }, period) => core.gate.metricBlocked({ period }),
  AuthFailureShare: ({ core: { gate }, figures }, period) => (
    shareOf({ parts: [gate.metricBlocked({ period })], rest: [gate.metricAllowed({ period })], least: figures.leastRequests, period, label: '% not proven' })
  ),
  IdentityRefusals: ({ refusals }, period) => refusals.metricOfHighest(period),
  WebAclBlocks: ({ webAcl }, period) => webAcl?.metricAttacks({ period }),
  LimitHits: ({ core }, period) => core.gate.metricLimited({ period }),
  EdgeClientErrors: edgeShare('4XX', '% 4xx of the load balancer'),
  EdgeServerErrors: edgeShare('5XX', '% 5xx of the load balancer'),
  TargetClientErrors: targetShare('4XX', '% 4xx of the gate'),
  TargetServerErrors: targetShare('5XX', '% 5xx of the gate'),
  GateServerErrors: ({ core: { gate }, figures }, period) => new cloudwatch.MathExpression({
    expression: `IF(FILL(m2, 0) >= ${figures.leastRequests}, 100 * FILL(m1, 0) / FILL(m2, 0), 0)`,
    usingMetrics: { m1: gate.metricServerErrors({ period }), m2: gate.metricRequests({ period }) },
    period,
    label: '% 5xx by the gate\'s own count',
  }),
  GateSilent: ({ core }, period) => core.gate.metricRequests({ period, statistic: cloudwatch.Stats.SAMPLE_COUNT, label: 'Reports' }),
  Uncounted: ({ core }, period) => core.gate.metricUncounted({ period }),
  AuditLost: ({ core }, period) => core.gate.metricAuditLost({ period }),
  LockedDown: ({ core }, period) => core.gate.metricLockedDown({ period }),
  KeySetAge: ({ core }, period) => (core.gate._takesTokens ? core.gate.metricKeySetAge({ period }) : undefined),
  LeasesLost: ({ core }, period) => core.gate.metricLeasesLost({ period }),
  StreamsNearlyFull: ({ core: { gate } }, period) => new cloudwatch.MathExpression({
    expression: `100 * m1 / ${gate._connections}`, usingMetrics: { m1: gate.metricLeasesOpen({ period }) }, period, label: '% of connections held by streams',
  }),
  NoHealthyTarget: ({ ingress }, period) => ingress.metricTarget('HealthyHostCount', { period, statistic: cloudwatch.Stats.MAXIMUM }),
  TaskFailures: ({ failures }, period) => failures.metric(period),
  CertificateExpiry: ({ ingress }, period) => ingress.metricDaysToExpiry({ period, statistic: cloudwatch.Stats.MINIMUM }),
} as const satisfies Partial<Record<AlarmName, Read>>;

export type CoreAlarmName = keyof typeof CORE_READINGS;

/** What an alarm looks at, if there is such a thing. */
export const readCore = (name: CoreAlarmName, sources: CoreSources, period: Duration): cloudwatch.IMetric | undefined => CORE_READINGS[name](sources, period);
