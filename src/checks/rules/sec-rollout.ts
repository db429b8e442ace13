import { ROLLOUT_EXEMPT_METADATA } from '../../secrets/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { EVENT_RULE, isAboutSecret, isHeard, takes } from './event-rules';
import { functionAt, mayBeCalled, names, PERMISSION } from './function-calls';
import { isSure } from './gate-targets';
import { looseIn, oncePerGraph } from './pointers';
import { metadataText, schedulesOf, SECRET, takenSecrets } from './secrets';

/** What Secrets Manager says when a version becomes the current one. */
const CHANGED = 'Secret Label Updated';

const takesChanges = (pattern: Property): boolean =>
  pattern.exists && takes(pattern, ['source'], 'aws.secretsmanager') && takes(pattern, ['detail-type'], CHANGED) && pattern.get('detail-type').exists;

const rollout = defineRule('SEC-11', 'rollout', {
  appliesTo: [SECRET],
  remediation: `Let an AWS::Events::Rule on "${CHANGED}" of the secret start a new deployment of the services that take it, or say why none is needed (Metadata ${ROLLOUT_EXEMPT_METADATA}).`,
  check(secret, graph) {
    const takers = takenSecrets(graph).filter((taken) => taken.secret === secret);
    if (takers.length === 0 || schedulesOf(secret, graph).length === 0) return NOT_APPLICABLE;
    const exempt = metadataText(secret, ROLLOUT_EXEMPT_METADATA);
    if (exempt !== undefined) return expect(exempt !== '', secret.whole, `is exempt from being rolled out by its metadata (${ROLLOUT_EXEMPT_METADATA}), which gives no reason`);
    const rules = graph.ofType(EVENT_RULE).filter((rule) => isSure(() => takesChanges(rule.prop('EventPattern')) && isAboutSecret(rule.prop('EventPattern'), secret, rule, graph)));
    if (rules.length > 0) {
      return each(rules.slice(0, 1), () => {
        const working = rules.find((rule) => isSure(() => (rule.prop('State').text() ?? 'ENABLED') !== 'DISABLED' && isHeard(rule, graph)));
        if (working) return PASS;
        rules.forEach((rule) => rule.prop('State').text());
        return fail(secret.whole, `is rotated, and ${rules[0]?.logicalId ?? ''}, which is told of it, is off or has no target`);
      });
    }
    const [loose] = looseIn(graph, EVENT_RULE, 'EventPattern');
    if (loose) return undecidable(secret.whole, `may be rolled out by ${loose.logicalId}, whose pattern only a deployment knows`);
    const [taker] = takers;
    return fail(secret.whole, `is rotated, and ${taker?.container ?? ''} of ${taker?.task.logicalId ?? ''} goes on with the value that it started with, until somebody deploys it again`);
  },
});

const targetsOf = (rule: Resource): Resource[] => rule.prop('Targets').items().flatMap((target) => functionAt(target.get('Arn')) ?? []);

/** The functions that a rule calls, and those that let it call them: each of the two shows that the other was meant. */
function calledBy(rule: Resource, graph: TemplateGraph): ReadonlySet<Resource> {
  const letting = graph.ofType(PERMISSION).filter((permission) => names(permission.prop('SourceArn'), rule)).flatMap((permission) => functionAt(permission.prop('FunctionName')) ?? []);
  return new Set([...targetsOf(rule), ...letting]);
}

/** Functions that are told of new values, to bring them to what runs. */
const rollingOut = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> =>
  new Set(graph.ofType(EVENT_RULE).filter((rule) => isSure(() => takesChanges(rule.prop('EventPattern')))).flatMap((rule) => [...calledBy(rule, graph)])));

/** A roll-out takes several steps, of which events and a clock tell; one of them that is off leaves some roll-outs half done. */
const callers = defineRule('SEC-11', 'callers', {
  extent: 'rules that are there, and functions of the templates',
  appliesTo: [EVENT_RULE],
  remediation: 'Set State to ENABLED, name the function that rolls out in Targets, and let events.amazonaws.com call it by an AWS::Lambda::Permission with the rule as its SourceArn.',
  check(rule, graph) {
    const meant = [...calledBy(rule, graph)].filter((fn) => rollingOut(graph).has(fn));
    if (meant.length === 0) return NOT_APPLICABLE;
    const [state, targets] = [rule.prop('State'), rule.prop('Targets')];
    return all(
      () => expect(state.text() !== 'DISABLED', state, `is DISABLED, so that ${meant[0]?.logicalId ?? ''}, which rolls secrets out, is not called`),
      ...meant.map((fn) => () => {
        if (!targetsOf(rule).includes(fn)) return fail(targets, `do not name ${fn.logicalId}, which rolls secrets out and lets this rule call it`);
        const outcomes = mayBeCalled(fn, 'events.amazonaws.com', (source) => names(source, rule), graph);
        return outcomes.length > 0 ? outcomes : fail(targets, `name ${fn.logicalId}, which does not let the rule call it, so that no secret is rolled out by it`);
      }),
    );
  },
});

export const SEC_ROLLOUT_RULES = [rollout, callers];
