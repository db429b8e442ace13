import { type Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { FIRST_CONTAINER, rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { raw } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const withEnv = (stack: Stack, name: string, value: string): unknown => task(stack, { environment: [{ name: 'LOG_LEVEL', value: 'INFO' }, { name, value }] });
const lambda = (stack: Stack, variables: Record<string, string>): unknown => new CfnFunction(stack, 'Function', { role: 'arn', code: { zipFile: '' }, environment: { variables } });

const DEVELOPERS = /GATEWAY_DEV_ALLOW_ALL_KEYS lets developers past authentication unless it is exactly false/;

describeRule('IDN-9.no-bypass', {
  compliant: {
    'a bypass that is false': (stack) => withEnv(stack, 'GATEWAY_DEV_ALLOW_ALL_KEYS', 'false'),
    'tokens': (stack) => withEnv(stack, 'TGEFD_AUTH_MODE', 'jwt'),
    'a provider': (stack) => withEnv(stack, 'AUTH_PROVIDER', 'supabase'),
    'API keys behind a gateway': (stack) => withEnv(stack, 'TOM_CORE_AUTH_MODE', 'api_key'),
    'a function': (stack) => lambda(stack, { AUTH_PROVIDER: 'static' }),
  },
  violating: {
    ...Object.fromEntries(['true', 'False', '0', '', ' false'].map((value) => [
      `a bypass that is "${value}"`, { build: (stack: Stack) => withEnv(stack, 'GATEWAY_DEV_ALLOW_ALL_KEYS', value), message: DEVELOPERS, severity: 'fatal' as const },
    ])),
    'no authentication': { build: (stack) => withEnv(stack, 'TGEFD_AUTH_MODE', 'none'), message: /TGEFD_AUTH_MODE authenticates nobody/, severity: 'fatal' },
    'no authentication, in capitals': { build: (stack) => withEnv(stack, 'AUTH_PROVIDER', 'NONE'), message: /AUTH_PROVIDER authenticates nobody/ },
    'a mode that is empty': { build: (stack) => withEnv(stack, 'TOM_CORE_AUTH_MODE', ''), message: /TOM_CORE_AUTH_MODE authenticates nobody/ },
    'a function': { build: (stack) => lambda(stack, { GATEWAY_DEV_ALLOW_ALL_KEYS: 'true' }), message: DEVELOPERS },
  },
  override: {
    build: (stack) => task(stack, { environment: [{ name: 'GATEWAY_DEV_ALLOW_ALL_KEYS', value: 'false' }] }).addPropertyOverride(`${FIRST_CONTAINER}.Environment.0.Value`, 'true'),
    message: DEVELOPERS,
    severity: 'fatal',
  },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'AUTH_PROVIDER', Value: 'none' }] }), message: /authenticates nobody/, severity: 'fatal' },
  undecidable: {
    'a value known at deployment': (stack) => withEnv(stack, 'TGEFD_AUTH_MODE', deployTimeValue(stack)),
    'a value from a secret store': (stack) => task(stack, { secrets: [{ name: 'GATEWAY_DEV_ALLOW_ALL_KEYS', valueFrom: 'arn:aws:ssm:eu-central-1:111122223333:parameter/bypass' }] }),
    'variables known at deployment': (stack) => raw(stack, 'AWS::Lambda::Function', { Environment: { Variables: deployTimeValue(stack) } }),
  },
  notApplicable: {
    'other variables': (stack) => withEnv(stack, 'PROVIDER', 'none'),
    'a variable that is called alike': (stack) => withEnv(stack, 'ACME_AUTH_MODE', 'none'),
    'a function without variables': (stack) => raw(stack, 'AWS::Lambda::Function', {}),
  },
});

describeRule('IDN-9.no-bypass-alike', {
  compliant: {
    'a mode that authenticates': (stack) => withEnv(stack, 'ACME_AUTH_MODE', 'oidc'),
    'a bypass that is false': (stack) => withEnv(stack, 'ACME_AUTH_DISABLED', 'false'),
  },
  violating: {
    'a mode': { build: (stack) => withEnv(stack, 'ACME_AUTH_MODE', 'none'), message: /ACME_AUTH_MODE authenticates nobody/, severity: 'error' },
    ...Object.fromEntries(['DISABLE_AUTH', 'CORE_SKIP_AUTHENTICATION', 'AUTH_BYPASS', 'CORTEX_DEV_BYPASS', 'DEVELOPER_AUTH_BYPASS', 'DEV_ALLOW_ALL'].map((name) => [
      name, { build: (stack: Stack) => withEnv(stack, name, '1'), message: /lets developers past authentication/, severity: 'error' as const },
    ])),
  },
  override: {
    build: (stack) => task(stack, { environment: [{ name: 'SKIP_AUTH', value: 'false' }] }).addPropertyOverride(`${FIRST_CONTAINER}.Environment.0.Value`, 'true'),
    message: /SKIP_AUTH lets developers past/,
  },
  raw: { build: (stack) => raw(stack, 'AWS::Serverless::Function', { Environment: { Variables: { AUTHENTICATION_PROVIDER: 'none' } } }), message: /authenticates nobody/ },
  undecidable: (stack) => withEnv(stack, 'ACME_AUTH_PROVIDER', deployTimeValue(stack)),
  notApplicable: {
    'the variables of the checklist, which have a rule of their own': (stack) => withEnv(stack, 'AUTH_PROVIDER', 'none'),
    'a word within another': (stack) => withEnv(stack, 'OAUTH_MODE', 'none'),
  },
});
