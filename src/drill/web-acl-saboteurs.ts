import { isJsonMap, type JsonMap } from '../checks/template/template';
import type { Saboteur } from './attack';
import { changed, listAltered, saboteur, without } from './saboteurs';

const WEB_ACL = 'AWS::WAFv2::WebACL';

/** Alters the rate-based rules of every web ACL. */
export function rateRuleSaboteur(name: string, alter: (rule: JsonMap, rate: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [WEB_ACL], (properties) => listAltered(properties, 'Rules', (rules) => changed(rules, (rule) => {
    const rate = rateStatementOf(rule);
    return rate && alter(rule, rate);
  })));
}

/** Deletes the rate-based rules of every web ACL. */
export const RATE_RULE_REMOVED = saboteur('rate-based rule deleted', [WEB_ACL], (properties) => (
  listAltered(properties, 'Rules', (rules) => without(rules, (rule) => rateStatementOf(rule) !== undefined))
));

/** Deletes the rate-based rules that count whatever has no key of its own. */
export const KEYLESS_RULE_REMOVED = saboteur('rule for requests without a key deleted', [WEB_ACL], (properties) => (
  listAltered(properties, 'Rules', (rules) => without(rules, (rule) => rateStatementOf(rule)?.AggregateKeyType === 'CONSTANT'))
));

/** Alters, or takes away, what those are told whom rate-based rules stop. */
export function rateResponseSaboteur(name: string, alter: (response: JsonMap) => JsonMap | undefined): Saboteur {
  return rateRuleSaboteur(name, (rule): JsonMap | undefined => {
    const block = isJsonMap(rule.Action) ? rule.Action.Block : undefined;
    const response = isJsonMap(block) ? block.CustomResponse : undefined;
    if (!isJsonMap(response)) return undefined;
    const after = alter(response);
    const Block: JsonMap = after === undefined ? {} : { CustomResponse: after };
    return { ...rule, Action: { Block } };
  });
}

function rateStatementOf(rule: JsonMap): JsonMap | undefined {
  const rate = isJsonMap(rule.Statement) ? rule.Statement.RateBasedStatement : undefined;
  return isJsonMap(rate) ? rate : undefined;
}

/** Whether a rule asks a lock-down switch. */
function asksSwitch({ Statement }: JsonMap, attribute = ''): boolean {
  const text = JSON.stringify(Statement ?? {});
  return (attribute === '' ? ['Ipv4SetArn', 'Ipv6SetArn'] : [attribute]).some((each) => text.includes(`"${each}"`));
}

function rulesSaboteur(name: string, alter: (rules: readonly JsonMap[]) => readonly JsonMap[] | undefined): Saboteur {
  return saboteur(name, [WEB_ACL], (properties) => listAltered(properties, 'Rules', alter));
}

export const LOCKDOWN_REMOVED = rulesSaboteur('lock-down rule deleted', (rules) => without(rules, (rule) => asksSwitch(rule)));

const EVERYTHING: JsonMap = {
  ByteMatchStatement: { SearchString: '/', FieldToMatch: { UriPath: {} }, PositionalConstraint: 'STARTS_WITH', TextTransformations: [{ Priority: 0, Type: 'NONE' }] },
};

/** The first rule that allows ends the evaluation for whomever it allows. */
export const LOCKDOWN_BEHIND_ALLOW = rulesSaboteur('lock-down rule stands behind one that allows', (rules) => {
  if (!rules.some((rule) => asksSwitch(rule))) return undefined;
  const [like] = rules;
  const moved = rules.map((rule) => ({ ...rule, Priority: Number(rule.Priority) + 1 }));
  return [{ Name: 'everything', Priority: 0, Action: { Allow: {} }, Statement: EVERYTHING, VisibilityConfig: like?.VisibilityConfig ?? {} }, ...moved];
});

/** Leaves of the lock-down rule the half that asks one of the two sets, or has it count. */
export function lockdownRuleSaboteur(name: string, half?: 'Ipv4SetArn' | 'Ipv6SetArn'): Saboteur {
  return rulesSaboteur(name, (rules) => changed(rules, (rule): JsonMap | undefined => {
    if (!asksSwitch(rule)) return undefined;
    if (half === undefined) return { ...rule, Action: { Count: {} } };
    const either = isJsonMap(rule.Statement) ? rule.Statement.OrStatement : undefined;
    const statements = isJsonMap(either) && Array.isArray(either.Statements) ? (either.Statements as readonly unknown[]) : [];
    const kept = statements.filter((statement): statement is JsonMap => isMap(statement)).find((statement) => asksSwitch({ Statement: statement }, half));
    return kept && { ...rule, Statement: kept };
  }));
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes one header off what those are told whom the lock-down refuses. */
export function refusalHeaderSaboteur(header: string): Saboteur {
  return rulesSaboteur(`lock-down answers without ${header}`, (rules) => changed(rules, (rule): JsonMap | undefined => {
    const block = isJsonMap(rule.Action) ? rule.Action.Block : undefined;
    const response = isJsonMap(block) ? block.CustomResponse : undefined;
    if (!asksSwitch(rule) || !isJsonMap(response)) return undefined;
    const after = listAltered(response, 'ResponseHeaders', (headers) => without(headers, ({ Name }) => String(Name).toLowerCase() === header));
    return after && { ...rule, Action: { Block: { CustomResponse: after } } };
  }));
}
