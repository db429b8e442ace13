import type { Json, JsonMap, Template } from '../../src/checks/template/template';
import type { Saboteur } from '../../src/drill/attack';
import { ATTACKS } from '../../src/drill/attacks';
import { sabotaged } from '../../src/drill/prove';
import { ADMIN_BEHIND } from '../../src/drill/rule-saboteurs';
import { AUTHENTICATION_REMOVED, DEFAULT_FORWARDS, REDIRECT_FORWARDS, removal } from '../../src/drill/saboteurs';
import { DRILLED, edgeOf } from '../support/drilled';
import { template } from '../support/templates';

const TEMPLATES: readonly Template[] = Object.values(DRILLED).map((synthesize) => synthesize());
const EACH = ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map((saboteur): [string, Saboteur] => [`${id}: ${saboteur.name}`, saboteur]));

const listener = (properties: JsonMap): JsonMap => ({ Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { Protocol: 'HTTPS', ...properties } });
const rule = (...actions: readonly Json[]): JsonMap => ({ Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { Actions: actions } });
const FORWARD = { Type: 'forward', Order: 2, TargetGroupArn: 'targets' };
const TOKEN = { Type: 'jwt-validation', Order: 1, JwtValidationConfig: { Issuer: 'i', JwksEndpoint: 'j', AdditionalClaims: [{ Name: 'aud', Format: 'single-string', Values: ['core'] }] } };
const NOT_FOUND = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };

function after(saboteur: Saboteur, resources: JsonMap): Json | undefined {
  return saboteur.sabotage({ Resources: resources })?.Resources;
}

describe.each(EACH)('%s', (_, saboteur) => {
  const weakened = TEMPLATES.map((good) => ({ good, before: JSON.stringify(good.body), bad: sabotaged([good], saboteur) })).filter(({ bad }) => bad !== undefined);

  test('finds what to take away in at least one of the drilled templates, and leaves the original as it was', () => {
    expect(weakened).not.toHaveLength(0);
    for (const { good, before } of weakened) expect(JSON.stringify(good.body)).toBe(before);
  });

  test('leaves a template that can still be translated, to another edge', () => {
    for (const { good, bad = [] } of weakened) expect(edgeOf(bad)).not.toEqual(edgeOf([good]));
  });

  test('has nothing to take away where there is nothing', () => {
    expect(saboteur.sabotage({ Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { Protocol: 'HTTPS' } } } })).toBeUndefined();
    expect(saboteur.sabotage({})).toBeUndefined();
  });
});

test('every attack has names of its own for its saboteurs', () => {
  expect(new Set(EACH.map(([name]) => name)).size).toBe(EACH.length);
});

test('a protection falls on every resource that has it', () => {
  const open = after(AUTHENTICATION_REMOVED, { A: rule(TOKEN, FORWARD), B: rule(TOKEN, FORWARD), C: rule(FORWARD) });
  expect(open).toEqual({ A: rule(FORWARD), B: rule(FORWARD), C: rule(FORWARD) });
});

test('a default action forwards to what a rule forwards to, in no order of its own', () => {
  expect(after(DEFAULT_FORWARDS, { L: listener({ DefaultActions: [NOT_FOUND] }), R: rule(TOKEN, FORWARD) })).toMatchObject({
    L: listener({ DefaultActions: [{ Type: 'forward', TargetGroupArn: 'targets' }] }),
  });
});

test('a default action forwards to the first target group where nothing forwards yet, and stays where there is none', () => {
  const resources = { L: listener({ DefaultActions: [NOT_FOUND] }) };
  const targets = { T: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' } };
  expect(after(DEFAULT_FORWARDS, { ...resources, ...targets })).toMatchObject({ L: listener({ DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'T' } }] }) });
  expect(after(DEFAULT_FORWARDS, resources)).toBeUndefined();
});

