import { isSafeEndpoint, OTLP_ENDPOINT, SENTRY_DSN } from '../../core/contract';
import { defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import { checkVariables, eachEnvironment, type Environment, isPresent, PROGRAMS } from './variables';

/** An empty one turns it off. */
function isKept({ plain, secret, owner }: Environment): readonly Outcome[] {
  const [shown, filled] = [plain, secret].map((entries) => entries.find(({ name }) => name === SENTRY_DSN));
  if (!shown) return filled ? PASS : NOT_APPLICABLE;
  const isRead = shown.value.partialText().text.includes('://');
  return expect(!isRead && shown.value.text() === '', shown.value, `${owner} has ${SENTRY_DSN} in plain sight: whoever may describe it writes into the project`);
}

const errorTracking = defineRule('MON-4', 'sentry-dsn', {
  appliesTo: PROGRAMS,
  extent: 'programs that are told where errors go',
  remediation: `Keep ${SENTRY_DSN} in a secret store and name it in Secrets.`,
  check: (resource) => eachEnvironment(resource, isKept),
});

function isSafe(value: Property, name: string, { owner }: Environment): readonly Outcome[] {
  const { text, complete } = value.partialText();
  // A hole behind the scheme changes nothing about it.
  if (!complete && /^https:\/\/./.test(text)) return PASS;
  const isOther = !complete && /^http:\/\/[a-z]/i.test(text) && !/^http:\/\/localhost/i.test(text);
  const message = `${owner} has ${name} over a way that others can read along: traces tell of callers and of what they asked`;
  if (isOther) return fail(value, message);
  const endpoint = value.text() ?? '';
  return expect(endpoint === '' || isSafeEndpoint(endpoint), value, message);
}

const telemetry = defineRule('MON-5', 'otlp-endpoint', {
  appliesTo: PROGRAMS,
  extent: 'programs that are told where traces and measurements go',
  remediation: 'Name https://…, or http://localhost of a collector in the same task; and OTEL_SERVICE_NAME.',
  check: (resource) => eachEnvironment(resource, (environment) => {
    const outcomes = checkVariables(environment, [{ name: OTLP_ENDPOINT, check: isSafe }]);
    if (outcomes.length === 0) return NOT_APPLICABLE;
    const isNamed = isPresent(environment, /^OTEL_(SERVICE_NAME|RESOURCE_ATTRIBUTES)$/);
    return [...outcomes, ...expect(isNamed, environment.place, `${environment.owner} sends traces without OTEL_SERVICE_NAME, so that nobody can tell whose they are`)];
  }),
});

export const MON_EXPORT_RULES = [errorTracking, telemetry];
