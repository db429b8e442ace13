import { App, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ClientAddress } from '../../src/ingress/client-address';
import { Route } from '../../src/ingress/route';
import { MANAGED_GROUPS } from '../../src/ingress/waf/managed-groups';
import { WebAcl, type WebAclProps } from '../../src/ingress/web-acl';

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Statement: Record<string, unknown>;
  readonly Action?: unknown;
  readonly OverrideAction?: unknown;
}

function build(props?: WebAclProps): { readonly stack: Stack; readonly acl: WebAcl; readonly template: Template } {
  const stack = new Stack(new App(), 'Edge');
  const acl = new WebAcl(stack, 'WebAcl', props);
  return { stack, acl, template: Template.fromStack(stack) };
}

function rulesOf(props?: WebAclProps): readonly Rule[] {
  const [acl] = Object.values(build(props).template.findResources('AWS::WAFv2::WebACL'));
  const rules = (acl?.Properties as { readonly Rules: readonly Rule[] } | undefined)?.Rules ?? [];
  expect(rules.map(({ Priority }) => Priority)).toEqual(rules.map((_rule, index) => index));
  return rules;
}

function ruleOf(name: string, props?: WebAclProps): Rule {
  const rule = rulesOf(props).find(({ Name }) => Name === name);
  if (!rule) throw new Error(`There is no rule ${name}`);
  return rule;
}

const names = (props?: WebAclProps): string[] => rulesOf(props).map(({ Name }) => Name);
const MANAGED = ['AmazonIpReputationList', 'CommonRuleSet', 'KnownBadInputsRuleSet'];
const rate = (name: string, props?: WebAclProps): unknown => ruleOf(name, props).Statement.RateBasedStatement;

const LOGIN = Route.post('/login', { takesCredentials: true });
const HEAVY = Route.subtree('/v1/heavy', { heavy: true });
const PROMPT = Route.post('/v1/evaluate', { promptSized: true });
const FORWARDED = ClientAddress.forwarded({ header: 'True-Client-IP', proxies: ['198.51.100.0/24', '2001:db8::/32'] });

describe('WebAcl', () => {
  test('asks the lock-down first, by both of its sets, and answers 503 in JSON', () => {
    const [first] = rulesOf();
    expect(first).toMatchObject({
      Name: 'Lockdown',
      Priority: 0,
      Action: { Block: { CustomResponse: { ResponseCode: 503, CustomResponseBodyKey: 'locked' } } },
      Statement: { OrStatement: { Statements: ['Ipv4SetArn', 'Ipv6SetArn'].map((attribute) =>
        ({ IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [expect.stringContaining('LockdownSwitch'), attribute] } } })) } },
    });
  });

  test('has its rules in order: lock-down, small budgets, large ones, AWS\'s groups, bodies', () => {
    expect(names()).toEqual(['Lockdown', 'RateLimit', ...MANAGED]);
    expect(names({ routes: [HEAVY, LOGIN, PROMPT], keyHeader: 'x-api-key', clientAddress: FORWARDED })).toEqual([
      'Lockdown', 'CredentialsForwarded', 'Credentials', 'HeavyRoutesForwarded', 'HeavyRoutes',
      'PerKey', 'WithoutKey', 'RateLimitForwarded', 'RateLimit', 'RateLimitOfConnections', 'AdminSpelling', ...MANAGED, 'SuspiciousBodies',
    ]);
  });

  test('keeps no samples of requests, and names its metrics apart', () => {
    const { template } = build();
    expect(JSON.stringify(template.toJSON())).not.toContain('"SampledRequestsEnabled":true');
    const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    const metrics = (acl?.Properties as { readonly Rules: readonly { readonly VisibilityConfig: { readonly MetricName: string } }[] }).Rules.map(({ VisibilityConfig }) => VisibilityConfig.MetricName);
    expect(new Set(metrics).size).toBe(metrics.length);
  });

  test('answers floods 429 in JSON with a time to wait, and says what a browser has to know', () => {
    const { template } = build({ rateWindow: Duration.minutes(2) });
    template.hasResourceProperties('AWS::WAFv2::WebACL', { CustomResponseBodies: Match.objectLike({
      tooMany: { ContentType: 'APPLICATION_JSON', Content: '{"error":{"code":"too_many_requests","message":"Too many requests. Try again later."}}' },
    }) });
    const headers = [
      { Name: 'strict-transport-security', Value: 'max-age=31536000; includeSubDomains' },
      { Name: 'x-content-type-options', Value: 'nosniff' },
      { Name: 'x-frame-options', Value: 'DENY' },
      { Name: 'cache-control', Value: 'no-store' },
      { Name: 'retry-after', Value: '120' },
    ];
    expect(ruleOf('RateLimit', { rateWindow: Duration.minutes(2) }).Action).toEqual({ Block: { CustomResponse: { ResponseCode: 429, CustomResponseBodyKey: 'tooMany', ResponseHeaders: headers } } });
  });

  test('names no body that it does not have, and sets no content type', () => {
    const { template } = build({ routes: [PROMPT] });
    const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    const { Rules, CustomResponseBodies } = acl?.Properties as { readonly Rules: unknown; readonly CustomResponseBodies: Record<string, unknown> };
    const used = [...JSON.stringify(Rules).matchAll(/"CustomResponseBodyKey":"(\w+)"/g)].map(([, key]) => key);
    expect([...new Set(used)].sort()).toEqual(Object.keys(CustomResponseBodies).sort());
    expect(JSON.stringify(Rules)).not.toMatch(/"Name":"content-type"/i);
  });

  test('protects one load balancer', () => {
    const stack = new Stack(new App(), 'Edge');
    const balancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Alb', {
      loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/a/b', securityGroupId: 'sg-1',
    });
    const acl = new WebAcl(stack, 'WebAcl');
    acl.protect(balancer);
    Template.fromStack(stack).resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    expect(() => acl.protect(balancer)).toThrow('protect was called twice');
  });
});

