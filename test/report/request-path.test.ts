import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { Access, Exposure, Route, Size } from '../../src';
import type { Json, Template } from '../../src/checks/template/template';
import { TemplateGraph } from '../../src/checks/template/template-graph';
import { page } from '../../src/report/html/page';
import { drawRequestPaths } from '../../src/report/request-path';
import { internetCoreTemplate } from '../support/core-variants';
import { remoteCore } from '../support/remote-core';
import { reportOf } from '../support/report';
import { template } from '../support/templates';

type Overrides = Parameters<typeof remoteCore>[1];

function core(overrides: Overrides = {}): Template {
  const stack = new Stack(new App(), 'RemoteCore');
  remoteCore(stack, {
    ingress: { routes: [Route.post('/v1/evaluate', { access: Access.scope('core/evaluate'), heavy: true, promptSized: true }), Route.get('/v1/models', { access: Access.authenticated() })] },
    ...overrides,
  });
  return { name: 'RemoteCore', body: Assertions.fromStack(stack).toJSON() };
}

const drawn = (of: Template): string => drawRequestPaths(new TemplateGraph([of])).join('\n');
const linesOf = (of: Template): string[] => drawn(of).split('\n').map((line) => line.replace(/^[\s│]+/, ''));

/** A load balancer with one rule on its listener and one in its web ACL, as somebody else may write them. */
function written(Conditions: Json, Rules: Json, more: Record<string, Json> = {}): Template {
  return template({
    LoadBalancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Type: 'application' } },
    Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: { Ref: 'LoadBalancer' }, Protocol: 'HTTPS', Port: 443, DefaultActions: [] } },
    Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: {
      ListenerArn: { Ref: 'Listener' }, Priority: 1, Conditions, Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } }],
    } },
    Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { DefaultAction: { Allow: {} }, Rules } },
    Association: { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: { Ref: 'LoadBalancer' }, WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] } } },
    ...more,
  });
}

const FORWARD: Json = [{ Type: 'forward', TargetGroupArn: { Ref: 'Group' } }];
const rule = (Statement: Json, more: Record<string, Json> = { Action: { Block: {} } }): Json => ({ Name: 'One', Priority: 0, Statement, ...more });
const match = (FieldToMatch: Json, SearchString: string, PositionalConstraint = 'EXACTLY', ...types: string[]): Json =>
  ({ ByteMatchStatement: { FieldToMatch, SearchString, PositionalConstraint, TextTransformations: types.map((Type, Priority) => ({ Type, Priority })) } });

