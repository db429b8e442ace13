import type { RateKey, WafStatement } from '../model';
import { cidr } from './conditions';
import type { Inspection } from './inspect';
import { only } from './only';
import { Spot } from './spot';
import { IP_SET } from './types';

const GROUPS = ['ManagedRuleGroupStatement', 'RuleGroupReferenceStatement'] as const;
const NESTED = ['IPSetReferenceStatement', 'AndStatement', 'OrStatement', 'NotStatement'] as const;

/** Whether a statement stands for the rules of a group, which may not be combined with anything. */
export function isGroup(statement: Spot): boolean {
  if (!GROUPS.some((group) => statement.get(group).exists)) return false;
  only(statement, GROUPS);
  return true;
}

/** What a rule looks for. AWS: "Rule statements"; a rate is counted by a rule as a whole only. */
export function statementOf(statement: Spot, inspection: Inspection): WafStatement {
  return only(statement, ['RateBasedStatement', ...NESTED]) === 'RateBasedStatement' ? rate(statement.get('RateBasedStatement'), inspection) : nested(statement, inspection);
}

function nested(statement: Spot, inspection: Inspection): WafStatement {
  const kind = only(statement, NESTED);
  const below = statement.get(kind);
  switch (kind) {
    case 'IPSetReferenceStatement': return ipSet(below.get('Arn'), inspection);
    case 'AndStatement': return { kind: 'and', statements: several(below, inspection) };
    case 'OrStatement': return { kind: 'or', statements: several(below, inspection) };
    case 'NotStatement': return { kind: 'not', statement: nested(below.get('Statement'), inspection) };
  }
}

function several(spot: Spot, inspection: Inspection): WafStatement[] {
  const statements = spot.get('Statements').items();
  if (statements.length < 2) spot.get('Statements').refuse('AWS wants two statements at least; add one');
  return statements.map((statement) => nested(statement, inspection));
}

/** Addresses of either family. AWS: "IP set match rule statement". */
function ipSet(pointer: Spot, inspection: Inspection): WafStatement {
  const set = pointer.target(IP_SET) ?? pointer.refuse('the IP set is in none of the templates, so the drill does not know its addresses; give the drill its template too');
  inspection.inspect(set);
  const spot = Spot.of(set);
  spot.get('IPAddressVersion').requiredOneOf(['IPV4', 'IPV6']);
  return { kind: 'ip-set', cidrs: spot.get('Addresses').items().map(cidr) };
}

const WINDOWS = ['60', '120', '300', '600'] as const;

/** AWS: "Rate-based rule high-level settings" for limit and window, "Rate-based rule aggregation options and keys" for what is counted. */
function rate(spot: Spot, inspection: Inspection): WafStatement {
  const scopeDown = spot.get('ScopeDownStatement');
  return {
    kind: 'rate',
    limit: spot.get('Limit').requiredWhole(10, 2_000_000_000),
    windowSeconds: Number(spot.get('EvaluationWindowSec').oneOf(WINDOWS) ?? '300'),
    key: rateKey(spot),
    ...(scopeDown.exists ? { scopeDown: nested(scopeDown, inspection) } : {}),
  };
}

function rateKey(spot: Spot): RateKey {
  const type = spot.get('AggregateKeyType').requiredOneOf(['IP', 'CONSTANT', 'CUSTOM_KEYS']);
  const custom = spot.get('CustomKeys');
  if (type !== 'CUSTOM_KEYS') {
    if (custom.exists) custom.refuse(`it does not belong to a rate by ${type}; take it out`);
    return { kind: type === 'IP' ? 'address' : 'constant' };
  }
  const [key, another] = custom.items();
  if (!key || another) return custom.refuse('the drill counts by one header only; keep one');
  only(key, ['Header']);
  const transformations = key.get('Header').get('TextTransformations').items();
  for (const transformation of transformations) transformation.get('Type').requiredOneOf(['NONE']);
  return { kind: 'header', name: key.get('Header').get('Name').requiredText() };
}
