import { each, NOT_APPLICABLE, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isSure } from './gate-targets';
import { LOAD_BALANCER } from './load-balancing';

export const ALARM = 'AWS::CloudWatch::Alarm';
export const COMPOSITE_ALARM = 'AWS::CloudWatch::CompositeAlarm';

/** The metrics that an alarm looks at, each with `MetricName`, `Namespace` and `Dimensions`: one by itself, or those of an expression. */
export function metricsOf(alarm: Resource): Property[] {
  const queries = alarm.prop('Metrics').items().map((query) => query.get('MetricStat').get('Metric')).filter((metric) => metric.exists);
  return alarm.prop('MetricName').exists ? [alarm.whole, ...queries] : queries;
}

/** A condition at the front of an expression, such as `requests >= 20,`: when it sounds, not what about. */
const CONDITION = /^.*?[<>]=?\s*[\d.]+\s*,/;

/** What of an expression makes it sound: what stands before a division, and not what it is weighed by. */
const weighed = (expression: string): string => expression.replace(CONDITION, '').split('/')[0] ?? '';

/** The metrics that an alarm sounds for. */
function soundsFor(alarm: Resource): Property[] {
  const queries = alarm.prop('Metrics').items();
  const expressions = queries.map((query) => query.get('Expression').partialText().text).filter((text) => text !== '');
  if (expressions.length === 0) return metricsOf(alarm);
  const named = queries.filter((query) => expressions.some((expression) => new RegExp(`\\b${query.get('Id').partialText().text}\\b`).test(weighed(expression))));
  return named.map((query) => query.get('MetricStat').get('Metric')).filter((metric) => metric.exists);
}

/** Which alarms look at something, and whether one may that only a deployment knows. */
export function alarmsOn(graph: TemplateGraph, isMeant: (metric: Property) => boolean): 'some' | 'maybe' | 'none' {
  const outcomes = each(graph.ofType(ALARM), (alarm) => each(soundsFor(alarm), (metric) => (isMeant(metric) ? PASS : NOT_APPLICABLE)));
  if (outcomes.some(({ kind }) => kind === 'pass')) return 'some';
  return outcomes.length > 0 ? 'maybe' : 'none';
}

/** Whether somebody protects a load balancer from being deleted: what is beside it is meant to be watched. */
export const isMeantToLast = (graph: TemplateGraph): boolean => graph.ofType(LOAD_BALANCER).some((balancer) => isSure(() =>
  balancer.prop('LoadBalancerAttributes').items().some((entry) => entry.get('Key').text() === 'deletion_protection.enabled' && entry.get('Value').flag() === true)));
