import type { Property } from '../../checks/template/property';
import type { Resource } from '../../checks/template/resource';
import type { TemplateGraph } from '../../checks/template/template-graph';
import type { EdgeModel, Place } from '../edge/model';
import { placeOf } from '../place';
import { type AlarmModel, type AlarmReading, type CompositeReading, isStat, type MetricReading, type MetricStat } from './model';
import type { Dimensions } from './series';
import type { MissingData, Trigger } from './state';
import { ALARM, COMPOSITE_ALARM, INSIGHT_RULE } from './types';

/** Of an alarm that names no metric of its own by an id. */
const ALONE = 'm';

/** What CloudWatch takes where nothing is said (CloudFormation, AWS::CloudWatch::Alarm). */
const DEFAULTS = { missingData: 'missing', periodSeconds: 60 } as const;

/** What alarms of the templates look at, and when they ring. What only a deployment knows stays a hole, such as `${LoadBalancer.LoadBalancerFullName}`. */
export function translateAlarms(graph: TemplateGraph, edge: EdgeModel): AlarmModel {
  return {
    alarms: graph.ofType(ALARM).map((alarm) => alarmOf(alarm, edge)),
    composites: graph.ofType(COMPOSITE_ALARM).map((composite): CompositeReading => (
      { place: placeOf(composite), names: namesOf(composite, 'AlarmName'), rule: text(composite.evaluateAll().get('AlarmRule')) }
    )),
    insightRules: new Map(graph.ofType(INSIGHT_RULE).flatMap((rule) => namesOf(rule, 'RuleName').map((name) => [name, bodyOf(rule)] as const))),
    edge,
    graph,
  };
}

function bodyOf(rule: Resource): string {
  const state = text(rule.evaluateAll().get('RuleState'));
  // One that is switched off counts nothing.
  return state === 'DISABLED' ? JSON.stringify({ LogFormat: 'JSON', Contribution: { Keys: ['$.nothing'] }, AggregateOn: 'Count' }) : text(rule.evaluateAll().get('RuleBody'));
}

/** By its own name where the template gives it one; by `Ref` and by its ARN in any case, as other resources write them. */
function namesOf(resource: Resource, property: string): string[] {
  const name = text(resource.evaluateAll().get(property));
  const { logicalId } = resource;
  return [...(name === '' ? [] : [name]), `\${${logicalId}}`, `\${${logicalId}.Arn}`, `\${${logicalId}.RuleName}`];
}

function alarmOf(alarm: Resource, edge: EdgeModel): AlarmReading {
  const all = alarm.evaluateAll();
  const metrics = all.get('Metrics').items();
  const readings = (metrics.length > 0 ? metrics.map(metricOf) : [statOf(ALONE, all, all)]).map((metric) => (isStat(metric) ? { ...metric, dimensions: named(metric.dimensions, edge) } : metric));
  const isReturned = (metric: Property): boolean => text(metric.get('ReturnData')) !== 'false';
  return {
    place: placeOf(alarm),
    names: namesOf(alarm, 'AlarmName'),
    trigger: triggerOf(all),
    metrics: readings,
    // Of several, all but one say that they are not to be returned (CloudFormation, AWS::CloudWatch::Alarm MetricDataQuery).
    returned: text(metrics.find(isReturned)?.get('Id')) || readings.at(-1)?.id || ALONE,
  };
}

function triggerOf(all: Property): Trigger {
  const evaluationPeriods = figure(all.get('EvaluationPeriods'), 1);
  return {
    comparison: text(all.get('ComparisonOperator')),
    threshold: figure(all.get('Threshold'), NaN),
    evaluationPeriods,
    datapointsToAlarm: figure(all.get('DatapointsToAlarm'), evaluationPeriods),
    missingData: (text(all.get('TreatMissingData')) || DEFAULTS.missingData) as MissingData,
  };
}

function metricOf(query: Property): MetricReading {
  const id = text(query.get('Id'));
  const stat = query.get('MetricStat');
  if (stat.exists) return statOf(id, stat.get('Metric'), stat);
  const period = query.get('Period');
  return { id, expression: text(query.get('Expression')), ...(period.exists && { periodSeconds: figure(period, DEFAULTS.periodSeconds) }) };
}

/** @param around where period, statistic and unit stand */
function statOf(id: string, metric: Property, around: Property): MetricStat {
  const unit = text(around.get('Unit'));
  return {
    id,
    namespace: text(metric.get('Namespace')),
    name: text(metric.get('MetricName')),
    dimensions: Object.fromEntries(metric.get('Dimensions').items().map((each) => [text(each.get('Name')), text(each.get('Value'))])),
    statistic: text(around.get('Stat')) || text(around.get('Statistic')) || text(around.get('ExtendedStatistic')),
    periodSeconds: figure(around.get('Period'), DEFAULTS.periodSeconds),
    ...(unit !== '' && { unit }),
  };
}

/** The load balancer's name may be cut out of the ARN of one of its listeners, as the CDK does for target groups. */
function named(dimensions: Dimensions, { listeners }: EdgeModel): Dimensions {
  return Object.fromEntries(Object.entries(dimensions).map(([name, value]) => {
    const listener = listeners.find(({ place: { logicalId } }) => value.replaceAll(`\${${logicalId}}`, '').replaceAll('/', '') === '' && value !== '');
    return [name, listener === undefined ? value : fullNameOf(listener.loadBalancer)];
  }));
}

/** What CloudWatch calls a load balancer, as a hole. */
export const fullNameOf = ({ logicalId }: Place): string => `\${${logicalId}.LoadBalancerFullName}`;

function text(property: Property | undefined): string {
  return property?.partialText().text ?? '';
}

/** What only a deployment knows is no figure, and no comparison with it holds. */
function figure(property: Property, otherwise: number): number {
  return property.exists ? Number(text(property)) : otherwise;
}
