import { DECLARED_TRAIL_METADATA } from '../../secrets/contract';
import { defineRule, expect, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { EVENT_RULE, isAboutSecret, isHeard, takes } from './event-rules';
import { isSure } from './gate-targets';
import { looseIn, oncePerGraph } from './pointers';
import { isOn, REDIS_PASSWORDS, REDIS_USER, wordsOf } from './redis-users';
import { metadataText, SECRET, secretAt, takenSecrets } from './secrets';

/** The state in which a rule sees calls that only read, too (EventBridge guide, "Read-only management events"). */
const SEES_READS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

const TRAIL = 'AWS::CloudTrail::Trail';

/** Whether a pattern takes the record of somebody reading a secret; one of failed calls alone does not. */
function takesReads(pattern: Property): boolean {
  return pattern.exists && pattern.get('source').exists && takes(pattern, ['source'], 'aws.secretsmanager') && takes(pattern, ['detail-type'], 'AWS API Call via CloudTrail')
    && takes(pattern, ['detail', 'eventName'], 'GetSecretValue') && !pattern.get('detail.errorCode').exists && takes(pattern, ['detail', 'eventSource'], 'secretsmanager.amazonaws.com');
}

/** Management events are on where nothing says otherwise (CloudTrail API, PutEventSelectors). */
function recordsReads(trail: Resource): boolean {
  if (trail.prop('IsLogging').flag() === false) return false;
  const [classic, advanced] = [trail.prop('EventSelectors'), trail.prop('AdvancedEventSelectors')];
  if (advanced.items().length > 0) {
    return advanced.items().some((selector) => {
      const fields = selector.get('FieldSelectors').items();
      const says = (field: string, value: string): boolean => fields.some((entry) => entry.get('Field').text() === field && entry.get('Equals').items().some((item) => item.text() === value));
      return says('eventCategory', 'Management') && !says('readOnly', 'false');
    });
  }
  return classic.items().length === 0 || classic.items().some((selector) => selector.get('IncludeManagementEvents').flag() !== false && selector.get('ReadWriteType').text() !== 'WriteOnly');
}

/** Trails of the templates, of which none records reads. Where there is none at all, a trail of another account may (CloudTrail guide, "Creating a trail for an organization"). */
const deafTrails = oncePerGraph((graph: TemplateGraph): readonly Resource[] => {
  const trails = graph.ofType(TRAIL);
  return trails.some((trail) => isSure(() => recordsReads(trail))) ? [] : trails;
});

/** What is wrong with a rule that is about reading the secret; nothing where it is heard. */
function faultOf(rule: Resource, graph: TemplateGraph): string | undefined {
  const state = rule.prop('State').text() ?? 'ENABLED';
  if (state !== SEES_READS) return `is watched by ${rule.logicalId}, which is ${state} and so never told of a call that reads: its State has to be ${SEES_READS}`;
  if (!isHeard(rule, graph)) return `is watched by ${rule.logicalId}, which has no target, and no alarm counts its matches`;
  const declared = metadataText(rule, DECLARED_TRAIL_METADATA);
  if (declared === '') return `is watched by ${rule.logicalId}, whose ${DECLARED_TRAIL_METADATA} does not say which trail records reads`;
  const [deaf] = deafTrails(graph);
  return deaf && declared === undefined ? `is watched by ${rule.logicalId}, and ${deaf.logicalId} records no reads: without a trail that does nothing is told of them` : undefined;
}

/** Whether it is the password of nobody but Redis users that are off, and no container is given it. */
function opensNothing(secret: Resource, graph: TemplateGraph): boolean {
  const holders = graph.ofType(REDIS_USER).filter((user) => REDIS_PASSWORDS.some((path) => user.prop(path).items().some((password) => secretAt(password, user, graph) === secret)));
  return holders.length > 0 && !holders.some((user) => isOn(wordsOf(user))) && !takenSecrets(graph).some((taken) => taken.secret === secret);
}

function isWatched(secret: Resource, graph: TemplateGraph): readonly Outcome[] {
  if (isSure(() => opensNothing(secret, graph))) return NOT_APPLICABLE;
  const about = graph.ofType(EVENT_RULE).filter((rule) => isSure(() => takesReads(rule.prop('EventPattern')) && isAboutSecret(rule.prop('EventPattern'), secret, rule, graph)));
  const outcomes = about.map((rule) => guarded(() => {
    const fault = faultOf(rule, graph);
    return fault === undefined ? PASS : fail(secret.whole, fault);
  }));
  const best = outcomes.find((some) => some.every(({ kind }) => kind === 'pass')) ?? outcomes[0];
  if (best) return best;
  const [loose] = looseIn(graph, EVENT_RULE, 'EventPattern');
  if (loose) return undecidable(secret.whole, `may be watched by ${loose.logicalId}, whose pattern only a deployment knows`);
  return fail(secret.whole, 'is watched by nobody: no rule of EventBridge is told when its value is read');
}

const reads = defineRule('SEC-8', 'reads', {
  extent: 'secrets, rules and trails of the templates',
  appliesTo: [SECRET],
  remediation: `Add an AWS::Events::Rule on GetSecretValue in state ${SEES_READS} with an alarm or a target,` +
    ` and see to it that a trail records management events, here or for the organization (Metadata ${DECLARED_TRAIL_METADATA} on the rule says whose does).`,
  check: isWatched,
});

/** Whether a pattern takes the record of somebody who was refused a secret, and says so. */
function takesRefusals(pattern: Property): boolean {
  return pattern.exists && pattern.get('detail.errorCode').exists && pattern.get('detail.eventName').exists && takes(pattern, ['detail', 'eventName'], 'GetSecretValue');
}

const refusals = defineRule('SEC-8', 'refusals', {
  extent: 'rules that are there',
  appliesTo: [EVENT_RULE],
  remediation: `Put the rule into the state ${SEES_READS} and give it a target or an alarm, or take it away.`,
  check(rule, graph) {
    if (!takesRefusals(rule.prop('EventPattern'))) return NOT_APPLICABLE;
    const state = rule.prop('State').text() ?? 'ENABLED';
    if (state !== SEES_READS) return fail(rule.prop('State'), `is ${state}, so that the rule is never told of a call that reads, and of none that was refused: it has to be ${SEES_READS}`);
    return expect(isHeard(rule, graph), rule.prop('Targets'), 'are none, and no alarm counts what the rule matches, so that nobody hears of refused reads');
  },
});

export const SEC_ACCESS_RULES = [reads, refusals];
