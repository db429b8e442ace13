import { CfnResource, Fn, SecretValue, type Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import {
  type ApplicationListener, type CfnListener, ListenerAction, ListenerCondition, MutualAuthenticationMode, Protocol, TrustStore, UnauthenticatedAction,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AuthenticateCognitoAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2-actions';
import { AlbListenerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { authenticateOidc, forward, ISSUER, listenerRule, redirect, validateJwt } from '../../support/actions';
import { alb, albListener, albTargets, CERTIFICATE, nlb, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener, loadBalancer, targetGroup } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const UNPROTECTED = /forwards without jwt-validation or mTLS in front of it/;
const TRUST_STORE = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/callers/0123456789abcdef';

const taking = (stack: Stack, ...defaultActions: readonly (ReturnType<typeof forward>)[]): CfnListener => httpsListener(stack, { defaultActions: [...defaultActions] });

const mutual = (stack: Stack, mode: string): CfnListener =>
  httpsListener(stack, { defaultActions: [forward(stack)], mutualAuthentication: { mode, trustStoreArn: mode === 'verify' ? TRUST_STORE : undefined } });

const jwt = (stack: Stack): ListenerAction => ListenerAction.authenticateJwt({
  issuer: ISSUER, jwksEndpoint: `${ISSUER}/jwks.json`, next: ListenerAction.forward([albTargets(stack)]),
});

const oidc = (stack: Stack, onUnauthenticatedRequest?: UnauthenticatedAction): ListenerAction => ListenerAction.authenticateOidc({
  issuer: ISSUER,
  authorizationEndpoint: `${ISSUER}/authorize`,
  tokenEndpoint: `${ISSUER}/token`,
  userInfoEndpoint: `${ISSUER}/userinfo`,
  clientId: 'core',
  clientSecret: SecretValue.secretsManager('oidc'),
  onUnauthenticatedRequest,
  next: ListenerAction.forward([albTargets(stack)]),
});

function cognito(stack: Stack, onUnauthenticatedRequest?: UnauthenticatedAction): ListenerAction {
  const userPool = new UserPool(stack, 'Pool');
  return new AuthenticateCognitoAction({
    userPool,
    userPoolClient: userPool.addClient('Client', { generateSecret: true }),
    userPoolDomain: userPool.addDomain('Domain', { cognitoDomain: { domainPrefix: 'core' } }),
    onUnauthenticatedRequest,
    next: ListenerAction.forward([albTargets(stack)]),
  });
}

const mutualAlb = (stack: Stack, mutualAuthenticationMode: MutualAuthenticationMode): ApplicationListener => alb(stack).addListener('Https', {
  port: 443,
  certificates: [CERTIFICATE],
  defaultTargetGroups: [albTargets(stack)],
  mutualAuthentication: {
    mutualAuthenticationMode,
    trustStore: mutualAuthenticationMode === MutualAuthenticationMode.VERIFY ? TrustStore.fromTrustStoreArn(stack, 'TrustStore', TRUST_STORE) : undefined,
  },
});

describeRule('IDN-1.authenticated', {
  compliant: {
    'a listener that forwards nothing': (stack) => httpsListener(stack),
    'a token check before the forward': (stack) => taking(stack, validateJwt(), forward(stack)),
    'actions written the wrong way round, but with the right order': (stack) => taking(stack, forward(stack), validateJwt()),
    'actions without an order, taken as they are written': (stack) => taking(stack, { ...validateJwt(), order: undefined }, forward(stack, { order: undefined })),
    'a token check before a weighted forward': (stack) => taking(stack, validateJwt(), {
      type: 'forward', order: 2, forwardConfig: { targetGroups: [{ targetGroupArn: targetGroup(stack).ref, weight: 1 }] },
    }),
    'a token check as the CDK makes it': (stack) => albListener(stack, jwt(stack)),
    'a token check in a rule, as the CDK makes it': (stack) => albListener(stack).addAction('Rule', {
      priority: 10, conditions: [ListenerCondition.pathPatterns(['/core/*'])], action: jwt(stack),
    }),
    'a token check in a rule on an imported listener': (stack) => listenerRule(stack, Fn.importValue('ListenerArn'), [validateJwt(), forward(stack)]),
    'a login at an identity provider': (stack) => albListener(stack, oidc(stack)),
    'a login that turns strangers away': (stack) => albListener(stack, oidc(stack, UnauthenticatedAction.DENY)),
    'a login at Cognito': (stack) => albListener(stack, cognito(stack)),
    'client certificates that are verified': (stack) => mutual(stack, 'verify'),
    'client certificates that are verified, as the CDK makes it': (stack) => mutualAlb(stack, MutualAuthenticationMode.VERIFY),
    'a rule on a listener that verifies client certificates': (stack) => listenerRule(
      stack, httpsListener(stack, { mutualAuthentication: { mode: 'verify', trustStoreArn: TRUST_STORE } }).ref, [forward(stack)],
    ),
    'a network listener that passes on to an application load balancer': (stack) => nlb(stack).addListener('Tcp', { port: 443 })
      .addTargets('Alb', { port: 443, targets: [new AlbListenerTarget(albListener(stack))] }),
    'the same, written by hand': (stack) => httpsListener(stack, {
      protocol: 'TCP', sslPolicy: undefined, certificates: undefined,
      defaultActions: [{ type: 'forward', targetGroupArn: targetGroup(stack, { targetType: 'alb', protocol: 'TCP' }).ref }],
    }),
    'a redirect from plain HTTP': (stack) => alb(stack).addRedirect(),
  },
  violating: {
    'a bare forward': { build: (stack) => taking(stack, forward(stack)), message: UNPROTECTED, severity: 'fatal' },
    'a bare forward as the CDK makes it': { build: (stack) => albListener(stack, ListenerAction.forward([albTargets(stack)])), message: UNPROTECTED, severity: 'fatal' },
    'a weighted forward': {
      build: (stack) => taking(stack, { type: 'forward', forwardConfig: { targetGroups: [{ targetGroupArn: targetGroup(stack).ref, weight: 1 }] } }),
      message: UNPROTECTED,
    },
    'a forward over plain HTTP': { build: (stack) => httpsListener(stack, { protocol: 'HTTP', defaultActions: [forward(stack)] }), message: UNPROTECTED },
    'a token check after the forward': { build: (stack) => taking(stack, validateJwt(), forward(stack, { order: 0 })), message: UNPROTECTED },
    'a token check written after the forward': { build: (stack) => taking(stack, forward(stack, { order: undefined }), { ...validateJwt(), order: undefined }), message: UNPROTECTED },
    'a token check that ties with the forward': { build: (stack) => taking(stack, validateJwt(), forward(stack, { order: 1 })), message: UNPROTECTED },
    'a token check without an order before a forward with one': { build: (stack) => taking(stack, { ...validateJwt(), order: undefined }, forward(stack)), message: UNPROTECTED },
    'another action before the forward': { build: (stack) => taking(stack, { ...redirect(), order: 1 }, forward(stack)), message: UNPROTECTED },
    'a rule that forwards beside a default that checks tokens': {
      build: (stack) => {
        const group = forward(stack);
        listenerRule(stack, taking(stack, validateJwt(), group).ref, [group]);
      },
      message: UNPROTECTED,
      severity: 'fatal',
    },
    'a login that lets strangers pass': { build: (stack) => taking(stack, authenticateOidc('allow'), forward(stack)), message: UNPROTECTED },
    'a login with an answer to strangers that nobody knows': { build: (stack) => taking(stack, authenticateOidc('Allow'), forward(stack)), message: UNPROTECTED },
    'a login at Cognito that lets strangers pass': { build: (stack) => albListener(stack, cognito(stack, UnauthenticatedAction.ALLOW)), message: UNPROTECTED },
    'client certificates that are passed on unverified': { build: (stack) => mutualAlb(stack, MutualAuthenticationMode.PASS_THROUGH), message: UNPROTECTED },
    'client certificates turned off': { build: (stack) => mutual(stack, 'off'), message: UNPROTECTED },
    'a trust store without a mode': {
      build: (stack) => httpsListener(stack, { defaultActions: [forward(stack)], mutualAuthentication: { trustStoreArn: TRUST_STORE } }),
      message: UNPROTECTED,
    },
    'client certificates asked for on plain HTTP, where there are none': {
      build: (stack) => mutual(stack, 'verify').addPropertyOverride('Protocol', 'HTTP'),
      message: UNPROTECTED,
    },
  },
  override: {
    build: (stack) => resourceOf(albListener(stack, jwt(stack))).addPropertyOverride('DefaultActions.0.Order', 3),
    message: UNPROTECTED,
    severity: 'fatal',
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      properties: { ListenerArn: httpsListener(stack).ref, Priority: 1, Conditions: [], Actions: [{ Type: 'forward', TargetGroupArn: targetGroup(stack).ref }] },
    }),
    message: UNPROTECTED,
    severity: 'fatal',
  },
  undecidable: {
    'an action known at deployment': (stack) => taking(stack, { type: deployTimeValue(stack), order: 1 }, forward(stack)),
    'an order known at deployment': (stack) => taking(stack, forward(stack), validateJwt()).addPropertyOverride('DefaultActions.0.Order', deployTimeValue(stack)),
    'an answer to strangers known at deployment': (stack) => taking(stack, authenticateOidc(deployTimeValue(stack)), forward(stack)),
    'a mode of client certificates known at deployment': (stack) => mutual(stack, deployTimeValue(stack)),
    'a rule on an imported listener': (stack) => listenerRule(stack, Fn.importValue('ListenerArn'), [forward(stack)]),
    'a rule on something that only looks like a listener': (stack) => listenerRule(
      stack, new CfnResource(stack, 'Impostor', { type: 'Custom::Listener', properties: { Protocol: 'HTTPS', MutualAuthentication: { Mode: 'verify' } } }).ref, [forward(stack)],
    ),
    'a TLS listener of a network load balancer, whose target has to do it': (stack) => nlb(stack).addListener('Tls', {
      port: 443, protocol: Protocol.TLS, certificates: [CERTIFICATE],
    }).addTargets('Core', { port: 8443 }),
    'a forward from a listener without a protocol': (stack) => httpsListener(stack, { protocol: undefined, defaultActions: [forward(stack)] }),
  },
  notApplicable: {
    'a listener of a gateway load balancer': (stack) => httpsListener(stack, {
      loadBalancerArn: loadBalancer(stack, { type: 'gateway', scheme: undefined }).ref,
      protocol: undefined, port: undefined, sslPolicy: undefined, certificates: undefined, defaultActions: [forward(stack)],
    }),
  },
});
