import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { TASK_DEFINITION } from './containers';
import { eachGate, type GateContainer } from './gate-configuration';
import { TARGET_GROUP } from './load-balancing';
import { looseIn } from './pointers';

const QUERY = 'AWS::Logs::QueryDefinition';

/** Both reviews of CX-66, by what their queries look for. */
const REVIEWS = { 'who was refused': /auth|refus|denied/i, 'errors': /error|fail/i } as const;

function isReviewed({ container, name }: GateContainer, graph: TemplateGraph): readonly Outcome[] {
  const place = container.get('LogConfiguration').get('Options').get('awslogs-group');
  if (!place.exists) return NOT_APPLICABLE;
  const { value } = place;
  if (!(value instanceof Reference)) return undecidable(place, `${name} logs to a group that is in none of the templates, so which queries are saved for it is not known`);
  const queries = graph.pointingAt(value.resource, QUERY, 'LogGroupNames').map((query) => query.prop('QueryString').partialText().text);
  const missing = Object.entries(REVIEWS).filter(([, words]) => !queries.some((query) => words.test(query))).map(([review]) => review);
  if (missing.length === 0) return PASS;
  const [loose] = looseIn(graph, QUERY, 'LogGroupNames');
  if (loose) return undecidable(place, `${name} may be reviewed by ${loose.logicalId}, whose log groups only a deployment knows`);
  return fail(place, `${name} logs to ${value.resource.logicalId}, for which no query on ${missing.join(' and ')} is saved: it would be written in the middle of an incident`);
}

const savedQueries = defineRule('MON-7', 'saved-queries', {
  appliesTo: [TASK_DEFINITION],
  extent: 'gates that log to CloudWatch',
  remediation: 'Add two AWS::Logs::QueryDefinition for the gate\'s log group: one that looks for refused callers (auth), one for errors. In CDK, AuditTrail has them.',
  check: (task, graph) => eachGate(task, (_, gate) => isReviewed(gate, graph)),
});

/** What tells more of a program than that it is well. */
const TELLS = /(^|\/)(metrics|version|info|config(uration)?|env|debug|status\/full|docs|openapi\.json|swagger[^/]*|redoc|admin|server-status|actuator\/(?!health(\/|$))[^/]+)(\/|$)/i;

function pathReveals(place: Property): readonly Outcome[] {
  const path = place.text() ?? '/';
  if (/[?#*]/.test(path)) return fail(place, `is ${path}: a check asks for one path, and what stands behind a question mark is in every access log`);
  return expect(!TELLS.test(path), place, `is ${path}, which tells whoever asks more than that the target is well`);
}

/** A target that refuses, or fails, is not well. */
function codesAreGood(place: Property): readonly Outcome[] {
  const codes = place.text() ?? '200';
  const all = codes.split(/[,-]/).map(Number);
  return expect(all.every((code) => code >= 200 && code < 300), place, `is ${codes}: a target that answers anything but 2xx is not well`);
}

const healthPath = defineRule('MON-8', 'health-path', {
  appliesTo: [TARGET_GROUP],
  extent: 'what load balancers ask; what a target answers there is attacked',
  remediation: 'Ask for a path that answers 200 with an empty body, such as /health, and take 2xx alone.',
  check(group) {
    const protocol = group.prop('HealthCheckProtocol').text() ?? group.prop('Protocol').text() ?? 'HTTP';
    if (!/^HTTPS?$/.test(protocol) || group.prop('HealthCheckEnabled').flag() === false || group.prop('TargetType').text() === 'lambda') return NOT_APPLICABLE;
    return [...each([group.prop('HealthCheckPath')], pathReveals), ...each([group.prop('Matcher').get('HttpCode')], codesAreGood)];
  },
});

export const MON_REVIEW_RULES = [savedQueries, healthPath];
