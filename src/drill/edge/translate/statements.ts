import { Reference } from '../../../checks/template/value';
import { SET_ARN_ATTRIBUTES } from '../../../lockdown/contract';
import { placeOf } from '../../place';
import type { Comparison, IpSetStatement, RequestPart, TextMatch, WafStatement } from '../model';
import { cidr } from './conditions';
import type { Inspection } from './inspect';
import { only } from './only';
import { forwardedOf, rateOf } from './rate';
import { changesOf, partOf, regexOf, textMatchOf } from './request-parts';
import { Spot } from './spot';
import { IP_SET, LOCKDOWN, REGEX_PATTERN_SET } from './types';
import { unreadable } from './unreadable';

const GROUPS = ['ManagedRuleGroupStatement', 'RuleGroupReferenceStatement'] as const;
const NESTED = [
  'IPSetReferenceStatement', 'AndStatement', 'OrStatement', 'NotStatement', 'ByteMatchStatement', 'RegexMatchStatement', 'RegexPatternSetReferenceStatement', 'SizeConstraintStatement',
  'LabelMatchStatement', 'AsnMatchStatement', 'GeoMatchStatement', 'SqliMatchStatement', 'XssMatchStatement',
] as const;

/** What statements may refer to beside themselves. */
export interface Around {
  readonly inspection: Inspection;
  /** What rules before this one must have seen for a request to bear the label; undefined where that is not known. */
  labelled(key: string, scope: 'LABEL' | 'NAMESPACE'): WafStatement | undefined;
}

/** Whether a statement stands for the rules of a group, which may not be combined with anything. */
export function isGroup(statement: Spot): boolean {
  if (!GROUPS.some((group) => statement.get(group).exists)) return false;
  only(statement, GROUPS);
  return true;
}

/** What a rule looks for. AWS: "Rule statements"; a rate is counted by a rule as a whole only. Throws Unreadable at what cannot be told of a request. */
export function statementOf(statement: Spot, around: Around): WafStatement {
  if (only(statement, ['RateBasedStatement', ...NESTED]) !== 'RateBasedStatement') return nested(statement, around);
  const rate = statement.get('RateBasedStatement');
  const scopeDown = rate.get('ScopeDownStatement');
  return rateOf(rate, scopeDown.exists ? nested(scopeDown, around) : undefined);
}

function nested(statement: Spot, around: Around): WafStatement {
  const kind = only(statement, NESTED);
  const below = statement.get(kind);
  switch (kind) {
    case 'IPSetReferenceStatement': return ipSet(below, around.inspection);
    case 'AndStatement': return { kind: 'and', statements: several(below, around) };
    case 'OrStatement': return { kind: 'or', statements: several(below, around) };
    case 'NotStatement': return { kind: 'not', statement: nested(below.get('Statement'), around) };
    case 'ByteMatchStatement': return text(below, textMatchOf(below));
    case 'RegexMatchStatement': return text(below, regexOf(below.get('RegexString')));
    case 'RegexPatternSetReferenceStatement': return patterns(below, around.inspection);
    case 'SizeConstraintStatement': return size(below);
    case 'LabelMatchStatement': return label(below, around);
    default: return unreadable(below, 'the drill does not know how to look for this in a request');
  }
}

function several(spot: Spot, around: Around): WafStatement[] {
  const statements = spot.get('Statements').items();
  if (statements.length < 2) spot.get('Statements').refuse('AWS wants two statements at least; add one');
  return statements.map((statement) => nested(statement, around));
}

/** Addresses of either family. AWS: "IP set match rule statement". */
function ipSet(spot: Spot, inspection: Inspection): WafStatement {
  const config = spot.get('IPSetForwardedIPConfig');
  return { ...addresses(spot.get('Arn'), inspection), ...(config.exists ? { forwarded: { ...forwardedOf(config), position: position(config.get('Position')) } } : {}) };
}

function position(spot: Spot): 'first' | 'last' {
  const known = spot.requiredOneOf(['FIRST', 'LAST', 'ANY']);
  if (known === 'ANY') return unreadable(spot, 'the drill looks at the first or the last address of a header, not at all of them');
  return known === 'FIRST' ? 'first' : 'last';
}

/** What `Fn::GetAtt` of a lock-down switch gives, one for each family. */
const FAMILIES: Readonly<Record<string, 'v4' | 'v6'>> = { [SET_ARN_ATTRIBUTES.IPV4]: 'v4', [SET_ARN_ATTRIBUTES.IPV6]: 'v6' };

function addresses(pointer: Spot, inspection: Inspection): IpSetStatement {
  const { value } = pointer.property;
  if (value instanceof Reference && value.resource.type === LOCKDOWN) {
    const family = FAMILIES[value.attribute] ?? pointer.refuse(`the drill does not know this attribute of a lock-down switch; it knows ${Object.keys(FAMILIES).join(', ')}`);
    return { kind: 'ip-set', cidrs: [], live: { place: placeOf(value.resource), family } };
  }
  const set = pointer.target(IP_SET)
    ?? pointer.refuse('the IP set is in none of the templates, so the drill does not know its addresses; synthesize its stack in the same app and refer to the IP set by object');
  inspection.inspect(set);
  const spot = Spot.of(set);
  spot.get('IPAddressVersion').requiredOneOf(['IPV4', 'IPV6']);
  return { kind: 'ip-set', cidrs: spot.get('Addresses').items().map(cidr) };
}

function text(spot: Spot, match: TextMatch): WafStatement {
  return { kind: 'text', part: partOf(spot.get('FieldToMatch')), changes: changesOf(spot.get('TextTransformations')), match };
}

/** AWS: "Regex pattern set match rule statement": one of the patterns is enough. */
function patterns(spot: Spot, inspection: Inspection): WafStatement {
  const pointer = spot.get('Arn');
  const set = pointer.target(REGEX_PATTERN_SET) ?? unreadable(pointer, 'the patterns are in none of the templates');
  inspection.inspect(set);
  return { kind: 'or', statements: Spot.of(set).get('RegularExpressionList').items().map((pattern) => text(spot, regexOf(pattern))) };
}

const COMPARISONS: readonly Comparison[] = ['EQ', 'NE', 'LE', 'LT', 'GE', 'GT'];

/** AWS: "Size constraint rule statement", in bytes. */
function size(spot: Spot): WafStatement {
  const part: RequestPart = partOf(spot.get('FieldToMatch'));
  const transformations = spot.get('TextTransformations');
  if (changesOf(transformations).length > 0) unreadable(transformations, 'the drill measures what is sent, not what becomes of it');
  return { kind: 'size', part, comparison: spot.get('ComparisonOperator').requiredOneOf(COMPARISONS), bytes: spot.get('Size').requiredWhole(0, 21_474_836_480) };
}

/** AWS: "Label match rule statement". */
function label(spot: Spot, around: Around): WafStatement {
  const key = spot.get('Key').requiredText();
  return around.labelled(key, spot.get('Scope').requiredOneOf(['LABEL', 'NAMESPACE'])) ?? unreadable(spot, `the label ${key} is given by rules that are not imitated`);
}
