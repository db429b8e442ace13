import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApplicationListener, ApplicationLoadBalancer, ApplicationProtocol, TrustStore } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AdminSession } from '../../src/authorizer/admin-session';
import { Authorizer } from '../../src/authorizer/authorizer';
import { GateProof } from '../../src/authorizer/gate-proof';
import type { DeployedListener } from '../../src/cli/lockdown/aws';
import { type ToldGates, unprovenPaths } from '../../src/cli/lockdown/unproven';
import { Callers } from '../../src/ingress/callers';
import { ExistingIngress } from '../../src/ingress/existing-ingress';
import { Exposure } from '../../src/ingress/exposure';
import type { GateTarget, SecureIngressProps } from '../../src/ingress/ingress-props';
import { Route } from '../../src/ingress/route';
import { priorities, rulesOf, secureIngress, TARGET, TestNetwork } from '../support/ingress';
import { JWT } from '../support/remote-core';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const HOST = { Field: 'host-header', HostHeaderConfig: { Values: ['core.acme.internal'] } };
const OPTIONS = { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['OPTIONS'] } };
const GET = { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } };
const path = (...Values: string[]): object => ({ Field: 'path-pattern', PathPatternConfig: { Values } });
const ROUTES = [Route.post('/v1/evaluate'), Route.get('/v1/models')];
const GATE_ONLY = Authorizer.gateOnly(GateProof.apiKeys());

const STORE = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/a/0123456789abcdef';
const certificates = (stack: Stack): Authorizer => Authorizer.trustStore(TrustStore.fromTrustStoreArn(stack, 'Store', STORE));

function session(stack: Stack): AdminSession {
  return AdminSession.oidc({
    issuer: 'https://people.acme.com', authorizationEndpoint: 'https://people.acme.com/authorize', tokenEndpoint: 'https://people.acme.com/token',
    userInfoEndpoint: 'https://people.acme.com/userinfo', clientId: 'admin', clientSecret: Secret.fromSecretNameV2(stack, 'AdminSecret', 'admin'),
  });
}

/** The template of an ingress that forwards to a gate. */
function before(gate: GateTarget, props: Partial<SecureIngressProps> = {}, stack = new Stack()): Template {
  secureIngress(stack, { routes: ROUTES, ...props }).forwardTo(TARGET, { port: 8443, healthCheckPath: '/.gate/health', protocol: ApplicationProtocol.HTTPS, _gate: gate });
  return Template.fromStack(stack);
}

const openRules = (template: Template): string[] => Object.entries(rulesOf(template)).filter(([, { Actions }]) => Actions[0]?.Type === 'forward').map(([id]) => id);

