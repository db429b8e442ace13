import { isIP } from 'node:net';
import type { ConditionModel } from '../model';
import type { Spot } from './spot';

interface Field {
  /** The property that belongs to this field; none of the others may stand beside it. */
  readonly config: string;
  /** Whether the values may stand in the condition itself: the API takes that for two fields only. */
  readonly short?: true;
  translate(values: readonly Spot[], config: Spot): ConditionModel;
}

const texts = (values: readonly Spot[]): string[] => values.map((value) => value.requiredText());

/** AWS: "Condition types for listener rules", and "RuleCondition" of the Elastic Load Balancing API reference. */
const FIELDS: Readonly<Record<string, Field>> = {
  'host-header': { config: 'HostHeaderConfig', short: true, translate: (values) => ({ kind: 'host', values: texts(values) }) },
  'path-pattern': { config: 'PathPatternConfig', short: true, translate: (values) => ({ kind: 'path', values: texts(values) }) },
  'http-header': { config: 'HttpHeaderConfig', translate: (values, config) => ({ kind: 'header', name: config.get('HttpHeaderName').requiredText(), values: texts(values) }) },
  'http-request-method': { config: 'HttpRequestMethodConfig', translate: (values) => ({ kind: 'method', values: texts(values) }) },
  'query-string': { config: 'QueryStringConfig', translate: (values) => ({ kind: 'query', values: values.map(pair) }) },
  'source-ip': { config: 'SourceIpConfig', translate: (values) => ({ kind: 'source', cidrs: values.map(cidr) }) },
};

export function conditionOf(condition: Spot): ConditionModel {
  const name = condition.get('Field').requiredOneOf(Object.keys(FIELDS));
  const field = FIELDS[name] ?? condition.refuse('the drill does not know this field');
  for (const { config } of Object.values(FIELDS)) {
    if (config !== field.config && condition.get(config).exists) condition.get(config).refuse(`it does not belong to a condition on ${name}; take it out`);
  }
  const config = condition.get(field.config);
  const short = condition.get('Values');
  if (short.exists && field.short === undefined) short.refuse(`a condition on ${name} has its values in ${field.config}; move them there`);
  if (short.exists && config.exists) short.refuse(`values stand in ${field.config} too; keep one of the two`);
  const values = short.exists ? short : config.get('Values');
  const listed = values.items();
  if (listed.length === 0) values.refuse('a condition has at least one value; add one');
  return field.translate(listed, config);
}

function pair(value: Spot): { readonly key?: string; readonly value: string } {
  const key = value.get('Key').text();
  return { ...(key === undefined ? {} : { key }), value: value.get('Value').requiredText() };
}

/** A block of addresses, of either family. */
export function cidr(value: Spot): string {
  const text = value.requiredText();
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) value.refuse('it is no block of addresses such as 10.0.0.0/16; write one');
  return text;
}
