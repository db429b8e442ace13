import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListener, ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AdminSession } from '../../src/authorizer/admin-session';
import { Authorizer } from '../../src/authorizer/authorizer';
import { GateProof } from '../../src/authorizer/gate-proof';
import { Callers } from '../../src/ingress/callers';
import { ExistingIngress } from '../../src/ingress/existing-ingress';
import { Exposure } from '../../src/ingress/exposure';
import type { SecureIngressProps } from '../../src/ingress/ingress-props';
import { Route } from '../../src/ingress/route';
import type { SecureIngress } from '../../src/ingress/secure-ingress';
import { rulesOf, secureIngress, TARGET, TestNetwork } from '../support/ingress';
import { JWT } from '../support/remote-core';

const ROUTES = [Route.post('/one'), Route.post('/one/two')];
const fn = (stack: Stack): Fn => new Fn(stack, 'Fn', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('0') });

function ingress(props: Partial<SecureIngressProps> = {}, stack = new Stack()): { readonly stack: Stack; readonly made: SecureIngress } {
  return { stack, made: secureIngress(stack, { routes: ROUTES, authorizer: Authorizer._forFunction(), ...props }) };
}

describe('Before a function that asks for everything itself', () => {
  test('nothing is asked, and nothing but POST of the declared paths gets there', () => {
    const { stack, made } = ingress();
    made._forwardToFunction(fn(stack));
    const rules = Object.values(rulesOf(Template.fromStack(stack)));
    expect(rules.filter(({ Actions }) => Actions.length === 1 && Actions[0]?.Type === 'forward').map(({ Conditions }) => Conditions.map(({ Field }) => Field).sort()))
      .toEqual([['host-header', 'http-request-method', 'path-pattern'], ['host-header', 'http-request-method', 'path-pattern']]);
    expect(rules).toHaveLength(3);
  });

  test('there is no way for anything else', () => {
    const { made } = ingress();
    expect(() => made.forwardTo(TARGET, { port: 8000, healthCheckPath: '/health' })).toThrow('Default/Ingress: authorizer is "for a function". Only the function that it was made for asks who calls');
    expect(() => ingress({ routes: [Route.subtree('/')] })).toThrow('Default/Ingress: routes is "subtree /". Declare POST of exact paths');
    expect(() => ingress({ routes: [Route.post('/one'), Route.get('/two')] })).toThrow('routes is "GET /two". Declare POST of exact paths');
    expect(() => ingress({ callers: Callers.internet({ reason: 'Everybody has to reach it.' }) })).toThrow('callers is "Callers.internet". The load balancer asks nobody who he is');
    expect(() => ingress({ internetFacing: true })).toThrow('internetFacing is "given"');
    expect(() => ingress({ additionalListener: { port: 8443, authorizer: Authorizer.jwt(JWT) } })).toThrow('additionalListener is "given"');
    const stack = new Stack();
    const admin = AdminSession.oidc({
      issuer: 'https://people.acme.com', authorizationEndpoint: 'https://people.acme.com/authorize', tokenEndpoint: 'https://people.acme.com/token',
      userInfoEndpoint: 'https://people.acme.com/userinfo', clientId: 'admin', clientSecret: Secret.fromSecretNameV2(stack, 'AdminSecret', 'admin'),
    });
    expect(() => ingress({ admin }, stack)).toThrow('admin is "given"');
  });

  test('there is one of them', () => {
    const { stack, made } = ingress();
    const handler = fn(stack);
    made._forwardToFunction(handler);
    expect(() => made._forwardToFunction(handler)).toThrow('forwardTo was called twice.');
  });

  test('nothing is forwarded while exposure is off', () => {
    const { stack, made } = ingress({ exposure: Exposure.OFF });
    made._forwardToFunction(fn(stack));
    Template.fromStack(stack).resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 0);
  });
});

describe('An authorizer for a function', () => {
  test('stands in front of no other target, and on no listener of somebody else\'s', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack)._forwardToFunction(fn(stack))).toThrow('its authorizer is for a target that is no function');
    const other = new Stack();
    const network = new TestNetwork(other, 'Network');
    const arn = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333';
    const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(other, 'Theirs', {
      loadBalancerArn: `${arn}:loadbalancer/app/theirs/0123456789abcdef`, securityGroupId: 'sg-0',
    });
    const listener = ApplicationListener.fromApplicationListenerAttributes(other, 'Listener', {
      listenerArn: `${arn}:listener/app/theirs/0123456789abcdef/0123456789abcdef`, securityGroup: SecurityGroup.fromSecurityGroupId(other, 'Group', 'sg-0'),
    });
    expect(() => new ExistingIngress(other, 'Existing', { network, loadBalancer, listener, domainName: 'core.acme.internal', routes: ROUTES, authorizer: Authorizer._forFunction() }))
      .toThrow('Default/Existing: authorizer is "for a function". It asks nobody');
  });

  test('loses its place as soon as it is combined with something', () => {
    const combined = Authorizer._forFunction().withGateProof(GateProof.apiKeys());
    expect(combined._isForFunction).toBe(false);
    expect(Authorizer._forFunction()).toMatchObject({ _isForFunction: true, _isGateOnly: false, _identity: { accept: [], tokens: [] } });
  });
});
