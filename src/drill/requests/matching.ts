import type { ConditionModel, RuleModel } from '../edge/model';
import { contains } from './addresses';
import { matches } from './wildcards';

/** A request as far as the conditions of listener rules look at it. */
export interface Draft {
  readonly host: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: readonly QueryPair[];
  readonly headers: Readonly<Record<string, string>>;
  readonly from: string;
}

export interface QueryPair {
  readonly key: string;
  readonly value: string;
}

export function meetsAll(rule: RuleModel, draft: Draft): boolean {
  return rule.conditions.every((condition) => meets(condition, draft));
}

/** Whether a request meets a condition (elasticloadbalancing/latest/application/rule-condition-types.html): only paths and methods mind the case. */
export function meets(condition: ConditionModel, { host, method, path, query, headers, from }: Draft): boolean {
  switch (condition.kind) {
    case 'host': return condition.values.some((value) => matches(value, host, { anyCase: true }));
    case 'path': return condition.values.some((value) => matches(value, path, { anyCase: false }));
    case 'method': return condition.values.includes(method);
    case 'source': return condition.cidrs.some((cidr) => contains(cidr, from));
    case 'header': return Object.entries(headers).some(([name, text]) =>
      name.toLowerCase() === condition.name.toLowerCase() && condition.values.some((value) => matches(value, text, { anyCase: true })));
    case 'query': return query.some((pair) => condition.values.some(({ key = '*', value }) => isQuery(key, pair.key) && isQuery(value, pair.value)));
  }
}

function isQuery(pattern: string, text: string): boolean {
  return matches(pattern, text, { kind: 'query', anyCase: true });
}