describe('WebAcl counts', () => {
  test('every request by its source address, without exception', () => {
    expect(rate('RateLimit')).toEqual({ AggregateKeyType: 'IP', Limit: 6000, EvaluationWindowSec: 60 });
  });

  test('heavy routes and those that take credentials in smaller budgets of their own, however a path is spelled', () => {
    const TextTransformations = [{ Priority: 0, Type: 'URL_DECODE' }, { Priority: 1, Type: 'NORMALIZE_PATH' }];
    const path = (SearchString: string, PositionalConstraint: string): object => ({ ByteMatchStatement: { FieldToMatch: { UriPath: {} }, SearchString, PositionalConstraint, TextTransformations } });
    expect(rate('HeavyRoutes', { routes: [HEAVY] })).toEqual({
      AggregateKeyType: 'IP', Limit: 600, EvaluationWindowSec: 60, ScopeDownStatement: { OrStatement: { Statements: [path('/v1/heavy', 'EXACTLY'), path('/v1/heavy/', 'STARTS_WITH')] } },
    });
    expect(rate('Credentials', { routes: [LOGIN, HEAVY] })).toEqual({
      AggregateKeyType: 'IP', Limit: 100, EvaluationWindowSec: 60,
      ScopeDownStatement: { AndStatement: { Statements: [
        { ByteMatchStatement: { FieldToMatch: { Method: {} }, SearchString: 'POST', PositionalConstraint: 'EXACTLY', TextTransformations: [{ Priority: 0, Type: 'NONE' }] } },
        path('/login', 'EXACTLY'),
      ] } },
    });
  });

  test('by the values of a header, and together what comes without it', () => {
    const props: WebAclProps = { keyHeader: 'X-Tenant', keyRateLimit: 50, keylessRateLimit: 20 };
    expect(rate('PerKey', props)).toEqual({
      AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Header: { Name: 'x-tenant', TextTransformations: [{ Priority: 0, Type: 'NONE' }] } }], Limit: 50, EvaluationWindowSec: 60,
    });
    expect(rate('WithoutKey', props)).toEqual({
      AggregateKeyType: 'CONSTANT', Limit: 20, EvaluationWindowSec: 60,
      ScopeDownStatement: { NotStatement: { Statement: { SizeConstraintStatement: {
        FieldToMatch: { SingleHeader: { Name: 'x-tenant' } }, ComparisonOperator: 'GT', Size: 0, TextTransformations: [{ Priority: 0, Type: 'NONE' }],
      } } } },
    });
    expect(rate('RateLimit', props)).toMatchObject({ AggregateKeyType: 'IP' });
  });

  test('by a forwarded address only what known proxies send with it, all else by its source, and every connection besides', () => {
    const props: WebAclProps = { clientAddress: FORWARDED, rateLimit: 300 };
    const set = (version: string): object => ({ IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [expect.stringContaining(`Proxies${version}`), 'Arn'] } } });
    const trusted = { AndStatement: { Statements: [
      { OrStatement: { Statements: [set('V4'), set('V6')] } },
      { SizeConstraintStatement: { FieldToMatch: { SingleHeader: { Name: 'true-client-ip' } }, ComparisonOperator: 'GT', Size: 0, TextTransformations: [{ Priority: 0, Type: 'NONE' }] } },
    ] } };
    expect(rate('RateLimitForwarded', props)).toEqual({
      AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig: { HeaderName: 'true-client-ip', FallbackBehavior: 'MATCH' }, Limit: 300, EvaluationWindowSec: 60, ScopeDownStatement: trusted,
    });
    expect(rate('RateLimit', props)).toEqual({ AggregateKeyType: 'IP', Limit: 300, EvaluationWindowSec: 60, ScopeDownStatement: { NotStatement: { Statement: trusted } } });
    expect(rate('RateLimitOfConnections', props)).toEqual({ AggregateKeyType: 'IP', Limit: 60_000, EvaluationWindowSec: 60 });
    const { template } = build(props);
    template.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV4', Scope: 'REGIONAL', Addresses: ['198.51.100.0/24'] });
    template.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV6', Scope: 'REGIONAL', Addresses: ['2001:db8::/32'] });
  });

  test('in budgets that grow with the window', () => {
    expect(rate('RateLimit', { rateWindow: Duration.minutes(10) })).toMatchObject({ Limit: 60_000, EvaluationWindowSec: 600 });
    expect(rate('Credentials', { rateWindow: Duration.minutes(5), routes: [LOGIN] })).toMatchObject({ Limit: 500 });
  });

  test('in no budget larger than the general one', () => {
    expect(rate('HeavyRoutes', { rateLimit: 40, routes: [HEAVY] })).toMatchObject({ Limit: 40 });
  });

  test('in a budget that only a deployment knows', () => {
    expect(rate('RateLimit', { rateLimit: Token.asNumber({ Ref: 'Limit' }) })).toMatchObject({ Limit: { Ref: 'Limit' } });
  });

  test.each<[string, WebAclProps, string]>([
    ['fewer than WAF takes', { rateLimit: 9 }, 'Edge/WebAcl: rateLimit is 9. Name a whole number of requests from 10 to 60000'],
    ['so many that nobody is slowed down', { rateLimit: 60_001 }, 'slows nobody down'],
    ['half a request', { rateLimit: 10.5 }, 'rateLimit is 10.5'],
    ['more for heavy routes than for all', { rateLimit: 100, heavyRateLimit: 101 }, 'heavyRateLimit is 101. Name a whole number of requests from 10 to 100; above rateLimit, it would never be'],
    ['more for credentials than for all', { rateLimit: 100, credentialRateLimit: 101 }, 'credentialRateLimit is 101'],
    ['over a window WAF does not have', { rateWindow: Duration.seconds(90) }, 'rateWindow is "90 s"'],
    ['over a window of milliseconds', { rateWindow: Duration.millis(60_500) }, 'rateWindow is "60.5 s"'],
    ['over a window nobody knows', { rateWindow: Duration.seconds(Token.asNumber({ Ref: 'W' })) }, 'rateWindow is "a token"'],
    ['by a header that is none', { keyHeader: 'x api key' }, 'keyHeader is "x api key"'],
    ['by keys without a key header', { keyRateLimit: 50 }, 'keyRateLimit is 50. It would do nothing. Name the keyHeader that it counts by.'],
    ['what has no key without a key header', { keylessRateLimit: 50 }, 'keylessRateLimit is 50'],
    ['by the header that clients write', { clientAddress: ClientAddress.forwarded({ header: 'X-Forwarded-For', proxies: ['198.51.100.0/24'] }) }, 'clientAddress.header is "x-forwarded-for"'],
    ['by a header of no proxy', { clientAddress: ClientAddress.forwarded({ header: 'true-client-ip', proxies: [] }) }, 'clientAddress.proxies is []'],
    ['by a header of everybody', { clientAddress: ClientAddress.forwarded({ header: 'true-client-ip', proxies: ['0.0.0.0/0'] }) }, 'clientAddress.proxies is "0.0.0.0/0"'],
    ['by a header of half of everybody', { clientAddress: ClientAddress.forwarded({ header: 'true-client-ip', proxies: ['::/1'] }) }, 'clientAddress.proxies is "::/1"'],
    ['by a header of an address without a prefix', { clientAddress: ClientAddress.forwarded({ header: 'true-client-ip', proxies: ['198.51.100.1'] }) }, 'clientAddress.proxies is "198.51.100.1"'],
    ['by a header of nobody knows whom', { clientAddress: ClientAddress.forwarded({ header: 'true-client-ip', proxies: [Token.asString({ Ref: 'P' })] }) }, 'clientAddress.proxies is a token'],
    ['by a header of a list nobody knows', { clientAddress: ClientAddress.forwarded({ header: 'true-client-ip', proxies: Token.asList({ Ref: 'P' }) }) }, 'one by one'],
  ])('not %s', (_name, props, message) => {
    expect(() => build(props)).toThrow(message);
  });
});

