import { byValue, each, irrelevant, list, map, mapped, NAMES, notEmulated, RECORDS, refused, type Shape, type Treatment } from '../treatment';
import { STATEMENT } from './statements';

const PUZZLE = refused('the drill does not know how to play a puzzle or a payment with a caller');
const PUZZLES_ONLY = irrelevant('it concerns puzzles and payments alone, and no rule that asks for one is translated');

/** AWS: "Customized web requests and responses in AWS WAF". */
const REQUEST: Shape = { CustomRequestHandling: notEmulated('headers that the web ACL adds to a request are not added here') };
const RESPONSE: Shape = {
  ResponseCode: mapped,
  CustomResponseBodyKey: mapped,
  ResponseHeaders: list(() => ({ Name: mapped, Value: mapped })),
};
const BLOCK: Treatment = map(() => ({ CustomResponse: map(() => RESPONSE) }));

const RULE: Shape = {
  Name: mapped,
  Priority: mapped,
  Statement: map(() => STATEMENT),
  Action: map(() => ({ Allow: map(() => REQUEST), Count: map(() => REQUEST), Block: BLOCK, ...each(['Captcha', 'Challenge', 'Monetize'], PUZZLE) })),
  OverrideAction: map(() => ({ None: mapped, Count: mapped })),
  RuleLabels: list(() => ({ Name: mapped })),
  CaptchaConfig: PUZZLES_ONLY,
  ChallengeConfig: PUZZLES_ONLY,
  VisibilityConfig: RECORDS,
};

const SCOPE: Treatment = byValue({ REGIONAL: mapped, CLOUDFRONT: refused('a web ACL of CloudFront protects no load balancer') });

/** AWS: "AWS::WAFv2::WebACL" of the CloudFormation template reference. */
export const WEB_ACL: Shape = {
  DefaultAction: map(() => ({ Allow: map(() => REQUEST), Block: BLOCK })),
  Rules: list(() => RULE),
  Scope: SCOPE,
  OnSourceDDoSProtectionConfig: notEmulated('which addresses have a low reputation is known to AWS alone'),
  ...each(['CaptchaConfig', 'ChallengeConfig', 'TokenDomains', 'MonetizationConfig'], PUZZLES_ONLY),
  CustomResponseBodies: mapped,
  AssociationConfig: irrelevant('how much of a body is looked at: no statement about bodies is imitated'),
  ApplicationConfig: irrelevant('what the application is helps the console to suggest rules'),
  DataProtectionConfig: RECORDS,
  VisibilityConfig: RECORDS,
  Description: NAMES,
  Name: NAMES,
  Tags: NAMES,
};

/** AWS: "AWS::WAFv2::WebACLAssociation" of the CloudFormation template reference. */
export const WEB_ACL_ASSOCIATION: Shape = { ResourceArn: mapped, WebACLArn: mapped };

/** AWS: "AWS::WAFv2::IPSet" of the CloudFormation template reference. */
export const IP_SET: Shape = {
  Addresses: mapped,
  IPAddressVersion: mapped,
  Scope: SCOPE,
  Description: NAMES,
  Name: NAMES,
  Tags: NAMES,
};

/** AWS: "AWS::WAFv2::RegexPatternSet" of the CloudFormation template reference. */
export const REGEX_PATTERN_SET: Shape = {
  RegularExpressionList: mapped,
  Scope: SCOPE,
  Description: NAMES,
  Name: NAMES,
  Tags: NAMES,
};
