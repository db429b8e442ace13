import { App, CfnParameter, Fn, Stack, Token } from 'aws-cdk-lib';
import { OAuthScope, ResourceServerScope, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Access } from '../../src/gate/access';
import { AccessPolicy, type AccessPolicyOptions } from '../../src/gate/access-policy';
import type { PolicyConfiguration } from '../../src/gate/contract';
import { Route } from '../../src/ingress/route';

const newStack = (): Stack => new Stack(new App(), 'Stack');

function serialized(routes: Route[], options?: AccessPolicyOptions, ...answered: string[]): PolicyConfiguration {
  return AccessPolicy.fromRoutes(routes, options)._serialize(newStack(), ...answered);
}

const anyone = { access: Access.authenticated() };
const chat = { access: Access.scope('chat') };

describe('A policy', () => {
  test('is what the routes say', () => {
    const routes = [
      Route.post('/v1/chat/completions', { access: Access.scope('chat'), heavy: true, streams: true }),
      Route.get('/v1/models', anyone),
      Route.subtree('/v1/jobs', { access: Access.anyOf(Access.role('admin'), Access.allOf(Access.scope('jobs'), Access.scope('metrics'))) }),
    ];
    expect(serialized(routes, { roles: { admin: ['discover', 'evaluate', 'jobs', 'metrics'], reader: ['metrics', 'jobs', 'metrics'] } })).toEqual({
      routes: [
        { method: 'POST', path: '/v1/chat/completions', subtree: false, access: { kind: 'scope', scope: 'chat' }, tier: 'heavy', streams: true },
        { method: 'GET', path: '/v1/models', subtree: false, access: { kind: 'authenticated' }, tier: 'light', streams: false },
        {
          method: 'ANY', path: '/v1/jobs', subtree: true, tier: 'light', streams: false,
          access: { kind: 'any', of: [{ kind: 'role', role: 'admin' }, { kind: 'all', of: [{ kind: 'scope', scope: 'jobs' }, { kind: 'scope', scope: 'metrics' }] }] },
        },
      ],
      roles: { admin: ['discover', 'evaluate', 'jobs', 'metrics'], reader: ['metrics', 'jobs'] },
    });
  });

  test('takes scopes that only the deployment knows', () => {
    const stack = newStack();
    const server = new UserPool(stack, 'Pool').addResourceServer('Server', { identifier: 'core', scopes: [new ResourceServerScope({ scopeName: 'chat', scopeDescription: 'chat' })] });
    const { scopeName } = OAuthScope.resourceServer(server, new ResourceServerScope({ scopeName: 'chat', scopeDescription: 'chat' }));
    const policy = AccessPolicy.fromRoutes([Route.post('/v1/chat', { access: Access.scope(scopeName) })], { roles: { talker: [scopeName] } });
    const resolved = stack.resolve(policy._serialize(stack)) as PolicyConfiguration;
    expect(resolved.routes[0]?.access).toEqual({ kind: 'scope', scope: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^PoolServer/) as string }, '/chat']] } });
  });

  test('refuses routes without access, and says what to give them', () => {
    expect(() => serialized([Route.get('/v1/models', anyone), Route.post('/v1/chat')]))
      .toThrow('Stack: routes (POST /v1/chat).access is nothing. Say who may: Access.scope(…), Access.role(…), or Access.authenticated() for every caller');
  });

  test('refuses no routes at all', () => {
    expect(() => serialized([])).toThrow('Stack: routes is []. Declare at least one route with its access');
  });

  test('refuses a route twice, even with one demand', () => {
    expect(() => serialized([Route.post('/v1/chat', chat), Route.post('/v1/chat', chat)])).toThrow('Stack: routes is "POST /v1/chat". It is declared twice: declare it once.');
    expect(() => serialized([Route.subtree('/v1', chat), Route.subtree('/v1', anyone)])).toThrow('Stack: routes is "subtree /v1". It is declared twice');
  });
});