describe('WebAcl and AWS\'s rule groups', () => {
  const groupsOf = (props?: WebAclProps): Rule[] => rulesOf(props).filter(({ Statement }) => 'ManagedRuleGroupStatement' in Statement);

  test('blocks by all of them, without an override, where no route takes prompts', () => {
    expect(groupsOf({ routes: [HEAVY, LOGIN] }).map(({ OverrideAction, Statement }) => [OverrideAction, Statement.ManagedRuleGroupStatement])).toEqual(
      MANAGED_GROUPS.map(({ name }) => [{ None: {} }, { VendorName: 'AWS', Name: name }]),
    );
  });

  test('only counts what they say of bodies where a route takes prompts, and blocks it by its label on all others', () => {
    const overridden = groupsOf({ routes: [PROMPT] }).map(({ OverrideAction, Statement }) => {
      const { RuleActionOverrides = [] } = Statement.ManagedRuleGroupStatement as { readonly RuleActionOverrides?: readonly { readonly Name: string; readonly ActionToUse: unknown }[] };
      expect(OverrideAction).toEqual({ None: {} });
      expect(RuleActionOverrides.every(({ ActionToUse }) => JSON.stringify(ActionToUse) === '{"Count":{}}')).toBe(true);
      return RuleActionOverrides.map(({ Name }) => Name);
    });
    expect(overridden).toEqual([
      [],
      ['SizeRestrictions_BODY', 'EC2MetaDataSSRF_BODY', 'GenericLFI_BODY', 'GenericRFI_BODY', 'CrossSiteScripting_BODY'],
      ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'],
    ]);
    const label = (key: string): object => ({ LabelMatchStatement: { Scope: 'LABEL', Key: `awswaf:managed:aws:${key}` } });
    const raw = [{ Priority: 0, Type: 'NONE' }];
    expect(ruleOf('SuspiciousBodies', { routes: [PROMPT, HEAVY] })).toMatchObject({
      Action: { Block: { CustomResponse: { ResponseCode: 403, CustomResponseBodyKey: 'suspicious' } } },
      Statement: { AndStatement: { Statements: [
        { OrStatement: { Statements: [
          label('core-rule-set:SizeRestrictions_Body'), label('core-rule-set:EC2MetaDataSSRF_Body'), label('core-rule-set:GenericLFI_Body'),
          label('core-rule-set:GenericRFI_Body'), label('core-rule-set:CrossSiteScripting_Body'),
          label('known-bad-inputs:JavaDeserializationRCE_Body'), label('known-bad-inputs:Log4JRCE_Body'), label('known-bad-inputs:ReactJSRCE_Body'),
        ] } },
        { NotStatement: { Statement: { AndStatement: { Statements: [
          { ByteMatchStatement: { FieldToMatch: { Method: {} }, SearchString: 'POST', PositionalConstraint: 'EXACTLY', TextTransformations: raw } },
          { ByteMatchStatement: { FieldToMatch: { UriPath: {} }, SearchString: '/v1/evaluate', PositionalConstraint: 'EXACTLY', TextTransformations: raw } },
        ] } } } },
      ] } },
    });
  });

  test('lets bodies pass below a subtree that takes prompts, and not where dot segments lead out of it', () => {
    const path = (SearchString: string, PositionalConstraint: string, ...types: string[]): object => ({
      ByteMatchStatement: { FieldToMatch: { UriPath: {} }, SearchString, PositionalConstraint, TextTransformations: types.map((Type, Priority) => ({ Priority, Type })) },
    });
    const below = (...types: string[]): object => ({ OrStatement: { Statements: [path('/v1/prompts', 'EXACTLY', ...types), path('/v1/prompts/', 'STARTS_WITH', ...types)] } });
    expect(ruleOf('SuspiciousBodies', { routes: [Route.subtree('/v1/prompts', { promptSized: true })] }).Statement).toMatchObject({
      AndStatement: { Statements: [expect.anything(), { NotStatement: { Statement: { AndStatement: { Statements: [below('NONE'), below('URL_DECODE', 'NORMALIZE_PATH')] } } } }] },
    });
  });

  test('blocks by every label of a rule that it counts', () => {
    const statement = JSON.stringify(ruleOf('SuspiciousBodies', { routes: [PROMPT] }).Statement);
    for (const label of MANAGED_GROUPS.flatMap(({ body }) => Object.values(body))) expect(statement).toContain(label);
  });
});

