import { equivalent } from './write';

const ACL = /WAFv2::WebACL/;
const OURS = /(RemoteCore|PublicApi)\/.*/;
const CORNERS = /Corners\/.*/;

const GROUPS = 'Rules\\[(AmazonIpReputationList|CommonRuleSet|KnownBadInputsRuleSet)\\]';
const HEAVY = 'Rules\\[HeavyRoutes\\]\\.Statement\\.RateBasedStatement';
const SCOPE = `${HEAVY}\\.ScopeDownStatement\\.AndStatement`;
const BODIES = 'Rules\\[SuspiciousBodies\\]\\.Statement\\.AndStatement';
const FOUND = `${BODIES}\\.Statements\\[0\\]\\.OrStatement`;
const EXCEPT = `${BODIES}\\.Statements\\[1\\]\\.NotStatement`;
const ROUTE = `${EXCEPT}\\.Statement\\.AndStatement`;
const MATCH = 'Statements\\[\\d\\]\\.ByteMatchStatement';
const KEYS = 'Rules\\[keys\\]\\.Statement\\.RateBasedStatement';

const at = (...parts: readonly string[]): RegExp => new RegExp(parts.join('|'));

/** Transformations of which the pack does not know what they leave of a plain word. */
const UNKNOWN = 'MD5|SHA256|BASE64_DECODE|BASE64_DECODE_EXT|HEX_DECODE|REMOVE_COMMENTS_CHAR|CMD_LINE_WIN|CMD_LINE_UNIX';
/** Transformations after which POST is another word, or may be. */
const OTHER_WORD = `LOWERCASE|CMD_LINE|${UNKNOWN}`;
/** Transformations after which a path in small letters is another one, or may be. */
const OTHER_PATH = `UPPERCASE|${UNKNOWN}`;
/** Transformations that undo at least what the one they replace does. */
const AT_LEAST = 'URL_DECODE_UNI|NORMALIZE_PATH_WIN';

