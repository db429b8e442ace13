import { CfnParameter, CfnResource, Fn, SecretValue, type Stack } from 'aws-cdk-lib';
import { ContainerImage, FargateTaskDefinition, LogDrivers, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { FIRST_CONTAINER, PINNED_IMAGE, rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule, type RuleCases } from '../../support/rule-cases';
import { ARN, DYNAMIC_REFERENCE, fn, HARMLESS_VARIABLES, LOOKS_LIKE_A_SECRET, SECRET_NAMES } from '../../support/secrets';

/** A task whose one plain variable is this. */
const variable = (name: string, value: string): RuleCases['compliant'][string] => (stack) => task(stack, { environment: [{ name, value }] });

const declaredSecret = (stack: Stack): string => new CfnParameter(stack, 'Declared', { noEcho: true, default: 'hunter2' }).valueAsString;

/** Spellings that other programs use. */
const OTHER_SECRET_NAMES = ['PGPASSWORD', 'MYSQL_PWD', 'dbPassword', 'db.password', 'Db__Password', 'client-secret', 'DJANGO_SECRET_KEY', 'SECRET_KEY_BASE', 'JWT_SIGNING_KEY'];

describeRule('SEC-1.environment', {
  compliant: {
    ...Object.fromEntries(HARMLESS_VARIABLES.map(([name, value]) => [`${name}=${value}`, variable(name, value)])),
    'a container without variables': (stack) => task(stack),
    'a secret by ARN': (stack) => task(stack, { secrets: [{ name: 'OPENAI_API_KEY', valueFrom: ARN }] }),
    'a secret of the container construct': (stack) => {
      new FargateTaskDefinition(stack, 'Task').addContainer('core', {
        image: ContainerImage.fromRegistry(PINNED_IMAGE),
        environment: { POSTGRES_HOST: 'db.internal' },
        secrets: { POSTGRES_PASSWORD: EcsSecret.fromSecretsManager(new Secret(stack, 'Secret')) },
        logging: LogDrivers.awsLogs({ streamPrefix: 'core' }),
      });
    },
    'a secret-sounding name without a value': variable('OPENAI_API_KEY', ''),
    'a secret-sounding name that switches something': variable('REQUIRE_TOKEN', 'TRUE'),
    'a URL whose password the program puts in': variable('DATABASE_URL', 'postgres://core:${POSTGRES_PASSWORD}@db.internal/core'),
    'a URL without a password': variable('DATABASE_URL', 'postgres://core@db.internal:5432/core'),
    'options without a value of their own': (stack) => task(stack, { command: ['core', '--password', '--token', '$TOKEN', '--secret', deployTimeValue(stack)] }),
    'a command that reads its variables': (stack) => task(stack, { command: ['sh', '-c', 'PGPASSWORD="$POSTGRES_PASSWORD" exec core --token-file=/run/token'] }),
  },
  violating: {
    ...Object.fromEntries([...SECRET_NAMES, ...OTHER_SECRET_NAMES].map((name) => [
      name, { build: variable(name, 'any'), message: new RegExp(`container core has ${name.replace('.', '\\.')} in its plain environment`), severity: 'error' as const },
    ])),
    'a secret-sounding name with a value of the deployment': { build: (stack) => variable('HF_TOKEN', deployTimeValue(stack))(stack), message: /HF_TOKEN in its plain/ },
    ...Object.fromEntries(Object.entries(LOOKS_LIKE_A_SECRET).map(([what, value]) => [
      `${what} under a harmless name`, { build: variable('SETTING', value), message: /looks like a credential in SETTING/ },
    ])),
    'a dynamic reference': { build: variable('SETTING', DYNAMIC_REFERENCE), message: /gets SETTING by dynamic reference/ },
    'a dynamic reference to a parameter': { build: variable('SETTING', '{{resolve:ssm-secure:/core/key:1}}'), message: /by dynamic reference/ },
    'a secret that is unwrapped': {
      build: (stack) => variable('SETTING', new Secret(stack, 'Secret').secretValue.unsafeUnwrap())(stack),
      message: /gets SETTING by dynamic reference/,
    },
    'a dynamic reference inside a text': { build: variable('DATABASE_URL', `postgres://core:${DYNAMIC_REFERENCE}@db.internal/core`), message: /by dynamic reference/ },
    'a key on the command line': { build: (stack) => task(stack, { command: ['core', LOOKS_LIKE_A_SECRET['an OpenAI key']] }), message: /looks like a credential in its command line/ },
    'a key in the entry point': { build: (stack) => task(stack, { entryPoint: ['core', `--key=${LOOKS_LIKE_A_SECRET['an OpenAI key']}`] }), message: /its command line/ },
    'a variable set on the command line': {
      build: (stack) => task(stack, { command: ['sh', '-c', 'export POSTGRES_PASSWORD=hunter2; core'] }),
      message: /a value for POSTGRES_PASSWORD on its command line/,
    },
    'an option on the command line': { build: (stack) => task(stack, { command: ['core', '--api-key=hunter2'] }), message: /a value for api-key/ },
    'an option and its value in two words': { build: (stack) => task(stack, { command: ['core', '--password', 'hunter2'] }), message: /a value for password/ },
    'an option and its value in one word': { build: (stack) => task(stack, { command: ['sh', '-c', 'core --api-key hunter2'] }), message: /a value for api-key/ },
    'a declared secret under a harmless name': { build: (stack) => variable('SETTING', `x-${declaredSecret(stack)}`)(stack), message: /gets SETTING from the secret parameter Declared/ },
    'a dynamic reference that is joined': { build: (stack) => variable('SETTING', `x-{{resolve:secretsmanager:${deployTimeValue(stack)}}}`)(stack), message: /by dynamic reference/ },
    'a password in the health check': { build: (stack) => task(stack, { healthCheck: { command: ['CMD-SHELL', 'PGPASSWORD=hunter2 psql'] } }), message: /a value for PGPASSWORD/ },
    'a token among the options of the log driver': { build: (stack) => task(stack, { logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'any' } } }), message: /has splunk-token/ },
    'a label that holds a key': { build: (stack) => task(stack, { dockerLabels: { 'example.api-key': 'any' } }), message: /has example\.api-key/ },
    'a variable beside one that cannot be named': {
      build: (stack) => task(stack, { environment: [{ name: deployTimeValue(stack), value: 'any' }, { name: 'HF_TOKEN', value: 'any' }] }),
      message: /HF_TOKEN/,
    },
  },
  override: {
    build: (stack) => {
      const definition = new FargateTaskDefinition(stack, 'Task');
      definition.addContainer('core', { image: ContainerImage.fromRegistry(PINNED_IMAGE), secrets: { HF_TOKEN: EcsSecret.fromSecretsManager(new Secret(stack, 'Secret')) } });
      const { defaultChild } = definition.node;
      if (CfnResource.isCfnResource(defaultChild)) defaultChild.addPropertyOverride(`${FIRST_CONTAINER}.Environment`, [{ Name: 'HF_TOKEN', Value: 'any' }]);
    },
    message: /HF_TOKEN/,
  },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'SENTRY_DSN', Value: 'any' }] }), message: /SENTRY_DSN/ },
  undecidable: {
    'a name that a parameter gives': (stack) => variable(deployTimeValue(stack), 'any')(stack),
    'an environment that another stack exports': (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.Environment`, stack.resolve(Fn.importValue('Environment'))),
    'a URL whose password a parameter gives': (stack) => variable('DATABASE_URL', `postgres://core:${deployTimeValue(stack)}@db.internal/core`)(stack),
    'a command line that a parameter gives': (stack) => task(stack, { command: new CfnParameter(stack, 'Command', { type: 'CommaDelimitedList' }).valueAsList }),
    'a connection string whose password a parameter gives': (stack) => variable('CONNECTION', `Server=db;Password=${deployTimeValue(stack)};`)(stack),
    'labels that a macro fills in': (stack) => task(stack).addPropertyOverride(`${FIRST_CONTAINER}.DockerLabels`, { 'Fn::Transform': { Name: 'LabelsOf' } }),
  },
});