describe('Spellings of the admin plane', () => {
  const path = (SearchString: string, PositionalConstraint: string, ...types: string[]): object => ({
    ByteMatchStatement: { FieldToMatch: { UriPath: {} }, SearchString, PositionalConstraint, TextTransformations: types.map((Type, Priority) => ({ Priority, Type })) },
  });
  const lenient = ['URL_DECODE', 'NORMALIZE_PATH', 'LOWERCASE'];

  test('are refused where a subtree could let them through: all that a lenient Core reads as /admin, but for the plain one that the listener cuts out', () => {
    expect(ruleOf('AdminSpelling', { routes: [Route.subtree('/')] })).toMatchObject({
      Action: { Block: { CustomResponse: { ResponseCode: 403, CustomResponseBodyKey: 'suspicious' } } },
      Statement: { AndStatement: { Statements: [
        { OrStatement: { Statements: [path('/admin', 'EXACTLY', ...lenient), path('/admin/', 'STARTS_WITH', ...lenient), path('/admin;', 'STARTS_WITH', ...lenient)] } },
        { NotStatement: { Statement: { OrStatement: { Statements: [path('/admin', 'EXACTLY', 'NONE'), path('/admin/', 'STARTS_WITH', 'NONE')] } } } },
      ] } },
    });
  });

  test('need no rule where every route names one path', () => {
    expect(names({ routes: [Route.get('/v1/models')] })).not.toContain('AdminSpelling');
    expect(names()).not.toContain('AdminSpelling');
  });
});