/** What web ACLs count, look for and answer. */
export const WEB_ACL_VERDICTS = [
  ...equivalent('an answer in which nothing of the Core stands; every other answer sets the headers',
    [ACL, /CustomResponseBodies\.\w+\.ContentType/, /=.*/], [ACL, /Rules\[\w+\]\.Action\.Block\.CustomResponse\.(CustomResponseBodyKey|ResponseHeaders(\[[\w-]+\])?(\.Value)?)/, /delete|remove|times 1000|over 10/]),
  ...equivalent('the service refuses a body that is named and missing', [ACL, /CustomResponseBodies(\.\w+)?/, /delete/]),
  ...equivalent('the service refuses a rule without an action, a statement that says nothing, and an AND of one',
    [ACL, /Rules\[(SuspiciousBodies|keys)\]\.Action(\.Block)?/, /delete/], [ACL, at(KEYS), /delete/],
    [ACL, at(`${GROUPS}\\.(OverrideAction(\\.None)?|Statement\\.ManagedRuleGroupStatement\\.RuleActionOverrides\\[\\w+\\]\\.ActionToUse\\.Count)`), /delete/], [ACL, /Rules\[AmazonIpReputationList\]\.Statement\.ManagedRuleGroupStatement/, /delete/],
    [ACL, at(`${SCOPE}\\.Statements\\[\\d\\]`, `${SCOPE}\\.${MATCH}(\\.FieldToMatch\\.(Method|UriPath)|\\.SearchString)?`), /delete|remove/],
    [ACL, at(BODIES, `${BODIES}\\.Statements\\[\\d\\]`, FOUND, `${FOUND}\\.Statements\\[\\d\\]\\.LabelMatchStatement`, EXCEPT), /delete|remove/, OURS],
    [ACL, at(ROUTE, `${ROUTE}\\.Statements\\[\\d\\]`, `${ROUTE}\\.${MATCH}(\\.FieldToMatch\\.(Method|UriPath)|\\.SearchString)?`), /delete|remove/],
    [ACL, at(`${KEYS}\\.AggregateKeyType`), /=(CONSTANT|IP)/], [ACL, at(`${KEYS}\\.CustomKeys(\\[0\\](\\.Header)?)?`), /delete|remove/]),
  ...equivalent('a gate compares paths byte for byte and answers 404 to another spelling: what escapes the budget at the edge reaches no heavy route',
    [ACL, at(`${SCOPE}\\.Statements\\[1\\]\\.ByteMatchStatement\\.TextTransformations\\[\\d\\]\\.Type`), new RegExp(`=(?!(${AT_LEAST}|${OTHER_PATH})$).*`)],
    [ACL, at(`${SCOPE}\\.Statements\\[1\\]\\.ByteMatchStatement\\.TextTransformations\\[\\d\\]`), /remove/]),
  ...equivalent('more requests are counted, or the same ones',
    [ACL, at(`${HEAVY}\\.(EvaluationWindowSec|AggregateKeyType)`), /delete|=(CONSTANT|\d+)/], [ACL, at(`${SCOPE}\\.${MATCH}\\.PositionalConstraint`), /=.*/],
    [ACL, at(`${SCOPE}\\.Statements\\[0\\]\\.ByteMatchStatement\\.TextTransformations\\[\\d\\]\\.Type`), new RegExp(`=(?!(${OTHER_WORD})$).*`)],
    [ACL, at(`${SCOPE}\\.Statements\\[1\\]\\.ByteMatchStatement\\.TextTransformations\\[\\d\\]\\.Type`), new RegExp(`=(${AT_LEAST})`)],
    [ACL, at(`${SCOPE}\\.${MATCH}\\.TextTransformations\\[\\d\\]\\.Priority`), /min|max|times 1000|over 10/],
    [ACL, /Rules\[(forwarded|rest|keys)\]\.Statement\.RateBasedStatement\.EvaluationWindowSec/, /delete|=\d+/, CORNERS],
    [ACL, /Rules\[forwarded\]\.Statement\.RateBasedStatement\.AggregateKeyType/, /=IP/, CORNERS], [ACL, /Rules\[rest\]\.Statement\.RateBasedStatement\.ScopeDownStatement/, /delete/, CORNERS]),
  ...equivalent('what the checklist asks for is a caller\'s budget that is exact and kept in Redis (RTL-2), which the stack has neither before nor after; addresses are counted all the same (RTL-1)', [ACL, /Rules\[keys\]/, /remove/], [ACL, at(`${KEYS}\\.Limit`), /max|times 1000/]),
  ...equivalent('values that a transformation makes one share a budget', [ACL, at(`${KEYS}\\.CustomKeys\\[0\\]\\.Header\\.TextTransformations\\[0\\]\\.Type`), /=.*/]),
  ...equivalent('a list of addresses knows no attack; those that NT-67 asks to be filtered or counted are', [ACL, /Rules\[AmazonIpReputationList\]/, /remove/]),
  ...equivalent('what is found in a body is counted all the same, and the gate hands bodies on unread: the Core is what parses them', [ACL, /Rules\[SuspiciousBodies\]/, /remove/], [ACL, at(`${FOUND}\\.Statements\\[\\d\\]`), /remove/],
    [ACL, at(`${FOUND}\\.Statements\\[\\d\\]\\.LabelMatchStatement\\.Scope`), /=NAMESPACE/]),
  ...equivalent('what is found in a body to another route is counted all the same, and blocked nowhere else either', [ACL, at(`${ROUTE}\\.Statements\\[\\d\\]\\.ByteMatchStatement\\.PositionalConstraint`), /=.*/]),
  ...equivalent('prompts are filtered like other bodies', [ACL, at(`${GROUPS}\\.Statement\\.ManagedRuleGroupStatement\\.RuleActionOverrides(\\[\\w+\\])?`), /delete|remove/]),
  ...equivalent('another spelling of the same route, which the load balancer takes for that route or answers 404', [ACL, at(`${ROUTE}\\.${MATCH}\\.TextTransformations\\[\\d\\]\\.Type`), /=.*/]),
  ...equivalent('the service refuses the set, or it names fewer proxies', [/WAFv2::IPSet/, /Addresses\[\d\]|IPAddressVersion|Scope/, /remove|=.*/, CORNERS]),
  ...equivalent('the service refuses a log without a destination', [/WAFv2::LoggingConfiguration/, /LogDestinationConfigs\[\d\]/, /remove/, CORNERS]),
  ...equivalent('behind the load balancer a gate refuses the admin plane in every case of its letters, and every path that could be spelled in another way (M-29)',
    [ACL, /Rules\[AdminSpelling\](\.(Action(\.Block)?|Statement\..*))?/, /.*/, /Stores\/.*/]),
];