describe('A listener in the drawing', () => {
  test('tells routes by their methods, in the order in which they are tried', () => {
    const shown = linesOf(core()).filter((line) => line.startsWith('host-header') || line.startsWith('anything'));
    expect(shown.map((line) => line.split(' → ')[0])).toEqual([
      'anything else',
      'host-header core.acme.internal and path-pattern /admin or /admin/*',
      'host-header core.acme.internal and path-pattern /v1/models and http-request-method GET',
      'host-header core.acme.internal and path-pattern /v1/evaluate and http-request-method POST',
      'anything else',
    ]);
  });

  test.each<[string, Json, string]>([
    ['methods', { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET', 'HEAD'] } }, 'http-request-method GET or HEAD'],
    ['a header', { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Team', Values: ['a*', 'b'] } }, 'http-header X-Team: a* or b'],
    ['query strings', { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '2' }, { Value: 'beta' }] } }, 'query-string v=2 or beta'],
    ['addresses', { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } }, 'source-ip 10.0.0.0/8'],
    ['values right in it', { Field: 'path-pattern', Values: ['/a'] }, 'path-pattern /a'],
    ['regular expressions', { Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/a$'] } }, 'path-pattern ~ ^/a$'],
  ])('shows %s', (_, condition, words) => {
    expect(linesOf(written([condition], []))).toContain(`${words} → 403`);
  });

  test('says where a certificate is asked for', () => {
    expect(linesOf(internetCoreTemplate()).filter((line) => line.startsWith('listener'))).toEqual([
      'listener       HTTPS 443, ELBSecurityPolicy-TLS13-1-3-2021-06', 'listener       HTTPS 8443, ELBSecurityPolicy-TLS13-1-3-2021-06, client certificates', 'listener       HTTP 80',
    ]);
  });
});

describe('The web ACL in the drawing', () => {
  test('is all its rules in the order in which they are tried, each budget with what it is for', () => {
    const lines = linesOf(core());
    expect(lines.slice(lines.findIndex((line) => line.startsWith('web ACL')) + 1, lines.indexOf('load balancer  internal') - 1)).toEqual([
      'Lockdown: an address that the lock-down switch shuts out → 503',
      'HeavyRoutes: an address above 600 requests in 60 s for method POST and decoded normalized path /v1/evaluate → 429',
      'RateLimit: an address above 6000 requests in 60 s → 429',
      'AmazonIpReputationList: what AWSManagedRulesAmazonIpReputationList of AWS finds → as the group says',
      'CommonRuleSet: what AWSManagedRulesCommonRuleSet of AWS finds → as the group says; 5 of its rules only count',
      'KnownBadInputsRuleSet: what AWSManagedRulesKnownBadInputsRuleSet of AWS finds → as the group says; 3 of its rules only count',
      'SuspiciousBodies: (label SizeRestrictions_Body or EC2MetaDataSSRF_Body or GenericLFI_Body or GenericRFI_Body or 4 more) and not (method POST and path /v1/evaluate) → 403',
      'anything else → let through',
    ]);
  });

  test.each<[Json, string]>([
    [rule(match({ UriPath: {} }, '/a', 'STARTS_WITH', 'NONE')), 'One: path /a* → 403'],
    [rule(match({ SingleHeader: { Name: 'x-a' } }, 'b', 'CONTAINS', 'LOWERCASE')), 'One: lower-cased header x-a *b* → 403'],
    [rule({ OrStatement: { Statements: [match({ UriPath: {} }, '/a'), match({ UriPath: {} }, '/b'), match({ Method: {} }, 'PUT')] } }), 'One: path /a or /b or method PUT → 403'],
    [rule({ RateBasedStatement: { Limit: 100, AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig: { HeaderName: 'x-real' } } }), 'One: an address in x-real above 100 requests in 300 s → 403'],
    [rule({ RateBasedStatement: { Limit: 100, AggregateKeyType: 'CONSTANT' } }, { Action: { Count: {} } }), 'One: all together above 100 requests in 300 s → counted'],
    [rule({ GeoMatchStatement: { CountryCodes: ['XX'] } }, { Action: { Captcha: {} } }), 'One: GeoMatch → captcha'],
    [rule({ ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'Group' } }, { OverrideAction: { Count: {} } }), 'One: what Group of AWS finds → counted'],
    [rule({ IPSetReferenceStatement: { Arn: 'arn:of-a-set' } }, { Action: { Allow: {} } }), 'One: an address in arn:of-a-set → let through'],
    [rule({ 'Fn::ImportValue': 'Elsewhere' }), 'what only a deployment knows → what only a deployment knows'],
  ])('says %j in words', (one, words) => {
    expect(linesOf(written([], [one]))).toContain(words);
  });

  test('follows priorities, not the order in the template, and says what becomes of the rest', () => {
    const geo = (Name: string, Priority: number): Json => ({ Name, Priority, Statement: { GeoMatchStatement: {} }, Action: { Block: {} } });
    expect(linesOf(written([], [geo('Second', 2), geo('First', 1)])).filter((line) => /^\w+: GeoMatch/.test(line))).toEqual(['First: GeoMatch → 403', 'Second: GeoMatch → 403']);
  });

  test('is named where it is from elsewhere, and is none where there is none', () => {
    const without = (...ids: string[]): Record<string, Json> => Object.fromEntries(Object.entries(written([], []).body.Resources as Record<string, Json>).filter(([id]) => !ids.includes(id)));
    const Association = { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: { Ref: 'LoadBalancer' }, WebACLArn: 'arn:of-an-acl' } };
    expect(linesOf(template({ ...without('Acl'), Association }))).toContain('web ACL        arn:of-an-acl');
    expect(linesOf(template(without('Acl', 'Association')))).toContain('web ACL        none');
  });
});

describe('A service in the drawing', () => {
  test('is as many tasks as scaling keeps, or as it names itself', () => {
    expect(drawn(core())).toContain('service        2 to 10 × Core + Gate');
    expect(drawn(core({ size: Size.STANDARD }))).toContain('service        2 to 4 × Core + Gate');
    expect(drawn(core({ size: Size.DEV }))).toContain('service        1 × Core + Gate');
    expect(drawn(core({ exposure: Exposure.OFF }))).not.toContain('service  ');
  });

  test.each<[Json, string, string]>([
    ['service/cluster/api', 'ecs:service:DesiredCount', '3 to 5'], [{ 'Fn::Sub': 'service/cluster/${Service.Name}' }, 'ecs:service:DesiredCount', '3 to 5'],
    ['service/cluster/other', 'ecs:service:DesiredCount', '7'], ['service/cluster/api', 'dynamodb:table:ReadCapacityUnits', '7'],
  ])('is scaled by %j of %s: %s', (ResourceId, ScalableDimension, count) => {
    const of = written([], [], {
      Target: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { ResourceId, ScalableDimension, MinCapacity: 3, MaxCapacity: 5 } },
      Group: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {} },
      Forward: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: { Ref: 'Listener' }, Priority: 2, Conditions: [], Actions: FORWARD } },
      Service: { Type: 'AWS::ECS::Service', Properties: { ServiceName: 'api', DesiredCount: 7, LoadBalancers: [{ TargetGroupArn: { Ref: 'Group' } }] } },
    });
    expect(drawn(of)).toContain(`service        ${count} × `);
  });
});

test('The page shows the same, one line a rule, escaped', () => {
  const text = page(reportOf([core()]));
  expect(text).toContain('<li><span class="when">Lockdown: an address that the lock-down switch shuts out →</span> 503</li>');
  expect(text).toContain('<li><span class="when">HeavyRoutes: an address above 600 requests in 60 s for method POST and decoded normalized path /v1/evaluate →</span> 429</li>');
  expect(text).toContain('path-pattern /v1/evaluate and http-request-method POST →</span> JWT of');
  expect(text).toContain('<strong>2 to 10 × Core + Gate</strong>');
  expect(page(reportOf([written([], [rule(match({ UriPath: {} }, '<b>'))])]))).toContain('One: path &lt;b&gt; →');
});