describe('Before a gate', () => {
  test('nothing is forwarded without a proof unless it is asked for', () => {
    expect(openRules(before({}))).toEqual([]);
    expect(openRules(before({ preflight: false }))).toEqual([]);
  });

  test('browsers may ask whether a page may call: OPTIONS of the host, and no other method', () => {
    const template = before({ preflight: true });
    template.hasResourceProperties(RULE, { Priority: 21, Conditions: [HOST, OPTIONS], Actions: [{ Type: 'forward', TargetGroupArn: Match.anyValue() }] });
    expect(openRules(template)).toHaveLength(1);
  });

  test('strangers may ask whether it is well: GET of one path, and nothing below it', () => {
    const template = before({ publicHealthPath: '/health' });
    template.hasResourceProperties(RULE, { Priority: 22, Conditions: [HOST, GET, path('/health')], Actions: [{ Type: 'forward', TargetGroupArn: Match.anyValue() }] });
    expect(openRules(template)).toHaveLength(1);
  });

  test('both come after the admin plane and before what takes a proof', () => {
    const byPriority = Object.values(rulesOf(before({ preflight: true, publicHealthPath: '/health' }))).sort((one, other) => one.Priority - other.Priority);
    expect(byPriority.map(({ Actions: [first] }) => first?.Type)).toEqual(['fixed-response', 'forward', 'forward', 'jwt-validation', 'jwt-validation']);
    const stack = new Stack();
    const withAdmins = Object.values(rulesOf(before({ preflight: true }, { admin: session(stack) }, stack))).sort((one, other) => one.Priority - other.Priority);
    expect(withAdmins.map(({ Actions: [first] }) => first?.Type)).toEqual(['authenticate-oidc', 'authenticate-oidc', 'forward', 'jwt-validation', 'jwt-validation']);
  });

  test('no other rule moves for them', () => {
    const plain = priorities(before({}));
    expect(priorities(before({ preflight: true, publicHealthPath: '/health' }))).toMatchObject(plain);
  });

  test('they stand on both listeners, after the headers that only one of them vouches for', () => {
    const stack = new Stack();
    const template = before({ preflight: true, publicHealthPath: '/health' }, { additionalListener: { port: 8443, authorizer: certificates(stack) } }, stack);
    for (const Priority of [21, 22]) template.resourcePropertiesCountIs(RULE, { Priority, Actions: [{ Type: 'forward', TargetGroupArn: Match.anyValue() }] }, 2);
    template.resourcePropertiesCountIs(RULE, { Priority: Match.anyValue(), Conditions: Match.arrayWith([Match.objectLike({ Field: 'http-header' })]) }, 6);
    for (const { Priority } of Object.values(rulesOf(template)).filter(({ Conditions }) => Conditions.some(({ Field }) => Field === 'http-header'))) expect(Priority).toBeLessThan(11);
  });

  test('they come with the share of a listener that others use too', () => {
    const { template } = onExisting(Authorizer.jwt(JWT), 20_000, { preflight: true, publicHealthPath: '/health' });
    template.hasResourceProperties(RULE, { Priority: 20_020, Conditions: [HOST, OPTIONS] });
    template.hasResourceProperties(RULE, { Priority: 20_021, Conditions: [HOST, GET, path('/health')] });
  });

  test('they are not there while exposure is off', () => {
    before({ preflight: true, publicHealthPath: '/health' }, { exposure: Exposure.OFF }).resourceCountIs(RULE, 0);
  });

  test.each(['/health*', '/*', '/health?', 'health', '/a/../b', '/health/', ''])('the path of the health may not be %p', (publicHealthPath) => {
    expect(() => before({ publicHealthPath })).toThrow(`Default/Ingress: publicHealthPath is "${publicHealthPath}". Name an absolute path such as /v1/models`);
  });

  test('the path of the health is no admin plane, and known', () => {
    expect(() => before({ publicHealthPath: '/admin/health' })).toThrow('publicHealthPath is "/admin/health". The admin plane is not a route');
    expect(() => before({ publicHealthPath: Token.asString({ Ref: 'Path' }) })).toThrow('publicHealthPath is a token. Write the path out');
  });

  test('they count among the rules that a load balancer takes', () => {
    const many = (count: number): Route[] => Array.from({ length: count }, (_, index) => Route.get(`/v1/r${index}`));
    expect(() => before({ preflight: true, publicHealthPath: '/health' }, { routes: many(97) })).not.toThrow();
    expect(() => before({ preflight: true, publicHealthPath: '/health' }, { routes: many(98) })).toThrow('routes is "98 routes". A load balancer takes 100 rules, which on one listener is 97 routes');
    expect(() => before({ preflight: true }, { routes: many(98) })).not.toThrow();
  });
});

function onExisting(authorizer: Authorizer, priorityBase: number, gate: GateTarget): { readonly template: Template } {
  const stack = new Stack();
  const network = new TestNetwork(stack, 'Network');
  const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Shared', {
    loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shared/0123456789abcdef', securityGroupId: 'sg-0123456789abcdef0',
  });
  const listener = ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shared/0123456789abcdef/0123456789abcdef', securityGroup: loadBalancer.connections.securityGroups[0] ?? fail(),
  });
  const ingress = new ExistingIngress(stack, 'Ingress', { network, loadBalancer, listener, authorizer, priorityBase, domainName: 'core.acme.internal', routes: ROUTES });
  ingress.forwardTo(TARGET, { port: 8443, healthCheckPath: '/.gate/health', _gate: gate });
  return { template: Template.fromStack(stack) };
}

