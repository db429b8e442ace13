import type { JsonMap } from '../../../../src/checks/template/template';
import { actions, door, elb, FORWARD, listener, rule } from './door';

const place = { stack: 'Shop', logicalId: 'Targets' };
const redirect = (config: JsonMap): JsonMap => ({ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', ...config } });
const jwt = (config: JsonMap): JsonMap => ({ Type: 'jwt-validation', Order: 1, JwtValidationConfig: { Issuer: 'https://i', JwksEndpoint: 'https://i/k', ...config } });
const JWT = { kind: 'jwt', issuer: 'https://i', jwksEndpoint: 'https://i/k', claims: [] };

test('a forward to one target group has its whole weight', () => {
  expect(actions(FORWARD)).toEqual([{ kind: 'forward', targets: [{ targetGroup: place, weight: 1, protocol: 'HTTP' }] }]);
});

test('a weighted forward names every target group', () => {
  const TargetGroups = [{ TargetGroupArn: { Ref: 'Targets' }, Weight: 3 }, { TargetGroupArn: { Ref: 'Other' }, Weight: 0 }];
  const more = { Other: elb('TargetGroup', { Protocol: 'HTTPS' }), ...rule({ Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }) };
  expect(listener({}, more).rules[0]?.actions).toEqual([
    { kind: 'forward', targets: [{ targetGroup: place, weight: 3, protocol: 'HTTP' }, { targetGroup: { stack: 'Shop', logicalId: 'Other' }, weight: 0, protocol: 'HTTPS' }] },
  ]);
});

test('one target group may be named twice over, and must be the same', () => {
  const both = (arn: string): JsonMap => ({ Type: 'forward', TargetGroupArn: { Ref: 'Targets' }, ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: arn } }] } });
  expect(actions(both('Targets'))).toHaveLength(1);
  expect(() => actions(both('Listener'))).toThrow('keep one of the two');
});

test('stickiness between target groups is reported where it is on', () => {
  const TargetGroups = [{ TargetGroupArn: { Ref: 'Targets' } }];
  const sticky = (Enabled: boolean): JsonMap => rule({ Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled, DurationSeconds: 60 } } }] });
  expect(door({}, sticky(true)).notEmulated).toMatchObject([{ property: 'Actions.0.ForwardConfig.TargetGroupStickinessConfig.Enabled' }]);
  expect(door({}, sticky(false)).notEmulated).toEqual([]);
});

test('a function behind the load balancer is reported, and the Core answers for it', () => {
  const { listeners, notEmulated } = door({ Targets: { TargetType: 'lambda', Protocol: null } }, rule({}));
  expect(listeners[0]?.rules[0]?.actions).toMatchObject([{ targets: [{ protocol: 'HTTP' }] }]);
  expect(notEmulated).toMatchObject([{ place, property: 'TargetType' }]);
});

