import type { ConditionModel, RuleModel, WafStatement, WebAclModel } from '../edge/model';
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

/** Whether a web ACL lets somebody's first request through; a rate rule does, whatever its limit. */
export function letsIn({ rules, defaultAction }: WebAclModel, from: string): boolean {
  const decisive = [...rules].sort((a, b) => a.priority - b.priority).find(({ action, statement }) => action.kind !== 'count' && holds(statement, from));
  return (decisive?.action ?? defaultAction).kind !== 'block';
}

/** Whether an address is what a statement looks for. */
export function holds(statement: WafStatement, from: string): boolean {
  switch (statement.kind) {
    case 'rate': return false;
    case 'ip-set': return statement.cidrs.some((cidr) => contains(cidr, from));
    case 'and': return statement.statements.every((each) => holds(each, from));
    case 'or': return statement.statements.some((each) => holds(each, from));
    case 'not': return !holds(statement.statement, from);
  }
}

/** Every block of addresses that a web ACL knows. */
export function cidrsOf(acl: WebAclModel | undefined): readonly string[] {
  return (acl?.rules ?? []).flatMap(({ statement }) => cidrsIn(statement));
}

function cidrsIn(statement: WafStatement): readonly string[] {
  switch (statement.kind) {
    case 'rate': return statement.scopeDown === undefined ? [] : cidrsIn(statement.scopeDown);
    case 'ip-set': return statement.cidrs;
    case 'and':
    case 'or': return statement.statements.flatMap(cidrsIn);
    case 'not': return cidrsIn(statement.statement);
  }
}
