import { each, list, map, mapped, notEmulated, refused, type Shape, type Treatment } from '../treatment';

/** Whether they can be told of a request, and what becomes of the rule where not, is for `statements.ts` to say. */
const FIELD: Treatment = map(() => ({
  SingleHeader: map(() => ({ Name: mapped })),
  ...each([
    'UriPath', 'Method', 'QueryString', 'AllQueryArguments', 'Body', 'Cookies', 'HeaderOrder', 'Headers', 'JA3Fingerprint', 'JA4Fingerprint', 'JsonBody',
    'SingleQueryArgument', 'UriFragment',
  ], mapped),
}));

/** Changes before a body or a URI is taken apart. */
const BEFORE = refused('the drill does not imitate what is changed before a request is taken apart');

const CHANGES: Treatment = list(() => ({ Priority: mapped, Type: mapped }));

/** AWS: "Rate-based rule aggregation options and keys". */
const RATE_KEY: Shape = {
  Header: map(() => ({ Name: mapped, TextTransformations: CHANGES })),
  UriPath: map(() => ({ TextTransformations: CHANGES })),
  ...each([
    'ASN', 'Cookie', 'ForwardedIP', 'HTTPMethod', 'IP', 'JA3Fingerprint', 'JA4Fingerprint', 'LabelNamespace', 'QueryArgument', 'QueryString',
  ], mapped),
};

/** AWS: "Rule statements"; one that a web ACL may hold, at any depth. */
export const STATEMENT: Shape = {
  RateBasedStatement: map(() => ({
    Limit: mapped,
    EvaluationWindowSec: mapped,
    AggregateKeyType: mapped,
    CustomKeys: list(() => RATE_KEY),
    ScopeDownStatement: map(() => STATEMENT),
    ForwardedIPConfig: map(() => ({ HeaderName: mapped, FallbackBehavior: mapped })),
  })),
  IPSetReferenceStatement: map(() => ({ Arn: mapped, IPSetForwardedIPConfig: map(() => ({ HeaderName: mapped, FallbackBehavior: mapped, Position: mapped })) })),
  ByteMatchStatement: map(() => ({
    SearchString: mapped, SearchStringBase64: mapped, FieldToMatch: FIELD, TextTransformations: CHANGES, PositionalConstraint: mapped, PreParseTextTransformations: BEFORE,
  })),
  RegexMatchStatement: map(() => ({ RegexString: mapped, FieldToMatch: FIELD, TextTransformations: CHANGES, PreParseTextTransformations: BEFORE })),
  RegexPatternSetReferenceStatement: map(() => ({ Arn: mapped, FieldToMatch: FIELD, TextTransformations: CHANGES, PreParseTextTransformations: BEFORE })),
  SizeConstraintStatement: map(() => ({ FieldToMatch: FIELD, ComparisonOperator: mapped, Size: mapped, TextTransformations: CHANGES, PreParseTextTransformations: BEFORE })),
  LabelMatchStatement: map(() => ({ Scope: mapped, Key: mapped })),
  AndStatement: map(() => ({ Statements: list(() => STATEMENT) })),
  OrStatement: map(() => ({ Statements: list(() => STATEMENT) })),
  NotStatement: map(() => ({ Statement: map(() => STATEMENT) })),
  ManagedRuleGroupStatement: notEmulated('what the rules of this group look for is known to its vendor alone'),
  RuleGroupReferenceStatement: notEmulated('the rules of this group stand elsewhere'),
  ...each(['AsnMatchStatement', 'GeoMatchStatement', 'SqliMatchStatement', 'XssMatchStatement'], mapped),
};