function fail(): never {
  throw new Error('The load balancer has no security group.');
}

const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const TAG = 'cdk-secure-core:gate';

describe('The target group says by its tag what its gate is forwarded without a proof', () => {
  test.each<[string, GateTarget, Partial<SecureIngressProps>]>([
    ['preflight', { preflight: true }, {}],
    ['health', { publicHealthPath: '/health' }, {}],
    ['callers', {}, { authorizer: GATE_ONLY }],
    ['callers preflight health', { preflight: true, publicHealthPath: '/health' }, { authorizer: GATE_ONLY }],
  ])('%s', (words, gate, props) => {
    before(gate, props).hasResourceProperties(GROUP, { Tags: [{ Key: TAG, Value: words }] });
  });

  test.each<[string, (stack: Stack) => Template]>([
    ['a gate behind an authorizer of the load balancer', (stack) => before({}, {}, stack)],
    ['what is no gate', (stack) => {
      secureIngress(stack, { routes: ROUTES }).forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' });
      return Template.fromStack(stack);
    }],
  ])('nothing of %s', (_name, build) => {
    expect(JSON.stringify(build(new Stack()).findResources(GROUP))).not.toContain(TAG);
  });

  interface ActionProperties { readonly Type: string; readonly Order?: number; readonly TargetGroupArn?: unknown }
  interface ConditionProperties { readonly Field: string; readonly PathPatternConfig?: { readonly Values: string[] }; readonly HttpRequestMethodConfig?: { readonly Values: string[] } }
  interface RuleProperties { readonly Actions: readonly ActionProperties[]; readonly Conditions: readonly ConditionProperties[] }

  /** As AWS would answer for the template. */
  const deployed = (template: Template): DeployedListener => ({
    name: 'HTTPS 443',
    verifiesClients: false,
    rules: Object.entries(template.findResources(RULE) as Record<string, { readonly Properties: RuleProperties }>).map(([name, { Properties: { Actions, Conditions } }]) => ({
      name,
      actions: Actions.map(({ Type, Order, TargetGroupArn }, index) => (
        { type: Type, order: Order ?? index + 1, ...(TargetGroupArn !== undefined && { targetGroups: [JSON.stringify(TargetGroupArn)] }) }
      )),
      conditions: Conditions.map(({ Field, PathPatternConfig, HttpRequestMethodConfig }) => (
        { field: Field, values: [...PathPatternConfig?.Values ?? [], ...HttpRequestMethodConfig?.Values ?? []], isRegex: false }
      )),
      rewrites: false,
    })),
  });
  const tagged = (template: Template): ToldGates => new Map(Object.entries(template.findResources(GROUP)).map(([id, { Properties }]) => {
    const { Tags = [] } = Properties as { readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] };
    return [JSON.stringify({ Ref: id }), new Set(Tags.find(({ Key }) => Key === TAG)?.Value.split(' '))];
  }));

  test.each<[string, GateTarget, Partial<SecureIngressProps>]>([
    ['of declared paths', {}, { authorizer: GATE_ONLY }],
    ['of preflights and health', { preflight: true, publicHealthPath: '/health' }, {}],
    ['of all of them', { preflight: true, publicHealthPath: '/health' }, { authorizer: GATE_ONLY }],
  ])('so that the command line can lift a lock-down in front %s, and not without the tag', (_name, gate, props) => {
    const template = before(gate, props);
    const listener = deployed(template);
    expect(unprovenPaths([listener], tagged(template))).toEqual([]);
    expect(unprovenPaths([listener], new Map())).toEqual(openRules(template).map((id) => `${id} of listener HTTPS 443`));
  });
});

