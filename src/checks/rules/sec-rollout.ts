import { ROLLOUT_EXEMPT_METADATA } from '../../secrets/contract';
import { defineRule, each, expect, fail, NOT_APPLICABLE, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import { EVENT_RULE, isAboutSecret, isHeard, takes } from './event-rules';
import { isSure } from './gate-targets';
import { looseIn } from './pointers';
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

export const SEC_ROLLOUT_RULES = [rollout];