describeRule('SEC-1.function-environment', {
  compliant: {
    ...Object.fromEntries(HARMLESS_VARIABLES.map(([name, value]) => [`${name}=${value}`, (stack) => fn(stack, { [name]: value })] satisfies [string, RuleCases['compliant'][string]])),
    'the ARN of a secret': (stack) => fn(stack, { KEYS_SECRET_ARN: new Secret(stack, 'Secret').secretArn }),
    'the function construct': (stack) => new LambdaFunction(stack, 'Function', {
      runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0'), environment: { TABLE: 'keys' },
    }),
  },
  violating: {
    ...Object.fromEntries(SECRET_NAMES.map((name) => [
      name, { build: (stack) => fn(stack, { [name]: 'any' }), message: new RegExp(`the function has ${name} in its plain environment`), severity: 'error' },
    ] satisfies [string, RuleCases['violating'][string]])),
    'a key under a harmless name': { build: (stack) => fn(stack, { SETTING: LOOKS_LIKE_A_SECRET['an AWS key'] }), message: /looks like a credential in SETTING/ },
    'a serverless function': {
      build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::Serverless::Function', properties: { Environment: { Variables: { FAL_API_KEY: 'any' } } } }),
      message: /FAL_API_KEY/,
    },
    'a dynamic reference': { build: (stack) => fn(stack, { SETTING: DYNAMIC_REFERENCE }), message: /by dynamic reference/ },
    'a secret that is unwrapped': { build: (stack) => fn(stack, { SETTING: new Secret(stack, 'Secret').secretValue.unsafeUnwrap() }), message: /by dynamic reference/ },
    'a secret value by its name': { build: (stack) => fn(stack, { SETTING: SecretValue.secretsManager('core/keys', { jsonField: 'openai' }).unsafeUnwrap() }), message: /by dynamic reference/ },
  },
  override: { build: (stack) => fn(stack, { TABLE: 'keys' }).addPropertyOverride('Environment.Variables.GEMINI_API_KEY', 'any'), message: /GEMINI_API_KEY/ },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::Lambda::Function', properties: { Environment: { Variables: { FAL_API_KEY: 'any' } } } }),
    message: /FAL_API_KEY/,
  },
  undecidable: {
    'variables that another stack exports': (stack) => fn(stack).addPropertyOverride('Environment.Variables', stack.resolve(Fn.importValue('Variables'))),
    'variables that a macro fills in': (stack) => fn(stack).addPropertyOverride('Environment', { 'Fn::Transform': { Name: 'VariablesOf' } }),
    'a URL whose password a parameter gives': (stack) => fn(stack, { DATABASE_URL: `postgres://core:${deployTimeValue(stack)}@db.internal/core` }),
  },
  notApplicable: { 'a function without variables': (stack) => fn(stack) },
});

