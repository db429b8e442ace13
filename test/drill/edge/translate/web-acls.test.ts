import type { JsonMap } from '../../../../src/checks/template/template';
import { door, guarded, listener, waf } from './door';

const RULE = { Name: 'rule', Priority: 1, Action: { Block: {} }, VisibilityConfig: {} };
const SET = { Set: waf('IPSet', { Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses: ['10.0.0.0/8'] }) };
const IN_SET: JsonMap = { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Set', 'Arn'] } } };
const NET = { kind: 'ip-set', cidrs: ['10.0.0.0/8'] };

const rateOf = (rate: JsonMap): JsonMap => ({ RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP', ...rate } });
const ruled = (Statement: JsonMap, rule: JsonMap = {}, more: JsonMap = SET): Parameters<typeof door> => guarded({ Rules: [{ ...RULE, Statement, ...rule }] }, more);
const statement = (written: JsonMap): unknown => listener(...ruled(written)).webAcl?.rules[0]?.statement;

test('the web ACL of a load balancer stands before its listeners', () => {
  expect(listener(...guarded({}))).toMatchObject({ webAcl: { place: { stack: 'Shop', logicalId: 'WebAcl' }, defaultAction: { kind: 'allow' }, rules: [] } });
  expect(listener(...guarded({ DefaultAction: { Block: {} } })).webAcl?.defaultAction).toEqual({ kind: 'block', status: 403 });
});

test('rules are asked by priority', () => {
  const Rules = [7, 3, 5].map((Priority) => ({ ...RULE, Name: `rule ${Priority}`, Priority, Statement: IN_SET }));
  expect(listener(...guarded({ Rules }, SET)).webAcl?.rules.map(({ name }) => name)).toEqual(['rule 3', 'rule 5', 'rule 7']);
});

test.each<[JsonMap, object]>([
  [{ Allow: {} }, { kind: 'allow' }],
  [{ Count: {} }, { kind: 'count' }],
  [{ Block: {} }, { kind: 'block', status: 403 }],
  [{ Block: { CustomResponse: { ResponseCode: 429 } } }, { kind: 'block', status: 429 }],
])('the action %j is %j', (Action, verdict) => {
  expect(listener(...ruled(IN_SET, { Action })).webAcl?.rules[0]?.action).toEqual(verdict);
});

test.each<[JsonMap, object]>([
  [rateOf({}), { kind: 'rate', limit: 100, windowSeconds: 300, key: { kind: 'address' } }],
  [rateOf({ EvaluationWindowSec: 60, AggregateKeyType: 'CONSTANT', ScopeDownStatement: IN_SET }), { kind: 'rate', limit: 100, windowSeconds: 60, key: { kind: 'constant' }, scopeDown: NET }],
  [rateOf({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Header: { Name: 'x-api-key', TextTransformations: [{ Priority: 0, Type: 'NONE' }] } }] }),
    { kind: 'rate', limit: 100, windowSeconds: 300, key: { kind: 'header', name: 'x-api-key' } }],
  [IN_SET, NET],
  [{ AndStatement: { Statements: [IN_SET, IN_SET] } }, { kind: 'and', statements: [NET, NET] }],
  [{ OrStatement: { Statements: [IN_SET, { NotStatement: { Statement: IN_SET } }] } }, { kind: 'or', statements: [NET, { kind: 'not', statement: NET }] }],
])('%j is %j', (written, model) => {
  expect(statement(written)).toEqual(model);
});

test('addresses of both families are read', () => {
  expect(statement({ IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Set', 'Arn'] } } })).toEqual(NET);
  const six = { Set: waf('IPSet', { Scope: 'REGIONAL', IPAddressVersion: 'IPV6', Addresses: ['::/1', '8000::/1'] }) };
  expect(listener(...ruled(IN_SET, {}, six)).webAcl?.rules[0]?.statement).toEqual({ kind: 'ip-set', cidrs: ['::/1', '8000::/1'] });
});

test.each(['ManagedRuleGroupStatement', 'RuleGroupReferenceStatement'])('a rule of a %s is reported and left out', (kind) => {
  const group = { Name: 'group', Priority: 0, OverrideAction: { None: {} }, VisibilityConfig: {}, Statement: { [kind]: { Name: 'AWSManagedRulesCommonRuleSet', VendorName: 'AWS', Whatever: 1 } } };
  const { listeners, notEmulated } = door(...guarded({ Rules: [group, { ...RULE, Statement: IN_SET }] }, SET));
  expect(listeners[0]?.webAcl?.rules.map(({ name }) => name)).toEqual(['rule']);
  expect(notEmulated).toMatchObject([{ place: { logicalId: 'WebAcl' }, type: 'AWS::WAFv2::WebACL', property: `Rules.0.Statement.${kind}` }]);
});

test('a block answers as it is told, and headers that a rule adds are reported', () => {
  const action = { Block: { CustomResponse: { ResponseCode: 429, CustomResponseBodyKey: 'k', ResponseHeaders: [{ Name: 'retry-after', Value: '60' }] } } };
  const args = guarded({
    Rules: [{ ...RULE, Statement: IN_SET, Action: action }],
    CustomResponseBodies: { k: { ContentType: 'APPLICATION_JSON', Content: '{}' } },
    DefaultAction: { Allow: { CustomRequestHandling: { InsertHeaders: [{ Name: 'a', Value: 'b' }] } } },
    OnSourceDDoSProtectionConfig: { ALBLowReputationMode: 'ALWAYS_ON' },
  }, SET);
  expect(listener(...args).webAcl?.rules[0]?.action).toEqual({ kind: 'block', status: 429, headers: [{ name: 'retry-after', value: '60' }], body: { contentType: 'application/json', text: '{}' } });
  expect(door(...args).notEmulated.map(({ property }) => property).sort()).toEqual(['DefaultAction.Allow.CustomRequestHandling', 'OnSourceDDoSProtectionConfig']);
});

const RAW = [{ Priority: 0, Type: 'NONE' }];
const LIVE = { Lock: { Type: 'Custom::SecureCoreLockdown', Properties: { ServiceToken: 'arn:function', Name: 'lock', Tags: {} } } };

test('a set that a lock-down switch makes is empty, and known by its switch and family', () => {
  const asks = (attribute: string): JsonMap => ({ IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Lock', attribute] } } });
  const either = { OrStatement: { Statements: [asks('Ipv4SetArn'), asks('Ipv6SetArn')] } };
  const live = (family: string): object => ({ kind: 'ip-set', cidrs: [], live: { place: { stack: 'Shop', logicalId: 'Lock' }, family } });
  expect(listener(...ruled(either, {}, LIVE)).webAcl?.rules[0]?.statement).toEqual({ kind: 'or', statements: [live('v4'), live('v6')] });
  expect(() => listener(...ruled(asks('Sparkle'), {}, LIVE))).toThrow('the drill does not know this attribute of a lock-down switch');
});

test.each<[string, JsonMap, object]>([
  ['a spelled path', { ByteMatchStatement: {
    SearchString: '/token', FieldToMatch: { UriPath: {} }, PositionalConstraint: 'EXACTLY', TextTransformations: [{ Priority: 1, Type: 'NORMALIZE_PATH' }, { Priority: 0, Type: 'URL_DECODE' }],
  } },
  { kind: 'text', part: { kind: 'path' }, changes: ['url-decode', 'normalize-path'], match: { kind: 'is', text: '/token' } }],
  ['a header that is there', { SizeConstraintStatement: { FieldToMatch: { SingleHeader: { Name: 'x-api-key' } }, ComparisonOperator: 'GT', Size: 0, TextTransformations: RAW } },
    { kind: 'size', part: { kind: 'header', name: 'x-api-key' }, comparison: 'GT', bytes: 0 }],
  ['a pattern', { RegexMatchStatement: { RegexString: '^/v[12]/', FieldToMatch: { UriPath: {} }, TextTransformations: RAW } },
    { kind: 'text', part: { kind: 'path' }, changes: [], match: { kind: 'regex', regex: '^/v[12]/' } }],
  ['a forwarded address', rateOf({ AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig: { HeaderName: 'true-client-ip', FallbackBehavior: 'MATCH' } }),
    { kind: 'rate', limit: 100, windowSeconds: 300, key: { kind: 'forwarded', from: { header: 'true-client-ip', otherwise: true } } }],
  ['several keys', rateOf({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ IP: {} }, { UriPath: { TextTransformations: RAW } }] }),
    { kind: 'rate', limit: 100, windowSeconds: 300, key: { kind: 'several', keys: [{ kind: 'address' }, { kind: 'path' }] } }],
])('%s is read', (_, written, model) => {
  expect(statement(written)).toEqual(model);
});

test.each<[string, JsonMap]>([
  ['a country', { GeoMatchStatement: { CountryCodes: ['DE'] } }],
  ['a managed group\'s label', { AndStatement: { Statements: [{ LabelMatchStatement: { Scope: 'LABEL', Key: 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body' } }, IN_SET] } }],
  ['a body', { ByteMatchStatement: { SearchString: 'x', FieldToMatch: { Body: {} }, PositionalConstraint: 'CONTAINS', TextTransformations: RAW } }],
  ['a cookie', rateOf({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Cookie: { Name: 'a' } }] })],
  ['a hash of a header', rateOf({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Header: { Name: 'a', TextTransformations: [{ Priority: 0, Type: 'MD5' }] } }] })],
])('a rule that blocks by %s is left out and reported; one that allows by it ends the translation', (_, written) => {
  const { listeners, notEmulated } = door(...ruled(written));
  expect(listeners[0]?.webAcl?.rules).toEqual([]);
  expect(notEmulated).toMatchObject([{ place: { logicalId: 'WebAcl' }, reason: expect.stringMatching(/, so the whole rule is left out$/) as string }]);
  if (!('RateBasedStatement' in written)) expect(() => door(...ruled(written, { Action: { Allow: {} } }))).toThrow('and the rule lets requests past those behind it');
});

test('a label of the web ACL\'s own is what the rule looks for that gives it', () => {
  const Rules = [
    { ...RULE, Priority: 0, Action: { Count: {} }, Statement: IN_SET, RuleLabels: [{ Name: 'shop:office' }] },
    { ...RULE, Priority: 1, Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: 'shop:office' } } },
  ];
  expect(listener(...guarded({ Rules }, SET)).webAcl?.rules[1]?.statement).toEqual({ kind: 'or', statements: [NET] });
});

test('a web ACL that protects something else is nobody’s business', () => {
  const more = {
    WebAcl: waf('WebACL', { Scope: 'CLOUDFRONT', DefaultAction: { Sparkle: {} } }),
    Association: waf('WebACLAssociation', { ResourceArn: { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}::/restapis/x/stages/y' }, WebACLArn: { 'Fn::GetAtt': ['WebAcl', 'Arn'] } }),
  };
  expect(listener({}, more)).not.toHaveProperty('webAcl');
});

test('a web ACL that is only named is reported', () => {
  const more = { Association: waf('WebACLAssociation', { ResourceArn: { Ref: 'Balancer' }, WebACLArn: { Ref: 'Arn' } }) };
  const { listeners, notEmulated } = door({}, more, { Parameters: { Arn: { Type: 'String' } } });
  expect(listeners[0]).not.toHaveProperty('webAcl');
  expect(notEmulated).toMatchObject([{ place: { logicalId: 'Association' }, property: 'WebACLArn' }]);
});

test('two web ACLs for one load balancer end the translation', () => {
  const [, more] = guarded({});
  expect(() => door({}, { ...more, Second: (more as { Association: JsonMap }).Association })).toThrow('it can have only one');
});

test.each<[string, Parameters<typeof door>, string]>([
  ['a statement nobody knows', ruled({ SparkleStatement: {} }), 'the drill does not know what the property SparkleStatement does'],
  ['two statements in one', ruled({ ...IN_SET, ...rateOf({}) }), 'it must hold exactly one of'],
  ['a rate inside another statement', ruled({ NotStatement: { Statement: rateOf({}) } }), 'it must hold exactly one of IPSetReferenceStatement'],
  ['a group inside another statement', ruled({ NotStatement: { Statement: { ManagedRuleGroupStatement: {} } } }), 'it must hold exactly one of'],
  ['a window nobody knows', ruled(rateOf({ EvaluationWindowSec: 90 })), 'it knows 60, 120, 300, 600'],
  ['keys beside a rate by address', ruled(rateOf({ CustomKeys: [{ Header: { Name: 'a' } }] })), 'it does not belong to a rate by IP'],
  ['an IP set elsewhere', ruled({ IPSetReferenceStatement: { Arn: 'arn:set' } }), 'the IP set is in none of the templates'],
  ['addresses that only a deployment knows', ruled(IN_SET, {}, { Set: waf('IPSet', { IPAddressVersion: 'IPV4', Addresses: { Ref: 'List' } }) }),
    'Set.Properties.Addresses is "${List}": the template leaves it open'],
  ['a puzzle', ruled(IN_SET, { Action: { Captcha: {} } }), 'the drill does not know how to play a puzzle'],
  ['an override without a group', ruled(IN_SET, { OverrideAction: { None: {} } }), 'only rule groups take it'],
  ['an action on a group', ruled({ ManagedRuleGroupStatement: {} }, { OverrideAction: { None: {} } }), 'a rule group has an OverrideAction in its place'],
  ['two actions', ruled(IN_SET, { Action: { Allow: {}, Block: {} } }), 'it must hold exactly one of Allow, Block, Count'],
  ['no action', ruled(IN_SET, { Action: null }), 'it must hold exactly one of Allow, Block, Count'],
  ['two rules of one priority', guarded({ Rules: [{ ...RULE, Statement: IN_SET }, { ...RULE, Statement: IN_SET }] }, SET), 'two rules have priority 1'],
  ['a web ACL of CloudFront', guarded({ Scope: 'CLOUDFRONT' }), 'a web ACL of CloudFront protects no load balancer'],
])('%s ends the translation', (_, args, sentence) => {
  expect(() => door(...args)).toThrow(sentence);
});
