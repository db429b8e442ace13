import { configurationCases, variableCases } from '../../support/configured-cases';
import { task } from '../../support/containers';
import { GATE, withIdentity } from '../../support/gated';
import { describeRule } from '../../support/rule-cases';

const variables = variableCases({
  compliant: { 'a mode with tokens': { TGEFD_AUTH_MODE: 'jwt' } },
  violating: {
    'keys in plain sight': [{ TOM_CORE_API_KEYS: '["k:platform"]' }, /container core has the keys of its callers in TOM_CORE_API_KEYS/, 'error'],
    'keys alone': [{ TGEFD_AUTH_MODE: 'api_key' }, /TGEFD_AUTH_MODE lets callers in with a key alone/],
  },
  open: ['TGEFD_AUTH_MODE'],
  notApplicable: { 'a key of somebody else\'s service': { OPENAI_API_KEY: 'x' }, 'no keys': { TOM_CORE_API_KEYS: '' }, 'keys behind a gate, in another app': { TOM_CORE_AUTH_MODE: 'api_key' } },
});

describeRule('IDN-8.callers-keys', {
  ...variables,
  compliant: {
    ...variables.compliant,
    'keys from a secret store': (stack) => task(stack, { secrets: [{ name: 'TOM_CORE_API_KEYS', valueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keys' }] }),
  },
});

const key = (changes: Partial<NonNullable<typeof GATE.identity.key>>, tokens = GATE.identity.tokens): ReturnType<typeof withIdentity> =>
  withIdentity({ tokens, key: { header: 'x-api-key', prefix: 'ctx_', inAuthorization: false, ...changes } });

describeRule('IDN-8.gate-keys', configurationCases({
  compliant: { 'keys in Authorization, where no token is': key({ inAuthorization: true }, []), 'another prefix': key({ prefix: 'acme1_' }) },
  violating: {
    'no prefix': [key({ prefix: '' }), /they have no prefix such as ctx_/, 'error'],
    'a prefix that ends in nothing': [key({ prefix: 'ctx' }), /they have no prefix/],
    'keys in Authorization beside tokens': [key({ inAuthorization: true }), /takes keys in Authorization, where it expects tokens/],
    'keys in nothing but Authorization': [key({ header: 'authorization' }), /in no header of their own/],
  },
  open: 'ctx_',
  notApplicable: { 'a gate that takes no keys': withIdentity({ key: undefined }) },
}));
