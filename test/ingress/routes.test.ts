import { Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { TrustStore } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Access, Authorizer, Route } from '../../src';
import { AdminSession } from '../../src/authorizer/admin-session';
import { OWN_PRIORITIES, placed, sharedPriorities } from '../../src/ingress/priorities';
import { ingressTemplate, priorities, rulesOf, secureIngress } from '../support/ingress';
import { JWT } from '../support/remote-core';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const HOST = { Field: 'host-header', HostHeaderConfig: { Values: ['core.acme.internal'] } };

function paths(...Values: string[]): object {
  return { Field: 'path-pattern', PathPatternConfig: { Values } };
}

function methods(...Values: string[]): object {
  return { Field: 'http-request-method', HttpRequestMethodConfig: { Values } };
}

function many(count: number): Route[] {
  return Array.from({ length: count }, (_, index) => Route.get(`/v1/r${index}`));
}

function session(stack: Stack): AdminSession {
  return AdminSession.oidc({
    issuer: 'https://people.acme.com', authorizationEndpoint: 'https://people.acme.com/authorize', tokenEndpoint: 'https://people.acme.com/token',
    userInfoEndpoint: 'https://people.acme.com/userinfo', clientId: 'admin', clientSecret: Secret.fromSecretNameV2(stack, 'AdminSecret', 'admin'),
  });
}

describe('Only declared routes forward', () => {
  test('each by a rule of its own: host, path and method, behind the authorizer', () => {
    const template = ingressTemplate({ routes: [Route.post('/v1/evaluate')] });
    template.resourcePropertiesCountIs(RULE, { Actions: Match.arrayWith([Match.objectLike({ Type: 'forward' })]) }, 1);
    template.hasResourceProperties(RULE, {
      Conditions: [HOST, paths('/v1/evaluate'), methods('POST')],
      Actions: [Match.objectLike({ Type: 'jwt-validation', Order: 1 }), Match.objectLike({ Type: 'forward', Order: 2 })],
    });
  });

  test('a subtree by its root and what is below it, with any method', () => {
    ingressTemplate({ routes: [Route.subtree('/v1')] }).hasResourceProperties(RULE, { Conditions: [HOST, paths('/v1', '/v1/*')] });
    ingressTemplate({ routes: [Route.subtree('/')] }).hasResourceProperties(RULE, { Conditions: [HOST, paths('/*')] });
  });

  test('none of them without the authorizer', () => {
    const forwarding = Object.values(rulesOf(ingressTemplate())).filter(({ Actions }) => Actions.some(({ Type }) => Type === 'forward'));
    expect(forwarding).toHaveLength(2);
    for (const { Actions } of forwarding) expect(Actions.map(({ Type }) => Type)).toEqual(['jwt-validation', 'forward']);
  });

  test.each([
    ['/v1/*'], ['/v1?x=1'], ['/v1/a=1'], ['/v1/a,b'], ['/v1/%61'], ['/v1/../admin'], ['/v1/'], ['v1'], ['//v1'], [`/${'a'.repeat(126)}`],
  ])('refuses the path %p', (path) => {
    expect(() => secureIngress(new Stack(), { routes: [Route.get(path)] })).toThrow(`Default/Ingress: routes is "${path}". Name an absolute path such as /v1/models`);
  });

  test.each(['/admin', '/admin/users', '/Admin', '/ADMIN/x'])('refuses %s as a route', (path) => {
    expect(() => secureIngress(new Stack(), { routes: [Route.get(path)] })).toThrow(`routes is "${path}". The admin plane is not a route`);
    expect(() => secureIngress(new Stack(), { routes: [Route.get('/administrators')] })).not.toThrow();
  });

  test('one with more said of it is the same one, and leaves the first as it was', () => {
    const route = Route.post('/v1/evaluate', { streams: true, heavy: false });
    const more = route._with({ access: Access.authenticated(), heavy: true });
    expect([more._name, more._options]).toEqual(['POST /v1/evaluate', { streams: true, heavy: true, access: Access.authenticated() }]);
    expect(Route.subtree('/v1')._with({})._patterns).toEqual(['/v1', '/v1/*']);
    expect(route._options).toEqual({ streams: true, heavy: false });
  });

  test('refuses a path that only a deployment knows', () => {
    expect(() => secureIngress(new Stack(), { routes: [Route.get(Token.asString({ Ref: 'Path' }))] })).toThrow('routes is a token. Write the path out');
  });

  test('refuses no routes, and one that is declared twice', () => {
    expect(() => secureIngress(new Stack(), { routes: [] })).toThrow('routes is []. Declare at least one route');
    expect(() => secureIngress(new Stack(), { routes: [Route.get('/v1'), Route.post('/v1'), Route.get('/v1')] })).toThrow('routes is "GET /v1". It is declared twice');
    expect(() => secureIngress(new Stack(), { routes: [Route.get('/v1'), Route.subtree('/v1')] })).not.toThrow();
  });

  test('refuses a subtree that is deeper than priorities go', () => {
    expect(() => secureIngress(new Stack(), { routes: [Route.subtree('/a'.repeat(20))] })).toThrow('Declare a subtree of at most 19 segments.');
    expect(() => secureIngress(new Stack(), { routes: [Route.subtree('/a'.repeat(19))] })).not.toThrow();
  });

  test('refuses more routes than a load balancer takes rules', () => {
    expect(() => secureIngress(new Stack(), { routes: many(99) })).not.toThrow();
    expect(() => secureIngress(new Stack(), { routes: many(100) })).toThrow('routes is "100 routes". A load balancer takes 100 rules, which on one listener is 99 routes');
    const stack = new Stack();
    expect(() => secureIngress(stack, { routes: many(99), admin: session(stack) })).toThrow('which on one listener is 98 routes');
    const other = new Stack();
    const second = { port: 8443, authorizer: Authorizer.trustStore(TrustStore.fromTrustStoreArn(other, 'Store',
      'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/a/0123456789abcdef')) };
    expect(() => secureIngress(other, { routes: many(50), additionalListener: second })).toThrow('which on 2 listeners is 46 routes');
  });
});

