import { Aws, Fn, type Stack } from 'aws-cdk-lib';
import { profileCases } from '../../support/configured-cases';
import { FIRST_CONTAINER, rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { CONTAINER, listsOf, metadataOf, rightTask } from '../../support/profiled-task';
import { describeRule } from '../../support/rule-cases';
import { secret, written } from '../../support/written';

describeRule('CFG-6.placeholders', profileCases({
  profile: 'nodetool',
  violating: {
    'the host of the document': [{ SUPABASE_URL: 'https://your-project.supabase.co' }, /^container Core: SUPABASE_URL holds what the document writes where a value should stand$/, 'error'],
    'a name in angle brackets': [{ ASSET_BUCKET: '<bucket-name>' }, /ASSET_BUCKET holds what the document writes/],
    'a key in plain sight that is none': [{ OPENAI_API_KEY: 'changeme' }, /OPENAI_API_KEY holds what the document writes/],
  },
}));

describeRule('CFG-6.conflicts', profileCases({
  profile: 'nodetool',
  violating: {
    'two master keys': [{ SECRETS_MASTER_KEY: 'any' }, /^container Core: SECRETS_MASTER_KEY and AWS_SECRETS_MASTER_KEY_NAME are both there, and which of them counts is not said$/, 'error'],
  },
}));

const MALFORMED = profileCases({
  profile: 'tgefd',
  violating: {
    'a prefix without its blank': [{ TGEFD_JWT_BEARER_PREFIX: 'bearer' }, /^container Core: TGEFD_JWT_BEARER_PREFIX has to be "bearer "$/, 'error'],
    'an issuer without a scheme': [{ TGEFD_JWT_ISSUER: 'login.acme.com' }, /TGEFD_JWT_ISSUER has to be an https URL/],
    'a blank behind an algorithm, which other rules overlook': [{ TGEFD_JWT_ALLOWED_ALGS: 'RS256 ' }, /TGEFD_JWT_ALLOWED_ALGS has to be/],
    'what only certificates have': [{ TGEFD_MTLS_SCOPES_HEADER: 'x-auth-request-scopes' }, /TGEFD_MTLS_SCOPES_HEADER must not be there/],
  },
  open: 'TGEFD_JWT_ISSUER',
});

/** The whole task of NodeTool, and then some. */
const more = (...entries: readonly object[]) => (stack: Stack): void => {
  const { Environment, Secrets } = listsOf(rightTask('nodetool'));
  for (const [key, value] of Object.entries(metadataOf('nodetool'))) rawTask(stack, { Name: CONTAINER, Environment: [...Environment, ...entries], Secrets }).addMetadata(key, value);
};

const without = (Name: string) => (stack: Stack, Value: unknown): void => {
  const { Environment, Secrets } = listsOf(rightTask('nodetool'));
  const raw = rawTask(stack, { Name: CONTAINER, Environment: [...Environment.filter((entry) => entry.Name !== Name), { Name, Value }], Secrets });
  for (const [key, value] of Object.entries(metadataOf('nodetool'))) raw.addMetadata(key, value);
};

describeRule('CFG-6.malformed', {
  ...MALFORMED,
  compliant: {
    ...MALFORMED.compliant,
    'a name that a resource has': (stack) => without('POSTGRES_HOST')(stack, written(stack, 'Database', 'AWS::RDS::DBInstance').getAtt('Endpoint.Address')),
    'a text with the region in it': (stack) => without('S3_ENDPOINT_URL')(stack, `https://s3.${Aws.REGION}.${Aws.URL_SUFFIX}`),
    'a part of what a resource is called': (stack) => without('AWS_SECRETS_MASTER_KEY_NAME')(stack, Fn.select(6, Fn.split(':', secret(stack).ref))),
    'what another stack exports': (stack) => without('ASSET_BUCKET')(stack, Fn.importValue('assets')),
    'the region': (stack) => without('S3_REGION')(stack, Aws.REGION),
  },
  violating: {
    ...MALFORMED.violating,
    'a secret in plain sight, though it is empty': { build: more({ Name: 'SENTRY_DSN', Value: '' }), message: /SENTRY_DSN belongs into Secrets, whatever it says/ },
  },
  undecidable: {
    ...MALFORMED.undecidable,
    'a text of another store': (stack) => without('POSTGRES_HOST')(stack, '{{resolve:ssm:/nodetool/host}}'),
  },
});

describeRule('CFG-6.twice', {
  compliant: { 'every variable once': more(), 'a secret twice, of which SEC-6 tells': more({ Name: 'HF_TOKEN', Value: '' }) },
  violating: { 'a variable twice': { build: more({ Name: 'DEBUG', Value: 'false' }), message: /^container Core has DEBUG more than once, and which of them counts is not said$/, severity: 'error' } },
  override: {
    build: (stack) => {
      const { Environment } = listsOf(rightTask('tom'));
      const made = task(stack, { name: CONTAINER, environment: Environment.map(({ Name: name, Value: value }) => ({ name, value })) });
      for (const [key, value] of Object.entries(metadataOf('tom'))) made.addMetadata(key, value);
      made.addPropertyOverride(`${FIRST_CONTAINER}.Environment`, [...Environment, ...Environment.slice(0, 1)]);
    },
    message: /has TOM_CORE_AUTH_MODE more than once/,
  },
  raw: { build: more({ Name: 'TZ', Value: 'UTC' }, { Name: 'TZ', Value: 'CET' }), message: /has TZ more than once/ },
  undecidable: {
    'a name that only a deployment knows': (stack) => more({ Name: deployTimeValue(stack), Value: 'x' })(stack),
    'an entry that only a deployment knows': (stack) => more({ 'Fn::ImportValue': 'entry' })(stack),
  },
  notApplicable: { 'a task that names no profile': (stack) => rawTask(stack, { Environment: [{ Name: 'TZ', Value: 'UTC' }, { Name: 'TZ', Value: 'CET' }] }) },
});
