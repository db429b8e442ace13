import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { ELSEWHERE_METADATA } from '../../observability/alarm-contract';
import { deprived, mapAltered } from '../altered';
import type { Saboteur } from '../attack';
import { changed, each, listAltered, removal, resourcesOf, saboteur, without } from '../saboteurs';
import { ALARM, COMPOSITE_ALARM, INSIGHT_RULE, KMS_KEY, SUBSCRIPTION, TOPIC, TOPIC_POLICY } from './types';

/** Every alarm, and what is made of alarms. */
export const ALARMS_REMOVED = each('every alarm is deleted', removal('composites', COMPOSITE_ALARM), removal('alarms', ALARM));

/** Beyond everything that happens in a minute. */
const OUT_OF_REACH = 1e9;

export const OUT_OF_REACH_THRESHOLD = saboteur('thresholds out of reach', [ALARM], (properties) => (
  { ...properties, Threshold: String(properties.ComparisonOperator).startsWith('Less') ? -OUT_OF_REACH : OUT_OF_REACH }
));

/** As after a renaming that somebody has made at one end alone. */
export const METRICS_RENAMED = metricsAltered('alarms look at metrics by an old name', (metric) => (
  typeof metric.MetricName === 'string' ? { ...metric, MetricName: `${metric.MetricName}_old` } : undefined
));

export const OTHER_NAMESPACE = metricsAltered('alarms look into another namespace', (metric) => (typeof metric.Namespace === 'string' ? { ...metric, Namespace: 'Elsewhere' } : undefined));

/** Who is silent is well. */
export const SILENCE_IS_GOOD = saboteur('missing data is taken for good', [ALARM], (properties) => (
  properties.TreatMissingData === 'notBreaching' ? undefined : { ...properties, TreatMissingData: 'notBreaching' }
));

/** A gate tells something each minute: of any two such periods in a row, one has nothing to look at. */
export const PERIODS_TOO_SHORT = saboteur('periods of 10 s, two of which in a row have to be beyond the threshold', [ALARM], (properties) => {
  const short = { ...properties, ...('Period' in properties && { Period: 10 }), EvaluationPeriods: 2, DatapointsToAlarm: 2 };
  return listAltered(short, 'Metrics', (metrics) => metrics.map((metric) => (
    isJsonMap(metric.MetricStat) ? { ...metric, MetricStat: { ...metric.MetricStat, Period: 10 } } : { ...metric, ...('Period' in metric && { Period: 10 }) }
  ))) ?? short;
});

export const INSIGHT_RULES_OFF = saboteur('rules of Contributor Insights are switched off', [INSIGHT_RULE], (properties) => ({ ...properties, RuleState: 'DISABLED' }));

/** Each metric of each alarm, alone or within metric math. */
function metricsAltered(name: string, alter: (metric: JsonMap) => JsonMap | undefined): Saboteur {
  const inQuery = (query: JsonMap): JsonMap | undefined => mapAltered(query, 'MetricStat', (stat) => mapAltered(stat, 'Metric', alter));
  return saboteur(name, [ALARM], (properties) => alter(properties) ?? listAltered(properties, 'Metrics', (metrics) => changed(metrics, inQuery)));
}

export const ACTIONS_REMOVED = saboteur('alarms tell nobody', [ALARM, COMPOSITE_ALARM], (properties) => deprived(properties, 'AlarmActions'));
export const ACTIONS_OFF = saboteur('the actions of alarms are switched off', [ALARM, COMPOSITE_ALARM], (properties) => ({ ...properties, ActionsEnabled: false }));

/** Whether inline, apart, or said to be elsewhere. */
export const SUBSCRIPTIONS_REMOVED = each(
  'topics without subscriptions',
  removal('apart', SUBSCRIPTION),
  saboteur('inline', [TOPIC], (properties) => deprived(properties, 'Subscription')),
  metadataRemoved('elsewhere', TOPIC),
);

/** Encrypted, and by a key whose policy nobody can change. */
export const KEY_OF_AWS = saboteur('the key of topics is AWS\'s own', [TOPIC], (properties) => ({ ...properties, KmsMasterKeyId: 'alias/aws/sns' }));

/** Of topics with a policy of their own: without one they take what their account sends. */
export const PUBLISHING_SHUT = statementsRemoved('the statement that lets CloudWatch publish is gone', TOPIC_POLICY, 'PolicyDocument');
export const KEY_SHUT = statementsRemoved('the statement that lets CloudWatch use the key is gone', KMS_KEY, 'KeyPolicy');

function statementsRemoved(name: string, type: string, key: string): Saboteur {
  const isMeant = ({ Principal }: JsonMap): boolean => JSON.stringify(Principal).includes('cloudwatch.amazonaws.com');
  return saboteur(name, [type], (properties) => mapAltered(properties, key, (document) => listAltered(document, 'Statement', (statements) => without(statements, isMeant))));
}

function metadataRemoved(name: string, type: string): Saboteur {
  return {
    name,
    sabotage: (template) => {
      const after = changed(Object.entries(resourcesOf(template)), ([logicalId, resource]): [string, Json] | undefined => {
        const told = isJsonMap(resource) && resource.Type === type ? mapAltered(resource, 'Metadata', (metadata) => deprived(metadata, ELSEWHERE_METADATA)) : undefined;
        return told && [logicalId, told];
      });
      return after && { ...template, Resources: Object.fromEntries(after) };
    },
  };
}
