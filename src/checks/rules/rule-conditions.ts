import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { LISTENER, LISTENER_RULE, listenerOf } from './load-balancing';

/** What a listener rule asks of a request. */
export interface Condition {
  readonly field: string;
  readonly values: readonly Property[];
  /** Whether it is written as a regular expression, which nothing here reads. */
  readonly isRegex: boolean;
}

export const PATH_CONDITION = 'path-pattern';
export const METHOD_CONDITION = 'http-request-method';
export const SOURCE_CONDITION = 'source-ip';

/** Where conditions keep their values: there, or beside the field. */
const CONFIGS = ['PathPatternConfig', 'HostHeaderConfig', 'HttpRequestMethodConfig', 'SourceIpConfig'];

/** A default action has none. */
export function conditionsOf(resource: Resource): Condition[] {
  if (resource.type === LISTENER) return [];
  return resource.prop('Conditions').items().map((condition) => {
    const field = condition.get('Field').text() ?? '';
    const places = [condition, ...CONFIGS.map((config) => condition.get(config))];
    return { field, values: places.flatMap((place) => place.get('Values').items()), isRegex: places.some((place) => place.get('RegexValues').exists) };
  });
}

export const named = (conditions: readonly Condition[], field: string): Condition[] => conditions.filter((condition) => condition.field === field);

/** The fields, beside the path, by which one rule is compared with another; any further one makes a rule match less. */
const COMPARED = ['host-header', METHOD_CONDITION];

const textsOf = (condition: Condition): string[] => condition.values.map((value) => value.partialText().text.toLowerCase());

/** Whether hosts and methods are at least as many as another rule's, as far as their spelling tells. */
export function asWide(conditions: readonly Condition[], than: readonly Condition[]): boolean {
  if (conditions.some(({ field }) => field !== PATH_CONDITION && !COMPARED.includes(field))) return false;
  return COMPARED.every((field) => named(conditions, field).every((condition) => {
    if (condition.isRegex) return false;
    const taken = textsOf(condition);
    return taken.includes('*') || named(than, field).some((other) => !other.isRegex && textsOf(other).every((value) => taken.includes(value)));
  }));
}

/** What a listener is known by: its resource, or its ARN where that is all there is. */
function listenerAt(rule: Resource): Resource | string {
  return listenerOf(rule) ?? rule.prop('ListenerArn').partialText().text;
}

/** Default actions come last. */
export function priorityOf(resource: Resource): number {
  return resource.type === LISTENER ? Infinity : resource.prop('Priority').number() ?? NaN;
}

/** The other rules of a listener. */
export function rulesBeside(resource: Resource, graph: TemplateGraph): Resource[] {
  const listener = resource.type === LISTENER ? resource : listenerAt(resource);
  return graph.ofType(LISTENER_RULE).filter((rule) => rule !== resource && listenerAt(rule) === listener);
}
