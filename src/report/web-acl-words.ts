import type { Property } from '../checks/template/property';
import type { Resource } from '../checks/template/resource';
import { LOCKDOWN_TYPE } from '../lockdown/contract';
import { readable, shown, UNKNOWN } from './readable';

/** What is tried, and what comes of it. */
export interface Answer {
  readonly when: string;
  readonly answer: string;
}

/** What a statement looks at and for, so that several values of one subject need it once. */
interface Said {
  readonly subject: string;
  readonly value: string;
}

/** A list that is longer is cut short: the template has all of it. */
const MOST_VALUES = 4;

/** The rules of a web ACL in the order in which WAF tries them. */
export function webAclRules(acl: Resource): Answer[] {
  const rules = readable(() => acl.prop('Rules').items(), []);
  const priority = (rule: Property): number => readable(() => rule.get('Priority').number(), undefined) ?? Infinity;
  const sorted = rules.map((rule) => ({ rule, at: priority(rule) })).sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  return [
    ...sorted.map(({ rule }) => readable(() => ({ when: `${shown(rule.get('Name'))}: ${text(statementOf(rule.get('Statement')))}`, answer: answerOf(rule) }), { when: UNKNOWN, answer: UNKNOWN })),
    { when: 'anything else', answer: readable(() => actionOf(acl.prop('DefaultAction')), UNKNOWN) },
  ];
}

function answerOf(rule: Property): string {
  const override = rule.get('OverrideAction');
  if (!override.exists) return actionOf(rule.get('Action'));
  const counted = rule.get('Statement.ManagedRuleGroupStatement.RuleActionOverrides').items().filter((one) => one.get('ActionToUse.Count').exists).length;
  if (override.get('Count').exists) return 'counted';
  return `as the group says${counted > 0 ? `; ${counted} of its rules only count` : ''}`;
}

/** WAF answers 403 by itself (AWS WAF guide, "Sending customized web requests and responses"). */
function actionOf(action: Property): string {
  const block = action.get('Block');
  if (block.exists) return shown(block.get('CustomResponse.ResponseCode')) || '403';
  if (action.get('Allow').exists) return 'let through';
  return action.get('Count').exists ? 'counted' : action.entries().map(([name]) => name.toLowerCase()).join(', ');
}

/** Statements that other ones have no words for say what they are called. */
const STATEMENTS: Readonly<Record<string, (statement: Property) => Said>> = {
  AndStatement: (and) => plain(and.get('Statements').items().map((one) => inBrackets(text(statementOf(one)), ' or ')).join(' and ')),
  OrStatement: (or) => plain(alternatives(or.get('Statements').items().map(statementOf))),
  NotStatement: (not) => plain(`not (${text(statementOf(not.get('Statement')))})`),
  ByteMatchStatement: (match) => ({ subject: fieldOf(match), value: wantedBy(match) }),
  SizeConstraintStatement: sizeOf,
  LabelMatchStatement: (label) => ({ subject: 'label', value: shown(label.get('Key')).split(':').at(-1) ?? '' }),
  IPSetReferenceStatement: ipSet,
  RateBasedStatement: (rate) => plain(`${counted(rate)} above ${shown(rate.get('Limit'))} requests in ${shown(rate.get('EvaluationWindowSec')) || '300'} s${scopeOf(rate)}`),
  ManagedRuleGroupStatement: (group) => plain(`what ${shown(group.get('Name'))} of ${shown(group.get('VendorName'))} finds${scopeOf(group)}`),
};

function statementOf(statement: Property): Said {
  const [[name, body] = []] = statement.entries();
  if (name === undefined || body === undefined) return plain(UNKNOWN);
  return STATEMENTS[name]?.(body) ?? plain(name.replace(/Statement$/, ''));
}

const plain = (value: string): Said => ({ subject: '', value });
const text = ({ subject, value }: Said): string => (subject === '' ? value : `${subject} ${value}`);
const inBrackets = (words: string, where: string): string => (words.includes(where) ? `(${words})` : words);

function alternatives(said: readonly Said[]): string {
  const subjects = [...new Set(said.map(({ subject }) => subject))];
  return subjects.map((subject) => {
    const values = [...new Set(said.filter((one) => one.subject === subject).map(({ value }) => (subject === '' ? inBrackets(value, ' and ') : value)))];
    const more = values.length - MOST_VALUES;
    return text({ subject, value: (more > 1 ? [...values.slice(0, MOST_VALUES), `${more} more`] : values).join(' or ') });
  }).join(' or ');
}

/** The switch's sets are empty until somebody locks the service down. */
function ipSet(reference: Property): Said {
  const arn = reference.get('Arn');
  const set = readable(() => arn.reference()?.resource, undefined);
  if (set?.type === LOCKDOWN_TYPE) return plain('an address that the lock-down switch shuts out');
  return { subject: 'an address in', value: set?.logicalId ?? shown(arn) };
}

/** A header that is not there has no size (AWS WAF guide, "Request components"). */
function sizeOf(size: Property): Said {
  const [field, operator, limit] = [fieldOf(size), shown(size.get('ComparisonOperator')), shown(size.get('Size'))];
  return field.startsWith('header ') && operator === 'GT' && limit === '0' ? plain(`a ${field}`) : { subject: `size of ${field}`, value: `${operator} ${limit}` };
}

function scopeOf(statement: Property): string {
  const scope = statement.get('ScopeDownStatement');
  return scope.exists ? ` for ${text(statementOf(scope))}` : '';
}

/** Whose requests a budget counts together. */
function counted(rate: Property): string {
  switch (shown(rate.get('AggregateKeyType'))) {
    case 'IP': return 'an address';
    case 'FORWARDED_IP': return `an address in ${shown(rate.get('ForwardedIPConfig.HeaderName'))}`;
    case 'CONSTANT': return 'all together';
    default: return `one ${rate.get('CustomKeys').items().map(keyOf).join(' with ')}`;
  }
}

function keyOf(key: Property): string {
  const name = shown(key.get('Header.Name'));
  return name || key.entries().map(([kind]) => kind).join(', ');
}

/** How a field is read before it is compared, as far as that is common. */
const READINGS: Readonly<Record<string, string>> = { URL_DECODE: 'decoded', NORMALIZE_PATH: 'normalized', LOWERCASE: 'lower-cased' };

function fieldOf(statement: Property): string {
  const transformations = statement.get('TextTransformations').items().map((one) => shown(one.get('Type'))).filter((type) => type !== 'NONE');
  const [[name, body] = []] = statement.get('FieldToMatch').entries();
  const field = name === 'UriPath' ? 'path' : name === 'SingleHeader' && body ? `header ${shown(body.get('Name'))}` : (name ?? '').toLowerCase();
  return [...transformations.map((type) => READINGS[type] ?? type.toLowerCase()), field].join(' ');
}

function wantedBy(match: Property): string {
  const wanted = shown(match.get('SearchString')) || `base64 ${shown(match.get('SearchStringBase64'))}`;
  switch (shown(match.get('PositionalConstraint'))) {
    case 'EXACTLY': return wanted;
    case 'STARTS_WITH': return `${wanted}*`;
    case 'ENDS_WITH': return `*${wanted}`;
    default: return `*${wanted}*`;
  }
}
