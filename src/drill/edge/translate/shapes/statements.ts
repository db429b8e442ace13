import { each, irrelevant, list, map, mapped, notEmulated, refused, type Shape } from '../treatment';

const NOT_READ = refused('the drill does not know how to look for this in a request');

/** AWS: "Rate-based rule aggregation options and keys". */
const RATE_KEY: Shape = {
  Header: map(() => ({ Name: mapped, TextTransformations: list(() => ({ Priority: irrelevant('there is only one, which changes nothing'), Type: mapped })) })),
  ...each([
    'ASN', 'Cookie', 'ForwardedIP', 'HTTPMethod', 'IP', 'JA3Fingerprint', 'JA4Fingerprint', 'LabelNamespace', 'QueryArgument', 'QueryString', 'UriPath',
  ], refused('the drill does not know how to count requests by this')),
};

const FORWARDED_IP = refused('the drill does not know how to take a caller’s address from a header');

/** AWS: "Rule statements"; one that a web ACL may hold, at any depth. */
export const STATEMENT: Shape = {
  RateBasedStatement: map(() => ({
    Limit: mapped,
    EvaluationWindowSec: mapped,
    AggregateKeyType: mapped,
    CustomKeys: list(() => RATE_KEY),
    ScopeDownStatement: map(() => STATEMENT),
    ForwardedIPConfig: FORWARDED_IP,
  })),
  IPSetReferenceStatement: map(() => ({ Arn: mapped, IPSetForwardedIPConfig: FORWARDED_IP })),
  AndStatement: map(() => ({ Statements: list(() => STATEMENT) })),
  OrStatement: map(() => ({ Statements: list(() => STATEMENT) })),
  NotStatement: map(() => ({ Statement: map(() => STATEMENT) })),
  ManagedRuleGroupStatement: notEmulated('what the rules of this group look for is known to its vendor alone'),
  RuleGroupReferenceStatement: notEmulated('the rules of this group stand elsewhere'),
  ...each([
    'AsnMatchStatement', 'ByteMatchStatement', 'GeoMatchStatement', 'LabelMatchStatement', 'RegexMatchStatement', 'RegexPatternSetReferenceStatement',
    'SizeConstraintStatement', 'SqliMatchStatement', 'XssMatchStatement',
  ], NOT_READ),
};