describe('The priority of a route', () => {
  const some = [Route.post('/v1/evaluate'), Route.get('/v1/models'), Route.subtree('/v1'), Route.subtree('/v1/files')];

  test('stays when another one is added', () => {
    const before = priorities(ingressTemplate({ routes: some }));
    const after = priorities(ingressTemplate({ routes: [...some, Route.delete('/v1/files/x'), Route.subtree('/')] }));
    expect(after).toMatchObject(before);
    expect(Object.keys(after)).toHaveLength(Object.keys(before).length + 2);
  });

  test('stays when routes are declared in another order', () => {
    expect(priorities(ingressTemplate({ routes: [...some].reverse() }))).toEqual(priorities(ingressTemplate({ routes: some })));
  });

  test('puts exact paths before subtrees, and deeper subtrees before others', () => {
    const [post, get, v1, files] = placed(some, OWN_PRIORITIES).map(({ priority }) => priority);
    for (const exact of [post, get]) {
      expect(exact).toBeGreaterThanOrEqual(1000);
      expect(exact).toBeLessThan(30_000);
    }
    expect(files).toBeGreaterThanOrEqual(30_000);
    expect(files).toBeLessThan(v1 ?? 0);
    expect(placed([Route.subtree('/')], OWN_PRIORITIES)[0]?.priority).toBeGreaterThan(v1 ?? Infinity);
  });

  test('is each route\'s own, and one that comes later makes way', () => {
    const plan = { claimedIdentity: 1, cutOut: 11, anonymous: 21, exact: { from: 1000, count: 3 }, subtrees: OWN_PRIORITIES.subtrees };
    const routes = many(3);
    const alone = routes.map((route) => placed([route], plan)[0]?.priority);
    expect(new Set(alone).size).toBeLessThan(3);
    const together = placed(routes, plan).map(({ priority }) => priority);
    expect(new Set(together)).toEqual(new Set([1000, 1001, 1002]));
    expect(together[0]).toBe(alone[0]);
    expect(placed(routes.slice(0, 2), plan).map(({ priority }) => priority)).toEqual(together.slice(0, 2));
  });

  test('is never one that a load balancer does not have, nor outside the share of a listener', () => {
    const routes = [...many(60), ...Array.from({ length: 20 }, (_, depth) => Route.subtree(depth === 0 ? '/' : '/a'.repeat(depth)))];
    for (const { priority } of placed(routes, OWN_PRIORITIES)) expect(priority).toBeLessThanOrEqual(50_000);
    for (const { priority } of placed(routes, sharedPriorities(20_000))) {
      expect(priority).toBeGreaterThan(20_001);
      expect(priority).toBeLessThan(30_000);
    }
  });
});

describe('The id of a route\'s rule', () => {
  function idOf(route: Route): string | undefined {
    return placed([route], OWN_PRIORITIES)[0]?.id;
  }

  test('says what it forwards', () => {
    expect([Route.post('/v1/evaluate'), Route.get('/'), Route.subtree('/v1/files')].map(idOf)).toEqual(['PostV1Evaluate', 'Get', 'SubtreeV1Files']);
  });

  test('is another one for paths that would read the same', () => {
    const alike = ['/v1/my-files', '/v1/my/files', '/v1/my_files', '/V1/my/files', '/v1/myFiles', '/v12', '/v1/2'].map((path) => idOf(Route.get(path)));
    expect(new Set(alike).size).toBe(alike.length);
    for (const id of alike) expect(id).toMatch(/^Get[A-Za-z0-9]+$/);
  });
});