describe('Routes of which a request may match both', () => {
  const CASES: [string, Route, Route][] = [
    ['a path below a subtree', Route.post('/v1/chat', chat), Route.subtree('/v1', anyone)],
    ['a path below everything', Route.post('/v1/chat', chat), Route.subtree('/', anyone)],
    ['a subtree below a subtree', Route.subtree('/v1/files', chat), Route.subtree('/v1', anyone)],
    ['a subtree and its own root', Route.get('/v1', chat), Route.subtree('/v1', anyone)],
    ['the root and everything', Route.get('/', chat), Route.subtree('/', anyone)],
  ];

  test.each(CASES)('%s: are refused with two demands, in either order', (_, one, other) => {
    expect(() => serialized([one, other])).toThrow(`Stack: routes (${other._name}).access is "not that of ${one._name}". Some requests match both`);
    expect(() => serialized([other, one])).toThrow(`Stack: routes (${one._name}).access is "not that of ${other._name}". Some requests match both`);
  });

  test('are taken with one demand, such as to let one take prompts', () => {
    expect(serialized([Route.subtree('/v1', chat), Route.post('/v1/chat', { ...chat, promptSized: true })]).routes).toHaveLength(2);
  });

  test.each(['heavy', 'streams'] as const)('are refused where only one of them is %s, since a request would have two budgets, in either order', (kind) => {
    const routes = [Route.subtree('/v1', chat), Route.post('/v1/chat', { ...chat, [kind]: true })];
    expect(() => serialized(routes)).toThrow(`Stack: routes (POST /v1/chat).${kind} is "not that of subtree /v1". Some requests match both: give both the same ${kind}, or declare`);
    expect(() => serialized(routes.toReversed())).toThrow(`Stack: routes (subtree /v1).${kind} is "not that of POST /v1/chat".`);
    expect(() => serialized([Route.subtree('/v1', { ...chat, [kind]: true }), Route.post('/v1/chat', { ...chat, [kind]: true })])).not.toThrow();
    expect(() => serialized([Route.subtree('/v1', { ...chat, [kind]: false }), Route.post('/v1/chat', chat)])).not.toThrow();
    expect(() => serialized([Route.get('/v1', chat), Route.post('/v1', { ...chat, [kind]: true })])).not.toThrow();
  });

  test.each<[string, Access, Access]>([
    ['another order', Access.allOf(Access.scope('a'), Access.scope('b')), Access.allOf(Access.scope('b'), Access.scope('a'))],
    ['another nesting', Access.anyOf(Access.scope('a'), Access.anyOf(Access.scope('b'), Access.role('r'))), Access.anyOf(Access.role('r'), Access.scope('b'), Access.scope('a'))],
    ['a repetition', Access.allOf(Access.scope('a'), Access.scope('a')), Access.scope('a')],
  ])('are taken with one demand in two spellings: %s', (_, one, other) => {
    expect(() => serialized([Route.subtree('/v1', { access: one }), Route.post('/v1/chat', { access: other })], { roles: { r: ['a'] } })).not.toThrow();
  });

  test.each<[string, Access, Access]>([
    ['all and any', Access.allOf(Access.scope('a'), Access.scope('b')), Access.anyOf(Access.scope('a'), Access.scope('b'))],
    ['a scope and a role', Access.scope('r'), Access.role('r')],
    ['nested otherwise', Access.allOf(Access.scope('a'), Access.anyOf(Access.scope('b'), Access.scope('c'))), Access.anyOf(Access.allOf(Access.scope('a'), Access.scope('b')), Access.scope('c'))],
  ])('are refused where the demands only look alike: %s', (_, one, other) => {
    expect(() => serialized([Route.subtree('/v1', { access: one }), Route.post('/v1/chat', { access: other })], { roles: { r: ['a'] } })).toThrow('Some requests match both');
  });

  test('are taken with one scope that two references name', () => {
    const stack = newStack();
    const parameter = new CfnParameter(stack, 'Scope');
    const routes = [Route.subtree('/v1', { access: Access.scope(Fn.ref('Scope')) }), Route.post('/v1/chat', { access: Access.scope(parameter.valueAsString) })];
    expect(() => AccessPolicy.fromRoutes(routes)._serialize(stack)).not.toThrow();
    const other = [...routes, Route.get('/v1/models', { access: Access.scope(Fn.ref('Other')) })];
    expect(() => AccessPolicy.fromRoutes(other)._serialize(stack)).toThrow('routes (GET /v1/models).access');
  });

  test.each([
    ['methods', [Route.post('/v1/chat', chat), Route.get('/v1/chat', anyone)]],
    ['paths', [Route.post('/v1/chat', chat), Route.post('/v1/chatx', anyone)]],
    ['a look-alike of a subtree', [Route.subtree('/v1/chat', chat), Route.post('/v1/chatx', anyone), Route.subtree('/v1/chat-2', anyone)]],
    ['levels', [Route.post('/v1', chat), Route.post('/v1/chat', anyone)]],
    ['a suffix', [Route.post('/v1/chat/completions', chat), Route.post('/v1/completions', anyone)]],
  ])('do not differ in %s', (_, routes) => {
    expect(() => serialized(routes)).not.toThrow();
  });
});

describe('A route that no request would reach', () => {
  test.each(['/.gate', '/.gate/health', '/.GATE/x'])('is refused at %s', (path) => {
    expect(() => serialized([Route.get(path, anyone)])).toThrow(`Stack: routes is "GET ${path}". Declare another path: the gate answers /.gate and what is below it itself.`);
    expect(() => serialized([Route.subtree(path, anyone)])).toThrow('the gate answers /.gate');
  });

  test('is refused in the admin plane', () => {
    expect(() => serialized([Route.get('/admin/keys', anyone)])).toThrow('The admin plane is not a route');
  });

  test('is refused where the gate answers everybody itself', () => {
    expect(() => serialized([Route.get('/health', anyone)], {}, '/health')).toThrow('Stack: routes is "GET /health". Take it out: the gate answers it itself');
    expect(() => serialized([Route.get('/health', anyone)])).not.toThrow();
    expect(() => serialized([Route.post('/health', anyone), Route.subtree('/', anyone)], {}, '/health')).not.toThrow();
  });
});

