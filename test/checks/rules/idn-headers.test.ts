import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ISSUER, validateJwt } from '../../support/actions';
import { configurationCases } from '../../support/configured-cases';
import { rawTask, task } from '../../support/containers';
import { configured, forwardOn, GATE, gatedService, gateTask, rawGateTask, rawService, registration, targetGroupOf, withHole, withIdentity } from '../../support/gated';
import { deployTimeValue, httpsListener } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const believing = (name: string, value: string) => (stack: Stack): unknown => gateTask(stack, configured(), { environment: [{ name, value }] });

describeRule('IDN-7.identity-header', {
  compliant: {
    'the header that the gate writes': believing('TGEFD_IDENTITY_HEADER', 'x-auth-request-user'),
    'the same in other letters': believing('IDENTITY_HEADER', 'X-Auth-Request-User'),
    'scopes in a header that the gate removes': believing('TGEFD_MTLS_SCOPES_HEADER', 'x-scopes'),
    'roles in a header that this gate removes': believing('TGEFD_MTLS_ROLE_HEADER', 'x-tenant'),
  },
  violating: {
    'another header': { build: believing('TGEFD_IDENTITY_HEADER', 'x-client-id'), message: /believe x-client-id, and the gate writes x-auth-request-user/, severity: 'error' },
    'another header about certificates': { build: believing('TGEFD_MTLS_IDENTITY_HEADER', 'x-ssl-client-subject'), message: /believe x-ssl-client-subject, and the gate writes/ },
    'scopes that callers send': { build: believing('TGEFD_MTLS_SCOPES_HEADER', 'x-granted'), message: /believe x-granted, which the gate passes on as callers send it/ },
    'no gate': { build: (stack) => task(stack, { environment: [{ name: 'TGEFD_IDENTITY_HEADER', value: 'x-auth-request-user' }] }), message: /no gate in its task removes what callers send/ },
    'scopes without a gate': { build: (stack) => task(stack, { environment: [{ name: 'TGEFD_MTLS_SCOPES_HEADER', value: 'x-scopes' }] }), message: /no gate in its task/ },
  },
  override: {
    build: (stack) => gateTask(stack, configured(), { environment: [{ name: 'IDENTITY_HEADER', value: 'x-auth-request-user' }] })
      .addPropertyOverride('ContainerDefinitions.1.Environment.0.Value', 'x-user'),
    message: /believe x-user/,
  },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'IDENTITY_HEADER', Value: 'x-user' }] }), message: /no gate in its task/ },
  undecidable: {
    'a header known at deployment': (stack) => believing('IDENTITY_HEADER', deployTimeValue(stack))(stack),
    'a header from a secret store': (stack) => gateTask(stack, configured(), { secrets: [{ name: 'IDENTITY_HEADER', valueFrom: 'arn:aws:ssm:eu-central-1:111122223333:parameter/header' }] }),
    'a header of the gate known at deployment': (stack) =>
      gateTask(stack, withHole('x-auth-request-user', deployTimeValue(stack)), { environment: [{ name: 'IDENTITY_HEADER', value: 'x-auth-request-user' }] }),
  },
  notApplicable: { 'other variables': (stack) => task(stack, { environment: [{ name: 'HEADER', value: 'x-user' }] }) },
});

const core = (changes: Partial<typeof GATE.core>): { core: typeof GATE.core } => ({ core: { ...GATE.core, ...changes } });

describeRule('IDN-7.gate-headers', configurationCases({
  compliant: { 'a header for scopes': core({ scopesHeader: 'x-auth-scopes' }) },
  violating: {
    'authorization': [core({ identityHeader: 'authorization' }), /who calls in authorization, which others write too/, 'error'],
    'an underscore': [core({ identityHeader: 'x_user' }), /a header whose name other spellings reach/],
    'a capital letter': [core({ identityHeader: 'X-User' }), /other spellings reach/],
    'nothing': [core({ identityHeader: '' }), /other spellings reach/],
    'scopes in a cookie': [core({ scopesHeader: 'cookie' }), /who calls in cookie/],
  },
  open: 'x-auth-request-user',
}));