describe('WebAcl\'s capacity', () => {
  test('adds up what AWS documents', () => {
    // Two sets, a rate rule, and groups of 25, 700 and 200.
    expect(build().acl.capacity).toBe(2 + 2 + 925);
    // A scope of method (2) and transformed path (2 + 2 × 10).
    expect(build({ routes: [LOGIN] }).acl.capacity).toBe(929 + 2 + 24);
    // A custom key (30), and a constant with a size (1).
    expect(build({ keyHeader: 'x-api-key' }).acl.capacity).toBe(929 + 32 + 3);
    // Eight labels and a raw route (4).
    expect(build({ routes: [PROMPT] }).acl.capacity).toBe(929 + 8 + 4);
  });

  const heavy = (count: number): Route[] => Array.from({ length: count }, (_, index) => Route.get(`/v1/${index}`, { heavy: true }));

  test('warns where AWS charges more, and says how to need less', () => {
    const { stack, acl } = build({ routes: heavy(24) });
    expect(acl.capacity).toBe(929 + 2 + 24 * 24);
    Annotations.fromStack(stack).hasWarning('/Edge/WebAcl', Match.stringLikeRegexp('needs 1507 capacity units.*Route.subtree'));
    Annotations.fromStack(build({ routes: heavy(23) }).stack).hasNoWarning('*', Match.anyValue());
  });

  test('refuses what WAF refuses', () => {
    expect(() => build({ routes: heavy(170) })).toThrow('WAF takes 5000 at most');
  });
});