describe('The admin plane', () => {
  test('is answered 404 before any route, whatever the routes are', () => {
    const template = ingressTemplate({ routes: [Route.subtree('/')] });
    template.hasResourceProperties(RULE, {
      Priority: 12,
      Conditions: [HOST, paths('/admin', '/admin/*')],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '404' }) }],
    });
  });

  test('takes a login where there is a session, and nothing but a login', () => {
    const stack = new Stack();
    const template = ingressTemplate({ routes: [Route.subtree('/')], admin: session(stack) }, stack);
    template.hasResourceProperties(RULE, {
      Priority: 11,
      Conditions: [HOST, methods('GET'), paths('/admin', '/admin/*', '/oauth2/idpresponse')],
      Actions: [
        Match.objectLike({ Type: 'authenticate-oidc', AuthenticateOidcConfig: Match.objectLike({ OnUnauthenticatedRequest: 'authenticate' }) }),
        Match.objectLike({ Type: 'forward' }),
      ],
    });
    template.hasResourceProperties(RULE, {
      Priority: 12,
      Conditions: [HOST, paths('/admin', '/admin/*')],
      Actions: [Match.objectLike({ Type: 'authenticate-oidc', AuthenticateOidcConfig: Match.objectLike({ OnUnauthenticatedRequest: 'deny' }) }), Match.objectLike({ Type: 'forward' })],
    });
  });

  test('lets the load balancer reach the provider', () => {
    const stack = new Stack();
    const authorizer = Authorizer.trustStore(TrustStore.fromTrustStoreArn(stack, 'Store', 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/a/0123456789abcdef'));
    ingressTemplate({ authorizer, admin: session(stack) }, stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })],
    });
  });
});

describe('An additional listener', () => {
  function mixed(): Template {
    const stack = new Stack();
    const authorizer = Authorizer.trustStore(TrustStore.fromTrustStoreArn(stack, 'Store', 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/a/0123456789abcdef'));
    return ingressTemplate({ routes: [Route.post('/v1/evaluate')], additionalListener: { port: 8443, authorizer }, admin: session(stack) }, stack);
  }

  test('asks for certificates on a port of its own, and the first one does not', () => {
    const template = mixed();
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 8443, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', MutualAuthentication: Match.objectLike({ Mode: 'verify' }),
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '404' }) }],
      ListenerAttributes: Match.arrayWith([{ Key: 'routing.http.response.server.enabled', Value: 'false' }]),
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, MutualAuthentication: Match.absent() });
  });

  test('forwards the same routes, to the same target, without the admin plane', () => {
    const template = mixed();
    const [second] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::Listener', { Properties: { Port: 8443 } }));
    const own = template.findResources(RULE, { Properties: { ListenerArn: { Ref: second } } });
    expect(Object.keys(own)).toHaveLength(2);
    template.hasResourceProperties(RULE, { ListenerArn: { Ref: second }, Conditions: [HOST, paths('/v1/evaluate'), methods('POST')], Actions: [Match.objectLike({ Type: 'forward' })] });
    template.hasResourceProperties(RULE, { ListenerArn: { Ref: second }, Conditions: [HOST, paths('/admin', '/admin/*')], Actions: [Match.objectLike({ Type: 'fixed-response' })] });
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
  });

  test('makes the first refuse the headers in which the second tells the target who called', () => {
    const template = mixed();
    const [first] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::Listener', { Properties: { Port: 443 } }));
    const names = ['', '-Serial-Number', '-Issuer', '-Subject', '-Validity', '-Leaf'].map((part) => `X-Amzn-Mtls-Clientcert${part}`);
    for (const [index, HttpHeaderName] of names.entries()) {
      template.hasResourceProperties(RULE, {
        ListenerArn: { Ref: first },
        Priority: 1 + index,
        Conditions: [HOST, { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName, Values: ['*'] } }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '400' }) }],
      });
    }
    const elsewhere = ingressTemplate({ routes: [Route.post('/v1/evaluate')] });
    expect(JSON.stringify(elsewhere.toJSON())).not.toContain('X-Amzn-Mtls-Clientcert');
  });

  test('is open to the same callers', () => {
    mixed().hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.20.0.0/16', FromPort: 443 }), Match.objectLike({ CidrIp: '10.20.0.0/16', FromPort: 8443, ToPort: 8443 })],
    });
  });

  test.each([443, 80, 1023, 65_536, 8443.5])('refuses port %p', (port) => {
    expect(() => secureIngress(new Stack(), { additionalListener: { port, authorizer: Authorizer.jwt(JWT) } }))
      .toThrow(`additionalListener.port is ${port}. Name a port from 1024 to 65535`);
  });
});

test('An additional listener is for certificates: tokens have port 443', () => {
  expect(() => secureIngress(new Stack(), { additionalListener: { port: 8443, authorizer: Authorizer.jwt(JWT) } }))
    .toThrow('Default/Ingress: additionalListener.authorizer is "without client certificates". Port 443 is for tokens');
});

test('A redeploy finds every rule under the id it had', () => {
  const [first, second] = [ingressTemplate(), ingressTemplate()].map((template) => Object.keys(rulesOf(template)).sort());
  expect(first).toEqual(second);
  expect(first).toEqual([expect.stringMatching(/^IngressRoutesAdmin[0-9A-F]{8}$/), expect.stringMatching(/^IngressRoutesGetV1Models[0-9A-F]{8}$/),
    expect.stringMatching(/^IngressRoutesPostV1Evaluate[0-9A-F]{8}$/)]);
});
