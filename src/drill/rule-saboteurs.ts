import { LISTENER_RULE } from '../checks/rules/load-balancing';
import { isJsonMap, type Json, type JsonMap } from '../checks/template/template';
import type { Saboteur } from './attack';
import { changed, forwardIn, listAltered, resourcesOf, saboteur } from './saboteurs';

const ADMIN = /^\/admin(\/|\*|$)/;

/** The values of a rule's conditions on one field, wherever they stand. */
function valuesOf({ Conditions }: JsonMap, field: string): string[] {
  const conditions = Array.isArray(Conditions) ? (Conditions as readonly Json[]).filter(isJsonMap) : [];
  return conditions.filter(({ Field }) => Field === field).flatMap((condition) => {
    const maps = [condition, ...Object.values(condition).filter(isJsonMap)];
    return maps.flatMap(({ Values }) => (Array.isArray(Values) ? (Values as readonly Json[]).map(String) : []));
  });
}

const isAboutAdmin = (properties: JsonMap): boolean => valuesOf(properties, 'path-pattern').some((value) => ADMIN.test(value));

function leadsOn({ Actions }: JsonMap): boolean {
  return Array.isArray(Actions) && (Actions as readonly Json[]).some((action) => isJsonMap(action) && action.Type === 'forward');
}

/** Widens the conditions on one field of every rule that forwards. */
function widened(name: string, field: string, config: string): Saboteur {
  return saboteur(name, [LISTENER_RULE], (properties) => {
    if (!leadsOn(properties) || isAboutAdmin(properties) || valuesOf(properties, field).some((value) => value === '*' || value === '/*')) return undefined;
    return listAltered(properties, 'Conditions', (conditions) => changed(conditions, ({ Field }) => (Field === field ? { Field, [config]: { Values: ['*'] } } : undefined)));
  });
}

export const PATHS_WIDENED = widened('path conditions become *', 'path-pattern', 'PathPatternConfig');
export const HOSTS_WIDENED = widened('host conditions become *', 'host-header', 'HostHeaderConfig');

/** Has the rule that sets the admin plane apart forward whatever it meets. */
export const ADMIN_OPENED = saboteur('rule for /admin forwards', [LISTENER_RULE], (properties, template) => {
  const forward = forwardIn(template);
  return forward && isAboutAdmin(properties) ? { ...properties, Actions: [forward] } : undefined;
});

function rulesIn(template: JsonMap): JsonMap[] {
  return Object.values(resourcesOf(template)).filter(isJsonMap).filter(({ Type }) => Type === LISTENER_RULE).map(({ Properties }) => Properties).filter(isJsonMap);
}

/** Whether some rule of the template takes the admin plane with everything else. */
function isTakenOtherwise(template: JsonMap): boolean {
  return rulesIn(template).some((rule) => leadsOn(rule) && valuesOf(rule, 'path-pattern').some((value) => value === '*' || value === '/*'));
}

/** A rule that is about a path which nobody asks for protects nothing: the same as if it were deleted, without what points at it. */
export const ADMIN_REMOVED = saboteur('rule for /admin is about another path', [LISTENER_RULE], (properties, template) => {
  if (!isAboutAdmin(properties) || !isTakenOtherwise(template)) return undefined;
  const elsewhere: JsonMap = { Field: 'path-pattern', PathPatternConfig: { Values: ['/nobody-asks-for-this'] } };
  return listAltered(properties, 'Conditions', (conditions) => changed(conditions, ({ Field }) => (Field === 'path-pattern' ? elsewhere : undefined)));
});

/** Those of a listener have different priorities, and there is mostly one about the admin plane. */
export const ADMIN_BEHIND = saboteur('rule for /admin stands behind those that forward', [LISTENER_RULE], (properties, template) => {
  if (!isAboutAdmin(properties) || !isTakenOtherwise(template)) return undefined;
  const last = Math.max(...rulesIn(template).map(({ Priority }) => Number(Priority)).filter(Number.isFinite));
  return { ...properties, Priority: last + 1 + Number(properties.Priority) % 10 };
});

/** Headers in which a load balancer tells its targets who called (ELB guide, "Mutual authentication"). */
const CLAIM = /^x-amzn-mtls-clientcert/i;

/** A rule that looks for a header which nobody sends refuses nobody: the same as if it were deleted, without what points at it. */
export const CLAIMS_UNREAD = saboteur('rules that refuse callers\' own certificate headers are about another header', [LISTENER_RULE], (properties) => {
  if (leadsOn(properties)) return undefined;
  return listAltered(properties, 'Conditions', (conditions) => changed(conditions, ({ HttpHeaderConfig: config, ...condition }) => (
    isJsonMap(config) && CLAIM.test(String(config.HttpHeaderName)) ? { ...condition, HttpHeaderConfig: { ...config, HttpHeaderName: 'X-Nobody-Sends-This' } } : undefined
  )));
});