describe('WebAcl\'s log', () => {
  const redacted = (...headers: string[]): object[] => [...headers.map((Name) => ({ SingleHeader: { Name } })), { QueryString: {} }];

  test('goes to a log group of its own whose name WAF accepts and whose records end, without credentials', () => {
    const { template } = build();
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { LogGroupName: { 'Fn::Join': ['', [Match.stringLikeRegexp('^aws-waf-logs-Edge-WebAcl-Log-\\w+-$'), Match.anyValue()]] }, RetentionInDays: 90, KmsKeyId: Match.absent() },
      DeletionPolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      ResourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('WebAcl'), 'Arn'] },
      LogDestinationConfigs: [{ 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('WebAclLogGroup') }])] }],
      RedactedFields: redacted('authorization', 'cookie', 'x-api-key'),
    });
    expect(JSON.stringify(template.findResources('AWS::WAFv2::LoggingConfiguration'))).not.toMatch(/:\*"|"Arn"\]\}\]\}/);
  });

  test('keeps the configured key header out of it too, once', () => {
    build({ keyHeader: 'X-Tenant-Key' }).template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', { RedactedFields: redacted('authorization', 'cookie', 'x-api-key', 'x-tenant-key') });
    build({ keyHeader: 'X-API-Key' }).template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', { RedactedFields: redacted('authorization', 'cookie', 'x-api-key') });
  });

  test('is encrypted with a key that lets CloudWatch Logs use it, kept as long as told, and goes with the stack', () => {
    const stack = new Stack(new App(), 'Edge');
    new WebAcl(stack, 'WebAcl', { logEncryptionKey: new Key(stack, 'Key'), logRetention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365, KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Key'), 'Arn'] } }, DeletionPolicy: 'Delete' });
    const ownGroup = { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } };
    template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Condition: ownGroup })]) } });
  });

  test('goes to a log group of the user\'s', () => {
    const stack = new Stack(new App(), 'Edge');
    new WebAcl(stack, 'WebAcl', { logGroup: LogGroup.fromLogGroupName(stack, 'Theirs', 'aws-waf-logs-theirs') });
    const template = Template.fromStack(stack);
    template.resourcePropertiesCountIs('AWS::Logs::LogGroup', { LogGroupName: Match.anyValue() }, 0);
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', { LogDestinationConfigs: [{ 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':log-group:aws-waf-logs-theirs$')])] }] });
  });

  test('refuses a log group that WAF does not write to, and options that would do nothing', () => {
    const stack = new Stack(new App(), 'Edge');
    const logGroup = LogGroup.fromLogGroupName(stack, 'Theirs', 'waf');
    expect(() => new WebAcl(stack, 'One', { logGroup })).toThrow('logGroup is "waf". WAF writes only to log groups whose name starts with aws-waf-logs-.');
    expect(() => new WebAcl(stack, 'Named', { logGroup: new LogGroup(stack, 'Own', { logGroupName: 'waf' }) })).toThrow('logGroup is "waf". WAF writes only to');
    expect(() => new WebAcl(stack, 'Nameless', { logGroup: new LogGroup(stack, 'Nobody') })).toThrow('logGroup is "". WAF writes only to');
    expect(() => new WebAcl(stack, 'Two', { logGroup, logRetention: RetentionDays.ONE_DAY })).toThrow('logRetention is 1. It would do nothing.');
    expect(() => new WebAcl(stack, 'Three', { logGroup, logEncryptionKey: new Key(stack, 'Key') })).toThrow('logEncryptionKey is "given". It would do nothing.');
  });
});