test('a fixed response is its status, type and text', () => {
  expect(actions({ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/html', MessageBody: '<b>no</b>' } })).toEqual([
    { kind: 'fixed-response', status: 503, contentType: 'text/html', body: '<b>no</b>' },
  ]);
});

test('a redirect keeps the parts of the request that it does not name', () => {
  expect(actions(redirect({ Protocol: 'HTTPS', Port: '443' }))).toEqual([{ kind: 'redirect', status: 301, protocol: 'HTTPS', host: '#{host}', port: '443', path: '/#{path}', query: '#{query}' }]);
  expect(actions(redirect({ StatusCode: 'HTTP_302', Host: 'www.#{host}', Path: '/new/#{path}', Query: 'from=#{host}&#{query}' }))).toEqual([
    { kind: 'redirect', status: 302, protocol: '#{protocol}', host: 'www.#{host}', port: '#{port}', path: '/new/#{path}', query: 'from=#{host}&#{query}' },
  ]);
});

test('a token is asked for before the request goes on, in the order of the numbers', () => {
  expect(actions(FORWARD, jwt({}))).toEqual([JWT, expect.objectContaining({ kind: 'forward' })]);
  expect(actions({ ...jwt({}), Order: null }, { ...FORWARD, Order: null })).toMatchObject([{ kind: 'jwt' }, { kind: 'forward' }]);
});

test('claims keep name, format and values, with holes where only a deployment knows them', () => {
  const AdditionalClaims = [{ Name: 'client_id', Format: 'single-string', Values: [{ Ref: 'Targets' }] }, { Name: 'scope', Format: 'space-separated-values', Values: ['a', 'b'] }];
  const Issuer = { 'Fn::Join': ['', ['https://cognito.', { Ref: 'AWS::Region' }, '/pool']] };
  expect(actions(jwt({ Issuer, AdditionalClaims }), FORWARD)?.[0]).toEqual({
    ...JWT,
    issuer: 'https://cognito.${AWS::Region}/pool',
    claims: [{ name: 'client_id', format: 'single-string', values: ['${Targets}'] }, { name: 'scope', format: 'space-separated-values', values: ['a', 'b'] }],
  });
});

test.each([
  ['authenticate-oidc', { AuthenticateOidcConfig: { ClientSecret: 'never shown', OnUnauthenticatedRequest: 'deny' } }, 'deny'],
  ['authenticate-cognito', { AuthenticateCognitoConfig: { UserPoolArn: { Ref: 'Pool' } } }, 'authenticate'],
])('%s answers strangers, and its sessions are reported', (Type, config, strangers) => {
  const { listeners, notEmulated } = door({}, rule({ Actions: [{ Type, Order: 1, ...config }, FORWARD] }));
  const [key] = Object.keys(config);
  expect(listeners[0]?.rules[0]?.actions[0]).toEqual({ kind: 'login', strangers, place: `Rule.Actions.0.${key ?? ''}` });
  expect(notEmulated).toMatchObject([{ place: { logicalId: 'Rule' }, property: `Actions.0.${key ?? ''}` }]);
});

const target = (properties: JsonMap): Parameters<typeof door> => [{ Targets: properties }, rule({})];

test.each<[string, Parameters<typeof door>, string]>([
  ['a target group elsewhere', [{}, rule({ Actions: [{ Type: 'forward', TargetGroupArn: 'arn:t' }] })], 'the target group is in none of the templates'],
  ['a target group of another protocol', target({ Protocol: 'TCP' }), 'is "TCP": the drill does not know what this value does; it knows HTTP, HTTPS'],
  ['a property of a target group', target({ Sparkle: 1 }), 'Targets.Properties.Sparkle is "1": the drill does not know what the property Sparkle does'],
  ['an attribute of a target group', target({ TargetGroupAttributes: [{ Key: 'proxy_protocol_v2.enabled', Value: 'true' }] }), 'no target group of an application load balancer takes it'],
  ['a load balancer behind a load balancer', target({ TargetType: 'alb' }), 'only network load balancers forward to another load balancer'],
])('%s ends the translation', (_, args, sentence) => {
  expect(() => door(...args)).toThrow(sentence);
});

test('a target group that nothing leads to is nobody’s business', () => {
  expect(door({ Targets: { Sparkle: 1, Protocol: 'TCP' } }).listeners).toHaveLength(1);
});

test.each<[string, readonly JsonMap[], string]>([
  ['an unknown type', [{ Type: 'teleport' }], 'is "teleport": the drill does not know what this value does'],
  ['no action', [], 'it holds no action'],
  ['another type’s configuration', [{ ...FORWARD, RedirectConfig: { StatusCode: 'HTTP_301' } }], 'RedirectConfig is a map: it does not belong to an action of type forward'],
  ['two answers', [{ ...FORWARD, Order: 1 }, FORWARD], 'the last action answers, and only the last'],
  ['no answer', [jwt({})], 'the last action answers, and only the last'],
  ['a tie', [{ ...jwt({}), Order: 9 }, FORWARD], 'AWS wants an order of its own'],
  ['an order on one side only', [{ ...jwt({}), Order: null }, FORWARD], 'AWS wants an order of its own'],
  ['weights left out', [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Targets' } }, { TargetGroupArn: { Ref: 'Targets' } }] } }], 'give it one'],
  ['a status of another class', [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '302' } }], 'AWS takes 2XX, 4XX and 5XX here'],
  ['a type of text nobody knows', [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200', ContentType: 'text/x' } }], 'is "text/x": the drill does not know'],
  ['a placeholder nobody knows', [redirect({ Host: '#{planet}' })], 'is "#{planet}": the drill does not know what this part of a redirect does'],
  ['a path that does not start at the root', [redirect({ Path: 'new' })], 'the drill does not know what this part of a redirect does'],
  ['a format nobody knows', [jwt({ AdditionalClaims: [{ Name: 'a', Format: 'yaml', Values: ['b'] }] }), FORWARD], 'is "yaml": the drill does not know'],
  ['a claim without values', [jwt({ AdditionalClaims: [{ Name: 'a', Format: 'single-string' }] }), FORWARD], 'a claim has at least one value'],
  ['no issuer', [jwt({ Issuer: null }), FORWARD], 'Issuer: it is missing'],
])('%s ends the translation', (_, list, sentence) => {
  expect(() => actions(...list)).toThrow(sentence);
});

test('an HTTP listener asks for no token', () => {
  expect(() => door({ Listener: { Protocol: 'HTTP', DefaultActions: [jwt({}), FORWARD] } })).toThrow('only HTTPS listeners take it');
});
