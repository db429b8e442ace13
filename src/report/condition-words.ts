import type { Property } from '../checks/template/property';
import type { Resource } from '../checks/template/resource';
import { isMap } from '../checks/template/value';
import { shown } from './readable';

/** Where a condition keeps its values unless they stand right in it (ELB API, RuleCondition). */
const CONFIGS = ['HostHeaderConfig', 'PathPatternConfig', 'HttpRequestMethodConfig', 'HttpHeaderConfig', 'QueryStringConfig', 'SourceIpConfig'];

/** When a listener rule holds: all its conditions, and of each one value. */
export function conditionsOf(rule: Resource): string {
  return rule.prop('Conditions').items().map(conditionOf).join(' and ');
}

function conditionOf(condition: Property): string {
  const places = [condition, ...CONFIGS.map((config) => condition.get(config))].filter((place) => place.exists);
  const header = places.map((place) => shown(place.get('HttpHeaderName'))).find((name) => name !== '');
  const values = places.flatMap((place) => [
    ...place.get('Values').items().map(valueOf),
    ...place.get('RegexValues').items().map((value) => `~ ${shown(value)}`),
  ]);
  return [shown(condition.get('Field')), ...(header === undefined ? [] : [`${header}:`]), values.join(' or ')].join(' ');
}

/** A query string has pairs, of which the key may be left out. */
function valueOf(value: Property): string {
  if (!isMap(value.value)) return shown(value);
  return [value.get('Key'), value.get('Value')].filter((part) => part.exists).map(shown).join('=');
}
