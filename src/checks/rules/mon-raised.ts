import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { ALARM, metricsOf } from './alarms';
import { EVENT_RULE } from './event-rules';
import { oncePerGraph } from './pointers';
import { CONTRIBUTORS, MANY, WATCHED_METRICS, type WatchedMetric } from './watched-metrics';

const queriesOf = (alarm: Resource): Property[] => alarm.prop('Metrics').items();

interface Watched {
  readonly facts: WatchedMetric;
  /** What has `MetricName`, `Namespace` and `Dimensions`. */
  readonly metric: Property;
  /** By what the figures of a period are taken together. */
  readonly statistic: Property;
}

/** What an alarm looks at: one metric by itself, or those of an expression. */
function looksAt(alarm: Resource): readonly Omit<Watched, 'facts'>[] {
  const gathered = queriesOf(alarm).map((query) => query.get('MetricStat')).filter((one) => one.get('Metric').exists);
  const own = alarm.prop('MetricName').exists ? [{ metric: alarm.whole, statistic: alarm.prop('Statistic') }] : [];
  return [...own, ...gathered.map((one) => ({ metric: one.get('Metric'), statistic: one.get('Stat') }))];
}

/** What is known of the metrics that an alarm looks at. */
function watchedBy(alarm: Resource): readonly Watched[] {
  const metrics = looksAt(alarm);
  const found = metrics.flatMap(({ metric, statistic }): Watched[] => {
    const [name, namespace] = [metric.get('MetricName').text() ?? '', metric.get('Namespace').partialText().text];
    const facts = WATCHED_METRICS.find((one) => one.name.test(name) && (one.namespace === undefined || one.namespace === namespace) && (one.isAlone !== true || metrics.length === 1));
    return facts ? [{ facts, metric, statistic }] : [];
  });
  const ranked = queriesOf(alarm).filter((query) => query.get('Expression').partialText().text.startsWith(CONTRIBUTORS.name.source.slice(1, -1)));
  return [...found, ...ranked.map((metric) => ({ facts: CONTRIBUTORS, metric, statistic: metric.get('Stat') }))];
}

/** How each comparison reads; those with bands have no threshold of their own, and the service refuses them without a model (PutMetricAlarm). */
const SENSES: Readonly<Record<string, 'higher' | 'lower'>> = {
  GreaterThanThreshold: 'higher', GreaterThanOrEqualToThreshold: 'higher', LessThanThreshold: 'lower', LessThanOrEqualToThreshold: 'lower',
  GreaterThanUpperThreshold: 'higher', LessThanLowerThreshold: 'lower',
};

/** A share is made by a hundred in the expression, and no share is more than all. */
const isShare = (alarm: Resource): boolean => queriesOf(alarm).some((query) => /\b100 \*/.test(query.get('Expression').partialText().text));
const MOST_OF_A_SHARE = 100;

function compares(alarm: Resource, { facts }: Watched): readonly Outcome[] {
  const [place, threshold] = [alarm.prop('ComparisonOperator'), alarm.prop('Threshold')];
  const operator = place.text() ?? '';
  const sense = SENSES[operator];
  if (sense === undefined || facts.worse === undefined || !threshold.exists) return PASS;
  if (sense !== facts.worse) return fail(place, `is ${operator}, and ${facts.worse === 'higher' ? 'more' : 'less'} of what the alarm looks at is worse: it sounds when all is well`);
  const limit = threshold.number() ?? 0;
  const [least, most] = isShare(alarm) ? [0, MOST_OF_A_SHARE] : facts.between;
  // At least nothing is always so, and so is nothing ever below it.
  const isSaid = limit > least || (limit === least && (limit !== 0 || operator === 'GreaterThanThreshold'));
  return expect(isSaid && limit <= most, threshold, `is ${limit}: by what the alarm looks at it sounds ${limit > most === (sense === 'higher') ? 'never' : 'always'}`);
}

function gathers({ facts, statistic: place }: Watched): readonly Outcome[] {
  const statistic = place.text();
  return expect(statistic === undefined || facts.statistics.includes(statistic), place,
    `is ${statistic ?? ''}, by which what the alarm looks at is not seen; it is told as ${facts.statistics.join(' or ')}`);
}

/** A rule that is off matches nothing, and its alarm is silent for good. */
function isFed(place: Property): readonly Outcome[] {
  const { value } = place;
  if (!(value instanceof Reference) || value.resource.type !== EVENT_RULE) return PASS;
  return expect(value.resource.prop('State').text() !== 'DISABLED', place, `is ${value.resource.logicalId}, which is off: the alarm never sounds`);
}

/** A share of one load balancer's errors is one of its own requests. */
function isOfOne(alarm: Resource): readonly Outcome[] {
  const dimensions = metricsOf(alarm).flatMap((metric) => metric.get('Dimensions').items()).filter((dimension) => dimension.get('Name').text() === 'LoadBalancer');
  const names = new Set(dimensions.map((dimension) => dimension.get('Value').partialText().text));
  return expect(names.size <= 1, alarm.prop('Metrics'), 'weighs what happens at one load balancer by what happens at another');
}

