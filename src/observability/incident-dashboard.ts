import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IAuditTrail } from '../audit/audit-trail';
import { whoWasRefused } from '../audit/log-questions';
import type { Construct } from 'constructs';
import { CUT_BY, GATE_METRICS, LIMITED_BY, metricPart, STATUS_CLASSES } from './contract';
import type { CoreSources } from './core-readings';

/** Columns of a dashboard (CloudWatch API, "Dashboard body structure"). */
const WIDTH = 24;
const HALF = WIDTH / 2;
const HEIGHT = 6;

const PERIOD = Duration.minutes(1);

/** The callers who are refused most: the first question of an incident. */
const MOST_REFUSED = 20;

interface Graph {
  readonly title: string;
  readonly left: readonly (cloudwatch.IMetric | undefined)[];
  readonly unit: string;
}

/**
 * The figures of an incident on one page: alarms, who is refused and why, what callers are told, and what serves them.
 *
 * @param alarms a list that may grow until synthesis
 */
export function incidentDashboard(parent: Construct, sources: CoreSources, { hot }: IAuditTrail, alarms: cloudwatch.IAlarm[]): cloudwatch.Dashboard {
  const dashboard = new cloudwatch.Dashboard(parent, 'Dashboard', { defaultInterval: Duration.hours(3) });
  dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: WIDTH, height: HEIGHT }));
  dashboard.addWidgets(...graphsOf(sources).map(({ title, left, unit }) => new cloudwatch.GraphWidget({
    title,
    left: left.filter((metric): metric is cloudwatch.IMetric => metric !== undefined),
    leftYAxis: { min: 0, label: unit, showUnits: false },
    width: HALF,
    height: HEIGHT,
  })));
  dashboard.addWidgets(new cloudwatch.LogQueryWidget({
    title: 'Who was refused what', logGroupNames: [hot.logGroupName], queryString: `${whoWasRefused()}\n| limit ${MOST_REFUSED}`, width: WIDTH, height: HEIGHT,
  }));
  return dashboard;
}

function graphsOf({ core, ingress, webAcl, refusals }: CoreSources): Graph[] {
  const { gate } = core;
  const parts = (name: typeof GATE_METRICS[keyof typeof GATE_METRICS], some: readonly string[]): cloudwatch.IMetric[] => some.map((part) => gate.metric(metricPart(name, part), { label: part }));
  const ofEdge = (name: string): cloudwatch.IMetric => ingress.metrics.custom(name, { period: PERIOD, statistic: cloudwatch.Stats.SUM });
  return [
    { title: 'Who could not prove who they are', left: [gate.metricBlocked({ label: 'not proven' }), gate.metricAllowed({ label: 'proven' })], unit: 'requests' },
    { title: 'Refusals of the caller who is refused most', left: [refusals.metricOfHighest(Duration.minutes(5))], unit: 'refusals' },
    { title: 'Answers of the gate', left: parts(GATE_METRICS.requests, STATUS_CLASSES), unit: 'requests' },
    { title: 'Answers of the load balancer itself', left: ['HTTPCode_ELB_4XX_Count', 'HTTPCode_ELB_5XX_Count'].map(ofEdge), unit: 'requests' },
    { title: 'Blocked by the web ACL', left: [webAcl?.metricAttacks({ period: PERIOD }), webAcl?.metricLockedOut({ period: PERIOD, label: 'by a lock-down' })], unit: 'requests' },
    { title: 'Limits', left: [...parts(GATE_METRICS.limited, LIMITED_BY), gate.metricUncounted({ label: 'not counted' })], unit: 'requests' },
    { title: 'Streams', left: [gate.metricLeasesOpen({ statistic: cloudwatch.Stats.SUM, label: 'open' }), ...parts(GATE_METRICS.streamsCut, CUT_BY)], unit: 'streams' },
    { title: 'Seconds a request', left: [gate.metricDuration()], unit: 'seconds' },
    {
      title: 'Gates',
      left: [ingress.metricTarget('HealthyHostCount', { label: 'healthy' }), gate.metricLockedDown({ label: 'locked down' }), gate.metricAuditLost({ label: 'records lost' })],
      unit: '',
    },
    { title: 'Tasks', left: [core.metricCpuUtilization({ label: 'processor' }), core.metricMemoryUtilization({ label: 'memory' })], unit: '%' },
  ];
}
