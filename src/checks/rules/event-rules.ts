import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { listOf } from './policies';
import { secretAt } from './secrets';

export const EVENT_RULE = 'AWS::Events::Rule';

/** Whether a field of an event pattern takes a value; a field that is not there takes every value (EventBridge guide, "Event patterns"). */
export function takes(pattern: Property, path: readonly string[], value: string): boolean {
  const place = path.reduce((at, key) => at.get(key), pattern);
  if (!place.exists) return true;
  return listOf(place).some((entry) => {
    if (typeof entry.value === 'string') return entry.value === value;
    const prefix = typeof entry.value === 'object' ? entry.get('prefix').text() : undefined;
    return prefix !== undefined && value.startsWith(prefix);
  });
}

/** Names and ARNs of secrets anywhere in a pattern; none means that it is about all of them. */
function namedIn(place: Property): Property[] {
  if (!place.exists || place.path.endsWith('.anything-but')) return [];
  if (Array.isArray(place.value)) return place.items().flatMap(namedIn);
  if (typeof place.value === 'object' && place.value !== null && Object.getPrototypeOf(place.value) === Object.prototype) return place.entries().flatMap(([, inner]) => namedIn(inner));
  return [place];
}

/** The fields that may say which secret an event is about. */
const ABOUT = [['resources'], ['detail', 'secretArn'], ['detail', 'secretId'], ['detail', 'arn'], ['detail', 'requestParameters'], ['detail', 'additionalEventData'], ['detail', 'responseElements']];

/** Whether a pattern is about a secret: because it names it, or because it names none. */
export function isAboutSecret(pattern: Property, secret: Resource, owner: Resource, graph: TemplateGraph): boolean {
  const named = ABOUT.flatMap((path) => namedIn(path.reduce((at, key) => at.get(key), pattern)));
  return named.length === 0 || named.some((place) => secretAt(place, owner, graph) === secret);
}

/** Whether something happens when a rule matches: it has a target, or an alarm counts its matches. */
export function isHeard(rule: Resource, graph: TemplateGraph): boolean {
  return rule.prop('Targets').items().length > 0 || graph.pointingAt(rule, 'AWS::CloudWatch::Alarm', 'Dimensions').some((alarm) => alarm.prop('Namespace').text() === 'AWS/Events');
}