describe('Roles', () => {
  test('have to be defined where they are asked for, however deep', () => {
    const access = Access.anyOf(Access.scope('a'), Access.allOf(Access.authenticated(), Access.role('admn')));
    expect(() => serialized([Route.get('/v1', { access })], { roles: { admin: ['a'] } })).toThrow('Stack: routes (GET /v1).access.role is "admn". Define it: AccessPolicy.fromRoutes(routes, { roles');
    expect(() => serialized([Route.get('/v1', { access: Access.role('constructor') })])).toThrow('access.role is "constructor". Define it');
  });

  test('may be defined without being asked for', () => {
    expect(serialized([Route.get('/v1', anyone)], { roles: { reader: ['metrics'] } }).roles).toEqual({ reader: ['metrics'] });
  });

  test.each<[string, string[], string]>([
    ['no scopes', [], 'roles.admin is []. Write out the scopes'],
    ['a wildcard', ['*'], 'roles.admin is "*". Name one of 1 to 256 printable characters'],
    ['a wildcard in one', ['core/*'], 'roles.admin is "core/*".'],
    ['several in one', ['discover evaluate'], 'roles.admin is "discover evaluate".'],
    ['an empty one', [''], 'roles.admin is "".'],
    ['a blank before one', [' jobs'], 'roles.admin is " jobs".'],
  ])('are refused with %s', (_, scopes, message) => {
    expect(() => serialized([Route.get('/v1', anyone)], { roles: { admin: scopes } })).toThrow(message);
  });

  test('are refused with a list that only the deployment knows', () => {
    expect(() => serialized([Route.get('/v1', anyone)], { roles: { admin: Token.asList({ Ref: 'Scopes' }) } })).toThrow('roles.admin is a token. Write out the scopes');
  });

  test.each(['', 'a b', '*', 'admin*'])('may not be called %p', (role) => {
    expect(() => serialized([Route.get('/v1', anyone)], { roles: { [role]: ['a'] } })).toThrow(`Stack: roles is ${JSON.stringify(role)}. Name one of 1 to 256`);
  });
});

describe('Access', () => {
  test.each(['', ' ', 'a b', '*', 'chat*', 'core/*', 'a"b', 'a,b', 'a\\b', 'ä', 'a\n', 'x'.repeat(257)])('by the scope %p is refused', (scope) => {
    expect(() => serialized([Route.get('/v1', { access: Access.scope(scope) })]))
      .toThrow(`Stack: routes (GET /v1).access.scope is ${JSON.stringify(scope)}. Name one of 1 to 256 printable characters`);
  });

  test('by a scope with a wildcard beside what only the deployment knows is refused', () => {
    const access = Access.scope(`${Token.asString({ Ref: 'Server' })}/*`);
    expect(() => serialized([Route.get('/v1', { access })])).toThrow('routes (GET /v1).access.scope is a token. Name one of 1 to 256 printable characters');
  });

  test.each(['', 'a b', '*'])('by the role %p is refused', (role) => {
    expect(() => serialized([Route.get('/v1', { access: Access.role(role) })])).toThrow(`Stack: routes (GET /v1).access.role is ${JSON.stringify(role)}. Name one of 1 to 256`);
  });

  test('by a role that only the deployment knows is refused', () => {
    expect(() => serialized([Route.get('/v1', { access: Access.role(Token.asString({ Ref: 'Role' })) })])).toThrow('access.role is a token. Write the role out');
  });

  test('by nothing is refused, also further down', () => {
    expect(() => serialized([Route.get('/v1', { access: Access.allOf() })])).toThrow('Stack: routes (GET /v1).access.allOf is []. Name at least one condition');
    expect(() => serialized([Route.get('/v1', { access: Access.anyOf(Access.scope('a'), Access.anyOf()) })])).toThrow('Stack: routes (GET /v1).access.anyOf.anyOf is [].');
    expect(() => serialized([Route.get('/v1', { access: Access.allOf(Access.scope('*')) })])).toThrow('access.allOf.scope is "*".');
  });

  test('is refused where nobody could follow it', () => {
    const nested = (depth: number): Access => (depth === 1 ? Access.scope('a') : Access.allOf(nested(depth - 1)));
    expect(() => serialized([Route.get('/v1', { access: nested(32) })])).not.toThrow();
    expect(() => serialized([Route.get('/v1', { access: nested(33) })])).toThrow('Stack: routes (GET /v1).access is "nested 33 deep". Nest conditions at most 32 deep.');
  });
});