test('a default action of a network load balancer is left alone, and so is one that forwards', () => {
  expect(after(DEFAULT_FORWARDS, { N: listener({ Protocol: 'TLS', DefaultActions: [NOT_FOUND] }), L: listener({ DefaultActions: [FORWARD] }) })).toBeUndefined();
});

test('only redirects become forwards', () => {
  const redirect = { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } };
  expect(after(REDIRECT_FORWARDS, { P: listener({ Protocol: 'HTTP', DefaultActions: [redirect] }), R: rule(TOKEN, FORWARD) })).toEqual({
    P: listener({ Protocol: 'HTTP', DefaultActions: [{ Type: 'forward', TargetGroupArn: 'targets' }] }), R: rule(TOKEN, FORWARD),
  });
});

test('a redirect of an HTTPS listener stays: what arrives there is encrypted', () => {
  const redirect = { Type: 'redirect', RedirectConfig: { Host: 'core.acme.test', StatusCode: 'HTTP_301' } };
  const onListener = { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: { Ref: 'L' }, Actions: [redirect] } };
  expect(after(REDIRECT_FORWARDS, { L: listener({ DefaultActions: [FORWARD] }), R: onListener })).toBeUndefined();
  expect(after(REDIRECT_FORWARDS, { L: listener({ Protocol: 'HTTP', DefaultActions: [FORWARD] }), R: onListener })).toBeDefined();
});

test.each<JsonMap>([
  { Field: 'path-pattern', Values: ['/*'] },
  { Field: 'path-pattern', PathPatternConfig: { Values: ['*'] } },
  { Field: 'host-header', HostHeaderConfig: { Values: ['*'] } },
])('a default action that a rule leaves nothing to is left alone: %j', (condition) => {
  const ruleWith = (...Conditions: JsonMap[]): JsonMap => ({ Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: { Ref: 'L' }, Conditions, Actions: [TOKEN, FORWARD] } });
  expect(after(DEFAULT_FORWARDS, { L: listener({ DefaultActions: [NOT_FOUND] }), R: ruleWith(condition) })).toBeUndefined();
  const some = ruleWith(condition, { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } });
  expect(after(DEFAULT_FORWARDS, { L: listener({ DefaultActions: [NOT_FOUND] }), R: some })).toBeDefined();
});

test('a list that a condition decides is left alone', () => {
  expect(after(AUTHENTICATION_REMOVED, { A: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { Actions: { 'Fn::If': ['Open', [FORWARD], [TOKEN, FORWARD]] } } } })).toBeUndefined();
});

test('a removed type is gone from nested stacks too, and the templates that had none stay the same objects', () => {
  const gone = removal('queue deleted', 'AWS::SQS::Queue');
  const inner = template({ Queue: { Type: 'AWS::SQS::Queue' }, Topic: { Type: 'AWS::SNS::Topic' } }, {}, 'Outer/Inner');
  const outer: Template = { ...template({ Inner: { Type: 'AWS::CloudFormation::Stack' } }, {}, 'Outer'), nested: new Map([['Inner', inner]]) };
  const other = template({ Topic: { Type: 'AWS::SNS::Topic' } });
  const [weakOuter, sameOther] = sabotaged([outer, other], gone) ?? [];
  expect(weakOuter?.nested?.get('Inner')?.body).toEqual({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
  expect(sameOther).toBe(other);
  expect(outer.nested?.get('Inner')).toBe(inner);
});

test('the rule for the admin plane comes behind the one that takes everything, however late that is', () => {
  const about = (Priority: number, path: string, action: Json): JsonMap => ({
    Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    Properties: { Priority, Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [path] } }], Actions: [action] },
  });
  const behind = after(ADMIN_BEHIND, { Admin: about(12, '/admin/*', NOT_FOUND), All: about(49_950, '/*', FORWARD) });
  expect(behind).toMatchObject({ Admin: { Properties: { Priority: 49_953 } }, All: { Properties: { Priority: 49_950 } } });
});