describe('Where the gate alone asks for a proof', () => {
  test('declared paths are forwarded as they are, and nothing else', () => {
    const template = before({}, { authorizer: GATE_ONLY });
    template.hasResourceProperties(RULE, {
      Conditions: [HOST, path('/v1/evaluate'), Match.objectLike({ Field: 'http-request-method' })], Actions: [{ Type: 'forward', TargetGroupArn: Match.anyValue() }],
    });
    expect(openRules(template)).toHaveLength(2);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { DefaultActions: [Match.objectLike({ Type: 'fixed-response' })] });
  });

  test('the load balancer needs no internet', () => {
    const network = new TestNetwork(new Stack(), 'Network', false);
    expect(() => before({}, { authorizer: GATE_ONLY, network }, Stack.of(network))).not.toThrow();
  });

  test.each(['/', '/v1'])('the subtree %s is refused', (root) => {
    expect(() => secureIngress(new Stack(), { authorizer: GATE_ONLY, routes: [...ROUTES, Route.subtree(root)] }))
      .toThrow(`Default/Ingress: routes is "subtree ${root}". Declare its paths one by one: with Authorizer.gateOnly the load balancer forwards before anybody has proven anything`);
  });

  const everybody = Callers.internet({ reason: 'a demo' });
  test.each([['', everybody], [' among others', Callers.cidrs('10.0.0.0/16').and(everybody)]])('callers may not be everybody%s', (_, callers) => {
    expect(() => secureIngress(new Stack(), { authorizer: GATE_ONLY, routes: ROUTES, internetFacing: true, callers }))
      .toThrow('Default/Ingress: callers is "Callers.internet". With Authorizer.gateOnly');
    expect(() => secureIngress(new Stack(), { routes: ROUTES, internetFacing: true, callers })).not.toThrow();
  });

  test('another target than a gate is refused, also while exposure is off', () => {
    for (const exposure of [Exposure.ON, Exposure.OFF]) {
      expect(() => secureIngress(new Stack(), { authorizer: GATE_ONLY, routes: ROUTES, exposure }).forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' }))
        .toThrow('Default/Ingress: authorizer is "Authorizer.gateOnly". Forward to a CoreService: only its gate asks');
    }
  });

  test('a listener that is there already is refused: nobody knows who reaches it', () => {
    expect(() => onExisting(GATE_ONLY, 1, {})).toThrow('Default/Ingress: authorizer is "Authorizer.gateOnly". It forwards before anybody has proven anything');
  });

  test('a second listener for certificates alone is refused, and one with a further proof is not', () => {
    const alone = new Stack();
    expect(() => secureIngress(alone, { authorizer: GATE_ONLY, routes: ROUTES, additionalListener: { port: 8443, authorizer: certificates(alone) } }))
      .toThrow('additionalListener.authorizer is "by certificates alone". The gate cannot tell which listener');
    const both = new Stack();
    const authorizer = certificates(both).withGateProof(GateProof.apiKeys());
    expect(() => secureIngress(both, { authorizer: GATE_ONLY, routes: ROUTES, additionalListener: { port: 8443, authorizer } })).not.toThrow();
  });
});

describe('An ingress tells its target', () => {
  test('who callers are, on each listener, and what is forwarded', () => {
    const stack = new Stack();
    const [first, second] = [Authorizer.jwt(JWT), certificates(stack)];
    const ingress = secureIngress(stack, { authorizer: first, routes: ROUTES, additionalListener: { port: 8443, authorizer: second } });
    expect(ingress.authorizers).toEqual([first, second]);
    expect(ingress.routes).toEqual(ROUTES);
    expect(secureIngress(new Stack(), { authorizer: first }).authorizers).toEqual([first]);
  });

  test('whether administrators come, and for how long streams may be silent', () => {
    const stack = new Stack();
    expect(secureIngress(stack, { admin: session(stack), streamIdleTimeout: Duration.minutes(2) })).toMatchObject({ adminCookieName: 'SecureCoreAdmin', streamIdleTimeout: Duration.minutes(2) });
    expect(secureIngress(new Stack())).toMatchObject({ adminCookieName: undefined, streamIdleTimeout: Duration.minutes(15) });
  });
});

test('The header of API keys is kept out of the web ACL\'s log, whatever it is called (M-28)', () => {
  before({}, { authorizer: Authorizer.gateOnly(GateProof.apiKeys({ header: 'X-Acme-Key' })) }).hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
    RedactedFields: ['authorization', 'cookie', 'x-api-key', 'x-acme-key'].map((Name): object => ({ SingleHeader: { Name } })).concat({ QueryString: {} }),
  });
});