/** A share of few requests says nothing, so that an expression may ask for some: for more than a flood has, it never says anything. */
function isOfEnough(alarm: Resource): readonly Outcome[] {
  return each(queriesOf(alarm).map((query) => query.get('Expression')), (expression) => {
    const [, floor] = /^IF\(\s*\w+\s*>=?\s*([\d.]+)\s*,/.exec(expression.partialText().text) ?? [];
    return expect(floor === undefined || Number(floor) <= MANY[1], expression, `asks for ${floor ?? ''} before it says anything: the alarm never sounds`);
  });
}

const INSIGHT_RULE = 'AWS::CloudWatch::InsightRule';

/** The rule that counts contributors has to be there, and on. */
function isCounted({ facts, metric }: Watched, graph: TemplateGraph): readonly Outcome[] {
  if (facts !== CONTRIBUTORS) return PASS;
  const place = metric.get('Expression');
  const [, name] = /["']([^"']+)["']/.exec(place.partialText().text) ?? [];
  const rule = graph.ofType(INSIGHT_RULE).find((one) => one.prop('RuleName').partialText().text === name || name === `\${${one.logicalId}.RuleName}`);
  if (!rule) return undecidable(place, `looks at ${name ?? 'a rule'} of Contributor Insights, which is in none of the templates`);
  return expect(rule.prop('RuleState').text() === 'ENABLED', place, `looks at ${rule.logicalId}, which is off: the alarm never sounds`);
}

function isOfSomething({ facts, metric }: Watched): readonly Outcome[] {
  const place = metric.get('Dimensions');
  const dimensions = place.items();
  const missing = facts.dimensions.filter((name) => !dimensions.some((dimension) => dimension.get('Name').text() === name));
  if (missing.length > 0) return fail(place, `has no ${missing.join(' and no ')}, and without there is no such metric, or one of everything at once`);
  return dimensions.length === 0 ? PASS : each(dimensions.map((dimension) => dimension.get('Value')), isFed);
}

function hearsSilence(alarm: Resource, { facts }: Watched): readonly Outcome[] {
  const place = alarm.prop('TreatMissingData');
  return expect(facts.isPulse !== true || place.text() === 'breaching', place, 'is not breaching, and what the alarm looks at is told all the time: that it is told no more is a fault');
}

const raised = defineRule('MON-1', 'raised', {
  appliesTo: [ALARM],
  extent: 'alarms on metrics whose meaning is known: those of AWS that a Core has, and a gate\'s own',
  remediation: 'Compare in the direction that is worse, with a threshold that is reached, a statistic that hides nothing, and the dimensions that the metric is published with.',
  check: (alarm, graph) => each(watchedBy(alarm), (watched) => all(
    () => compares(alarm, watched), () => gathers(watched), () => isOfSomething(watched), () => isOfOne(alarm), () => isOfEnough(alarm), () => isCounted(watched, graph),
    () => hearsSilence(alarm, watched),
  )),
});

/** CloudWatch keeps what is not sent in high resolution by the minute (CloudWatch guide, "Metrics concepts"). */
const SECONDS_A_MINUTE = 60;
const SIX_HOURS = 21_600;

function isInTime(alarm: Resource, watched: readonly Watched[]): readonly Outcome[] {
  const queries = queriesOf(alarm).flatMap((query) => [query.get('MetricStat').get('Period'), query.get('Period')]);
  const periods = [alarm.prop('Period'), ...queries].filter(({ exists }) => exists);
  const longest = Math.max(0, ...periods.map((period) => period.number() ?? 0));
  const within = Math.min(...watched.map(({ facts }) => facts.within ?? SIX_HOURS));
  const evaluations = alarm.prop('EvaluationPeriods');
  return [
    ...each(periods, (period) => expect((period.number() ?? 0) % SECONDS_A_MINUTE === 0, period, 'is not whole minutes, in which the metric is told: most of the time there is nothing to look at')),
    ...each(periods, (period) => expect(period.number() === longest, period, `is not the ${longest} seconds of what it is reckoned with`)),
    ...expect(longest * (evaluations.number() ?? 1) <= within, evaluations, `of ${longest} seconds are more than ${within} seconds: whoever is told hears it too late`),
  ];
}

const timely = defineRule('MON-1', 'timely', {
  appliesTo: [ALARM],
  extent: 'alarms on metrics whose meaning is known',
  remediation: 'Gather over whole minutes, the same for all metrics of an expression, and let the alarm sound within the hour where it is about requests.',
  check(alarm) {
    const watched = watchedBy(alarm);
    return watched.length === 0 ? NOT_APPLICABLE : isInTime(alarm, watched);
  },
});

const COMPARED = ['ComparisonOperator', 'Threshold', 'Period', 'EvaluationPeriods', 'Statistic', 'ExtendedStatistic'];

/** All that an alarm looks at, as text. */
function gist(alarm: Resource): string {
  const dimensions = (metric: Property): string[] => metric.get('Dimensions').items().map((entry) => `${entry.get('Name').partialText().text}=${entry.get('Value').partialText().text}`).sort();
  const metrics = metricsOf(alarm).map((metric) => [metric.get('Namespace').partialText().text, metric.get('MetricName').partialText().text, ...dimensions(metric)].join());
  const expressions = queriesOf(alarm).map((query) => query.get('Expression').partialText().text);
  return [...metrics, ...expressions, ...COMPARED.map((key) => alarm.prop(key).partialText().text)].join('\n');
}

const gists = oncePerGraph((graph: TemplateGraph): ReadonlyMap<string, Resource> => new Map([...graph.ofType(ALARM)].reverse().map((alarm) => [gist(alarm), alarm])));

const distinct = defineRule('MON-1', 'distinct', {
  appliesTo: [ALARM],
  remediation: 'Let each alarm look at something of its own, or leave one of the two out.',
  check(alarm, graph) {
    const first = gists(graph).get(gist(alarm));
    if (first === undefined || first === alarm || first.template !== alarm.template) return PASS;
    return fail(alarm.whole, `looks at what ${first.logicalId} looks at, in the same way: what it was meant to look at nobody does`, 'warning');
  },
});

export const MON_RAISED_RULES = [raised, timely, distinct];
