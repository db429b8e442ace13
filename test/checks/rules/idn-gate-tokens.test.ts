import { type Stack } from 'aws-cdk-lib';
import { ISSUER, validateJwt } from '../../support/actions';
import { configurationCases } from '../../support/configured-cases';
import {
  CONFIGURATION, configured, forwardOn, GATE, gatedService, gateTask, rawGateTask, rawService, registration, TOKEN, withHole, withIdentity, withKeySet, withToken,
} from '../../support/gated';
import { deployTimeValue, httpsListener, targetGroup } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

describeRule('IDN-2.gate-algorithms', configurationCases({
  compliant: { 'ES256 beside RS256': withToken({ algorithms: ['RS256', 'ES256'] }), 'keys from the issuer itself': withKeySet({ source: 'https' }) },
  violating: {
    'a shared key': [withToken({ algorithms: ['RS256', 'HS256'] }), /admits HS256: whoever knows the verifying key can sign/, 'error'],
    'no algorithm': [withToken({ algorithms: [] }), /names no algorithm/],
    'a shared secret': [withKeySet({ source: 'secret' }), /verifies tokens with a shared secret/],
    'keys by http': [withKeySet({ uri: 'http://issuer.example.com/jwks.json' }), /something other than an https URL/],
    'the second issuer': [withIdentity({ tokens: [TOKEN, { ...TOKEN, algorithms: ['HS256'] }] }), /admits HS256/],
  },
  open: '"RS256"',
  notApplicable: {
    'a gate of the local profile, which has a rule of its own': { profile: 'local', ...withToken({ algorithms: ['HS256'] }) },
    'a gate that takes no tokens': withIdentity({ tokens: [] }),
  },
}));

describeRule('IDN-2.gate-profile', configurationCases({
  violating: { 'the local profile': [{ profile: 'local' }, /runs the gate in its local profile/, 'fatal'], 'another profile': [{ profile: 'Remote' as 'remote' }, /a profile that it does not know/] },
  open: 'remote',
}));

const claims = (...names: readonly (readonly [string, ...string[]])[]): ReturnType<typeof withToken> => withToken({ claims: names.map(([name, ...values]) => ({ name, values })) });

describeRule('IDN-3.gate-audience', configurationCases({
  compliant: { 'client and use of an access token': claims(['client_id', 'a', 'b'], ['token_use', 'access']) },
  violating: {
    'no claim': [claims(), /asks for neither aud nor client_id/, 'error'],
    'an audience of nobody': [claims(['aud', ' ']), /asks for neither aud nor client_id/],
    'a client without a use': [claims(['client_id', 'a']), /not for token_use = access/],
    'a client with two uses': [claims(['client_id', 'a'], ['token_use', 'access', 'id']), /not for token_use = access/],
    'an issuer without a name': [withToken({ issuer: '' }), /an issuer without a name/],
  },
  open: '"aud"',
  notApplicable: { 'a gate that takes no tokens': withIdentity({ tokens: [] }) },
}));

const checking = (stack: Stack, issuer: string, configuration = configured()): unknown => {
  const listener = httpsListener(stack, { defaultActions: [validateJwt({ issuer }), forwardOn(stack)] });
  gatedService(stack, configuration);
  return listener;
};

describeRule('IDN-3.same-issuer', {
  compliant: {
    'one issuer': (stack) => checking(stack, ISSUER),
    'an issuer with the same hole on both sides': (stack) => {
      const issuer = `https://${deployTimeValue(stack)}`;
      checking(stack, issuer, withHole(ISSUER, issuer));
    },
    'a gate that takes no tokens': (stack) => checking(stack, ISSUER, configured(withIdentity({ tokens: [] }))),
  },
  violating: {
    'another issuer': {
      build: (stack) => checking(stack, 'https://other.example.com'), message: /lets tokens of an issuer pass that the gate in container Gate does not know/, severity: 'error',
    },
  },
  override: {
    build: (stack) => {
      checking(stack, ISSUER);
      gateTask(stack).addPropertyOverride(CONFIGURATION, configured(withToken({ issuer: `${ISSUER}/` })));
    },
    message: /does not know/,
  },
  raw: {
    build: (stack) => {
      httpsListener(stack, { defaultActions: [validateJwt({ issuer: 'https://other.example.com' }), forwardOn(stack)] });
      rawService(stack, rawGateTask(stack, GATE).ref, registration(stack));
    },
    message: /does not know/,
  },
  undecidable: (stack) => {
    httpsListener(stack, { defaultActions: [validateJwt(), forwardOn(stack)] });
    gatedService(stack, deployTimeValue(stack));
  },
  notApplicable: {
    'a forward to something else': (stack) => httpsListener(stack, { defaultActions: [validateJwt(), { type: 'forward', order: 2, targetGroupArn: targetGroup(stack).ref }] }),
    'a listener that forwards nothing': (stack) => httpsListener(stack),
  },
});
