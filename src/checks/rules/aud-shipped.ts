import { AUDIT_EVENT } from '../../audit/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { arrivalOf, destinationOf, groupAt, groupPlace, streamOf, SUBSCRIPTION, subscriptionsOf } from './audit-path';
import { nameOf, TASK_DEFINITION } from './containers';
import { gatesOf } from './gate-configuration';
import { looseIn } from './pointers';
import { writtenContainers } from './variables';

/** A container that logs nowhere is found by AUD-2; here is asked whether all that log do so in one place. */
function logsBesideGate(container: Property, own: string, gate: string, graph: TemplateGraph): readonly Outcome[] {
  const log = container.get('LogConfiguration');
  if (!log.exists) return fail(log, `${nameOf(container)} runs beside ${gate} and keeps no log`);
  const place = groupPlace(container);
  if (!place) return undecidable(log.get('LogDriver'), `${nameOf(container)} logs by ${log.get('LogDriver').partialText().text}, and whether that ends where the records of ${gate} are is not known`);
  const text = groupAt(place, graph)?.logicalId ?? place.partialText().text;
  const mode = log.get('Options').get('mode');
  return [
    ...expect(text === own, place, `${nameOf(container)} logs to ${text}, and ${gate} beside it to ${own}: what belongs together is in two places`),
    // What is said of the gate's own is another rule's (AUD-1).
    ...expect(mode.text() === 'blocking', mode, `of ${nameOf(container)} is ${mode.text() ?? 'the account\'s choice'}, and what cannot be sent at once is dropped`),
  ];
}

const onePlace = defineRule('AUD-7', 'one-place', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks with a gate',
  remediation: 'Let all containers of the task log to one log group. In CDK, the hot tier of an AuditTrail is that.',
  check: (task, graph) => each(gatesOf(task), ({ container: gate, name }) => {
    const place = groupPlace(gate);
    if (!place) return fail(gate.get('LogConfiguration'), `${name} does not log to CloudWatch Logs, where its records would be taken to the archive from`);
    const own = groupAt(place, graph)?.logicalId ?? place.partialText().text;
    const others = writtenContainers(task).filter((container) => container.path !== gate.path);
    return others.length === 0 ? PASS : each(others, (container) => logsBesideGate(container, own, name, graph));
  }),
});

/** What takes records and nothing but by their event: any more that is asked for leaves some of them out. */
const OF_RECORDS = new RegExp(`^\\$\\.event *= *("${AUDIT_EVENT}"|${AUDIT_EVENT})$`);

/** Whether a pattern takes all records: no pattern takes all lines, a word takes those with it, and ours names them (CloudWatch Logs guide, "Filter pattern syntax"). */
function takesRecords(pattern: string): boolean {
  const text = pattern.trim();
  const [, inner] = /^\{(.*)\}$/s.exec(text) ?? [];
  if (inner === undefined) return text === '' || text === `"${AUDIT_EVENT}"` || text === AUDIT_EVENT;
  return !inner.includes('&&') && inner.split('||').some((one) => OF_RECORDS.test(one.replace(/[()]/g, '').trim()));
}

function leadsToArchive(subscription: Resource, whose: string, graph: TemplateGraph): readonly Outcome[] {
  const pattern = subscription.prop('FilterPattern');
  if (!takesRecords(pattern.text() ?? '')) return fail(pattern, `of ${subscription.logicalId} does not take the records of ${whose}`);
  const place = subscription.prop('DestinationArn');
  const stream = streamOf(subscription);
  if (!stream) return undecidable(place, `of ${subscription.logicalId} is no delivery stream of the templates, so where records end is not known`);
  const bucket = destinationOf(stream).get('BucketARN');
  if (!bucket.exists) return fail(bucket, `of ${stream.logicalId} is not set: it delivers records to no bucket`);
  return arrivalOf(stream, graph) ? PASS : undecidable(bucket, `of ${stream.logicalId} is in none of the templates, so where records end is not known`);
}

/** Whether what is logged to a group of the templates ends in a bucket of theirs. */
export function isArchived(place: Property, name: string, graph: TemplateGraph): readonly Outcome[] {
  const group = groupAt(place, graph);
  if (!group) return undecidable(place, `${name} logs to a group that is in none of the templates, so where its records end is not known`);
  const outcomes = subscriptionsOf(group, graph).map((subscription) => all(() => leadsToArchive(subscription, name, graph)));
  const best = outcomes.find((some) => some.every(({ kind }) => kind === 'pass')) ?? outcomes.find((some) => some.some(({ kind }) => kind === 'undecidable')) ?? outcomes[0];
  if (best) return best;
  const [loose] = looseIn(graph, SUBSCRIPTION, 'LogGroupName');
  if (loose) return undecidable(place, `${name} logs to ${group.logicalId}, which ${loose.logicalId} may take records from: its log group is known only when deployed`);
  return fail(place, `${name} logs to ${group.logicalId}, which nothing takes records from: they are gone when it has kept them for its days`, 'error');
}

const archived = defineRule('AUD-7', 'archived', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks with a gate that logs to CloudWatch Logs',
  remediation: 'Subscribe a delivery stream to the log group, whose bucket locks what arrives or hands it on to one that does. In CDK, AuditTrail does.',
  check: (task, graph) => each(gatesOf(task), ({ container, name }) => {
    const place = groupPlace(container);
    return place ? isArchived(place, name, graph) : NOT_APPLICABLE;
  }),
});

export const AUD_SHIPPED_RULES = [onePlace, archived];