const SUBJECT = 'x-amzn-mtls-clientcert-subject';
const RENAMED = 'routing.http.request.x_amzn_mtls_clientcert_subject.header_name';
const CERTIFICATES = configured(withIdentity({ accept: [['certificate']], certificate: { subjectHeader: SUBJECT, scopes: { 'CN=platform': ['core/evaluate'] } } }));
const VERIFY = { mode: 'verify', trustStoreArn: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/callers/0123456789abcdef' };

/** A listener that forwards to a gate which believes in certificates. */
function certified(stack: Stack, mutualAuthentication: typeof VERIFY | undefined = VERIFY, listenerAttributes?: { key: string; value: string }[], configuration = CERTIFICATES): string {
  const listener = httpsListener(stack, { mutualAuthentication, listenerAttributes, defaultActions: [validateJwt(), forwardOn(stack)] });
  gatedService(stack, configuration);
  return listener.ref;
}

/** A rule that answers requests with a header, in front of everything else. */
function refusing(stack: Stack, listenerArn: string, header = SUBJECT, values = ['*'], hosts: string[] = []): CfnListenerRule {
  return new CfnListenerRule(stack, 'Claims', {
    listenerArn,
    priority: 1,
    conditions: [{ field: 'http-header', httpHeaderConfig: { httpHeaderName: header, values } }, ...(hosts.length > 0 ? [{ field: 'host-header', hostHeaderConfig: { values: hosts } }] : [])],
    actions: [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '400' } }],
  });
}

const PASSED_ON = /believes what x-amzn-mtls-clientcert-subject says of a certificate, and Listener passes it on as callers send it/;

describeRule('IDN-7.certificate-header', {
  compliant: {
    'a listener that verifies': (stack) => certified(stack),
    'a listener that renames the header': (stack) => certified(stack, VERIFY, [{ key: RENAMED, value: 'X-Subject' }], CERTIFICATES.replace(SUBJECT, 'x-subject')),
    'a listener that refuses the header': (stack) => refusing(stack, certified(stack, { mode: 'off', trustStoreArn: '' }), 'X-Amzn-Mtls-Clientcert-Subject'),
  },
  violating: {
    'a listener that verifies nothing': { build: (stack) => certified(stack, { mode: 'off', trustStoreArn: '' }), message: PASSED_ON, severity: 'error' },
    'a listener that refuses another header': { build: (stack) => refusing(stack, certified(stack, { mode: 'off', trustStoreArn: '' }), 'x-subject'), message: PASSED_ON },
    'a listener that refuses some values': { build: (stack) => refusing(stack, certified(stack, { mode: 'off', trustStoreArn: '' }), SUBJECT, ['CN=*']), message: PASSED_ON },
    'a listener that refuses the header for one host': {
      build: (stack) => refusing(stack, certified(stack, { mode: 'off', trustStoreArn: '' }), SUBJECT, ['*'], ['core.example.com']),
      message: PASSED_ON,
    },
    'a rule that forwards such requests': {
      build: (stack) => refusing(stack, certified(stack, { mode: 'off', trustStoreArn: '' })).addPropertyOverride('Actions', [{ Type: 'forward', TargetGroupArn: targetGroupOf(stack) }]),
      message: PASSED_ON,
    },
    'a listener that writes the subject elsewhere': { build: (stack) => certified(stack, VERIFY, [{ key: RENAMED, value: 'x-subject' }]), message: /Listener writes it elsewhere/ },
  },
  override: {
    build: (stack) => {
      certified(stack);
      (stack.node.findChild('Listener') as CfnResource).addPropertyOverride('MutualAuthentication.Mode', 'passthrough');
    },
    message: PASSED_ON,
  },
  raw: {
    build: (stack) => {
      httpsListener(stack, { defaultActions: [validateJwt({ issuer: ISSUER }), forwardOn(stack)] });
      const made = rawGateTask(stack, JSON.parse(CERTIFICATES) as object);
      rawService(stack, made.ref, registration(stack));
    },
    message: PASSED_ON,
  },
  undecidable: {
    'a mode known at deployment': (stack) => certified(stack, { ...VERIFY, mode: deployTimeValue(stack) }),
    'a configuration known at deployment': (stack) => certified(stack, VERIFY, undefined, deployTimeValue(stack)),
    'a rule on a listener that is in none of the templates': (stack) => {
      gatedService(stack, CERTIFICATES, {}, targetGroupOf(stack));
      new CfnListenerRule(stack, 'Rule', { listenerArn: deployTimeValue(stack), priority: 1, conditions: [], actions: [forwardOn(stack)] });
    },
  },
  notApplicable: { 'a gate that believes in none': (stack) => certified(stack, VERIFY, undefined, configured()) },
});