const build = (stack: Stack, ...variables: object[]): CfnResource =>
  new CfnResource(stack, 'Project', { type: 'AWS::CodeBuild::Project', properties: { Environment: { EnvironmentVariables: variables } } });

describeRule('SEC-1.build-environment', {
  compliant: {
    'a harmless variable': (stack) => build(stack, { Name: 'STAGE', Value: 'test', Type: 'PLAINTEXT' }),
    'variables that are fetched': (stack) => build(stack, { Name: 'HF_TOKEN', Value: 'core/hf', Type: 'SECRETS_MANAGER' }, { Name: 'DB_PASS', Value: '/core/db', Type: 'PARAMETER_STORE' }),
  },
  violating: {
    'a secret without a type': { build: (stack) => build(stack, { Name: 'HF_TOKEN', Value: 'any' }), message: /the build project has HF_TOKEN/, severity: 'error' },
    'a secret in plain text': { build: (stack) => build(stack, { Name: 'HF_TOKEN', Value: 'any', Type: 'PLAINTEXT' }), message: /HF_TOKEN/ },
  },
  override: { build: (stack) => build(stack).addPropertyOverride('Environment.EnvironmentVariables', [{ Name: 'HF_TOKEN', Value: 'any' }]), message: /HF_TOKEN/ },
  raw: { build: (stack) => build(stack, { Name: 'SETTING', Value: LOOKS_LIKE_A_SECRET['an AWS key'] }), message: /looks like a credential in SETTING/ },
  undecidable: (stack) => build(stack, { Name: 'HF_TOKEN', Value: 'any', Type: deployTimeValue(stack) }),
  notApplicable: { 'a project without variables': (stack) => build(stack) },
});
